"""GetItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys, requested_key
from dqlmock.operations.capacity import Result, charge_read, item_units
from dqlmock.operations.parameters import ExpressionParameters
from dqlmock.operations.reading import item_projection
from dqlmock.values.canonical import canonical_attributes

_PARAMETERS = ExpressionParameters(
    expressions=("ProjectionExpression",),
    legacy=("AttributesToGet",),
    valued=(),
)


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    _PARAMETERS.check(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Return the item, or no `Item` member where there is none."""
    attributes = canonical_attributes(request["Key"])
    projection = item_projection(request)
    table = database.table(request["TableName"])
    key = requested_key(table.schema, attributes)
    if projection is not None:
        check_scalar_keys(table.schema, projection.nested)
    item = table.keyspace.get(key)

    result = Result()
    if item is not None:
        result["Item"] = item if projection is None else projection.apply(item.attributes())
    size_bytes = item.size_bytes if item else 0
    charge_read(result, request, item_units, size_bytes, request.get("ConsistentRead", False))
    return result
