"""ExecuteTransaction (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteTransaction.html).

Owns which statements make a transaction. Its rules and words beyond those of TransactWriteItems and
TransactGetItems are DynamoDB Local's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dqlmock import json_bytes
from dqlmock.engine.database import Database
from dqlmock.engine.table import Table
from dqlmock.engine.transact import Action, Target, read_all
from dqlmock.errors import ValidationException
from dqlmock.operations.capacity import Result, charge_transaction, item_charge
from dqlmock.operations.statement_writing import check_returning, plan_write, present
from dqlmock.operations.transacting import bind_all, check_response_size, write_once
from dqlmock.operations.writing import shows_old
from dqlmock.partiql.nodes import Delete, Exists, Select, Update
from dqlmock.partiql.plan import (
    check_scalar_operands,
    pinned_key,
    pins_whole_key,
    reads_one_item,
    says_more_than_key,
)
from dqlmock.partiql.statement import (
    PreparedStatement,
    UnsupportedStatement,
    parameters_of,
    prepare_if_supported,
)
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.types import Attributes, AttributeValue


@dataclass(frozen=True, slots=True)
class _Member:
    """One statement of a transaction, bound to its parameters.

    Args:
        prepared: The statement.
        values: What it refers to.
        table: The table it names.
        show_old: A failed condition carries the old item.
    """

    prepared: PreparedStatement
    values: Attributes
    table: Table
    show_old: bool

    @classmethod
    def of(
        cls,
        database: Database,
        entry: dict[str, Any],
        prepared: PreparedStatement | UnsupportedStatement,
        parameters: Sequence[AttributeValue],
    ) -> _Member:
        if isinstance(prepared, UnsupportedStatement):
            raise prepared.error
        statement = prepared.statement
        values = prepared.bind(parameters)
        select = statement.select if isinstance(statement, Exists) else statement
        if isinstance(statement, Exists) and statement.select.index is not None:
            raise ValidationException("Operations on indices are not supported in transactions")
        prepared.check_operands(values)
        if isinstance(statement, Select) and statement.index is not None:
            raise ValidationException("Reads on indices are not supported within transactions.")
        member = cls(prepared, values, database.table(select.table), shows_old(entry))
        member._check()
        return member

    def _check(self) -> None:
        statement, schema = self.prepared.statement, self.table.schema
        if isinstance(statement, Select):
            if not reads_one_item(schema, statement.where, self.values):
                raise ValidationException(
                    "Select statements within ExecuteTransaction must specify the primary key in "
                    "the where clause."
                )
            return
        where = self.prepared.where
        check_scalar_operands(schema, where)
        if isinstance(statement, Update | Delete) and statement.returning is not None:
            check_returning(statement)
            raise ValidationException("RETURNING clause is not supported in ExecuteTransaction.")
        is_conditional = pins_whole_key(schema, where) and says_more_than_key(schema, where)
        if isinstance(statement, Exists) and not is_conditional:
            raise ValidationException(
                "EXISTS() must contain a single item read with additional condition"
            )

    def target(self, table: Table) -> Target:
        """Return the one item that a SELECT or EXISTS is about."""
        return Target(table, pinned_key(table.schema, self.prepared.where, self.values)[1])

    def action(self, table: Table) -> Action:
        """Return a write, or the condition of EXISTS, as an action."""
        if isinstance(self.prepared.statement, Exists):
            condition = present(self.prepared.condition(self.values))
            return Action(self.target(table), condition, self.show_old)
        write = plan_write(table, self.prepared, self.values)
        return write.action(show_old=self.show_old)


def check(request: dict[str, Any]) -> None:
    """There are no rules that need no state but those of the statements themselves."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Read all items as they stand at one moment, or write all or nothing."""
    entries = request["TransactStatements"]
    statements: list[PreparedStatement | UnsupportedStatement] = []
    parameters = []
    kinds = set()
    for entry in entries:
        statement = prepare_if_supported(entry["Statement"])
        statements.append(statement)
        kinds.add(statement.verb == "SELECT")
        if len(kinds) > 1:
            raise ValidationException(
                "ExecuteTransaction API does not support both read and write operations in the "
                "same request."
            )
        parameters.append(parameters_of(entry))
    bindings = zip(entries, statements, parameters, strict=True)
    members = [_member(database, position, *each) for position, each in enumerate(bindings)]
    if statements[0].verb == "SELECT":
        return _read(request, members)
    return _write(database, request, members)


def _member(
    database: Database,
    position: int,
    entry: dict[str, Any],
    prepared: PreparedStatement | UnsupportedStatement,
    parameters: Sequence[AttributeValue],
) -> _Member:
    try:
        return _Member.of(database, entry, prepared, parameters)
    except ValidationException as error:
        # What is wrong with a statement, not with the key in it, refuses all (DynamoDB Local).
        reason = error.older or error.message
        raise ValidationException(
            f"Validation failed in TransactStatements[{position}]: {reason}"
        ) from error


def _read(request: dict[str, Any], members: Sequence[_Member]) -> dict[str, Any]:
    targets = bind_all([(member.table, member.target) for member in members], lambda it: it)
    items = read_all(targets)
    shown = [_shown(member, item) for member, item in zip(members, items, strict=True)]
    check_response_size(shown)
    # An item that has nothing of what is selected is shown empty, unlike in TransactGetItems
    # (ql-reference.multiplestatements.transactions.html, the example of three reads).
    result = Result(Responses=[{} if item is None else {"Item": item} for item in shown])
    charges = [
        item_charge(member.table.name, item, strong=True)
        for member, item in zip(members, items, strict=True)
    ]
    charge_transaction(result, request, charges, writes=False)
    return result


def _shown(member: _Member, item: StoredItem | None) -> StoredItem | Attributes | None:
    columns = member.prepared.columns
    return item if item is None or columns is None else columns.apply(item.attributes())


_OTHER_REQUEST: Final = (
    "Specified idempotent token was used with different request parameters within the "
    "idempotency window"
)
"""DynamoDB Local 2.6.1; of TransactWriteItems it says nothing, as the mock does."""


def _write(
    database: Database, request: dict[str, Any], members: Sequence[_Member]
) -> dict[str, Any]:
    actions = bind_all(
        [(member.table, member.action) for member in members], lambda action: action.target
    )
    claim = None
    if (token := request.get("ClientRequestToken")) is not None:
        encoded = json_bytes.encode(request["TransactStatements"])
        claim = database.tokens.claim("ExecuteTransaction", token, encoded, _OTHER_REQUEST)
    outcome = write_once(claim, [member.table.name for member in members], actions)
    result = Result(Responses=[])
    charge_transaction(result, request, outcome.charges, writes=outcome.is_new)
    return result
