"""UpdateItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys, requested_key
from dqlmock.engine.write import Written, update
from dqlmock.errors import Family
from dqlmock.expressions.legacy import attribute_updates
from dqlmock.expressions.request import Expressions
from dqlmock.expressions.update import Update
from dqlmock.operations.capacity import Result
from dqlmock.operations.parameters import (
    ExpressionParameters,
    check_conditional_operator,
    expressions_of,
)
from dqlmock.operations.writing import (
    add_metrics,
    change_of,
    check_update,
    condition_of,
    shows_old,
)
from dqlmock.shapes.cohorts import is_newest
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_attributes
from dqlmock.values.types import Attributes

_PARAMETERS = ExpressionParameters(
    expressions=("UpdateExpression", "ConditionExpression"),
    legacy=("AttributeUpdates", "Expected", "ConditionalOperator"),
    valued=("UpdateExpression", "ConditionExpression"),
)


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    _PARAMETERS.check(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Update the item, or make it; return what was asked to be returned."""
    key_attributes = canonical_attributes(request["Key"])
    # Where the checks have not moved yet, a value is judged only where it is to be stored, and the
    # limit is compared with the finished item alone.
    moved = is_newest("UpdateItem", Family.NESTING, database.region, database.engine.wording)
    expressions = expressions_of(request, any_depth=not moved)
    plan = _update_of(request, expressions)
    condition = condition_of(request, expressions, any_depth=not moved)
    expressions.finish()

    table = database.table(request["TableName"])
    key = requested_key(table.schema, key_attributes)
    if plan is not None:
        check_update(table.schema, plan)
    check_conditional_operator(request, "Expected")
    check_scalar_keys(table.schema, expressions.nested())
    change = change_of(table.schema, key_attributes, plan, charges_actions=moved)
    written, before, after = update(table, key, change, condition, show_old=shows_old(request))

    result = Result()
    shown = _return_values(request.get("ReturnValues"), plan, written, before, after)
    if shown:
        result["Attributes"] = shown
    add_metrics(result, request, table, key_attributes, written)
    return result


def _update_of(request: dict[str, Any], expressions: Expressions) -> Update | None:
    text = request.get("UpdateExpression")
    if text is not None:
        return expressions.update(text)
    updates = request.get("AttributeUpdates")
    return attribute_updates(updates) if updates else None


def _return_values(
    asked: str | None,
    plan: Update | None,
    written: Written,
    before: Attributes,
    after: Attributes,
) -> StoredItem | Attributes | None:
    if asked == "ALL_OLD":
        return written.old
    if asked == "ALL_NEW":
        return written.new
    if plan is None or asked is None or asked == "NONE":
        return None
    return plan.touched(after if asked == "UPDATED_NEW" else before)
