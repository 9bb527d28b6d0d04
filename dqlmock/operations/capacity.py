"""What a call consumed: laid out in an answer that asks for it, left with one that doesn't."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from dqlmock.engine.capacity import (
    TRANSACTIONAL_FACTOR,
    Consumed,
    Meter,
    Spent,
    read_units,
    written_units,
)
from dqlmock.engine.write import Written
from dqlmock.storage.protocol import StoredItem


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


Charge: TypeAlias = tuple[str, Callable[..., Consumed], tuple[Any, ...]]
"""One read or write of a call that makes several: table, from sizes to units, sizes."""


def charge_batch(
    result: Result,
    request: dict[str, Any],
    charges: Sequence[Charge],
    *,
    writes: bool,
    refused: Sequence[Charge] = (),
) -> None:
    """Charge the reads or the writes of a batch: as `charge_read` does one.

    A write that was refused costs what it would have cost the table. That stands in the table's
    total alone, not in what is told of the table and its indexes, and nowhere where nothing else of
    that table is charged (measured: nubo-db/dynoxide#188).

    Args:
        result: The members of the answer so far.
        request: Says whether the units are to be shown.
        charges: What was done.
        writes: Whether the charges are for writes.
        refused: Writes that were refused.

    >>> result = Result()
    >>> charge_batch(result, {}, [("a", Consumed, (1.0,)), ("a", Consumed, (2.0,))], writes=True)
    >>> result.meter().writes
    {'a': Consumed(table=3.0, local={}, glob={})}
    """
    if is_asked(request):
        shown = consumed_by_table(request, _sum(charges, 1.0))
        lost = _sum(refused, 1.0)
        for capacity in shown:
            if capacity["TableName"] in lost:
                capacity["CapacityUnits"] += lost[capacity["TableName"]].total
        if shown:
            result["ConsumedCapacity"] = shown
    result.meter = partial(_spent_together, (*charges, *refused), 1.0, writes)


def charge_transaction(
    result: Result, request: dict[str, Any], charges: Sequence[Charge], *, writes: bool
) -> None:
    """Charge the reads or the writes of a transaction: as those of a batch, at its own price."""
    if is_asked(request):
        member = "WriteCapacityUnits" if writes else "ReadCapacityUnits"
        consumed = _sum(charges, TRANSACTIONAL_FACTOR)
        result["ConsumedCapacity"] = consumed_by_table(request, consumed, member)
    result.meter = partial(_spent_together, charges, TRANSACTIONAL_FACTOR, writes)


def _sum(charges: Sequence[Charge], factor: float) -> dict[str, Consumed]:
    consumed: dict[str, Consumed] = {}
    for table_name, units, sizes in charges:
        consumed.setdefault(table_name, Consumed()).add(units(*sizes), factor=factor)
    return consumed


def _spent_together(charges: Sequence[Charge], factor: float, writes: bool) -> Spent:
    consumed = _sum(charges, factor)
    return Spent(writes=consumed) if writes else Spent(reads=consumed)


def item_units(size_bytes: int, strong: bool) -> Consumed:
    """Return the units of a read of one item; 0 bytes where there is none.

    >>> item_units(5000, True)
    Consumed(table=2.0, local={}, glob={})
    """
    return Consumed(read_units(size_bytes, strong=strong))


def item_charge(table_name: str, item: StoredItem | None, *, strong: bool) -> Charge:
    """Return the charge for a read of one item, None for one that isn't there."""
    return table_name, item_units, (item.size_bytes if item else 0, strong)


def write_charge(table_name: str, written: Written) -> Charge:
    """Return the charge for one write."""
    return table_name, written_units, written.charged()


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
