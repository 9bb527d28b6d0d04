"""What writes of items share, single ones and those of batches and transactions.

Owns conditions, the size of items, the change an update makes and the metrics of one write.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dqlmock.engine.capacity import written_units
from dqlmock.engine.collections import collection_size_bytes
from dqlmock.engine.keys import (
    check_given_index_key,
    check_index_key_type,
    check_index_keys,
    check_updated_index_keys,
    is_indexed,
    item_key,
    partition_of,
)
from dqlmock.engine.schema import TableSchema
from dqlmock.engine.table import Table
from dqlmock.engine.write import Change, Predicate, Written, put
from dqlmock.errors import ValidationException
from dqlmock.expressions.legacy import expected
from dqlmock.expressions.request import Expressions
from dqlmock.expressions.update import Update
from dqlmock.limits import ITEM_SIZE_BYTES
from dqlmock.operations.capacity import Result, charge_write
from dqlmock.operations.parameters import ExpressionParameters
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_item, check_nesting
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

CONDITION_PARAMETERS = ExpressionParameters(
    expressions=("ConditionExpression",),
    legacy=("Expected", "ConditionalOperator"),
    valued=("ConditionExpression",),
)
"""Those of a write whose only expression is its condition: PutItem and DeleteItem."""

_BYTES_PER_GB = 1024**3


def condition_of(
    request: dict[str, Any], expressions: Expressions, *, any_depth: bool = False
) -> Predicate | None:
    """Return the condition of a write, from ConditionExpression or from Expected.

    Args:
        request: The request, or the member of a transaction.
        expressions: Its expressions.
        any_depth: Take values in Expected that nest deeper than an attribute may.
    """
    text = request.get("ConditionExpression")
    if text is not None:
        return expressions.condition(text)
    conditions = request.get("Expected")
    if not conditions:
        return None
    return expected(conditions, request.get("ConditionalOperator"), any_depth=any_depth)


def shows_old(request: dict[str, Any]) -> bool:
    """Tell whether a failed condition is to carry the item it failed on."""
    return request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"


def check_return_values(request: dict[str, Any]) -> None:
    """Check ReturnValues of an operation that can only show the old item.

    Raises:
        ValidationException: A value that only UpdateItem takes.
    """
    if request.get("ReturnValues") not in (None, "ALL_OLD", "NONE"):
        raise ValidationException("ReturnValues can only be ALL_OLD or NONE")


def check_item_size(size_bytes: int) -> None:
    """Check the size of an item that is to be put.

    Raises:
        ValidationException: More than 400 KB.
    """
    if size_bytes > ITEM_SIZE_BYTES:
        raise oversized_item()


def put_item(table: Table, item: Mapping[str, Mapping[str, Any]]) -> None:
    """Check an item that no PutItem brings, and put it.

    Args:
        table: Where.
        item: Its attributes, the JSON types checked already.

    Raises:
        ValidationException: PutItem would refuse it.
    """
    attributes, size_bytes = canonical_item(item)
    check_item_size(size_bytes)
    key = item_key(table.schema, attributes)
    check_entries_size(table.schema, attributes, size_bytes)
    put(table, key, attributes, StoredItem.of(attributes, size_bytes), None)


def check_entries_size(schema: TableSchema, attributes: Attributes, size_bytes: int) -> None:
    """Check the size of an item that is to be put with that of its entries in local indexes.

    Args:
        schema: The table's.
        attributes: The item.
        size_bytes: Its size, which is within the limit.

    Raises:
        ValidationException: More than 400 KB together (Constraints, "Item size for tables with
            local secondary indexes"; the words are DynamoDB Local's).
    """
    if schema.indexes and _exceeds_with_entries(schema, attributes, size_bytes):
        raise oversized_item()


def _exceeds_with_entries(schema: TableSchema, attributes: Attributes, size_bytes: int) -> bool:
    local = [index for index in schema.indexes.values() if not index.is_global]
    # No entry is larger than its item.
    if size_bytes * (1 + len(local)) <= ITEM_SIZE_BYTES:
        return False
    for index in local:
        if is_indexed(index, schema.types, attributes):
            names = schema.projected_names(index)
            entry = attributes if names is None else _part(attributes, names)
            size_bytes += attributes_size_bytes(entry)
    return size_bytes > ITEM_SIZE_BYTES


def check_update(schema: TableSchema, plan: Update) -> None:
    """Check what an update is about to write, before the item is looked at.

    Raises:
        ValidationException: It touches a key attribute, or gives the key of an index a value of
            another type or an empty one.
    """
    for name in plan.roots:
        if name in schema.key.names:
            raise ValidationException(
                f"One or more parameter values were invalid: Cannot update attribute {name}. "
                "This attribute is part of the key"
            )
    if schema.indexes:
        for name, tag in plan.written_types():
            check_index_key_type(schema, name, tag)
        if not plan.is_legacy:
            for name, value in plan.given_values():
                check_given_index_key(schema, name, value)


def change_of(
    schema: TableSchema, key: Attributes, plan: Update | None, *, charges_actions: bool = False
) -> Change:
    """Return what makes the new item of an update from the old one.

    Args:
        schema: The table's.
        key: The item's key attributes: what an item that does not exist starts out as.
        plan: The update; None leaves the item as it is, or makes one of its key alone.
        charges_actions: What the update writes, and what AWS counts for the update and each of its
            actions, is held to the limit too (measured: nubo-db/dynoxide#195 and #210).
    """

    def change(before: Attributes, size_bytes: int) -> tuple[Attributes, StoredItem | None]:
        if not before:
            if plan is not None and plan.only_clears:
                # AWS makes no item only to take something away (scylladb/scylladb#5862, #28368;
                # LegacyConditionalParameters.AttributeUpdates: "DELETE - Nothing happens").
                plan.apply(key)
                return {}, None
            before, size_bytes = key, attributes_size_bytes(key)
        if plan is None:
            return before, StoredItem.of(before, size_bytes)
        after = plan.apply(before)
        touched = _part(after, plan.roots)
        check_nesting(touched)
        if schema.indexes:
            check_index = check_index_keys if plan.is_legacy else check_updated_index_keys
            check_index(schema, after)
        written_bytes = attributes_size_bytes(touched)
        size_bytes += written_bytes - attributes_size_bytes(_part(before, plan.roots))
        charge_bytes = written_bytes + plan.charge_bytes if charges_actions else 0
        if size_bytes > ITEM_SIZE_BYTES or charge_bytes > ITEM_SIZE_BYTES:
            raise oversized_update()
        if schema.indexes and _exceeds_with_entries(schema, after, size_bytes):
            raise oversized_update()
        return after, StoredItem.of(after, size_bytes)

    return change


def _part(attributes: Attributes, names: Iterable[str]) -> Attributes:
    return {name: attributes[name] for name in names if name in attributes}


def oversized_item() -> ValidationException:
    """Return the error for an item larger than 400 KB that was to be put."""
    return ValidationException("Item size has exceeded the maximum allowed size")


def oversized_update() -> ValidationException:
    """Return the error for an update that makes an item larger than 400 KB."""
    return ValidationException("Item size to update has exceeded the maximum allowed size")


def add_metrics(
    result: Result,
    request: dict[str, Any],
    table: Table,
    key: Attributes,
    written: Written,
) -> None:
    """Add ConsumedCapacity and ItemCollectionMetrics to an answer, where they are asked for.

    Args:
        result: The members of the answer so far.
        request: Names what is asked for.
        table: The table written to.
        key: Attributes that hold the item's key.
        written: The outcome.
    """
    charge_write(result, request, written_units, *written.charged())
    if request.get("ReturnItemCollectionMetrics") == "SIZE" and table.local_indexes:
        result["ItemCollectionMetrics"] = collection_metrics(table, key)


class CollectionMetrics:
    """`ItemCollectionMetrics` of a call that writes to several tables."""

    def __init__(self) -> None:
        self._touched: dict[tuple[str, bytes], tuple[Table, Attributes]] = {}

    @classmethod
    def asked_by(cls, request: dict[str, Any]) -> CollectionMetrics | None:
        """Return what gathers the metrics, None for a request that doesn't ask for them."""
        return cls() if request.get("ReturnItemCollectionMetrics") == "SIZE" else None

    def note(self, table_name: str, table: Table, key: Attributes) -> None:
        """Note that an item was written, where its table keeps item collections.

        Args:
            table_name: The table, as the request calls it.
            table: The table.
            key: Attributes that hold the item's key.
        """
        if table.local_indexes:
            place = table_name, partition_of(table.schema, key)
            self._touched.setdefault(place, (table, key))

    def add_to(self, result: dict[str, Any]) -> None:
        """Add the metrics of each collection that was written to, where there is one."""
        by_table: dict[str, list[dict[str, Any]]] = {}
        for (table_name, _), (table, key) in self._touched.items():
            by_table.setdefault(table_name, []).append(collection_metrics(table, key))
        if by_table:
            result["ItemCollectionMetrics"] = by_table


def collection_metrics(table: Table, key: Attributes) -> dict[str, Any]:
    """Return `ItemCollectionMetrics` of the collection that an item is in.

    Args:
        table: A table with local secondary indexes.
        key: Attributes that hold the item's key.
    """
    name = table.schema.key.partition[0]
    lower = collection_size_bytes(table, key) // _BYTES_PER_GB
    return {
        "ItemCollectionKey": {name: key[name]},
        "SizeEstimateRangeGB": [float(lower), float(lower + 1)],
    }
