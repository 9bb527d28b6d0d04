"""The calls a mock has answered.

Owns `Call` and `CallLog`. Calls are kept as the bytes they were; they are decoded when looked at.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

from dqlmock.wire.messages import WireRequest, WireResponse

CAPACITY = 10_000
"""How many calls are kept: the newest."""


class Call:
    """One call and its answer.

    Args:
        request: What came in.
        response: What went out.

    >>> body = b'{"TableName": "t"}'
    >>> request = WireRequest("DynamoDB_20120810.GetItem", body, "111122223333", "eu-west-1")
    >>> call = Call(request, WireResponse(400, {}, b'{"__type": "com.amazon#Oops"}'))
    >>> call
    <Call GetItem in eu-west-1: Oops>
    >>> call.parameters
    {'TableName': 't'}
    """

    __slots__ = ("request", "response")

    def __init__(self, request: WireRequest, response: WireResponse) -> None:
        self.request = request
        self.response = response

    @property
    def operation(self) -> str:
        """The API operation: `"GetItem"`."""
        return self.request.target.rpartition(".")[2]

    @property
    def parameters(self) -> Any:
        """The request, decoded; in wire form, so binary values are base64 text."""
        return json.loads(self.request.body or b"{}")

    @property
    def answer(self) -> Any:
        """The answer, decoded; in wire form."""
        return json.loads(self.response.body or b"{}")

    @property
    def error_code(self) -> str | None:
        """The error's name, None for a success: `"ResourceNotFoundException"`."""
        if self.response.status < 300:
            return None
        return str(self.answer.get("__type", "")).rpartition("#")[2]

    def __repr__(self) -> str:
        outcome = self.error_code or "answered"
        return f"<Call {self.operation} in {self.request.region}: {outcome}>"


class CallLog(Sequence[Call]):
    """The calls a mock has answered, oldest first; the newest 10,000 are kept.

    A call that the mock refused by raising in the caller (misuse) is not among them.

    >>> log = CallLog()
    >>> door = log.recording(lambda request: WireResponse(200, {}, b"{}"))
    >>> door(WireRequest("DynamoDB_20120810.ListTables", b"{}", "1" * 12, "us-east-1")).status
    200
    >>> [call.operation for call in log]
    ['ListTables']
    """

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=CAPACITY)

    def recording(
        self, door: Callable[[WireRequest], WireResponse]
    ) -> Callable[[WireRequest], WireResponse]:
        """Return a door that keeps what passes through another."""
        keep = self._calls.append

        def answer(request: WireRequest) -> WireResponse:
            response = door(request)
            keep(Call(request, response))
            return response

        return answer

    def of(self, operation: str) -> list[Call]:
        """Return the calls of one operation, oldest first."""
        return [call for call in list(self._calls) if call.operation == operation]

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> list[Call]: ...
    def __getitem__(self, index: int | slice) -> Call | list[Call]:
        if isinstance(index, slice):
            return list(self._calls)[index]
        return self._calls[index]

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __repr__(self) -> str:
        return f"<CallLog of {len(self)} calls>"
