"""Item collections: all items of one partition key, in a table and its local indexes."""

from __future__ import annotations

from collections.abc import Iterator

from dqlmock import limits
from dqlmock.engine.keys import is_indexed, partition_of
from dqlmock.engine.table import Table
from dqlmock.errors import ItemCollectionSizeLimitExceededException
from dqlmock.storage.protocol import Keyspace, StoredItem
from dqlmock.values.keys import KeyRange
from dqlmock.values.types import Attributes

_CHUNK = 1000

COLLECTION_SIZE_EXCEEDED = "Collection size exceeded."
"""https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html"""


def check_collection_size(
    table: Table, old: StoredItem | None, attributes: Attributes, new: StoredItem
) -> None:
    """Check that an item collection that a write lets grow stays within 10 GB.

    What makes a collection smaller is taken however large it is
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections.SizeLimit).

    Cost: O(1) while the whole table would hold less if each index held all items whole, O(items of
    the collection) from there on.

    Args:
        table: A table with local secondary indexes.
        old: The item before the write, None where there is none.
        attributes: The item after the write.
        new: The same, ready to be stored.

    Raises:
        ItemCollectionSizeLimitExceededException: The collection would be larger.
    """
    most_held = (table.keyspace.size_bytes() + new.size_bytes) * (1 + len(table.local_indexes))
    if most_held <= limits.ITEM_COLLECTION_SIZE_BYTES:  # an entry is no larger than its item
        return
    growth = _share(table, attributes, new)
    if old is not None:
        growth -= _share(table, old.attributes(), old)
    if growth <= 0:
        return
    if collection_size_bytes(table, attributes) + growth > limits.ITEM_COLLECTION_SIZE_BYTES:
        raise ItemCollectionSizeLimitExceededException(COLLECTION_SIZE_EXCEEDED)


def _share(table: Table, attributes: Attributes, item: StoredItem) -> int:
    """Return what an item takes of its collection: its size and that of its entries."""
    types = table.schema.types
    return item.size_bytes + sum(
        index.projection(attributes, item).size_bytes
        for index in table.local_indexes
        if is_indexed(index.schema, types, attributes)
    )


def collection_size_bytes(table: Table, key: Attributes) -> int:
    """Return the size of an item collection: the table's items and their local index entries.

    Cost: O(items of the collection).

    Args:
        table: A table with local secondary indexes.
        key: Attributes that hold the partition key.
    """
    key_range = KeyRange.partition(partition_of(table.schema, key))
    keyspaces = (table.keyspace, *(index.keyspace for index in table.local_indexes))
    return sum(size for keyspace in keyspaces for size in _sizes(keyspace, key_range))


def _sizes(keyspace: Keyspace, key_range: KeyRange) -> Iterator[int]:
    while chunk := keyspace.read(key_range, limit=_CHUNK):
        for _, item in chunk:
            yield item.size_bytes
        key_range = key_range.after(chunk[-1][0])
