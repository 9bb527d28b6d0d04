"""DescribeImport (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.errors import ImportNotFoundException
from dqlmock.operations.transfers import found


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe an import of the last 90 days, whatever became of its table."""
    # The service model's text; what AWS says is not known.
    missing = ImportNotFoundException("The specified import was not found.")
    imported = found(database, request["ImportArn"], lambda owner: owner.imports, missing)
    return {"ImportTableDescription": imported.description(database.clock.now_s())}
