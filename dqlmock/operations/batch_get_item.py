"""BatchGetItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dqlmock.engine.capacity import Consumed, read_units
from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys, requested_key
from dqlmock.engine.table import Table
from dqlmock.errors import DynamoDBError, ValidationException
from dqlmock.expressions.projection import Projection
from dqlmock.limits import BATCH_GET_KEYS, BATCH_GET_SIZE_BYTES
from dqlmock.operations.batching import DUPLICATES, check_request_items, too_many
from dqlmock.operations.capacity import Charge, Result, charge_batch
from dqlmock.operations.parameters import ExpressionParameters
from dqlmock.operations.reading import item_projection
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_attributes
from dqlmock.values.types import Attributes

_OPERATION = "BatchGetItem"
_PARAMETERS = ExpressionParameters(
    expressions=("ProjectionExpression",),
    legacy=("AttributesToGet",),
    valued=(),
)


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    check_request_items(request, _OPERATION)
    tables = request["RequestItems"].values()
    for wanted in tables:
        _PARAMETERS.check(wanted)
    # What can't be mixed for one table can't for two (measured: ExtendDB/extenddb#178).
    _PARAMETERS.check_together(tables)


@dataclass(slots=True)
class _Wanted:
    """What is wanted of one table, and what became of it."""

    table_name: str
    request: dict[str, Any]
    keys: Sequence[Attributes]
    projection: Projection | None
    strong: bool
    targets: list[tuple[Table, bytes]] = field(default_factory=list)
    items: list[StoredItem | Attributes] = field(default_factory=list)
    read: int = 0
    units: float = 0.0

    @classmethod
    def parse(cls, table_name: str, request: dict[str, Any]) -> _Wanted:
        keys = [canonical_attributes(key) for key in request["Keys"]]
        strong = request.get("ConsistentRead", False)
        return cls(table_name, request, keys, item_projection(request), strong)

    def take(self, item: StoredItem | None) -> None:
        """Take an item read, None where there is none: that costs as much as a small one."""
        self.read += 1
        self.units += read_units(item.size_bytes if item else 0, strong=self.strong)
        if item is not None:
            projection = self.projection
            self.items.append(item if projection is None else projection.apply(item.attributes()))

    def unprocessed(self) -> dict[str, Any]:
        """Return the request that would get what is missing."""
        return {**self.request, "Keys": self.request["Keys"][self.read :]}


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Read the items; those beyond 16 MB are left unprocessed."""
    tables: list[_Wanted] = []
    try:
        for name, wanted in request["RequestItems"].items():
            tables.append(_Wanted.parse(name, wanted))
        _check_count(tables)
        tables = _last_of_each(database, tables)
        _find_targets(database, tables)
    except DynamoDBError:
        # Two equal keys for a table are told before what is wrong with the next one, before the
        # number of keys and before what a table has to say of them (dynalite, DynamoDB Local).
        _check_distinct(tables)
        raise
    _read(tables, database.engine.batches.processed(_OPERATION, sum(len(t.keys) for t in tables)))
    result = Result()
    result["Responses"] = {wanted.table_name: wanted.items for wanted in tables}
    result["UnprocessedKeys"] = {
        wanted.table_name: wanted.unprocessed()
        for wanted in tables
        if wanted.read < len(wanted.keys)
    }
    charges: list[Charge] = [
        (wanted.table_name, Consumed, (wanted.units,)) for wanted in tables if wanted.read
    ]
    charge_batch(result, request, charges, writes=False)
    return result


def _check_count(tables: Sequence[_Wanted]) -> None:
    if sum(len(wanted.keys) for wanted in tables) > BATCH_GET_KEYS:
        raise too_many(_OPERATION)


def _check_distinct(tables: Sequence[_Wanted]) -> None:
    for wanted in tables:
        if any(key in wanted.keys[:number] for number, key in enumerate(wanted.keys)):
            raise ValidationException(DUPLICATES)


def _last_of_each(database: Database, tables: list[_Wanted]) -> list[_Wanted]:
    """Keep the last entry for a table that is asked for by its name and by its ARN.

    AWS makes one entry of the two and doesn't look for duplicates in both (tests of
    ExtendDB/extenddb#200, which run against AWS); that it is the last, is DynamoDB Local's.
    """
    if len(tables) == 1:
        return tables
    last: dict[tuple[int, str], _Wanted] = {}
    for wanted in tables:
        owner, name = database.resolve(wanted.table_name)
        last[id(owner), name] = wanted
    return list(last.values())


def _find_targets(database: Database, tables: Sequence[_Wanted]) -> None:
    seen = set()
    nested: list[tuple[Table, Projection]] = []
    for wanted in tables:
        table = database.table(wanted.table_name)
        for attributes in wanted.keys:
            key = requested_key(table.schema, attributes)
            if (id(table), key) in seen:
                raise ValidationException(DUPLICATES)
            seen.add((id(table), key))
            wanted.targets.append((table, key))
        if wanted.projection is not None and wanted.projection.nested:
            nested.append((table, wanted.projection))
    for table, projection in nested:
        check_scalar_keys(table.schema, projection.nested)


def _read(tables: Sequence[_Wanted], most: int) -> None:
    size_bytes = 0
    for wanted in tables:
        for table, key in wanted.targets[:most]:
            item = table.keyspace.get(key)
            size_bytes += item.size_bytes if item else 0
            if size_bytes > BATCH_GET_SIZE_BYTES:
                return
            wanted.take(item)
        most -= wanted.read
