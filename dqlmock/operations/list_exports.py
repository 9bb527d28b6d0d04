"""ListExports (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListExports.html)."""

from __future__ import annotations

from typing import Any, Final

from dqlmock.engine.database import Database
from dqlmock.operations.transfers import page

_SUMMARY: Final = ("ExportArn", "ExportStatus")


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """List the exports that follow the start, those of deleted tables too."""
    limit = request.get("MaxResults")
    exports, more = page(database, request, lambda owner: owner.exports, limit)
    told = [export.description(database.clock.now_s()) for export in exports]
    summaries = [
        {**{member: each[member] for member in _SUMMARY}, "ExportType": "FULL_EXPORT"}
        for each in told
    ]
    return {"ExportSummaries": summaries, **more}
