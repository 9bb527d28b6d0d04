"""UpdateItem (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_index_keys, requested_key
from dqlmock.engine.schema import TableSchema
from dqlmock.engine.write import Change, Written, update
from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.legacy import attribute_updates
from dqlmock.expressions.request import Expressions
from dqlmock.expressions.update import Update
from dqlmock.limits import ITEM_SIZE_BYTES
from dqlmock.operations.capacity import Result
from dqlmock.operations.parameters import ExpressionParameters, expressions_of, legacy_conditions
from dqlmock.operations.writing import add_metrics, condition_of, shows_old
from dqlmock.shapes.cohorts import is_newest
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_attributes, check_nesting
from dqlmock.values.size import attributes_size_bytes
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
    # Where the checks have not moved yet, a value is judged only where it is to be stored.
    any_depth = not is_newest("UpdateItem", Family.NESTING, database.region)
    expressions = expressions_of(request, any_depth=any_depth)
    plan = _update_of(request, expressions)
    condition = condition_of(request, expressions)
    expressions.finish()

    table = database.table(request["TableName"])
    key = requested_key(table.schema, key_attributes)
    if plan is not None:
        _check_not_key(table.schema, plan)
    change = _change(table.schema, key_attributes, plan)
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
    return attribute_updates(legacy_conditions(updates)) if updates else None


def _check_not_key(schema: TableSchema, plan: Update) -> None:
    for name in plan.roots:
        if name in schema.key.names:
            raise ValidationException(
                f"One or more parameter values were invalid: Cannot update attribute {name}. "
                "This attribute is part of the key"
            )


def _change(schema: TableSchema, key: Attributes, plan: Update | None) -> Change:
    def change(before: Attributes) -> tuple[Attributes, StoredItem]:
        # An item that does not exist yet starts out as its key.
        after = before or key
        if plan is not None:
            after = plan.apply(after)
            check_nesting(after)
        if schema.indexes:
            check_index_keys(schema, after)
        size_bytes = attributes_size_bytes(after)
        if size_bytes > ITEM_SIZE_BYTES:
            raise ValidationException("Item size to update has exceeded the maximum allowed size")
        return after, StoredItem.of(after, size_bytes)

    return change


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
