"""ReturnConsumedCapacity: how consumed units are laid out in an answer."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.capacity import Consumed


def consumed_capacity(request: dict[str, Any], consumed: Consumed) -> dict[str, Any]:
    """Return `ConsumedCapacity` as the request's ReturnConsumedCapacity asks for it.

    `TableName` is the name or the ARN, whichever the request used
    (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html).

    >>> consumed_capacity(
    ...     {"TableName": "orders", "ReturnConsumedCapacity": "TOTAL"}, Consumed(1.0)
    ... )
    {'TableName': 'orders', 'CapacityUnits': 1.0}
    """
    capacity: dict[str, Any] = {
        "TableName": request["TableName"],
        "CapacityUnits": consumed.total,
    }
    if request["ReturnConsumedCapacity"] == "INDEXES":
        capacity["Table"] = {"CapacityUnits": consumed.table}
        if consumed.local:
            capacity["LocalSecondaryIndexes"] = _by_index(consumed.local)
        if consumed.glob:
            capacity["GlobalSecondaryIndexes"] = _by_index(consumed.glob)
    return capacity


def _by_index(units: dict[str, float]) -> dict[str, Any]:
    return {name: {"CapacityUnits": value} for name, value in units.items()}


def is_asked(request: dict[str, Any]) -> bool:
    """Tell whether a request asks for its consumed capacity.

    >>> is_asked({"ReturnConsumedCapacity": "NONE"})
    False
    """
    return request.get("ReturnConsumedCapacity") in ("TOTAL", "INDEXES")
