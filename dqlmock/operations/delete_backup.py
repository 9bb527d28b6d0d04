"""DeleteBackup (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.backups import backup_description, found_backup


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Forget the backup; tables restored from it stay."""
    with database.lock:
        backup = found_backup(database, request["BackupArn"], "DeleteBackup")
        database.backups.remove(backup)
    return {"BackupDescription": backup_description(backup, "DELETED")}
