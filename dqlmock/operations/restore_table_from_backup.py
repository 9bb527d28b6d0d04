"""RestoreTableFromBackup (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.settings import Restoration
from dqlmock.operations.backups import found_backup
from dqlmock.operations.restoring import restore, restored_definition


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Create a table with the items of the backup. The answer says CREATING, as CreateTable's."""
    arn = request["BackupArn"]
    with database.lock:
        backup = found_backup(database, arn, "RestoreTableFromBackup")
        definition = restored_definition(request, backup.definition)
        source_arn = backup.source["SourceTableDetails"]["TableArn"]
        restoration = Restoration(arn, source_arn, backup.created_s)
        return restore(database, definition, backup.items, restoration)
