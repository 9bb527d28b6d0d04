"""GetItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.capacity import Consumed, read_units
from dqlmock.engine.database import Database
from dqlmock.engine.keys import requested_key
from dqlmock.expressions.legacy import attributes_to_get
from dqlmock.expressions.projection import Projection
from dqlmock.operations.capacity import Result, charge_read
from dqlmock.operations.parameters import ExpressionParameters, expressions_of
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
    projection = _projection_of(request)
    table = database.table(request["TableName"])
    item = table.keyspace.get(requested_key(table.schema, attributes))

    result = Result()
    if item is not None:
        result["Item"] = item if projection is None else projection.apply(item.attributes())
    size_bytes = item.size_bytes if item else 0
    charge_read(result, request, _units, size_bytes, request.get("ConsistentRead", False))
    return result


def _units(size_bytes: int, strong: bool) -> Consumed:
    return Consumed(read_units(size_bytes, strong=strong))


def _projection_of(request: dict[str, Any]) -> Projection | None:
    text = request.get("ProjectionExpression")
    if text is not None:
        expressions = expressions_of(request)
        projection = expressions.projection(text)
        expressions.finish()
        return projection
    names = request.get("AttributesToGet")
    return attributes_to_get(names) if names is not None else None
