"""What a running mock offers a test, put together: the log, expectations, faults, advice.

Owns the wiring, and nothing beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError
from dqlmock.testing.advice.advise import advise
from dqlmock.testing.advice.report import AdviceReport
from dqlmock.testing.calls import CallLog
from dqlmock.testing.expectations import Expectation, Expectations
from dqlmock.testing.front import Door, Front, Layer
from dqlmock.testing.pattern import Pattern

if TYPE_CHECKING:
    from dqlmock.testing.faults import Faults


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
        self._faults: Faults | None = None
        self._pages: list[tuple[int, Layer]] = []

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
            if self._faults is not None:
                self._faults.come_first()
        return expectation

    def faults(self, engine: Engine, depth: int) -> Faults:
        """Return the faults of the mock, for whoever has entered so many.

        They are loaded by who asks for them, and stand in front of the pipe while there are any.
        """
        if self._faults is None:
            from dqlmock.testing.faults import Faults

            self._faults = Faults(self.front, engine)
        self._faults.depth = depth
        return self._faults

    def tiny_pages(self, most: int, depth: int) -> AbstractContextManager[None]:
        """Let every page end after some items; see `dqlmock.testing.pages`."""
        from dqlmock.testing.pages import tiny_pages  # loaded by who asks for them

        layer = tiny_pages(most)
        self.front.put_before(layer)
        self._pages.append((depth, layer))
        return self._paged(layer)

    @contextmanager
    def _paged(self, layer: Layer) -> Iterator[None]:
        try:
            yield
        finally:
            self._end_pages(lambda depth, each: each is layer)

    def _end_pages(self, ends: Callable[[int, Layer], bool]) -> None:
        for depth, layer in [each for each in self._pages if ends(*each)]:
            self._pages.remove((depth, layer))
            self.front.take_away(layer)

    def end(self, depth: int) -> DqlmockError | None:
        """End all that was asked for since a mock was entered.

        Args:
            depth: How many mocks were entered.

        Returns:
            What to raise if an expectation was not met, or a fault never fired.
        """
        self._end_pages(lambda made, _: made >= depth)
        unmet = self.expectations.end(depth, self.calls)
        unfired = None if self._faults is None else self._faults.end(depth)
        return unmet or unfired

    def advice(self, engine: Engine) -> AdviceReport:
        """Return what a reviewer would say of the calls so far."""
        return advise(list(self.calls), engine)
