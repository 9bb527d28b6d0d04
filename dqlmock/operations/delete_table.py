"""DeleteTable (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database, still_in_use
from dqlmock.errors import ResourceInUseException, ValidationException
from dqlmock.operations.backups import keep_backup
from dqlmock.operations.parameters import check_table_name
from dqlmock.operations.table_description import table_description


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    check_table_name(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Delete the table. The answer says DELETING, whatever the engine's delays are."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = owner.find(name)
        if table.settings.status in ("CREATING", "UPDATING"):
            raise still_in_use(table)
        if any(index.status != "ACTIVE" for index in table.settings.indexes.values()):
            # go-to-k/cdkd#1830 (August 2026) quotes AWS, of an index that was updated.
            raise ResourceInUseException(
                "Attempt to change a resource which is still in use: Cannot delete table while "
                "indexes are being created, updated, or deleted."
            )
        if table.settings.deletion_protection:
            raise ValidationException(
                "Resource cannot be deleted as it is currently protected against deletion. "
                "Disable deletion protection first."
            )
        # "If the table is already in the DELETING state, no error is returned." (API_DeleteTable)
        if table.settings.status != "DELETING":
            if table.settings.recovery is not None:
                keep_backup(owner, table)  # PointInTimeRecovery_Howitworks, "Delete a table"
            owner.delete(table)
        return {"TableDescription": table_description(table, owner.clock.now_s())}
