"""CreateBackup (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.backups import Backup
from dqlmock.engine.database import Database
from dqlmock.operations.backups import backup_details, definition_of, source_of
from dqlmock.operations.continuous_backups import backed_up_table


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Keep the table as it is now. The answer says CREATING; the backup can be used at once."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table, now_s = backed_up_table(owner, name), owner.clock.now_s()
        with table.all_locked():
            backup = Backup(
                arn=owner.backups.new_arn(table.settings.arn, now_s),
                name=request["BackupName"],
                created_s=now_s,
                size_bytes=table.keyspace.size_bytes(),
                source=source_of(table, now_s),
                definition=definition_of(table, now_s),
                items=tuple(table.items()),
            )
        owner.backups.add(backup)
    return {"BackupDetails": backup_details(backup, "CREATING")}
