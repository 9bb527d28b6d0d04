"""CreateBackup (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.backups import backup_details, keep_backup
from dqlmock.operations.continuous_backups import backed_up_table


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Keep the table as it is now. The answer says CREATING; the backup can be used at once."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        backup = keep_backup(owner, backed_up_table(owner, name), request["BackupName"])
    return {"BackupDetails": backup_details(backup, "CREATING")}
