"""Eventual consistency that a test can see: reads that don't know yet what was just written.

Owns which reads lag, how far, and what they see instead. While it is on, each keyspace remembers
what its newest changes replaced, and a read that lags sees that. While it is off, nothing of it is
there.
"""

from __future__ import annotations

import math
import random
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from dqlmock.engine.database import Engine
from dqlmock.engine.table import SecondaryIndex, Table
from dqlmock.errors import DqlmockError
from dqlmock.storage.journal import Journal
from dqlmock.storage.protocol import Keyspace, StoredItem
from dqlmock.testing.call import decoded
from dqlmock.testing.front import Door
from dqlmock.testing.requests import is_select, table_name, tables_of
from dqlmock.testing.statements import statements
from dqlmock.values.keys import KeyRange
from dqlmock.wire.messages import WireRequest, WireResponse


class _Change(NamedTuple):
    """What a write has replaced: when, by the number of writes or by the clock, where, and what."""

    mark: float
    key: bytes
    old: StoredItem | None


class _View(NamedTuple):
    """What a read that lags can't see: changes of some tables, made after a mark."""

    tables: Collection[str]
    until: float


@dataclass(frozen=True)
class Reach:
    """How far reads lag: by writes or by time, or until the test says `settle`.

    Args:
        writes: By the newest so many writes of items, over all tables.
        delay: By what was written in the newest stretch of the mock's clock.
        seed: Each read lags by anything from nothing up to that, by these dice; None for all.

    Raises:
        DqlmockError: It is both, or nothing, or a seed has nothing to choose from.
    """

    writes: int | None = None
    delay: timedelta | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.writes is not None and self.delay is not None:
            raise DqlmockError("Reads lag by writes or by a delay, not by both")
        if self.writes is not None and self.writes < 1:
            raise DqlmockError(f"Reads lag by at least one write: writes={self.writes}")
        if self.delay is not None and self.delay <= timedelta(0):
            raise DqlmockError(f"Reads lag by more than no time: delay={self.delay}")
        if self.seed is not None and self.writes is None and self.delay is None:
            raise DqlmockError("With a seed, say how far reads lag at most: writes= or delay=")

    def most(self) -> float:
        """Return how far a read may lag, in writes or in seconds."""
        if self.writes is not None:
            return self.writes
        return math.inf if self.delay is None else self.delay.total_seconds()


class Lag:
    """Lets reads lag that aren't strongly consistent: a layer in front of the pipe.

    Args:
        engine: The state.
        reach: How far.
    """

    def __init__(self, engine: Engine, reach: Reach) -> None:
        self.lock = threading.RLock()
        self.most = reach.most()
        self._reach = reach
        self._engine = engine
        self._writes = 0
        self._dice = random.Random(reach.seed)
        self._seen = threading.local()
        self._followed: list[tuple[Table | SecondaryIndex, LaggingKeyspace]] = []
        self._follow()

    def answer(self, request: WireRequest, door: Door) -> WireResponse:
        """Answer a call: a read that may lag sees what was there some writes ago."""
        self._follow()
        tables = _lagging(request.target.rpartition(".")[2], decoded(request.body))
        if not tables:
            return door(request)
        self._seen.view = _View(tables, self.now() - self._distance())
        try:
            return door(request)
        finally:
            self._seen.view = None

    def settle(self) -> None:
        """Let all reads see what has been written so far."""
        with self.lock:
            for _, keyspace in self._followed:
                keyspace.changes.clear()

    def end(self) -> None:
        """Let reads lag no more."""
        for holder, keyspace in self._followed:
            holder.keyspace = keyspace.kept
        self._followed.clear()

    def now(self) -> float:
        """Return where time, or the count of writes, stands."""
        return self._writes if self._reach.delay is None else self._engine.clock.now_s()

    def count(self) -> None:
        """Count the write of an item."""
        self._writes += 1

    def unseen(self, table: str, changes: Collection[_Change]) -> Mapping[bytes, StoredItem | None]:
        """Return what the read under way sees in the place of changes that it doesn't know yet."""
        view: _View | None = getattr(self._seen, "view", None)
        if view is None or table not in view.tables:
            return {}
        late = [change for change in changes if change.mark > view.until]
        return {change.key: change.old for change in reversed(late)}  # what was there first

    def _distance(self) -> float:
        if self._reach.seed is None:
            return self.most
        with self.lock:
            if self._reach.writes is not None:
                return self._dice.randint(0, self._reach.writes)
            return self._dice.uniform(0, self.most)

    def _follow(self) -> None:
        """Take in the tables and indexes that are new."""
        for database in self._engine.databases():
            for table in database.tables():
                self._follow_one(table, table, self.count)
                for index in table.indexes.values():
                    self._follow_one(index, table, None)

    def _follow_one(
        self, holder: Table | SecondaryIndex, table: Table, count: Callable[[], None] | None
    ) -> None:
        with self.lock:
            if not isinstance(holder.keyspace, LaggingKeyspace):
                lagging = LaggingKeyspace(self, holder.keyspace, table.name, table.journal, count)
                holder.keyspace = lagging
                self._followed.append((holder, lagging))


