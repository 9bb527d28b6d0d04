"""What a call consumed: laid out in an answer that asks for it, left with one that doesn't."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from dqlmock.engine.capacity import Consumed, Meter, Spent


class Result(dict[str, Any]):
    """The members of an answer; beside them, what the call consumed.

    Attributes:
        meter: Reckons what the call consumed. It holds sizes, never items: answers are kept by
            the thousand.
    """

    __slots__ = ("meter",)
    meter: Meter


def charge_read(
    result: Result, request: dict[str, Any], units: Callable[..., Consumed], *sizes: Any
) -> None:
    """Charge a read of one table: shown where the request asks for it, else left to be reckoned.

    Args:
        result: The members of the answer so far.
        request: Names the table, and whether the units are to be shown.
        units: From sizes to units.
        sizes: What the read is charged by.

    >>> result = Result()
    >>> charge_read(result, {"TableName": "orders"}, Consumed, 0.5)
    >>> result, result.meter().reads
    ({}, {'orders': Consumed(table=0.5, local={}, glob={})})
    """
    if "ReturnConsumedCapacity" in request and is_asked(request):
        result["ConsumedCapacity"] = consumed_capacity(request, units(*sizes))
    result.meter = partial(_spent_reading, request["TableName"], units, sizes)


def charge_write(
    result: Result, request: dict[str, Any], units: Callable[..., Consumed], *sizes: Any
) -> None:
    """Charge a write to one table: as `charge_read` does a read."""
    if "ReturnConsumedCapacity" in request and is_asked(request):
        result["ConsumedCapacity"] = consumed_capacity(request, units(*sizes))
    result.meter = partial(_spent_writing, request["TableName"], units, sizes)


def _spent_reading(table_name: str, units: Callable[..., Consumed], sizes: Any) -> Spent:
    return Spent(reads={table_name: units(*sizes)})


def _spent_writing(table_name: str, units: Callable[..., Consumed], sizes: Any) -> Spent:
    return Spent(writes={table_name: units(*sizes)})


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
