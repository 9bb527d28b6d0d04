"""Writing one item: condition, item, who follows it, indexes, all under the partition's lock.

Owns the order of a write and the upkeep of indexes. Handed closures: it knows neither expressions
nor requests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from dqlmock.engine.capacity import Consumed, IndexSizes, refused_write, written_units
from dqlmock.engine.collections import check_collection_size
from dqlmock.engine.keys import index_key, is_indexed
from dqlmock.engine.table import SecondaryIndex, Table
from dqlmock.errors import ConditionalCheckFailedException
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.types import Attributes

Predicate: TypeAlias = Callable[[Attributes], bool]
"""A condition on an item's attributes; empty attributes stand for an item that does not exist."""

Change: TypeAlias = Callable[[Attributes, int], tuple[Attributes, StoredItem | None]]
"""From an item's attributes and size before a write to its attributes after it, and the item.

There is no item after it where there was none before and none is to be made.
"""

NOTHING: Attributes = {}
"""The attributes of an item that does not exist."""


@dataclass(slots=True)
class IndexChange:
    """What one write did to one index: the entry's sizes and whether it moved."""

    index: SecondaryIndex
    old_bytes: int | None
    new_bytes: int | None
    moved: bool

    def sizes(self) -> IndexSizes:
        """Return what the change is charged by."""
        schema = self.index.schema
        return schema.name, schema.is_global, self.old_bytes, self.new_bytes, self.moved


@dataclass(slots=True)
class Written:
    """The outcome of one write.

    What is made for each call, like this, is never changed but isn't frozen: that takes thrice as
    long to make.

    Args:
        old: The item before, None where there was none.
        new: The item after, None where it was deleted.
        index_changes: One entry for each index whose content changed.
    """

    old: StoredItem | None
    new: StoredItem | None
    index_changes: tuple[IndexChange, ...] = ()

    def charged(self) -> tuple[int, tuple[IndexSizes, ...]]:
        """Return the sizes the write is charged by: what `written_units` takes, without the items.

        An update is charged by the larger of the item's sizes before and after.
        """
        old_bytes = self.old.size_bytes if self.old else 0
        new_bytes = self.new.size_bytes if self.new else 0
        item_bytes = old_bytes if old_bytes > new_bytes else new_bytes
        changes = self.index_changes
        return item_bytes, tuple([change.sizes() for change in changes]) if changes else ()

    def consumed(self) -> Consumed:
        """Return the units of the write, by table and index."""
        return written_units(*self.charged())


def put(
    table: Table,
    key: bytes,
    attributes: Attributes,
    item: StoredItem,
    condition: Predicate | None,
    *,
    show_old: bool = False,
) -> Written:
    """Store an item in place of what stands at its key.

    Args:
        table: Where.
        key: The item's storage key.
        attributes: The item.
        item: The same, ready to be stored.
        condition: Has to hold for the item that stands there.
        show_old: A failed condition carries the old item.

    Raises:
        ConditionalCheckFailedException: The condition did not hold; nothing was changed.
        ItemCollectionSizeLimitExceededException: The item's collection would pass 10 GB.
    """
    with table.lock_of(key):
        if condition is not None:
            old = table.keyspace.get(key)
            _check_condition(condition, old, show_old, table.name, item.size_bytes)
        if table.local_indexes:
            check_collection_size(table, table.keyspace.get(key), attributes, item)
        return replace(table, key, attributes, item)


def replace(table: Table, key: bytes, attributes: Attributes, item: StoredItem) -> Written:
    """Do what a put does once nothing can refuse it. The caller holds the partition's lock.

    Args:
        table: Where.
        key: The item's storage key.
        attributes: The item.
        item: The same, ready to be stored.
    """
    old = table.keyspace.put(key, item)
    changes: tuple[IndexChange, ...] = ()
    if table.indexes:
        before = old.attributes() if old else NOTHING
        changes = _maintain(table, key, before, attributes, old, item)
    if table.is_followed:
        table.changed(key, old, item, attributes)
    return Written(old, item, changes)


