"""What TransactWriteItems and TransactGetItems share: which faults refuse a transaction outright.

A key that doesn't match its table cancels the transaction and is one of its reasons. An empty key
value, an item that occurs twice, a table that doesn't exist and whatever needs no state refuse the
request before the transaction starts (captures of 2026, conformance of May 2026; DynamoDB Local).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

from dqlmock.engine.table import Table
from dqlmock.engine.transact import Target, read_all
from dqlmock.errors import Family, ValidationException
from dqlmock.operations.capacity import is_asked
from dqlmock.storage.protocol import StoredItem

T = TypeVar("T")
Bound: TypeAlias = "T | ValidationException"
"""What was bound to its item, or why it can't be: a reason to cancel."""


def bind_all(
    bindings: Iterable[tuple[Table, Callable[[Table], T]]], target_of: Callable[[T], Target]
) -> list[Bound[T]]:
    """Bind each action of a transaction to its item.

    Args:
        bindings: A table, and what binds an action to an item of it.
        target_of: Gives the item of a bound action.

    Raises:
        ValidationException: An empty key value, or an item that occurs twice.
    """
    bound: list[Bound[T]] = []
    seen = set()
    for table, bind in bindings:
        try:
            action = bind(table)
        except ValidationException as error:
            if error.family is Family.EMPTY_KEY:
                raise
            bound.append(error)
            continue
        place = (id(table), target_of(action).key)
        if place in seen:
            raise ValidationException(
                "Transaction request cannot include multiple operations on one item"
            )
        seen.add(place)
        bound.append(action)
    return bound


def replayed_items(
    targets: Sequence[Bound[Target]], request: dict[str, Any]
) -> Sequence[StoredItem | None]:
    """Return the items of a request that was answered before, as they are now: what it costs.

    Args:
        targets: The items.
        request: A request that doesn't ask what it costs meets no other transaction.

    Raises:
        TransactionCanceledException: The request asks, and an item can't be read.
    """
    if is_asked(request):
        return read_all(targets)
    return [
        target.table.keyspace.get(target.key) if isinstance(target, Target) else None
        for target in targets
    ]
