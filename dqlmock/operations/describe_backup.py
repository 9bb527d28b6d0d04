"""DescribeBackup (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.backups import backup_description, found_backup


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe the backup, and its table as it was."""
    with database.lock:
        backup = found_backup(database, request["BackupArn"], "DescribeBackup")
    return {"BackupDescription": backup_description(backup)}
