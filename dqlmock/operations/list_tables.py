"""ListTables (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html)."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.limits import LIST_TABLES_PAGE


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """List the names that follow the start, which need not be the name of a table itself."""
    names = database.names()
    start = bisect_right(names, request.get("ExclusiveStartTableName", ""))
    limit = request.get("Limit", LIST_TABLES_PAGE)
    page = names[start : start + limit]
    if start + limit < len(names):
        return {"TableNames": page, "LastEvaluatedTableName": page[-1]}
    return {"TableNames": page}
