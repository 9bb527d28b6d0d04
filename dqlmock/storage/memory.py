"""The store in memory: a dict to find items by key, a sorted list of the keys to read ranges."""

from __future__ import annotations

from itertools import islice, pairwise
from threading import Lock

from sortedcontainers import SortedList

from dqlmock.storage.journal import Journal
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.keys import KeyRange


class MemoryKeyspace:
    """A `Keyspace` in memory.

    A get is one look-up in a dict, without a lock. A put touches the dict alone: new keys wait for
    the next read to be sorted in, many at once for much less than one by one.

    Args:
        journal: Where changes are noted while it is open.

    >>> keyspace = MemoryKeyspace()
    >>> keyspace.put(b"a", StoredItem.of({"pk": {"S": "a"}}, 3))
    >>> [key for key, item in keyspace.read(KeyRange.everything(), limit=10)]
    [b'a']
    >>> len(keyspace), keyspace.size_bytes()
    (1, 3)
    """

    __slots__ = ("_items", "_journal", "_keys", "_lock", "_size_bytes", "_unsorted")

    def __init__(self, journal: Journal | None = None) -> None:
        self._journal = journal or Journal()
        self._items: dict[bytes, StoredItem] = {}
        self._keys = SortedList()
        self._unsorted: list[bytes] = []
        self._lock = Lock()
        self._size_bytes = 0

    def get(self, key: bytes) -> StoredItem | None:
        """Return the item under a key, None if there is none. O(1)."""
        return self._items.get(key)

    def put(self, key: bytes, item: StoredItem) -> StoredItem | None:
        """Store an item and return the one it replaces. O(1), and O(log n) for the next read."""
        with self._lock:
            old = self._items.get(key)
            self._items[key] = item
            self._size_bytes += item.size_bytes
            if old is None:
                self._unsorted.append(key)
            else:
                self._size_bytes -= old.size_bytes
            if self._journal.is_open:
                self._journal.originals(self).setdefault(key, old)
        return old

    def delete(self, key: bytes) -> StoredItem | None:
        """Remove an item and return it, None if there was none. O(log n)."""
        with self._lock:
            old = self._items.pop(key, None)
            if old is not None:
                self._sort()
                self._keys.remove(key)
                self._size_bytes -= old.size_bytes
                if self._journal.is_open:
                    self._journal.originals(self).setdefault(key, old)
        return old

    def _sort(self) -> None:
        if self._unsorted:
            self._keys.update(self._unsorted)
            self._unsorted.clear()

    def put_back(self, originals: dict[bytes, StoredItem | None]) -> None:
        """Put items back as they were, and delete those that were not there."""
        for key, item in originals.items():
            if item is None:
                self.delete(key)
            else:
                self.put(key, item)

    def read(
        self, key_range: KeyRange, *, reverse: bool = False, limit: int
    ) -> list[tuple[bytes, StoredItem]]:
        """Return the first items of a range, as they stood at one moment. O(log n + limit)."""
        if key_range.start >= key_range.stop:
            return []
        with self._lock:
            self._sort()
            items = self._items
            keys = self._keys.irange(
                key_range.start, key_range.stop, inclusive=(True, False), reverse=reverse
            )
            chunk = list(islice(keys, limit))
            return list(zip(chunk, map(items.__getitem__, chunk), strict=True))

    def __len__(self) -> int:
        return len(self._items)

    def size_bytes(self) -> int:
        """Return the sizes of all items together. O(1)."""
        return self._size_bytes

    def clear(self) -> None:
        """Remove all items."""
        with self._lock:
            self._items.clear()
            self._keys.clear()
            self._unsorted.clear()
            self._size_bytes = 0

    def _check(self) -> None:
        """Raise AssertionError where the store contradicts itself. O(n), for tests."""
        with self._lock:
            self._sort()
            self._keys._check()
            keys = list(self._keys)
            assert all(one < next_one for one, next_one in pairwise(keys))
            assert set(keys) == self._items.keys()
            assert self._size_bytes == sum(item.size_bytes for item in self._items.values())
