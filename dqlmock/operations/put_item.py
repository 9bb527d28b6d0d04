"""PutItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys, item_key
from dqlmock.engine.write import put
from dqlmock.errors import Family
from dqlmock.operations.capacity import Result
from dqlmock.operations.parameters import check_conditional_operator, expressions_of
from dqlmock.operations.writing import (
    CONDITION_PARAMETERS,
    add_metrics,
    check_entries_size,
    check_item_size,
    check_return_values,
    condition_of,
    shows_old,
)
from dqlmock.shapes.cohorts import is_newest
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_item


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    CONDITION_PARAMETERS.check(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Store the item; return what was asked to be returned."""
    attributes, size_bytes = canonical_item(request["Item"])
    check_return_values(request)
    check_item_size(size_bytes)
    # Where the checks have not moved yet, no value is judged that isn't stored: tests of
    # ExtendDB/extenddb#123, run against AWS in May 2026.
    has_values = "ExpressionAttributeValues" in request or "Expected" in request
    any_depth = has_values and not is_newest(
        "PutItem", Family.NESTING, database.region, database.engine.wording
    )
    expressions = expressions_of(request, any_depth=any_depth)
    condition = condition_of(request, expressions, any_depth=any_depth)
    expressions.finish()

    table = database.table(request["TableName"])
    key = item_key(table.schema, attributes)
    check_conditional_operator(request, "Expected")
    check_scalar_keys(table.schema, expressions.nested())
    check_entries_size(table.schema, attributes, size_bytes)
    item = StoredItem.of(attributes, size_bytes)
    written = put(table, key, attributes, item, condition, show_old=shows_old(request))

    result = Result()
    if request.get("ReturnValues") == "ALL_OLD" and written.old is not None:
        result["Attributes"] = written.old
    add_metrics(result, request, table, attributes, written)
    return result
