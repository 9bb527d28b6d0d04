"""One call: what came in, what went out, what it consumed, how long it took.

Owns `Call`, and how a call reads in one line. A call is kept as the bytes it was; it is decoded
when looked at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from dqlmock.engine.capacity import Spent
from dqlmock.testing.attribute_values import plain
from dqlmock.testing.capacity import Capacity, Tally, spent_by_answer
from dqlmock.testing.requests import indexes_of, tables_of
from dqlmock.wire.messages import WireRequest, WireResponse

_UNSAID: Final = frozenset({"TableName", "IndexName", "ReturnConsumedCapacity"})
_PLACEHOLDERS: Final = ("ExpressionAttributeNames", "ExpressionAttributeValues")
_LONGEST_VALUE: Final = 60
_NOTHING_SPENT: Final = Spent()


class Call:
    """One call and its answer.

    Args:
        request: What came in.
        response: What went out.
        duration_s: How long the answer took, in seconds of the machine's own time: a clock that a
            test has frozen doesn't change it.

    >>> body = b'{"TableName": "t"}'
    >>> request = WireRequest("DynamoDB_20120810.GetItem", body, "111122223333", "eu-west-1")
    >>> call = Call(request, WireResponse(400, {}, b'{"__type": "com.amazon#Oops"}'), 0.0001)
    >>> call
    <Call GetItem in eu-west-1: Oops>
    >>> call.parameters, call.tables
    ({'TableName': 't'}, ('t',))
    """

    __slots__ = ("duration_s", "request", "response")

    def __init__(self, request: WireRequest, response: WireResponse, duration_s: float) -> None:
        self.request = request
        self.response = response
        self.duration_s = duration_s

    @property
    def operation(self) -> str:
        """The API operation: `"GetItem"`."""
        return self.request.target.rpartition(".")[2]

    @property
    def parameters(self) -> Any:
        """The request, decoded afresh; in wire form, so binary values are base64 text.

        Empty where the body is no JSON object: DynamoDB has refused it then.
        """
        return decoded(self.request.body)

    @property
    def answer(self) -> Any:
        """The answer, decoded afresh; in wire form."""
        return decoded(self.response.body)

    @property
    def region(self) -> str:
        """The region called."""
        return self.request.region

    @property
    def account(self) -> str:
        """The twelve digits of the caller's account."""
        return self.request.account

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the tables that the request names."""
        return tables_of(self.parameters)

    @property
    def index(self) -> str | None:
        """The index that is read, None for the table itself."""
        return next(iter(indexes_of(self.parameters)), None)

    @property
    def is_error(self) -> bool:
        """Whether the answer is an error."""
        return self.response.status >= 300

    @property
    def error_code(self) -> str | None:
        """The error's name, None for a success: `"ResourceNotFoundException"`."""
        if not self.is_error:
            return None
        return str(self.answer.get("__type", "")).rpartition("#")[2]

    @property
    def error_message(self) -> str | None:
        """The error's message, None for a success, empty where AWS has nothing to say."""
        if not self.is_error:
            return None
        answer = self.answer
        return str(answer.get("message", answer.get("Message", "")))

    @property
    def capacity(self) -> Capacity:
        """What the call consumed, also where it didn't ask for ReturnConsumedCapacity."""
        tally = Tally()
        tally.add(self.spent())
        return tally.capacity()

    def spent(self) -> Spent:
        """Return what the call consumed, as the engine reckons it.

        A stub has no engine behind it: it consumed what its answer says, or nothing.
        """
        if self.response.meter is not None:
            return self.response.meter()
        if b'"ConsumedCapacity"' in self.response.body:
            return spent_by_answer(self.operation, self.answer)
        return _NOTHING_SPENT

    def __str__(self) -> str:
        parts = [self.operation, *self.tables, *_said(self.parameters)]
        return f"{' '.join(parts)} → {self._outcome()}"

    def _outcome(self) -> str:
        if self.is_error:
            return ": ".join(filter(None, [self.error_code, self.error_message]))
        outcome = [_found(self.operation, self.answer)]
        capacity = self.capacity
        if capacity.read:
            outcome.append(f"{capacity.read:g} RCU")
        if capacity.write:
            outcome.append(f"{capacity.write:g} WCU")
        outcome.append(f"{self.duration_s * 1000:.2f} ms")
        return ", ".join(outcome)

    def __repr__(self) -> str:
        outcome = self.error_code or "answered"
        return f"<Call {self.operation} in {self.request.region}: {outcome}>"


def decoded(body: bytes) -> Any:
    """Return a body as JSON; empty where it is no object.

    >>> decoded(b'{"Limit": 1}'), decoded(b"["), decoded(b"")
    ({'Limit': 1}, {}, {})
    """
    try:
        content = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _said(parameters: Mapping[str, Any]) -> list[str]:
    said = []
    if "IndexName" in parameters:
        said.append(f"({parameters['IndexName']})")
    for name, value in parameters.items():
        if name not in _UNSAID and name not in _PLACEHOLDERS:
            said.append(f"{name}={shown(value)}")
    for name in _PLACEHOLDERS:
        placeholders = parameters.get(name)
        if isinstance(placeholders, Mapping):
            said.extend(f"{key}={shown(value)}" for key, value in placeholders.items())
    return said


def shown(value: Any) -> str:
    """Return a parameter's value as a person reads it: plain, and not too long.

    >>> shown({"pk": {"S": "a"}, "n": {"N": "1"}})
    "{'pk': 'a', 'n': 1}"
    """
    text = repr(plain(value))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _found(operation: str, answer: Mapping[str, Any]) -> str:
    if "Count" in answer:
        count, scanned = answer["Count"], answer.get("ScannedCount", answer["Count"])
        items = "item" if scanned == 1 else "items"
        return f"{count} {items}" if count == scanned else f"{count} of {scanned} {items}"
    if operation == "GetItem":
        return "found" if "Item" in answer else "no item"
    return "answered"
