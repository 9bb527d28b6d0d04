"""ListContributorInsights (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListContributorInsights.html)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from bisect import bisect_right
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.table import Table
from dqlmock.errors import ValidationException
from dqlmock.limits import LIST_CONTRIBUTOR_INSIGHTS_PAGE
from dqlmock.operations.contributor_insights import named, status


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """List tables and indexes whose insights are enabled, or were, by the names of both."""
    listed = {
        (table.name, index_name): {**named(table, index_name), **status(insights)}
        for table in _tables(database, request)
        for index_name, insights in list(table.settings.insights.items())
    }
    names = sorted(listed)
    start = bisect_right(names, _position(request.get("NextToken")))
    # The model has no smallest MaxResults; a page of none would have no end.
    stop = start + max(1, request.get("MaxResults", LIST_CONTRIBUTOR_INSIGHTS_PAGE))
    result: dict[str, Any] = {
        "ContributorInsightsSummaries": [listed[name] for name in names[start:stop]]
    }
    if stop < len(names):
        result["NextToken"] = _token(*names[stop - 1])
    return result


def _tables(database: Database, request: dict[str, Any]) -> list[Table]:
    if "TableName" not in request:
        return database.tables()
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        return [owner.find(name)]


def _token(table_name: str, index_name: str) -> str:
    return b64encode(f"{table_name}/{index_name}".encode()).decode()


def _position(token: str | None) -> tuple[str, str]:
    if token is None:
        return "", ""
    try:
        text = b64decode(token.encode(), validate=True).decode()
    except ValueError:
        text = ""
    table_name, slash, index_name = text.partition("/")
    if not slash:
        # As ExecuteStatement says it.
        raise ValidationException("Invalid NextToken")
    return table_name, index_name
