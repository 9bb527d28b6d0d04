"""How long control-plane changes take, and the states they pass through.

Owns statuses and their end; evaluated when looked at, there is no timer. Knows no tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Status: TypeAlias = Literal["CREATING", "UPDATING", "DELETING", "ACTIVE"]
"""`TableStatus` and `IndexStatus`."""


@dataclass(frozen=True, slots=True)
class TableDelays:
    """How long control-plane changes take by the clock, in seconds.

    With 0 a change is over as soon as it is answered. A change keeps the delay it began with.

    Args:
        create_s: CREATING after CreateTable.
        update_s: UPDATING after UpdateTable; of warm throughput that alone, not the table.
        delete_s: DELETING after DeleteTable.
        index_create_s: A global secondary index added by UpdateTable is CREATING; it backfills in
            the second half of that time.
        index_delete_s: A global secondary index removed by UpdateTable is DELETING.
        ttl_s: Time to Live is ENABLING or DISABLING after UpdateTimeToLive.
        index_update_s: A global secondary index that UpdateTable changes is UPDATING, though its
            table may be ACTIVE by then; no less than `update_s`.

    >>> TableDelays(create_s=2.5).delete_s
    0.0
    """

    create_s: float = 0.0
    update_s: float = 0.0
    delete_s: float = 0.0
    index_create_s: float = 0.0
    index_delete_s: float = 0.0
    ttl_s: float = 0.0
    index_update_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Transition:
    """A change under way.

    Args:
        status: What a description shows meanwhile.
        started_s: When it began, in seconds since the epoch.
        until_s: When it is over.
        finish: Runs once, when the change is found to be over.
        of_throughput: Whether it is provisioned throughput that changes.
        backfills: Whether it is an index that is added to a table and filled with its items.
    """

    status: Status
    started_s: float
    until_s: float
    finish: Callable[[], None] | None = None
    of_throughput: bool = False
    backfills: bool = False

    @classmethod
    def begin(
        cls,
        status: Status,
        now_s: float,
        delay_s: float,
        finish: Callable[[], None] | None = None,
        *,
        of_throughput: bool = False,
        backfills: bool = False,
    ) -> Transition:
        """Return a change that begins now.

        >>> Transition.begin("CREATING", 100.0, 2.0).is_over(101.9)
        False
        """
        return cls(status, now_s, now_s + delay_s, finish, of_throughput, backfills)

    def updating(self, finish: Callable[[], None] | None) -> Transition:
        """Return the same change, shown as UPDATING: an index is updated while it backfills."""
        return replace(self, status="UPDATING", finish=finish)

    def is_over(self, now_s: float) -> bool:
        """Return whether the change has ended."""
        return now_s >= self.until_s

    def is_backfilling(self, now_s: float) -> bool:
        """Return whether an index is past the allocation of its resources.

        AWS shows `Backfilling: false` first, with the table UPDATING, then `true` with the table
        ACTIVE (GSI.OnlineOps, "Phases of index creation").
        """
        half_s = (self.until_s - self.started_s) / 2
        return self.backfills and half_s > 0 and now_s >= self.started_s + half_s
