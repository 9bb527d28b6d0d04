"""Injected time. The engine asks its clock and nothing else what time it is.

The clock reads `time.time()` at each call, so freezegun and time-machine move it; `advance()` moves
it alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta


class Stopwatch:
    """The machine's own time, for durations: what a test does to time doesn't change it.

    freezegun puts a standstill in the place of `time.perf_counter` in every module that has it, but
    looks at no class. This module is loaded with the package, so before most tests freeze time.
    """

    now_s = staticmethod(time.perf_counter)
    """Return seconds since some moment."""


class Clock:
    """Wall-clock time plus whatever a test has advanced it by.

    >>> clock = Clock()
    >>> before = clock.now_s()
    >>> clock.advance(timedelta(hours=1))
    >>> clock.now_s() - before >= 3600
    True
    """

    def __init__(self) -> None:
        self._offset_s = 0.0
        self._listeners: list[Callable[[], object]] = []

    def now_s(self) -> float:
        """Return the time in seconds since the epoch."""
        return time.time() + self._offset_s

    def advance(self, delta: timedelta) -> None:
        """Move the clock forward, alone.

        Args:
            delta: How far; zero or more.

        Raises:
            ValueError: `delta` is negative: DynamoDB's time doesn't run backwards.
        """
        if delta < timedelta(0):
            raise ValueError("a clock is only advanced")
        self._offset_s += delta.total_seconds()
        for listener in self._listeners:
            listener()

    @property
    def advanced(self) -> timedelta:
        """How far it has been advanced."""
        return timedelta(seconds=self._offset_s)

    def put_at(self, advanced: timedelta) -> None:
        """Let it be advanced by so much in all, for an engine that comes from elsewhere."""
        self._offset_s = advanced.total_seconds()

    def remember(self) -> Callable[[], None]:
        """Return what turns the clock back by all that it is advanced from now on."""
        offset_s = self._offset_s

        def restore() -> None:
            self._offset_s = offset_s

        return restore

    def on_advance(self, listener: Callable[[], object]) -> None:
        """Have something called each time the clock has been advanced."""
        self._listeners.append(listener)
