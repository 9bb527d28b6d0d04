"""What PutItem, UpdateItem and DeleteItem share: the condition, the item's size, the metrics."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.capacity import written_units
from dqlmock.engine.collections import collection_size_bytes
from dqlmock.engine.table import Table
from dqlmock.engine.write import Predicate, Written
from dqlmock.errors import ValidationException
from dqlmock.expressions.legacy import expected
from dqlmock.expressions.request import Expressions
from dqlmock.operations.capacity import Result, charge_write
from dqlmock.operations.parameters import legacy_conditions
from dqlmock.values.types import Attributes

_BYTES_PER_GB = 1024**3


def condition_of(request: dict[str, Any], expressions: Expressions) -> Predicate | None:
    """Return the condition of a write, from ConditionExpression or from Expected."""
    text = request.get("ConditionExpression")
    if text is not None:
        return expressions.condition(text)
    conditions = request.get("Expected")
    operator = request.get("ConditionalOperator")
    if not conditions:
        if operator is not None:
            raise ValidationException(
                "ConditionalOperator cannot be used without Filter or Expected"
            )
        return None
    return expected(legacy_conditions(conditions), operator)


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
    if request.get("ReturnItemCollectionMetrics") == "SIZE" and table.has_local_indexes:
        name = table.schema.key.partition[0]
        lower = collection_size_bytes(table, key) // _BYTES_PER_GB
        result["ItemCollectionMetrics"] = {
            "ItemCollectionKey": {name: key[name]},
            "SizeEstimateRangeGB": [float(lower), float(lower + 1)],
        }
