"""ListBackups (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html)."""

from __future__ import annotations

from bisect import bisect_right
from math import inf
from typing import Any

from dqlmock.engine.backups import Backup
from dqlmock.engine.database import Database
from dqlmock.limits import LIST_BACKUPS_PAGE
from dqlmock.operations.backups import backup_summary


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """List the backups that follow the start, those of deleted tables too."""
    with database.lock:
        kept = database.backups.all(database.clock.now_s())
        backups = [backup for backup in kept if _is_asked(request, backup)]
    arns = [backup.arn for backup in backups]
    start = bisect_right(arns, request.get("ExclusiveStartBackupArn", ""))
    stop = start + request.get("Limit", LIST_BACKUPS_PAGE)
    summaries = [backup_summary(backup) for backup in backups[start:stop]]
    result: dict[str, Any] = {"BackupSummaries": summaries}
    if stop < len(backups):
        result["LastEvaluatedBackupArn"] = arns[stop - 1]
    return result


def _is_asked(request: dict[str, Any], backup: Backup) -> bool:
    """Tell whether a backup meets the filters. The lower bound is inclusive, the upper is not."""
    table = backup.source["SourceTableDetails"]
    named = request.get("TableName")
    return (
        named in (None, table["TableName"], table["TableArn"])
        and request.get("BackupType", "USER") in ("ALL", "SYSTEM" if backup.is_system else "USER")
        and backup.created_s >= request.get("TimeRangeLowerBound", 0)
        and backup.created_s < request.get("TimeRangeUpperBound", inf)
    )
