"""Transactions: several writes, or several reads, that happen at one moment or not at all.

Owns the locks a transaction takes, the order of judging and writing, and the reasons of a
cancellation. Handed closures: it knows neither expressions nor requests.

A transaction holds the lock of every partition it touches, taken in one order that all transactions
share, so that none waits for another in a circle. It judges all of its actions first; only when
none of them fails does it write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

from dqlmock.engine.collections import check_collection_size
from dqlmock.engine.table import Table
from dqlmock.engine.write import (
    NOTHING,
    Change,
    Predicate,
    Written,
    condition_failed,
    delete,
    replace,
)
from dqlmock.errors import (
    ConditionalCheckFailedException,
    DynamoDBError,
    ItemCollectionSizeLimitExceededException,
    TransactionCanceledException,
    TransactionConflictException,
    ValidationException,
)
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.types import Attributes

Commit: TypeAlias = Callable[[], Written]
"""Does what was judged; it can't fail any more."""


@dataclass(slots=True)
class Target:
    """An item of a transaction.

    Args:
        table: Where.
        key: The item's storage key.
    """

    table: Table
    key: bytes


@dataclass(slots=True)
class Action:
    """One action of TransactWriteItems; on its own a `ConditionCheck`.

    Args:
        target: The item.
        condition: Has to hold for the item that stands there.
        show_old: A failed condition carries the old item.
    """

    target: Target
    condition: Predicate | None
    show_old: bool

    def prepare(self) -> Commit:
        """Judge the action and return what remains to be done. The item's lock is held.

        Raises:
            ConditionalCheckFailedException: The condition does not hold.
            ItemCollectionSizeLimitExceededException: The item's collection would pass 10 GB.
            ValidationException: The item that stands there can't be changed so.
        """
        old, _ = self._judged()
        return partial(Written, old, old)

    def _replacement(
        self, old: StoredItem | None, attributes: Attributes, item: StoredItem
    ) -> Commit:
        table = self.target.table
        if table.local_indexes:
            check_collection_size(table, old, attributes, item)
        return partial(replace, table, self.target.key, attributes, item)

    def _judged(self, *, decoded: bool = False) -> tuple[StoredItem | None, Attributes]:
        old = self.target.table.keyspace.get(self.target.key)
        before = NOTHING
        if old is not None and (decoded or self.condition is not None):
            before = old.attributes()
        if self.condition is not None and not self.condition(before):
            raise condition_failed(old, self.show_old)
        return old, before


@dataclass(slots=True)
class Put(Action):
    """Stores an item in place of what stands at its key.

    Args:
        attributes: The item.
        item: The same, ready to be stored.
    """

    attributes: Attributes
    item: StoredItem

    def prepare(self) -> Commit:
        """Judge the condition and the size of the item's collection."""
        old, _ = self._judged()
        return self._replacement(old, self.attributes, self.item)


@dataclass(slots=True)
class Update(Action):
    """Changes an item, or makes it.

    Args:
        change: Makes the new item from the old one's attributes, or raises.
    """

    change: Change

    def prepare(self) -> Commit:
        """Judge the condition, then make the new item."""
        old, before = self._judged(decoded=True)
        attributes, item = self.change(before, old.size_bytes if old else 0)
        if item is None:
            return partial(Written, None, None)
        return self._replacement(old, attributes, item)


@dataclass(slots=True)
class Delete(Action):
    """Deletes an item, if there is one."""

    def prepare(self) -> Commit:
        """Judge the condition."""
        self._judged()
        return partial(delete, self.target.table, self.target.key, None)


def write_all(actions: Sequence[Action | ValidationException]) -> list[Written]:
    """Do all actions, or none.

    Args:
        actions: On distinct items. An error stands for an action that can't be one, such as a key
            that doesn't match the table's: the others are judged nevertheless.

    Returns:
        The outcomes, in order.

    Raises:
        TransactionCanceledException: An action failed; nothing was changed.
    """
    with ExitStack() as held:
        targets = [action.target if isinstance(action, Action) else action for action in actions]
        outcomes: list[Commit | DynamoDBError] = []
        for action, locked in zip(actions, _lock(targets, held), strict=True):
            judged = action if isinstance(action, DynamoDBError) else _prepare(action)
            outcomes.append(locked if isinstance(locked, DynamoDBError) else judged)
        check_none_failed(outcomes)
        return [commit() for commit in outcomes if not isinstance(commit, DynamoDBError)]


def read_all(targets: Sequence[Target | ValidationException]) -> list[StoredItem | None]:
    """Read items as they stand at one moment.

    Args:
        targets: An error stands for an item that can't be one.

    Returns:
        The items, in order; None where there is none.

    Raises:
        TransactionCanceledException: An item can't be read.
    """
    with ExitStack() as held:
        locked = _lock(targets, held)
        check_none_failed(locked)
        return [
            target.table.keyspace.get(target.key) for target in locked if isinstance(target, Target)
        ]


def _lock(
    targets: Sequence[Target | ValidationException], held: ExitStack
) -> list[Target | DynamoDBError]:
    """Take the locks of all targets; one that a test has put a conflict on becomes an error."""
    outcomes: list[Target | DynamoDBError] = []
    locks = {}
    for target in targets:
        outcome: Target | DynamoDBError = target
        if isinstance(target, Target):
            try:
                lock = target.table.lock_of(target.key)
                locks[id(target.table), target.key[0]] = lock
            except TransactionConflictException as conflict:
                outcome = conflict
        outcomes.append(outcome)
    for place in sorted(locks):
        held.enter_context(locks[place])
    return outcomes


_CODES: dict[type[DynamoDBError], str] = {
    ConditionalCheckFailedException: "ConditionalCheckFailed",
    ItemCollectionSizeLimitExceededException: "ItemCollectionSizeLimitExceeded",
    TransactionConflictException: "TransactionConflict",
    ValidationException: "ValidationError",
}


def _prepare(action: Action) -> Commit | DynamoDBError:
    try:
        return action.prepare()
    except tuple(_CODES) as error:
        return error


def check_none_failed(outcomes: Sequence[object]) -> None:
    """Check that no action of a transaction became an error.

    Raises:
        TransactionCanceledException: One did. There is a reason for every action.
    """
    if not any(isinstance(outcome, DynamoDBError) for outcome in outcomes):
        return
    reasons = [_reason(outcome) for outcome in outcomes]
    codes = ", ".join(reason["Code"] for reason in reasons)
    raise TransactionCanceledException(
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        {"CancellationReasons": reasons},
    )


def _reason(outcome: object) -> dict[str, Any]:
    if not isinstance(outcome, DynamoDBError):
        return {"Code": "None"}
    return {"Code": _CODES[type(outcome)], "Message": outcome.message, **outcome.fields}