def _lagging(operation: str, parameters: Mapping[str, Any]) -> Collection[str]:
    """Return the tables of which a request reads what may be old."""
    if operation == "BatchGetItem":
        items = parameters.get("RequestItems")
        return {
            table_name(name)
            for name, wanted in (items if isinstance(items, Mapping) else {}).items()
            if not (isinstance(wanted, Mapping) and wanted.get("ConsistentRead"))
        }
    if operation == "BatchExecuteStatement":
        selects = [read for read in statements(parameters) if read.kind == "query"]
        # Which of two reads of a table is under way is not told: where one is strong, both are.
        return {s.table for s in selects} - {s.table for s in selects if s.strong}
    reads = operation in ("GetItem", "Query", "Scan")
    if reads or (operation == "ExecuteStatement" and is_select(parameters)):
        return () if parameters.get("ConsistentRead") else tables_of(parameters)
    return ()


class LaggingKeyspace:
    """A `Keyspace` that remembers what its newest changes replaced.

    Args:
        lag: Says which of them the read under way doesn't know yet.
        kept: The keyspace itself.
        table: The name of its table.
        journal: Of the engine: a change that is taken back never was.
        count: Counts a write; None for an index, whose changes are part of its table's.

    Attributes:
        changes: The newest ones, in their order.
    """

    def __init__(
        self,
        lag: Lag,
        kept: Keyspace,
        table: str,
        journal: Journal,
        count: Callable[[], None] | None,
    ) -> None:
        self.kept = kept
        self.changes: deque[_Change] = deque()
        self._lag = lag
        self._table = table
        self._journal = journal
        self._count = count

    def get(self, key: bytes) -> StoredItem | None:
        """Return the item under a key as the read under way sees it."""
        with self._lag.lock:
            unseen = self._lag.unseen(self._table, self.changes)
            return unseen[key] if key in unseen else self.kept.get(key)

    def put(self, key: bytes, item: StoredItem) -> StoredItem | None:
        """Store an item and return the one it replaces."""
        with self._lag.lock:
            old = self.kept.put(key, item)
            self._note(key, old)
        return old

    def delete(self, key: bytes) -> StoredItem | None:
        """Remove an item and return it, None if there was none."""
        with self._lag.lock:
            old = self.kept.delete(key)
            if old is not None:
                self._note(key, old)
        return old

    def _note(self, key: bytes, old: StoredItem | None) -> None:
        if self._count is not None:
            self._count()
        now = self._lag.now()
        change = _Change(now, key, old)
        self.changes.append(change)
        self._journal.note(lambda: self._forget(change))
        while self.changes and self.changes[0].mark <= now - self._lag.most:
            self.changes.popleft()

    def _forget(self, change: _Change) -> None:
        with self._lag.lock:
            if change in self.changes:
                self.changes.remove(change)

    def read(
        self, key_range: KeyRange, *, reverse: bool = False, limit: int
    ) -> list[tuple[bytes, StoredItem]]:
        """Return the first items of a range as the read under way sees them."""
        with self._lag.lock:
            unseen = self._lag.unseen(self._table, self.changes)
            chunk = self.kept.read(key_range, reverse=reverse, limit=limit + len(unseen))
        if not unseen:
            return chunk
        seen = [(key, item) for key, item in chunk if key not in unseen]
        for key, old in unseen.items():
            if old is not None and key_range.start <= key < key_range.stop:
                seen.append((key, old))
        seen.sort(key=lambda entry: entry[0], reverse=reverse)
        return seen[:limit]

    def __len__(self) -> int:
        return len(self.kept)

    def size_bytes(self) -> int:
        """Return the sizes of all items together."""
        return self.kept.size_bytes()

    def clear(self) -> None:
        """Remove all items."""
        with self._lag.lock:
            self.kept.clear()
            self.changes.clear()

    def _check(self) -> None:
        self.kept._check()
