"""TransactWriteItems (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from dqlmock import json_bytes
from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys, item_key, requested_key
from dqlmock.engine.table import Table
from dqlmock.engine.transact import Action, Delete, Put, Target, Update
from dqlmock.errors import ValidationException
from dqlmock.expressions.request import Expressions
from dqlmock.limits import ITEM_SIZE_BYTES, TRANSACTION_SIZE_BYTES
from dqlmock.operations.capacity import Result, charge_transaction
from dqlmock.operations.parameters import expressions_of
from dqlmock.operations.transacting import bind_all, write_once
from dqlmock.operations.writing import (
    CollectionMetrics,
    change_of,
    check_entries_size,
    check_item_size,
    check_update,
    condition_of,
    oversized_update,
    shows_old,
)
from dqlmock.shapes.cohorts import is_newest
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_attributes, canonical_item
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

_OPERATION: Final = "TransactWriteItems"


@dataclass(slots=True)
class _Statement:
    """One action, parsed, before its table is known.

    Args:
        table_name: As the request has it.
        attributes: The item, or its key.
        size_bytes: Gives what it adds to the size of the transaction.
        bind: Makes the action on an item of a table.
        is_update: It is an Update.
    """

    table_name: str
    attributes: Attributes
    size_bytes: Callable[[], int]
    bind: Callable[[Table], Action]
    is_update: bool = False


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    for member in request["TransactItems"]:
        if not member:
            raise ValidationException(
                "Invalid Request: TransactWriteRequest should contain Delete or Put or Update "
                "request"
            )
        if len(member) > 1:
            raise ValidationException(
                "TransactItems can only contain one of Check, Put, Update or Delete"
            )


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Write all or nothing; a request whose token has been used is answered, not done again."""
    encoded = json_bytes.encode(request["TransactItems"])
    moved = is_newest(_OPERATION, None, database.region, database.engine.wording)
    statements = [_parse(member, moved=moved) for member in request["TransactItems"]]
    # Nothing takes more bytes stored than as JSON.
    if len(encoded) > ITEM_SIZE_BYTES:
        _check_sizes(statements, moved=moved)
    bindings = ((database.table(each.table_name), each.bind) for each in statements)
    actions = bind_all(bindings, lambda action: action.target, keys_first=True)
    claim = None
    if (token := request.get("ClientRequestToken")) is not None:
        claim = database.tokens.claim(_OPERATION, token, encoded)
    outcome = write_once(claim, [statement.table_name for statement in statements], actions)
    result = Result()
    charge_transaction(result, request, outcome.charges, writes=outcome.is_new)
    metrics = CollectionMetrics.asked_by(request)
    if metrics is not None and outcome.is_new:
        for statement, action in zip(statements, actions, strict=True):
            if isinstance(action, Put | Update | Delete):
                metrics.note(statement.table_name, action.target.table, statement.attributes)
        metrics.add_to(result)
    return result


def _parse(member: dict[str, Any], *, moved: bool) -> _Statement:
    for kind, request in member.items():
        if kind == "Put":
            return _parse_put(request, moved=moved)
        # Where the checks have not moved yet, a value is judged only where it is to be stored.
        expressions = expressions_of(request, any_depth=not moved)
        if kind == "Update":
            return _parse_update(request, expressions)
        return _parse_keyed(Delete if kind == "Delete" else Action, request, expressions)
    raise AssertionError("check() lets no empty member through")


def _parse_put(request: dict[str, Any], *, moved: bool) -> _Statement:
    attributes, size_bytes = canonical_item(request["Item"])
    check_item_size(size_bytes)
    expressions = expressions_of(request, any_depth=not moved)
    condition = condition_of(request, expressions)
    expressions.finish()
    item = StoredItem.of(attributes, size_bytes)
    show_old = shows_old(request)

    def bind(table: Table) -> Action:
        target = Target(table, item_key(table.schema, attributes))
        check_scalar_keys(table.schema, expressions.nested())
        check_entries_size(table.schema, attributes, size_bytes)
        return Put(target, condition, show_old, attributes, item)

    return _Statement(request["TableName"], attributes, lambda: size_bytes, bind)


def _parse_update(request: dict[str, Any], expressions: Expressions) -> _Statement:
    key = canonical_attributes(request["Key"])
    plan = expressions.update(request["UpdateExpression"])
    condition = condition_of(request, expressions)
    expressions.finish()
    show_old = shows_old(request)

    def bind(table: Table) -> Action:
        target = Target(table, requested_key(table.schema, key))
        check_update(table.schema, plan)
        check_scalar_keys(table.schema, expressions.nested())
        return Update(target, condition, show_old, change_of(table.schema, key, plan))

    size_bytes = partial(_size_bytes, request, key, expressions)
    return _Statement(request["TableName"], key, size_bytes, bind, is_update=True)


def _parse_keyed(
    kind: type[Action], request: dict[str, Any], expressions: Expressions
) -> _Statement:
    key = canonical_attributes(request["Key"])
    condition = condition_of(request, expressions)
    expressions.finish()
    show_old = shows_old(request)

    def bind(table: Table) -> Action:
        target = Target(table, requested_key(table.schema, key))
        check_scalar_keys(table.schema, expressions.nested())
        return kind(target, condition, show_old)

    size_bytes = partial(_size_bytes, request, key, expressions)
    return _Statement(request["TableName"], key, size_bytes, bind)


def _size_bytes(request: dict[str, Any], key: Attributes, expressions: Expressions) -> int:
    text = request.get("UpdateExpression", "") + request.get("ConditionExpression", "")
    return attributes_size_bytes(key) + len(text.encode()) + expressions.values_size_bytes()


def _check_sizes(statements: Sequence[_Statement], *, moved: bool) -> None:
    total = 0
    for statement in statements:
        size_bytes = statement.size_bytes()
        # Where the checks have moved, an update is refused by what its statement writes and a
        # charge for its clauses, before the item is looked at (capture transact-write-update-size).
        # How much the charge is, is not known: the text of the expressions stands in for it.
        if moved and statement.is_update and size_bytes > ITEM_SIZE_BYTES:
            raise oversized_update()
        total += size_bytes
    if total > TRANSACTION_SIZE_BYTES:
        # The words and the arithmetic are DynamoDB Local's; AWS documents the rule alone.
        raise ValidationException(
            f"Transaction payload size cannot exceed 4MB. Payload Size: {total}"
        )
