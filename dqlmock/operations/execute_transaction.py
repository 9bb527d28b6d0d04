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
from dqlmock.operations.statement_source import table_of
from dqlmock.operations.statement_writing import plan_write, present
from dqlmock.operations.transacting import bind_all, check_response_size, write_once
from dqlmock.operations.writing import shows_old
from dqlmock.partiql.nodes import Delete, Exists, Select, Update
from dqlmock.partiql.plan import pinned_key, pins_whole_key, says_more_than_key
from dqlmock.partiql.statement import PreparedStatement, parameters_of, prepare
from dqlmock.partiql.syntax import is_malformed
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
        position: int,
        prepared: PreparedStatement,
        entry: dict[str, Any],
        parameters: Sequence[AttributeValue],
    ) -> _Member:
        statement = prepared.statement
        try:
            values = prepared.bind(parameters)
        except ValidationException as error:
            raise _refused(position, error.message) from error
        if isinstance(statement, Update | Delete) and statement.returning is not None:
            raise _refused(position, "RETURNING clause is not supported in ExecuteTransaction.")
        select = statement.select if isinstance(statement, Exists) else statement
        table = table_of(database, select.table, prepared, values)
        member = cls(prepared, values, table, shows_old(entry))
        if isinstance(select, Select):
            member._check_select(position, select, is_read=select is statement)
        return member

    def _check_select(self, position: int, select: Select, *, is_read: bool) -> None:
        if select.index is not None:
            kind = "Reads" if is_read else "Operations"
            place = "within transactions." if is_read else "in transactions"
            indexes = "indices are not supported"
            raise _refused(position, f"{kind} on {indexes} {place}")
        is_whole = pins_whole_key(self.table.schema, select.where)
        says_more = says_more_than_key(self.table.schema, select.where)
        if is_read and (not is_whole or says_more):
            raise _refused(
                position,
                "Select statements within ExecuteTransaction must specify the primary key in the "
                "where clause.",
            )
        if not is_read and not (is_whole and says_more):
            raise _refused(
                position, "EXISTS() must contain a single item read with additional condition"
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
    statements = [_prepared(position, entry["Statement"]) for position, entry in enumerate(entries)]
    reads = [isinstance(prepared.statement, Select) for prepared in statements]
    if any(reads) and not all(reads):
        raise ValidationException(
            "ExecuteTransaction API does not support both read and write operations in the same "
            "request."
        )
    parameters = [parameters_of(entry) for entry in entries]
    bindings = zip(statements, entries, parameters, strict=True)
    members = [
        _Member.of(database, position, *binding) for position, binding in enumerate(bindings)
    ]
    return _read(request, members) if all(reads) else _write(database, request, members)


def _prepared(position: int, text: str) -> PreparedStatement:
    try:
        return prepare(text)
    except ValidationException as error:
        if is_malformed(error):
            raise
        raise _refused(position, error.older or error.message) from error


def _refused(position: int, reason: str) -> ValidationException:
    return ValidationException(f"Validation failed in TransactStatements[{position}]: {reason}")


def _read(request: dict[str, Any], members: Sequence[_Member]) -> dict[str, Any]:
    for member in members:
        member.prepared.condition(member.values)
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
