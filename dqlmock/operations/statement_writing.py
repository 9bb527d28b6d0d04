"""INSERT, UPDATE and DELETE statements as writes, alone and in batches and transactions.

Owns what each statement asks of the item that stands at its key. INSERT wants none, UPDATE wants
one that meets its WHERE clause, DELETE takes none as well (ql-reference.insert, .update, .delete).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dqlmock.engine.keys import check_scalar_keys, item_key
from dqlmock.engine.table import Table
from dqlmock.engine.transact import Action, Commit, Put, Target
from dqlmock.engine.transact import Delete as DeleteAction
from dqlmock.engine.transact import Update as UpdateAction
from dqlmock.engine.write import Change, Predicate, Written, delete, put, update
from dqlmock.errors import (
    ConditionalCheckFailedException,
    DuplicateItemException,
    ValidationException,
)
from dqlmock.expressions.compile import Filter
from dqlmock.expressions.update import Update as CompiledUpdate
from dqlmock.operations.writing import (
    change_of,
    check_entries_size,
    check_item_size,
    check_update,
)
from dqlmock.partiql.nodes import Delete, Insert, Update
from dqlmock.partiql.plan import check_key_type, pinned_key
from dqlmock.partiql.statement import PreparedStatement
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import check_nesting
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

DUPLICATE = "Duplicate primary key exists in table"


Returned: TypeAlias = "StoredItem | Attributes | None"
"""What a RETURNING clause shows, None for nothing."""


@dataclass(slots=True)
class _InsertAction(Put):
    """The insertion of an item in a transaction."""

    def prepare(self) -> Commit:
        """Judge that there is no item with its key.

        Raises:
            ValidationException: There is one. The reason of the cancellation has this code in
                DynamoDB Local; AWS documents no other.
        """
        if self.target.table.keyspace.get(self.target.key) is not None:
            raise ValidationException(DUPLICATE)
        return Put.prepare(self)


@dataclass(slots=True)
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

    def run(self, *, show_old: bool) -> tuple[Written, Returned]:
        """Insert the item.

        Raises:
            DuplicateItemException: There is one with its key.
        """
        try:
            written = put(self.table, self.key, self.attributes, self.item, is_absent)
        except ConditionalCheckFailedException as refused:
            duplicate = DuplicateItemException(DUPLICATE)
            duplicate.meter = refused.meter
            raise duplicate from None
        return written, None

    def action(self, *, show_old: bool) -> Action:
        """Return the insertion as an action of a transaction."""
        target = Target(self.table, self.key)
        return _InsertAction(target, None, show_old, self.attributes, self.item)


@dataclass(slots=True)
class Modification:
    """An item to be updated.

    Args:
        table: Where.
        key: The item's storage key.
        condition: Has to hold for the item that stands there.
        change: Makes the new item.
        update: The same, compiled.
        nested: Attributes that it looks into.
        returning: What the statement returns: `"ALL OLD"`, …, or None.
    """

    table: Table
    key: bytes
    condition: Predicate
    change: Change
    update: CompiledUpdate
    nested: tuple[str, ...]
    returning: str | None

    def run(self, *, show_old: bool) -> tuple[Written, Returned]:
        """Update the item.

        Returns:
            The outcome, and what the statement returns.

        Raises:
            ConditionalCheckFailedException: There is none, or the condition does not hold.
            ValidationException: An attribute of the key is changed: judged once a batch is known
                not to write an item twice (DynamoDB Local).
        """
        self._check()
        written, before, after = update(
            self.table, self.key, self.change, self.condition, show_old=show_old
        )
        if self.returning is None:
            return written, None
        if self.returning.startswith("ALL"):
            return written, written.old if self.returning == "ALL OLD" else written.new
        touched = self.update.touched(before if self.returning == "MODIFIED OLD" else after)
        return written, touched or None

    def _check(self) -> None:
        schema = self.table.schema
        check_update(schema, self.update)
        check_scalar_keys(schema, self.nested)

    def action(self, *, show_old: bool) -> Action:
        """Return the update as an action of a transaction."""
        self._check()
        target = Target(self.table, self.key)
        return UpdateAction(target, self.condition, show_old, self.change)


@dataclass(slots=True)
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

    def run(self, *, show_old: bool) -> tuple[Written, Returned]:
        """Delete the item.

        Raises:
            ConditionalCheckFailedException: The condition does not hold.
        """
        written = delete(self.table, self.key, self.condition, show_old=show_old)
        return written, written.old if self.returns_old else None

    def action(self, *, show_old: bool) -> Action:
        """Return the deletion as an action of a transaction."""
        return DeleteAction(Target(self.table, self.key), self.condition, show_old)


StatementWrite: TypeAlias = Insertion | Modification | Removal


def plan_write(table: Table, prepared: PreparedStatement, values: Attributes) -> StatementWrite:
    """Return what an INSERT, UPDATE or DELETE is about to do.

    Args:
        table: The table that the statement names.
        prepared: The statement.
        values: What it refers to.

    Raises:
        ValidationException: The statement doesn't fit the table.
    """
    statement = prepared.statement
    match statement:
        case Insert():
            return _insertion(table, prepared, values)
        case Update():
            return _modification(table, statement, prepared, values)
        case Delete():
            return _removal(table, statement, prepared, values)
        case _:
            raise TypeError(f"{type(statement).__name__} writes nothing")


def _insertion(table: Table, prepared: PreparedStatement, values: Attributes) -> Insertion:
    attributes = prepared.item(values)
    check_nesting(attributes)
    size_bytes = attributes_size_bytes(attributes)
    check_item_size(size_bytes)
    for name in table.schema.key.names:
        value = attributes.get(name)
        if value is None:
            raise ValidationException(f"Key attribute should be present in the item: Key {name}")
        check_key_type(table.schema, name, value)
    key = item_key(table.schema, attributes)
    check_entries_size(table.schema, attributes, size_bytes)
    return Insertion(table, key, attributes, StoredItem.of(attributes, size_bytes))


def _modification(
    table: Table, statement: Update, prepared: PreparedStatement, values: Attributes
) -> Modification:
    condition = present(prepared.condition(values))
    compiled = prepared.update(values)
    attributes, key = pinned_key(table.schema, statement.where, values)
    check_scalar_keys(table.schema, prepared.where_nested)
    change = change_of(table.schema, attributes, compiled)
    nested, returning = prepared.update_nested, statement.returning
    return Modification(table, key, condition, change, compiled, nested, returning)


def _removal(
    table: Table, statement: Delete, prepared: PreparedStatement, values: Attributes
) -> Removal:
    condition = prepared.condition(values)
    _, key = pinned_key(table.schema, statement.where, values)
    check_returning(statement)
    check_scalar_keys(table.schema, prepared.where_nested)
    return Removal(table, key, _absent_or(condition), statement.returning is not None)


def check_returning(statement: Update | Delete) -> None:
    """Check what a statement returns.

    Raises:
        ValidationException: A DELETE is to return anything but the item that it deletes.
    """
    if isinstance(statement, Delete) and statement.returning not in (None, "ALL OLD"):
        raise ValidationException(
            f"Invalid returning clause: RETURNING {statement.returning} *. "
            "Only RETURNING ALL OLD * is allowed in DELETE statements."
        )


def is_absent(attributes: Attributes) -> bool:
    """Tell whether there is no item."""
    return not attributes


def present(condition: Filter | None) -> Predicate:
    """Return a condition that no missing item meets."""
    return lambda attributes: bool(attributes) and (condition is None or condition(attributes))


def _absent_or(condition: Filter | None) -> Predicate | None:
    if condition is None:
        return None
    return lambda attributes: not attributes or condition(attributes)
