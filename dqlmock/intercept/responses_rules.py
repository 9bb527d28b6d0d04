"""Living beside the `responses` library, which mocks `requests`.

Where a mock of `responses` is active it answers instead of `HTTPAdapter.send`, and refuses what no
rule of its owner matches. While a mock of DynamoDB runs, DynamoDB's calls match one more rule, the
last: the engine's. They are then among `responses.calls`, and the owner's rules go first; but one
that would let a call pass to the network doesn't count. moto's rules for DynamoDB don't, either.
Imported only once `responses` is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import responses
from requests.models import PreparedRequest
from urllib3 import HTTPResponse

from dqlmock.intercept import moto
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.requests_send import answer, line_of
from dqlmock.intercept.switchboard import Line

Found: TypeAlias = tuple[Any, Sequence[str]]


class EngineRule(responses.BaseResponse):  # type: ignore[misc]  # types are skipped
    """The rule that hands a call to the engine.

    Args:
        request: The call.
        line: The mock that it belongs to.
    """

    def __init__(self, request: PreparedRequest, line: Line) -> None:
        super().__init__(request.method, request.url)
        self._line = line

    def get_response(self, request: PreparedRequest) -> HTTPResponse:
        """Return the engine's answer."""
        return answer(request, self._line)


def patch(patches: Patches) -> None:
    """Add the engine's rule to every mock of `responses`."""
    patches.replace(responses.RequestsMock, "_find_match", _finding)


def _finding(original: Callable[..., Found]) -> Callable[..., Found]:
    def _find_match(mock: responses.RequestsMock, request: PreparedRequest) -> Found:
        line = line_of(request)
        if line is None or _has_own_rule(mock, request):
            return original(mock, request)
        return EngineRule(request, line), []

    return _find_match


def _has_own_rule(mock: responses.RequestsMock, request: PreparedRequest) -> bool:
    """Whether the test itself says what is answered.

    Asked of each rule: finding one changes the registry, which pops rules in their order.
    """
    rules = responses.mock if moto.owns(mock) else mock
    return any(not rule.passthrough and rule.matches(request)[0] for rule in rules.registered())
