"""What TransactWriteItems and TransactGetItems share: which faults refuse a transaction outright.

A key that doesn't match its table cancels the transaction and is one of its reasons. An empty key
value, a path into a key attribute, an item that occurs twice, a table that doesn't exist and
whatever needs no state refuse the request before the transaction starts (captures of 2026,
conformance of May 2026; DynamoDB Local).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from dqlmock.engine.table import Table
from dqlmock.engine.tokens import Claim
from dqlmock.engine.transact import Action, Target, check_none_failed, write_all
from dqlmock.engine.write import Written
from dqlmock.errors import Family, ValidationException
from dqlmock.limits import TRANSACTION_SIZE_BYTES
from dqlmock.operations.capacity import Charge, item_units, write_charge
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

_OUTRIGHT: Final = frozenset({Family.EMPTY_KEY, Family.KEY_PATH})

T = TypeVar("T")
Bound: TypeAlias = "T | ValidationException"
"""What was bound to its item, or why it can't be: a reason to cancel."""


def bind_all(
    bindings: Iterable[tuple[Table, Callable[[Table], T]]],
    target_of: Callable[[T], Target],
    *,
    keys_first: bool = False,
) -> list[Bound[T]]:
    """Bind each action of a transaction to its item.

    Args:
        bindings: A table, and what binds an action to an item of it.
        target_of: Gives the item of a bound action.
        keys_first: The first key that doesn't match its table cancels alone, before items that
            occur twice are looked for and conditions are judged. So it is in TransactWriteItems;
            ExecuteTransaction tells of all (floci-io/floci pull request 3674, measured in eu-west-2
            in September 2026). TransactGetItems looks at keys first too (DynamoDB Local).

    Raises:
        ValidationException: An empty key value, a path into a key attribute, or an item that
            occurs twice.
        TransactionCanceledException: Keys come first, and one doesn't match.
    """
    bound: list[Bound[T]] = []
    seen = set()
    is_repeated = False
    for table, bind in bindings:
        try:
            action = bind(table)
        except ValidationException as error:
            if error.family in _OUTRIGHT:
                raise
            bound.append(error)
            continue
        place = (id(table), target_of(action).key)
        is_repeated = is_repeated or place in seen
        seen.add(place)
        bound.append(action)
    if keys_first:
        _check_keys_match(bound)
    if is_repeated:
        raise ValidationException(
            "Transaction request cannot include multiple operations on one item"
        )
    return bound


def _check_keys_match(bound: Sequence[Bound[object]]) -> None:
    for position, error in enumerate(bound):
        if isinstance(error, ValidationException) and error.family is Family.KEY_MATCH:
            alone: list[object] = [None] * len(bound)
            alone[position] = error
            check_none_failed(alone)


def check_response_size(shown: Iterable[StoredItem | Attributes | None]) -> None:
    """Check how large the items are that a transaction reads.

    Args:
        shown: Each item, or what is projected of it; None for one that isn't there.

    Raises:
        ValidationException: They are larger than 4 MB together.

    >>> check_response_size([{"n": {"N": "1"}}, {}, None])
    """
    size_bytes = sum(
        item.size_bytes if isinstance(item, StoredItem) else attributes_size_bytes(item or {})
        for item in shown
    )
    if size_bytes > TRANSACTION_SIZE_BYTES:
        # DynamoDB Local's words; AWS documents the rule alone.
        raise ValidationException(f"Payload in response is too large.{size_bytes}")


@dataclass(slots=True)
class Outcome:
    """What became of a transaction that writes.

    Args:
        is_new: It was done now, not under the same token before.
        charges: What it costs, an entry for each action.
    """

    is_new: bool
    charges: Sequence[Charge]


def write_once(
    claim: AbstractContextManager[Claim] | None,
    table_names: Sequence[str],
    actions: Sequence[Bound[Action]],
) -> Outcome:
    """Write all or nothing, unless the request's token says that it has been done.

    Args:
        claim: That of the token, if the request has one.
        table_names: The table of each action, as the request calls it.
        actions: From `bind_all`.

    Raises:
        TransactionCanceledException: An action failed; nothing was changed.
        IdempotentParameterMismatchException: The token was used for another request.
        TransactionInProgressException: The token's transaction is under way.
    """
    if claim is None:
        return Outcome(True, _write_charges(table_names, write_all(actions)))
    with claim as use:
        if not use.is_new:
            # A replay costs a read of what the first call was charged by: that of a deleted item of
            # 9 KB costs 6 units (measured: nubo-db/dynoxide#188).
            return Outcome(False, _replay_charges(table_names, use.sizes))
        charges = _write_charges(table_names, write_all(actions))
        use.sizes = tuple(sizes[0] for _, _, sizes in charges)
    return Outcome(True, charges)


def _write_charges(table_names: Sequence[str], outcomes: Sequence[Written]) -> list[Charge]:
    return [
        write_charge(name, written) for name, written in zip(table_names, outcomes, strict=True)
    ]


def _replay_charges(table_names: Sequence[str], sizes: Sequence[int]) -> list[Charge]:
    return [
        (name, item_units, (size_bytes, True))
        for name, size_bytes in zip(table_names, sizes, strict=True)
    ]
