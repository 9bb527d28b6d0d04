"""Time to Live: expired items are swept out of their table, its indexes and onto its stream.

Owns enabling, disabling and sweeping. There is no timer: what is due is swept at the next call that
touches the table, when a test advances the clock, and when it is asked for.
"""

from __future__ import annotations

from dqlmock.clock import Clock
from dqlmock.engine.expiry import Expiries
from dqlmock.engine.table import Table
from dqlmock.engine.write import delete


def enable(table: Table, attribute: str, clock: Clock) -> None:
    """Let items expire, those that the table holds already too. O(items of the table).

    Args:
        table: Where.
        attribute: The attribute that holds the expiry.
        clock: What time it is.
    """
    expiries = Expiries(attribute, clock, table.journal)
    with table.all_locked():
        for key, item in table.items():
            expiries.note(key, item.attributes())
        table.follow_expiries(expiries)


def disable(table: Table) -> None:
    """Let items expire no more."""
    with table.all_locked():
        table.follow_expiries(None)


def sweep_due(table: Table, expiries: Expiries) -> None:
    """Delete what is due. Costs one comparison where nothing is."""
    if expiries.next_due_s < expiries.clock.now_s():
        _sweep(table, expiries, every=False)


def sweep(table: Table) -> int:
    """Delete every expired item, also what had expired when it was written.

    Cost: O(deleted * log n).

    Returns:
        How many items were deleted.
    """
    expiries = table.expiries
    return 0 if expiries is None else _sweep(table, expiries, every=True)


def _sweep(table: Table, expiries: Expiries, *, every: bool) -> int:
    deleted = 0
    for key, expiry_s in expiries.take(every=every):
        with table.lock_of(key, by_service=True):
            if table.expiries is expiries and expiries.is_at(key, expiry_s):
                delete(table, key, None, by_service=True)
                deleted += 1
    return deleted