def delete(
    table: Table,
    key: bytes,
    condition: Predicate | None,
    *,
    show_old: bool = False,
    by_service: bool = False,
) -> Written:
    """Delete the item at a key, if there is one.

    Args:
        table: Where.
        key: The item's storage key.
        condition: Has to hold for the item that stands there.
        show_old: A failed condition carries the old item.
        by_service: DynamoDB itself deletes the item, which has expired.

    Raises:
        ConditionalCheckFailedException: The condition did not hold; nothing was changed.
    """
    with table.lock_of(key, by_service=by_service):
        if condition is not None:
            _check_condition(condition, table.keyspace.get(key), show_old, table.name)
        old = table.keyspace.delete(key)
        if old is None or not (table.indexes or table.is_followed):
            return Written(old, None)
        before = old.attributes()
        changes = _maintain(table, key, before, NOTHING, old, None)
        if table.is_followed:
            table.changed(key, old, None, before, by_service=by_service)
        return Written(old, None, changes)


def update(
    table: Table, key: bytes, change: Change, condition: Predicate | None, *, show_old: bool = False
) -> tuple[Written, Attributes, Attributes]:
    """Change the item at a key, or make it.

    Args:
        table: Where.
        key: The item's storage key.
        change: Makes the new item from the old one's attributes; raises to leave all as it is.
        condition: Has to hold for the item that stands there.
        show_old: A failed condition carries the old item.

    Returns:
        The outcome, the attributes before and the attributes after.

    Raises:
        ConditionalCheckFailedException: The condition did not hold; nothing was changed.
        ItemCollectionSizeLimitExceededException: The item's collection would pass 10 GB.
    """
    with table.lock_of(key):
        old = table.keyspace.get(key)
        before = old.attributes() if old else NOTHING
        if condition is not None and not condition(before):
            raise _refused(table.name, old, show_old)
        after, item = change(before, old.size_bytes if old else 0)
        if item is None:
            return Written(None, None), before, after
        if table.local_indexes:
            check_collection_size(table, old, after, item)
        table.keyspace.put(key, item)
        changes = _maintain(table, key, before, after, old, item) if table.indexes else ()
        if table.is_followed:
            table.changed(key, old, item, after)
        return Written(old, item, changes), before, after


def _check_condition(
    condition: Predicate,
    old: StoredItem | None,
    show_old: bool,
    table_name: str,
    new_bytes: int = 0,
) -> None:
    if not condition(old.attributes() if old else NOTHING):
        raise _refused(table_name, old, show_old, new_bytes)


def condition_failed(old: StoredItem | None, show_old: bool) -> ConditionalCheckFailedException:
    """Return the error for a condition that doesn't hold, with the item where it is asked for."""
    fields = {"Item": old} if show_old and old else None
    return ConditionalCheckFailedException("The conditional request failed", fields)


def _refused(
    table_name: str, old: StoredItem | None, show_old: bool, new_bytes: int = 0
) -> ConditionalCheckFailedException:
    error = condition_failed(old, show_old)
    error.meter = partial(refused_write, table_name, old.size_bytes if old else 0, new_bytes)
    return error


def _maintain(
    table: Table,
    key: bytes,
    before: Attributes,
    after: Attributes,
    old: StoredItem | None,
    new: StoredItem | None,
) -> tuple[IndexChange, ...]:
    changes = []
    types = table.schema.types
    for index in table.indexes.values():
        schema = index.schema
        old_key = new_key = entry = None
        if old and is_indexed(schema, types, before):
            old_key = index_key(schema, before, key)
        if new and is_indexed(schema, types, after):
            new_key = index_key(schema, after, key)
            entry = index.projection(after, new)
        change = _replace(index, old_key, new_key, entry)
        if change is not None:
            changes.append(change)
    return tuple(changes)


def _replace(
    index: SecondaryIndex, old_key: bytes | None, new_key: bytes | None, entry: StoredItem | None
) -> IndexChange | None:
    keyspace = index.keyspace
    old_entry = None
    if old_key is not None and old_key != new_key:
        old_entry = keyspace.delete(old_key)
    if new_key is not None and entry is not None:
        replaced = keyspace.put(new_key, entry)
        if replaced is not None and replaced.attributes() == entry.attributes():
            return None  # nothing that this index holds has changed: it is charged nothing
        old_entry = old_entry or replaced
    elif old_entry is None:
        return None
    return IndexChange(
        index,
        old_entry.size_bytes if old_entry else None,
        entry.size_bytes if entry else None,
        old_key != new_key,
    )
