"""What a running mock offers a test, put together: the log, expectations, faults, advice.

Owns the wiring, and nothing beside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

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
    from dqlmock.testing.lag import Lag


class _Mode(NamedTuple):
    """What changes all calls for a while: made inside how many mocks, its layer, its end."""

    depth: int
    layer: Layer
    end: Callable[[], None] | None = None


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
        self._lag: Lag | None = None
        self._modes: list[_Mode] = []

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

        return self._begin(_Mode(depth, tiny_pages(most)))

    def lag(
        self,
        engine: Engine,
        reach: tuple[int | None, timedelta | None, int | None],
        depth: int,
    ) -> AbstractContextManager[None]:
        """Let reads lag; see `dqlmock.testing.lag`."""
        from dqlmock.testing.lag import Lag, Reach  # loaded by who asks for it

        if self._lag is not None:
            raise DqlmockError("Reads lag already")
        self._lag = Lag(engine, Reach(*reach))
        return self._begin(_Mode(depth, self._lag.answer, self._end_lag))

    def settle(self) -> None:
        """Let all reads see what has been written so far."""
        if self._lag is not None:
            self._lag.settle()

    def _end_lag(self) -> None:
        if self._lag is not None:
            self._lag.end()
            self._lag = None

    def _begin(self, mode: _Mode) -> AbstractContextManager[None]:
        self.front.put_before(mode.layer)
        self._modes.append(mode)
        return self._lasting(mode)

    @contextmanager
    def _lasting(self, mode: _Mode) -> Iterator[None]:
        try:
            yield
        finally:
            self._end_modes([mode])

    def _end_modes(self, modes: Iterable[_Mode]) -> None:
        for mode in modes:
            if mode in self._modes:
                self._modes.remove(mode)
                self.front.take_away(mode.layer)
                if mode.end is not None:
                    mode.end()

    def end(self, depth: int) -> DqlmockError | None:
        """End all that was asked for since a mock was entered.

        Args:
            depth: How many mocks were entered.

        Returns:
            What to raise if an expectation was not met, or a fault never fired.
        """
        self._end_modes([mode for mode in self._modes if mode.depth >= depth])
        unmet = self.expectations.end(depth, self.calls)
        unfired = None if self._faults is None else self._faults.end(depth)
        return unmet or unfired

    def advice(self, engine: Engine) -> AdviceReport:
        """Return what a reviewer would say of the calls so far."""
        return advise(list(self.calls), engine)
