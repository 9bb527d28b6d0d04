"""INSERT, UPDATE and DELETE statements as writes, alone and in batches and transactions.

Owns what each statement asks of the item that stands at its key. INSERT wants none, UPDATE wants
one that meets its WHERE clause, DELETE takes none as well (ql-reference.insert, .update, .delete).
"""

from __future__ import annotations

from dataclasses import dataclass

from dqlmock.engine.database import Database
from dqlmock.engine.keys import item_key
from dqlmock.engine.table import Table
from dqlmock.engine.write import Change, Predicate, Written, delete, put, update
from dqlmock.errors import (
    ConditionalCheckFailedException,
    DuplicateItemException,
    ValidationException,
)
from dqlmock.expressions.compile import Filter
from dqlmock.expressions.update import Update as CompiledUpdate
from dqlmock.operations.writing import change_of, check_item_size, check_not_key
from dqlmock.partiql.nodes import Delete, Insert, Update
from dqlmock.partiql.plan import check_key_type, pinned_key
from dqlmock.partiql.statement import PreparedStatement
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_attributes
from dqlmock.values.types import Attributes

DUPLICATE = "Duplicate primary key exists in table"


@dataclass(frozen=True, slots=True)
class Insertion:
    """An item to be inserted.

    Args:
        table: Where.
        key: The item's storage key.
        attributes: The item.
        item: The same, ready to be stored.
    """

    table: Table
    key: bytes
    attributes: Attributes
    item: StoredItem

    def run(self, *, show_old: bool) -> tuple[Written, Attributes | StoredItem | None]:
        """Insert the item.

        Raises:
            DuplicateItemException: There is one with its key.
        """
        try:
            written = put(self.table, self.key, self.attributes, self.item, is_absent)
        except ConditionalCheckFailedException:
            raise DuplicateItemException(DUPLICATE) from None
        return written, None


@dataclass(frozen=True, slots=True)
class Modification:
    """An item to be updated.

    Args:
        table: Where.
        key: The item's storage key.
        condition: Has to hold for the item that stands there.
        change: Makes the new item.
        update: The same, compiled.
        returning: What the statement returns: `"ALL OLD"`, …, or None.
    """

    table: Table
    key: bytes
    condition: Predicate
    change: Change
    update: CompiledUpdate
    returning: str | None

    def run(self, *, show_old: bool) -> tuple[Written, Attributes | StoredItem | None]:
        """Update the item.

        Returns:
            The outcome, and what the statement returns.

        Raises:
            ConditionalCheckFailedException: There is none, or the condition does not hold.
        """
        written, before, after = update(
            self.table, self.key, self.change, self.condition, show_old=show_old
        )
        if self.returning is None:
            return written, None
        if self.returning.startswith("ALL"):
            return written, written.old if self.returning == "ALL OLD" else written.new
        touched = self.update.touched(before if self.returning == "MODIFIED OLD" else after)
        return written, touched or None


@dataclass(frozen=True, slots=True)
class Removal:
    """An item to be deleted.

    Args:
        table: Where.
        key: The item's storage key.
        condition: Has to hold for the item that stands there, if there is one.
        returns_old: The statement returns the item.
    """

    table: Table
    key: bytes
    condition: Predicate | None
    returns_old: bool

    def run(self, *, show_old: bool) -> tuple[Written, Attributes | StoredItem | None]:
        """Delete the item.

        Raises:
            ConditionalCheckFailedException: The condition does not hold.
        """
        written = delete(self.table, self.key, self.condition, show_old=show_old)
        return written, written.old if self.returns_old else None


def plan_write(
    database: Database, prepared: PreparedStatement, values: Attributes
) -> Insertion | Modification | Removal:
    """Return what an INSERT, UPDATE or DELETE is about to do.

    Raises:
        DynamoDBError: There is no such table, or the statement doesn't fit it.
    """
    statement = prepared.statement
    match statement:
        case Insert():
            return _insertion(database, statement, prepared, values)
        case Update():
            return _modification(database, statement, prepared, values)
        case Delete():
            return _removal(database, statement, prepared, values)
        case _:
            raise TypeError(f"{type(statement).__name__} writes nothing")


def _insertion(
    database: Database, statement: Insert, prepared: PreparedStatement, values: Attributes
) -> Insertion:
    attributes = canonical_attributes(prepared.item(values))
    size_bytes = check_item_size(attributes)
    table = database.table(statement.table)
    for name in table.schema.key.names:
        value = attributes.get(name)
        if value is None:
            raise ValidationException(f"Key attribute should be present in the item: Key {name}")
        check_key_type(table.schema, name, value)
    key = item_key(table.schema, attributes)
    return Insertion(table, key, attributes, StoredItem.of(attributes, size_bytes))


def _modification(
    database: Database, statement: Update, prepared: PreparedStatement, values: Attributes
) -> Modification:
    compiled, condition = prepared.update(values), prepared.condition(values)
    table = database.table(statement.table)
    attributes, key = pinned_key(table.schema, statement.where, values)
    check_not_key(table.schema, compiled)
    change = change_of(table.schema, attributes, compiled)
    return Modification(table, key, _present(condition), change, compiled, statement.returning)


def _removal(
    database: Database, statement: Delete, prepared: PreparedStatement, values: Attributes
) -> Removal:
    if statement.returning not in (None, "ALL OLD"):
        raise ValidationException(
            f"Invalid returning clause: RETURNING {statement.returning} *. "
            "Only RETURNING ALL OLD * is allowed in DELETE statements."
        )
    condition = prepared.condition(values)
    table = database.table(statement.table)
    _, key = pinned_key(table.schema, statement.where, values)
    return Removal(table, key, _absent_or(condition), statement.returning is not None)


def is_absent(attributes: Attributes) -> bool:
    """Tell whether there is no item."""
    return not attributes


def _present(condition: Filter | None) -> Predicate:
    return lambda attributes: bool(attributes) and (condition is None or condition(attributes))


def _absent_or(condition: Filter | None) -> Predicate | None:
    if condition is None:
        return None
    return lambda attributes: not attributes or condition(attributes)
