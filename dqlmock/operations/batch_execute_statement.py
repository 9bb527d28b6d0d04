"""BatchExecuteStatement (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html).

Owns what becomes of a statement that fails: an error in its place, the others run nevertheless.
Rules and words of the batch as a whole are DynamoDB Local's, where no other source is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from dqlmock.engine.capacity import Consumed, Meter
from dqlmock.engine.database import Database
from dqlmock.engine.table import Table
from dqlmock.errors import (
    ConditionalCheckFailedException,
    DuplicateItemException,
    DynamoDBError,
    ItemCollectionSizeLimitExceededException,
    ResourceNotFoundException,
    TransactionConflictException,
    ValidationException,
)
from dqlmock.operations.batching import DUPLICATES
from dqlmock.operations.capacity import (
    Charge,
    Result,
    charge_batch,
    item_charge,
    write_charge,
)
from dqlmock.operations.execute_statement import EXISTS_ALONE
from dqlmock.operations.statement_source import table_of
from dqlmock.operations.statement_writing import StatementWrite, plan_write
from dqlmock.partiql.nodes import Exists, Select
from dqlmock.partiql.plan import pinned_key, reads_one_item
from dqlmock.partiql.statement import (
    PreparedStatement,
    SelectList,
    UnsupportedStatement,
    parameters_of,
    prepare_if_supported,
)
from dqlmock.values.types import AttributeValue

_CODES: Final[dict[type[DynamoDBError], str]] = {
    ConditionalCheckFailedException: "ConditionalCheckFailed",
    DuplicateItemException: "DuplicateItem",
    ItemCollectionSizeLimitExceededException: "ItemCollectionSizeLimitExceeded",
    ResourceNotFoundException: "ResourceNotFound",
    TransactionConflictException: "TransactionConflict",
    ValidationException: "ValidationError",
}


@dataclass(frozen=True, slots=True)
class SingleRead:
    """A SELECT of one item by its whole key.

    Args:
        table: Where.
        key: The item's storage key.
        columns: The select list; None for all of the item.
        strong: Whether the read is strongly consistent.
    """

    table: Table
    key: bytes
    columns: SelectList | None
    strong: bool

    def run(self, charges: list[Charge]) -> dict[str, Any]:
        """Return the answer, and add what the read costs."""
        item = self.table.keyspace.get(self.key)
        charges.append(item_charge(self.table.name, item, strong=self.strong))
        answer: dict[str, Any] = {"TableName": self.table.name}
        if item is not None:
            columns = self.columns
            answer["Item"] = item if columns is None else columns.apply(item.attributes())
        return answer


_Planned = SingleRead | StatementWrite
_Parsed = tuple[PreparedStatement | DynamoDBError, Sequence[AttributeValue]]


def check(request: dict[str, Any]) -> None:
    """There are no rules that need no state but those of the statements themselves."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Run the statements one by one; what is wrong with one is answered in its place."""
    entries = request["Statements"]
    planned = [
        _planned(database, entry, *parsed)
        for entry, parsed in zip(entries, _parsed(entries), strict=True)
    ]
    _check_distinct(planned)
    charges: list[Charge] = []
    refused: list[Charge] = []
    responses = [_answer(plan, charges, refused) for plan in planned]

    result = Result(Responses=responses)
    writes = any(isinstance(plan, StatementWrite) for plan in planned)
    charge_batch(result, request, charges, writes=writes, refused=refused)
    return result


def _parsed(entries: Sequence[dict[str, Any]]) -> list[_Parsed]:
    """Parse each statement and judge its parameters.

    One that is not well formed, and EXISTS, fail in their places, whatever their parameters and the
    kind of the others (DynamoDB Local).
    """
    parsed: list[_Parsed] = []
    kinds = set()
    for entry in entries:
        try:
            statement = prepare_if_supported(entry["Statement"])
        except ValidationException as error:
            parsed.append((error, ()))
            continue
        if statement.verb == "EXISTS":
            parsed.append((ValidationException(EXISTS_ALONE), ()))
            continue
        kinds.add(statement.verb == "SELECT")
        if len(kinds) > 1:
            raise ValidationException(
                "Read and write requests together in the same batch is not supported."
            )
        parameters = parameters_of(entry)
        known = statement.error if isinstance(statement, UnsupportedStatement) else statement
        parsed.append((known, parameters))
    return parsed


def _planned(
    database: Database,
    entry: dict[str, Any],
    prepared: PreparedStatement | DynamoDBError,
    parameters: Sequence[AttributeValue],
) -> _Planned | DynamoDBError:
    if isinstance(prepared, DynamoDBError):
        return prepared
    statement = prepared.statement
    if isinstance(statement, Exists):
        raise AssertionError("_parsed() lets no EXISTS through")
    try:
        values = prepared.bind(parameters)
        table = table_of(database, statement.table, prepared, values)
        if not isinstance(statement, Select):
            return plan_write(table, prepared, values)
        prepared.check_operands(values)
        where, schema = statement.where, table.schema
        if statement.index is not None or not reads_one_item(schema, where, values):
            # Measured: nubo-db/dynoxide#190. DynamoDB Local has words of its own.
            raise ValidationException(
                "Select statements within BatchExecuteStatement must specify the primary key in "
                "the where clause."
            )
        _, key = pinned_key(schema, where, values)
        return SingleRead(table, key, prepared.columns, entry.get("ConsistentRead", False))
    except DynamoDBError as error:
        return error


def _check_distinct(planned: Sequence[_Planned | DynamoDBError]) -> None:
    places = [(id(p.table), p.key) for p in planned if not isinstance(p, DynamoDBError)]
    if len(set(places)) < len(places):
        raise ValidationException(DUPLICATES)


def _answer(
    planned: _Planned | DynamoDBError, charges: list[Charge], refused: list[Charge]
) -> dict[str, Any]:
    if isinstance(planned, DynamoDBError):
        return {"Error": _error(planned)}
    name = planned.table.name
    if isinstance(planned, SingleRead):
        return planned.run(charges)
    try:
        # ReturnValuesOnConditionCheckFailure changes nothing here (measured: nubo-db/dynoxide#184).
        written, returned = planned.run(show_old=False)
    except DynamoDBError as error:
        if error.meter is not None:
            refused.append((name, _lost, (error.meter, name)))
        return {"Error": _error(error), "TableName": name}
    charges.append(write_charge(name, written))
    return {"TableName": name} if returned is None else {"TableName": name, "Item": returned}


def _lost(meter: Meter, table_name: str) -> Consumed:
    return meter().writes[table_name]


def _error(error: DynamoDBError) -> dict[str, Any]:
    message = error.message
    if isinstance(error, ValidationException):
        # What regions have reworded since 2026 is not known of PartiQL: the older words stand.
        message = error.older or message
    return {"Code": _CODES[type(error)], "Message": message, **error.fields}
