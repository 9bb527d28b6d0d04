from __future__ import annotations

import pytest

from dqlmock.engine.settings import OnDemandMaxima, Throughput

DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("reads", "writes", "increase_s", "decrease_s"),
    [
        (6, 5, DAY_S, None),
        (5, 6, DAY_S, None),
        (4, 5, None, DAY_S),
        (5, 4, None, DAY_S),
        (6, 4, DAY_S, DAY_S),
        (5, 5, None, None),
    ],
)
def test_a_change_is_dated_by_its_kind(
    reads: int, writes: int, increase_s: float | None, decrease_s: float | None
) -> None:
    throughput = Throughput(5, 5)
    throughput.change(reads, writes, DAY_S)
    assert (throughput.read_units, throughput.write_units) == (reads, writes)
    assert throughput.last_increase_s == increase_s
    assert throughput.last_decrease_s == decrease_s
    assert throughput.decreases_today(DAY_S) == (decrease_s is not None)


def test_decreases_are_counted_by_utc_day() -> None:
    throughput = Throughput(5, 5)
    throughput.change(4, 5, DAY_S)
    throughput.change(3, 4, 2 * DAY_S - 1)
    assert throughput.decreases_today(2 * DAY_S - 1) == 2
    assert throughput.decreases_today(2 * DAY_S) == 0
    throughput.change(2, 4, 2 * DAY_S)
    assert throughput.decreases_today(2 * DAY_S) == 1


@pytest.mark.parametrize(
    ("new", "stored", "merged"),
    [
        (OnDemandMaxima(1, 2), None, OnDemandMaxima(1, 2)),
        (OnDemandMaxima(1, None), OnDemandMaxima(8, 9), OnDemandMaxima(1, 9)),
        (OnDemandMaxima(None, -1), OnDemandMaxima(8, 9), OnDemandMaxima(8, -1)),
    ],
)
def test_maxima_are_merged(
    new: OnDemandMaxima, stored: OnDemandMaxima | None, merged: OnDemandMaxima
) -> None:
    assert new.merged_over(stored) == merged


def test_maxima_taken_away_are_none() -> None:
    assert OnDemandMaxima(-1, 5).in_force() == OnDemandMaxima(None, 5)
    assert OnDemandMaxima(5, -1).in_force() == OnDemandMaxima(5, None)
    assert OnDemandMaxima(-1, -1).in_force() is None
