"""Continuous backups of a table: which one is meant, and how they are described.

Shared by DescribeContinuousBackups and UpdateContinuousBackups
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html).
"""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.settings import TableSettings
from dqlmock.engine.table import Table
from dqlmock.errors import TableNotFoundException


def backed_up_table(owner: Database, name: str) -> Table:
    """Return a table that is asked for by name. The caller holds the database's lock.

    Raises:
        TableNotFoundException: There is none. Other operations than those on backups say
            ResourceNotFoundException.
    """
    if name not in owner.names():
        # nccgroup/ScoutSuite#1533 quotes AWS.
        raise TableNotFoundException(f"Table not found: {name}")
    return owner.find(name)


def continuous_backups(settings: TableSettings, now_s: float) -> dict[str, Any]:
    """Return `ContinuousBackupsDescription` in wire form.

    Args:
        settings: The table's.
        now_s: The time, in seconds since the epoch.
    """
    described: dict[str, Any] = {"PointInTimeRecoveryStatus": "DISABLED"}
    recovery = settings.recovery
    if recovery is not None:
        earliest_s, latest_s = recovery.window(now_s)
        described = {
            "PointInTimeRecoveryStatus": "ENABLED",
            "RecoveryPeriodInDays": recovery.period_days,
            # To the second: the AWS CLI's example of `update-continuous-backups`.
            "EarliestRestorableDateTime": float(int(earliest_s)),
            "LatestRestorableDateTime": float(int(latest_s)),
        }
    # Enabled from a table's creation on, whatever becomes of point-in-time recovery.
    return {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": described}
