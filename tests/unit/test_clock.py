from __future__ import annotations

from datetime import timedelta

import pytest
from freezegun import freeze_time

from dqlmock.clock import Clock


def test_listeners_are_told_once_the_clock_has_moved() -> None:
    clock = Clock()
    seen: list[float] = []
    with freeze_time("2026-01-01"):
        start_s = clock.now_s()
        clock.on_advance(lambda: seen.append(clock.now_s() - start_s))
        clock.advance(timedelta(seconds=5))
        clock.advance(timedelta(seconds=2))
    assert seen == [5, 7]


def test_the_clock_is_only_advanced() -> None:
    clock = Clock()
    told: list[bool] = []
    clock.on_advance(lambda: told.append(True))
    with pytest.raises(ValueError, match="only advanced"):
        clock.advance(timedelta(seconds=-1))
    assert told == []
