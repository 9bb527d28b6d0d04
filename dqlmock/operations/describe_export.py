"""DescribeExport (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.errors import ExportNotFoundException
from dqlmock.operations.transfers import found


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe an export of the last 90 days, whatever became of its table."""
    # The service model's text; what AWS says is not known.
    missing = ExportNotFoundException("The specified export was not found.")
    export = found(database, request["ExportArn"], lambda owner: owner.exports, missing)
    return {"ExportDescription": export.description(database.clock.now_s())}
