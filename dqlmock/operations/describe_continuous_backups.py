"""DescribeContinuousBackups (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.continuous_backups import backed_up_table, continuous_backups


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe them as they stand by now."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        settings = backed_up_table(owner, name).settings
        described = continuous_backups(settings, owner.clock.now_s())
    return {"ContinuousBackupsDescription": described}
