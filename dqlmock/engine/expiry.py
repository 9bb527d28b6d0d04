"""Which items of a table expire, and when: an order by expiry beside the table's own.

Owns what counts as an expiry and what is due. Deletes nothing: it knows neither tables nor stores.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from heapq import heapify, heappop, heappush
from math import inf
from threading import Lock
from typing import Final

from dqlmock.clock import Clock
from dqlmock.limits import TTL_OLDEST_S
from dqlmock.storage.journal import Journal
from dqlmock.values.types import Attributes

LATE_S: Final = 60
"""How long an item that had expired when it was written is left alone, by the clock."""

_SPARE_ENTRIES: Final = 1024


class Expiries:
    """The items of a table that have an expiry, earliest first.

    An item is due as soon as the clock passes its expiry. One whose expiry had passed when it was
    written (or when TTL was enabled) is due a minute later, so that a test that writes an expired
    item can be sure to see it; `take` with `every` takes it at once.

    A write costs O(log n), taking costs by what is taken. Entries of overwritten items stay in the
    order until they come up, or outnumber the others.

    Args:
        attribute: The attribute that holds the expiry, a number of seconds since the epoch.
        clock: What time it is.
        journal: Where changes are noted while a savepoint is open.

    Attributes:
        next_due_s: Nothing is due before the clock has passed it.

    >>> expiries = Expiries("ttl", Clock())
    >>> expiries.note(b"key", {"ttl": {"N": "4102444800"}})
    >>> len(expiries), expiries.next_due_s
    (1, 4102444800.0)
    """

    def __init__(self, attribute: str, clock: Clock, journal: Journal | None = None) -> None:
        self.attribute = attribute
        self.clock = clock
        self._journal = journal or Journal()
        self.next_due_s = inf
        self._lock = Lock()
        self._expiry: dict[bytes, float] = {}
        self._order: list[tuple[float, bytes]] = []
        self._late: deque[tuple[float, float, bytes]] = deque()

    def note(self, key: bytes, attributes: Attributes) -> None:
        """Note an item's expiry. The caller holds the lock of the item's partition.

        Only a number counts, and none that is more than five years in the past
        (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html).

        Args:
            key: The item's storage key.
            attributes: The item as it is now; none for a deleted one.
        """
        value = attributes.get(self.attribute)
        text = None if value is None else value.get("N")
        if text is None:
            if key in self._expiry:
                self._forget(key)
            return
        expiry_s = float(text)
        now_s = self.clock.now_s()
        if expiry_s < now_s - TTL_OLDEST_S:
            self._forget(key)
            return
        with self._lock:
            if self._expiry.get(key) == expiry_s:
                return
            self._note(key)
            self._expiry[key] = expiry_s
            if expiry_s < now_s:
                self._late.append((now_s + LATE_S, expiry_s, key))
                self._journal.note(self._take_back_late)
                self._look_ahead()
                return
            heappush(self._order, (expiry_s, key))
            if expiry_s < self.next_due_s:
                self.next_due_s = expiry_s
            self._tidy()

    def take(self, *, every: bool) -> list[tuple[bytes, float]]:
        """Take what is due out of the order, earliest first. O(taken * log n).

        Args:
            every: Take what had expired when it was written, too.

        Returns:
            Storage keys and expiries; an item may have changed since: ask `is_at` under the lock
            of its partition.
        """
        now_s = self.clock.now_s()
        late: list[tuple[float, float, bytes]] = []
        due: list[tuple[float, bytes]] = []
        with self._lock:
            while self._late and (every or self._late[0][0] < now_s):
                late.append(self._late.popleft())
            while self._order and self._order[0][0] < now_s:
                due.append(heappop(self._order))
            self._journal.note(lambda: self._give_back(late, due))
            taken = sorted(due + self._passed(late, now_s))
            still = {key: expiry_s for expiry_s, key in taken if self.is_at(key, expiry_s)}
            return list(still.items())

    def is_at(self, key: bytes, expiry_s: float) -> bool:
        """Tell whether an item still expires at a time."""
        return self._expiry.get(key) == expiry_s

    def __len__(self) -> int:
        return len(self._expiry)

    def _forget(self, key: bytes) -> None:
        with self._lock:
            self._note(key)
            self._expiry.pop(key, None)

    def _note(self, key: bytes) -> None:
        """Note an item's expiry, about to change. Its place in the order stays meanwhile."""
        if self._journal.is_open:
            self._journal.note(partial(self._put_back, key, self._expiry.get(key)))
            self._journal.tidy_later(self._tidy)

    def _put_back(self, key: bytes, expiry_s: float | None) -> None:
        with self._lock:
            if expiry_s is None:
                self._expiry.pop(key, None)
            else:
                self._expiry[key] = expiry_s

    def _passed(
        self, late: list[tuple[float, float, bytes]], now_s: float
    ) -> list[tuple[float, bytes]]:
        """Return those of late entries that have expired; time that ran backwards spares others."""
        passed = []
        for _, expiry_s, key in late:
            if expiry_s < now_s:
                passed.append((expiry_s, key))
            else:
                heappush(self._order, (expiry_s, key))
        self._look_ahead()
        return passed

    def _take_back_late(self) -> None:
        with self._lock:
            self._late.pop()

    def _give_back(
        self, late: list[tuple[float, float, bytes]], due: list[tuple[float, bytes]]
    ) -> None:
        with self._lock:
            self._late.extendleft(reversed(late))
            for entry in due:
                heappush(self._order, entry)
            self._look_ahead()

    def _tidy(self) -> None:
        """Let go of entries of overwritten items. A rollback needs them."""
        is_long = len(self._order) > 2 * len(self._expiry) + _SPARE_ENTRIES
        if is_long and not self._journal.is_open:
            self._drop_stale()

    def _look_ahead(self) -> None:
        first = self._order[0][0] if self._order else inf
        self.next_due_s = min(first, self._late[0][0]) if self._late else first

    def _drop_stale(self) -> None:
        listed = set(self._order)  # an item may have had one expiry repeatedly
        self._order = [entry for entry in listed if self._expiry.get(entry[1]) == entry[0]]
        heapify(self._order)
        self._look_ahead()

    def _check(self) -> None:
        """Raise AssertionError where the order contradicts itself. O(n), for tests."""
        with self._lock:
            listed = {(key, expiry_s) for expiry_s, key in self._order}
            listed |= {(key, expiry_s) for _, expiry_s, key in self._late}
            assert self._expiry.items() <= listed
            assert len(self._order) <= 2 * len(self._expiry) + _SPARE_ENTRIES + 1
            assert all(self.next_due_s <= expiry_s for expiry_s, _ in self._order)
            assert not self._late or self.next_due_s <= self._late[0][0]
