"""What a running mock offers a test, put together: the log, the expectations, the advice.

Owns the wiring, and nothing beside.
"""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Engine
from dqlmock.testing.advice.advise import advise
from dqlmock.testing.advice.report import AdviceReport
from dqlmock.testing.calls import CallLog
from dqlmock.testing.expectations import Expectation, Expectations
from dqlmock.testing.front import Door, Front
from dqlmock.testing.pattern import Pattern


class Observer:
    """What stands between a mock's callers and its pipe.

    Args:
        door: The way into the pipe.
    """

    def __init__(self, door: Door) -> None:
        self.calls = CallLog()
        self.front = Front(door, self.calls.keep)
        self.expectations = Expectations()
        self._expecting = False

    def expect(self, operation: str, looks: tuple[Any, ...], *, depth: int) -> Expectation:
        """Expect a call; the first one puts the expectations in front of the pipe.

        Args:
            operation: The API operation.
            looks: What `Pattern` takes after the operation.
            depth: How many mocks are entered.
        """
        expectation = self.expectations.add(operation, Pattern(operation, *looks), depth)
        if not self._expecting:
            self._expecting = True
            self.front.put_before(self.expectations.answer)
        return expectation

    def advice(self, engine: Engine) -> AdviceReport:
        """Return what a reviewer would say of the calls so far."""
        return advise(list(self.calls), engine)
