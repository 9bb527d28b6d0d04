"""DeleteBackup (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.errors import ValidationException
from dqlmock.operations.backups import backup_description, found_backup


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Forget the backup; tables restored from it stay."""
    with database.lock:
        backup = found_backup(database, request["BackupArn"], "DeleteBackup")
        if backup.is_system:
            # AWS refuses it (hashicorp/terraform-provider-aws pull request 26771); the general
            # words, as its own aren't quoted anywhere.
            raise ValidationException("One or more parameter values were invalid")
        database.backups.remove(backup)
    return {"BackupDescription": backup_description(backup, "DELETED")}
