"""DescribeTable (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.parameters import check_table_name
from dqlmock.operations.table_description import table_description


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    check_table_name(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe the table as it stands by now."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        return {"Table": table_description(owner.find(name), owner.clock.now_s())}
