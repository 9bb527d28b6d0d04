"""A table: its keyspace, its indexes, and how an item becomes keys in them.

Owns the state of one table and the checks on key values. Knows neither expressions nor requests;
settings that are only stored and described live in `TableSettings` beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from dqlmock.engine.schema import IndexSchema, TableSchema
from dqlmock.engine.settings import TableSettings
from dqlmock.storage.memory import MemoryKeyspace
from dqlmock.storage.protocol import Keyspace, StoredItem
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

_LOCK_STRIPES = 256


class SecondaryIndex:
    """One secondary index: an ordered keyspace of projected items.

    Args:
        schema: The index's keys and projection.
        table: The schema of its table, whose keys every entry carries.
    """

    __slots__ = ("keyspace", "names", "schema")

    def __init__(self, schema: IndexSchema, table: TableSchema) -> None:
        self.schema = schema
        self.keyspace: Keyspace = MemoryKeyspace()
        self.names = table.projected_names(schema)

    def projection(self, attributes: Attributes, item: StoredItem) -> StoredItem:
        """Return what the index stores for an item: the item itself where all is projected."""
        names = self.names
        if names is None or attributes.keys() <= names:
            return item
        projected = {name: value for name, value in attributes.items() if name in names}
        return StoredItem.of(projected, attributes_size_bytes(projected))


class Table:
    """A table's items and indexes.

    Writers hold the lock of the partition they touch (`lock_of`); readers take none.

    Args:
        schema: Keys and indexes.
        settings: What is stored only to be described.
    """

    def __init__(self, schema: TableSchema, settings: TableSettings) -> None:
        self.schema = schema
        self.settings = settings
        self.keyspace: Keyspace = MemoryKeyspace()
        self.indexes = {
            name: SecondaryIndex(index, schema) for name, index in schema.indexes.items()
        }
        self._locks = tuple(threading.RLock() for _ in range(_LOCK_STRIPES))

    @property
    def has_local_indexes(self) -> bool:
        """Whether the table keeps item collections."""
        return any(not index.schema.is_global for index in self.indexes.values())

    @property
    def name(self) -> str:
        """`TableName`."""
        return self.settings.name

    def lock_of(self, key: bytes) -> Any:
        """Return the lock of the partition that a storage key lies in.

        Partitions share locks by the first byte of their hash. Whoever needs several takes them
        in the order of that byte.
        """
        return self._locks[key[0]]

    def all_locks(self) -> Iterable[Any]:
        """Return every lock, in the order in which several are taken."""
        return self._locks
