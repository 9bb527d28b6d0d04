"""ExecuteStatement (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.capacity import written_units
from dqlmock.engine.database import Database
from dqlmock.errors import ValidationException
from dqlmock.operations.capacity import Result, charge_write
from dqlmock.operations.statement_reading import run_select
from dqlmock.operations.statement_source import table_of
from dqlmock.operations.statement_writing import plan_write
from dqlmock.operations.writing import shows_old
from dqlmock.partiql.nodes import Exists, Select
from dqlmock.partiql.statement import prepare_and_bind

EXISTS_ALONE = "EXISTS can only be used in ExecuteTransaction write requests."


def check(request: dict[str, Any]) -> None:
    """There are no rules that need no state but those of the statement itself."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Run the statement: one page of a SELECT, or one write."""
    prepared, values = prepare_and_bind(request)
    statement = prepared.statement
    if isinstance(statement, Select):
        return run_select(database, request, prepared, statement, values)
    if isinstance(statement, Exists):
        raise ValidationException(EXISTS_ALONE)
    table = table_of(database, statement.table, prepared, values)
    written, returned = plan_write(table, prepared, values).run(show_old=shows_old(request))

    result = Result(Items=[] if returned is None else [returned])
    named = {**request, "TableName": statement.table}
    charge_write(result, named, written_units, *written.charged())
    return result
