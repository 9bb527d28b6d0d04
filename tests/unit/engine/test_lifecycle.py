from __future__ import annotations

from dqlmock.engine.lifecycle import TableDelays, Transition


def test_changes_take_no_time_unless_told() -> None:
    assert TableDelays() == TableDelays(0, 0, 0, 0, 0)


def test_a_change_is_over_at_its_end() -> None:
    change = Transition.begin("UPDATING", 100.0, 10.0)
    assert not change.is_over(109.9)
    assert change.is_over(110.0)


def test_a_change_without_delay_is_over_at_once() -> None:
    assert Transition.begin("UPDATING", 100.0, 0.0).is_over(100.0)


def test_an_index_backfills_in_the_second_half() -> None:
    change = Transition.begin("CREATING", 100.0, 10.0, backfills=True)
    assert not change.is_backfilling(104.9)
    assert change.is_backfilling(105.0)
    assert not Transition.begin("CREATING", 100.0, 10.0).is_backfilling(105.0)
    updated = change.updating(None)
    assert (updated.status, updated.until_s) == ("UPDATING", 110.0)
    assert updated.is_backfilling(105.0)


def test_an_index_created_at_once_is_not_seen_backfilling() -> None:
    assert not Transition.begin("CREATING", 100.0, 0.0, backfills=True).is_backfilling(100.0)
