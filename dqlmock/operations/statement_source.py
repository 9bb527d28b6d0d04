"""The table or index that a statement names.

Owns what AWS says where there is none, which differs from what it says of a Query or Scan.
"""

from __future__ import annotations

from dqlmock.engine.database import Database
from dqlmock.engine.table import Table
from dqlmock.errors import ResourceNotFoundException, ValidationException
from dqlmock.operations.reading import Source
from dqlmock.partiql.nodes import Select
from dqlmock.partiql.statement import PreparedStatement
from dqlmock.values.types import Attributes


def table_of(
    database: Database, name: str, prepared: PreparedStatement, values: Attributes
) -> Table:
    """Return the table that a statement names.

    Args:
        database: Where it is looked for.
        name: Its name.
        prepared: The statement.
        values: What it refers to.

    Raises:
        ValidationException: There is no such table, and an operand has a type that its operator or
            function can't take: AWS tells that first (nubo-db/dynoxide#190 of a WHERE clause,
            DynamoDB Local of SET too).
        ResourceNotFoundException: There is no such table.
    """
    try:
        return database.table(name)
    except ResourceNotFoundException:
        prepared.check_operands(values)
        raise


def source_of(
    database: Database,
    select: Select,
    prepared: PreparedStatement,
    values: Attributes,
    *,
    strong: bool,
) -> Source:
    """Return what a SELECT reads.

    Args:
        database: Where it is looked for.
        select: The statement.
        prepared: The same.
        values: What it refers to.
        strong: Whether the read is to be strongly consistent.

    Raises:
        ResourceNotFoundException: No such table.
        ValidationException: No such index, or a global one is to be read strongly consistent.
            Words and order: nubo-db/dynoxide#179, paritysuite/dynamodb-conformance#171.
    """
    table = table_of(database, select.table, prepared, values)
    if select.index is None:
        return Source(table, None)
    index = table.indexes.get(select.index)
    if index is None:
        raise ValidationException("The table does not have the specified index")
    if strong and index.schema.is_global:
        raise ValidationException(
            "Strongly consistent read is not supported on Global Secondary Indexes"
        )
    return Source.of(database, {"TableName": select.table, "IndexName": select.index})
