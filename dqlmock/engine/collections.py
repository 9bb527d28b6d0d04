"""Item collections: all items of one partition key, in a table and its local indexes."""

from __future__ import annotations

from collections.abc import Iterator

from dqlmock.engine.keys import partition_of
from dqlmock.engine.table import Table
from dqlmock.storage.protocol import Keyspace
from dqlmock.values.keys import KeyRange
from dqlmock.values.types import Attributes

_CHUNK = 1000


def collection_size_bytes(table: Table, key: Attributes) -> int:
    """Return the size of an item collection: the table's items and their local index entries.

    Cost: O(items of the collection).

    Args:
        table: A table with local secondary indexes.
        key: Attributes that hold the partition key.
    """
    key_range = KeyRange.partition(partition_of(table.schema, key))
    local = [index.keyspace for index in table.indexes.values() if not index.schema.is_global]
    return sum(
        size for keyspace in (table.keyspace, *local) for size in _sizes(keyspace, key_range)
    )


def _sizes(keyspace: Keyspace, key_range: KeyRange) -> Iterator[int]:
    while chunk := keyspace.read(key_range, limit=_CHUNK):
        for _, item in chunk:
            yield item.size_bytes
        key_range = key_range.after(chunk[-1][0])
