from __future__ import annotations

from math import inf

import pytest

from dqlmock.engine.expiry import LATE_S, Expiries
from dqlmock.values.types import Attributes
from tests.unit.engine.test_streams import SetClock

NOW_S = 1_700_000_000.0


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW_S)


@pytest.fixture
def expiries(clock: SetClock) -> Expiries:
    return Expiries("ttl", clock)


def at(seconds: float) -> Attributes:
    return {"ttl": {"N": f"{NOW_S + seconds:.0f}"}}


def test_nothing_is_due_at_first(expiries: Expiries) -> None:
    assert expiries.next_due_s == inf
    assert expiries.take(every=True) == []
    expiries.note(b"a", {})
    expiries.note(b"b", {"ttl": {"S": "1"}})
    assert (len(expiries), expiries.next_due_s) == (0, inf)


def test_the_next_is_the_earliest(expiries: Expiries, clock: SetClock) -> None:
    expiries.note(b"a", at(20))
    assert expiries.next_due_s == NOW_S + 20
    expiries.note(b"b", at(10))
    expiries.note(b"c", at(30))
    assert expiries.next_due_s == NOW_S + 10
    clock.moment_s += 21
    assert expiries.take(every=False) == [(b"b", NOW_S + 10), (b"a", NOW_S + 20)]
    assert expiries.next_due_s == NOW_S + 30


def test_what_was_written_expired_is_due_a_minute_later(
    expiries: Expiries, clock: SetClock
) -> None:
    expiries.note(b"a", at(-10))
    assert expiries.next_due_s == NOW_S + LATE_S
    assert expiries.take(every=False) == []
    clock.moment_s += LATE_S
    assert expiries.take(every=False) == []
    clock.moment_s += 0.5
    assert expiries.take(every=False) == [(b"a", NOW_S - 10)]
    assert expiries.next_due_s == inf


def test_every_takes_it_at_once(expiries: Expiries) -> None:
    expiries.note(b"a", at(-10))
    expiries.note(b"b", at(-20))
    assert expiries.take(every=True) == [(b"b", NOW_S - 20), (b"a", NOW_S - 10)]


def test_a_changed_expiry_makes_the_old_one_stale(expiries: Expiries, clock: SetClock) -> None:
    expiries.note(b"a", at(10))
    expiries.note(b"a", at(50))
    expiries.note(b"b", at(10))
    expiries.note(b"b", {})
    clock.moment_s += 20
    assert expiries.take(every=True) == []
    assert not expiries.is_at(b"a", NOW_S + 10)
    assert expiries.is_at(b"a", NOW_S + 50)


def test_rewriting_one_item_does_not_fill_the_memory(expiries: Expiries, clock: SetClock) -> None:
    for seconds in range(10_000):
        expiries.note(b"a", at(seconds + 1))
        expiries.note(b"b", at(5))
    expiries._check()
    assert len(expiries._order) < 2000
    clock.moment_s += 10_001
    assert dict(expiries.take(every=False)) == {b"a": NOW_S + 10_000, b"b": NOW_S + 5}


def test_five_years(expiries: Expiries) -> None:
    years_s = 5 * 365 * 86_400
    expiries.note(b"a", at(-years_s))
    assert len(expiries) == 1
    expiries.note(b"a", at(-years_s - 1))
    assert len(expiries) == 0


def test_an_item_that_came_back_is_taken_once(expiries: Expiries, clock: SetClock) -> None:
    for _ in range(3):
        expiries.note(b"a", at(10))
        expiries.note(b"b", at(-10))
        expiries.note(b"a", {})
        expiries.note(b"b", {})
    expiries.note(b"a", at(10))
    expiries.note(b"b", at(-10))
    clock.moment_s += 100
    assert expiries.take(every=True) == [(b"b", NOW_S - 10), (b"a", NOW_S + 10)]
