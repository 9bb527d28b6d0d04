"""ReturnConsumedCapacity: how consumed units are laid out in an answer."""

from __future__ import annotations

from collections.abc import Mapping
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
    indexes = request["ReturnConsumedCapacity"] == "INDEXES"
    return _of_table(request["TableName"], consumed, indexes, None)


def consumed_by_table(
    request: dict[str, Any], consumed: Mapping[str, Consumed], member: str | None = None
) -> list[dict[str, Any]]:
    """Return `ConsumedCapacity` of a call on several tables.

    Args:
        request: Holds ReturnConsumedCapacity.
        consumed: Units by table, as the request calls it.
        member: What transactions show the units as beside `CapacityUnits`: `ReadCapacityUnits` or
            `WriteCapacityUnits`. Other calls don't (measured by ExtendDB/extenddb#212).

    >>> consumed_by_table({"ReturnConsumedCapacity": "TOTAL"}, {"orders": Consumed(2.0)})
    [{'TableName': 'orders', 'CapacityUnits': 2.0}]
    """
    indexes = request["ReturnConsumedCapacity"] == "INDEXES"
    return [_of_table(name, units, indexes, member) for name, units in consumed.items()]


def _of_table(
    table_name: str, consumed: Consumed, indexes: bool, member: str | None
) -> dict[str, Any]:
    capacity: dict[str, Any] = {"TableName": table_name, **_units(consumed.total, member)}
    if indexes:
        capacity["Table"] = _units(consumed.table, member)
        if consumed.local:
            capacity["LocalSecondaryIndexes"] = _by_index(consumed.local, member)
        if consumed.glob:
            capacity["GlobalSecondaryIndexes"] = _by_index(consumed.glob, member)
    return capacity


def _by_index(units: Mapping[str, float], member: str | None) -> dict[str, Any]:
    return {name: _units(value, member) for name, value in units.items()}


def _units(value: float, member: str | None) -> dict[str, float]:
    return {"CapacityUnits": value} if member is None else {"CapacityUnits": value, member: value}


def is_asked(request: dict[str, Any]) -> bool:
    """Tell whether a request asks for its consumed capacity.

    >>> is_asked({"ReturnConsumedCapacity": "NONE"})
    False
    """
    return request.get("ReturnConsumedCapacity") in ("TOTAL", "INDEXES")
