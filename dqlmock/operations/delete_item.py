"""DeleteItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys, requested_key
from dqlmock.engine.write import delete
from dqlmock.operations.capacity import Result
from dqlmock.operations.parameters import check_conditional_operator, expressions_of
from dqlmock.operations.writing import (
    CONDITION_PARAMETERS,
    add_metrics,
    check_return_values,
    condition_of,
    shows_old,
)
from dqlmock.values.canonical import canonical_attributes


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    CONDITION_PARAMETERS.check(request)
    check_return_values(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Delete the item; return what was asked to be returned."""
    attributes = canonical_attributes(request["Key"])
    # Nothing of it is stored, so it may nest: tests of ExtendDB/extenddb#123, run against AWS.
    expressions = expressions_of(request, any_depth=True)
    condition = condition_of(request, expressions, any_depth=True)
    expressions.finish()

    table = database.table(request["TableName"])
    key = requested_key(table.schema, attributes)
    check_conditional_operator(request, "Expected")
    check_scalar_keys(table.schema, expressions.nested())
    written = delete(table, key, condition, show_old=shows_old(request))

    result = Result()
    if request.get("ReturnValues") == "ALL_OLD" and written.old is not None:
        result["Attributes"] = written.old
    add_metrics(result, request, table, attributes, written)
    return result
