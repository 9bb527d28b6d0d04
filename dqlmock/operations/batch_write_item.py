"""BatchWriteItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_index_keys, matching_key, requested_key
from dqlmock.engine.schema import TableSchema
from dqlmock.engine.table import Table
from dqlmock.engine.write import Written, delete, put
from dqlmock.errors import TransactionConflictException, ValidationException
from dqlmock.limits import BATCH_WRITE_ITEMS
from dqlmock.operations.batching import DUPLICATES, check_request_items, too_many
from dqlmock.operations.capacity import Result, charge_batch, write_charge
from dqlmock.operations.writing import CollectionMetrics, check_entries_size, check_item_size
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_attributes, canonical_item
from dqlmock.values.types import Attributes

_OPERATION = "BatchWriteItem"


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    check_request_items(request, _OPERATION)
    for entries in request["RequestItems"].values():
        if not all(entries):
            raise _not_one_request()


@dataclass(slots=True)
class _Entry:
    """One put or delete: the item to be put, or the key to be deleted."""

    table_name: str
    request: dict[str, Any]
    attributes: Attributes
    item: StoredItem | None

    def key(self, schema: TableSchema) -> bytes:
        """Return the storage key; a batch calls every fault of a key alike."""
        if self.item is None:
            return requested_key(schema, self.attributes)
        key = matching_key(schema, self.attributes)
        if schema.indexes:
            check_index_keys(schema, self.attributes)
            check_entries_size(schema, self.attributes, self.item.size_bytes)
        return key

    def run(self, table: Table, key: bytes) -> Written | None:
        """Write the item, unless a transaction holds it."""
        try:
            if self.item is None:
                return delete(table, key, None)
            return put(table, key, self.attributes, self.item, None)
        except TransactionConflictException:
            return None


_Outcome: TypeAlias = tuple[_Entry, Table, Written]


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Write the items one after the other; nothing is written unless all of them are valid."""
    entries = [
        _parse(name, entry) for name, listed in request["RequestItems"].items() for entry in listed
    ]
    # Told once each is known to be fit to be stored (dynalite, DynamoDB Local).
    if len(entries) > BATCH_WRITE_ITEMS:
        raise too_many(_OPERATION)
    targets = _targets(database, entries)
    processed = database.engine.batches.processed(_OPERATION, len(entries))
    unprocessed = entries[processed:]
    outcomes: list[_Outcome] = []
    for entry, (table, key) in zip(entries[:processed], targets, strict=False):
        written = entry.run(table, key)
        if written is None:
            unprocessed.append(entry)
        else:
            outcomes.append((entry, table, written))
    return _answer(request, unprocessed, outcomes)


def _not_one_request() -> ValidationException:
    # AWS's words, though it is not about an attribute value (dynalite, DynamoDB Local).
    return ValidationException(
        "Supplied AttributeValue has more than one datatypes set, "
        "must contain exactly one of the supported datatypes"
    )


def _parse(table_name: str, entry: dict[str, Any]) -> _Entry:
    if len(entry) > 1:
        raise _not_one_request()
    if "DeleteRequest" in entry:
        key = canonical_attributes(entry["DeleteRequest"]["Key"])
        return _Entry(table_name, entry, key, None)
    attributes, size_bytes = canonical_item(entry["PutRequest"]["Item"])
    check_item_size(size_bytes)
    return _Entry(table_name, entry, attributes, StoredItem.of(attributes, size_bytes))


def _targets(database: Database, entries: Sequence[_Entry]) -> list[tuple[Table, bytes]]:
    targets = []
    seen = set()
    for entry in entries:
        table = database.table(entry.table_name)
        key = entry.key(table.schema)
        if (id(table), key) in seen:
            raise ValidationException(DUPLICATES)
        seen.add((id(table), key))
        targets.append((table, key))
    return targets


def _answer(
    request: dict[str, Any], unprocessed: Sequence[_Entry], outcomes: Sequence[_Outcome]
) -> dict[str, Any]:
    by_table: dict[str, list[dict[str, Any]]] = {}
    for entry in unprocessed:
        by_table.setdefault(entry.table_name, []).append(entry.request)
    result = Result(UnprocessedItems=by_table)
    metrics = CollectionMetrics.asked_by(request)
    if metrics is not None:
        for entry, table, _ in outcomes:
            metrics.note(entry.table_name, table, entry.attributes)
        metrics.add_to(result)
    charges = [write_charge(entry.table_name, written) for entry, _, written in outcomes]
    charge_batch(result, request, charges, writes=True)
    return result
