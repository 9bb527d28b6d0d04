"""UpdateContinuousBackups (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.settings import PointInTimeRecovery
from dqlmock.limits import RECOVERY_PERIOD_DAYS
from dqlmock.operations.continuous_backups import backed_up_table, continuous_backups


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Enable or disable point-in-time recovery, at once."""
    specification = request["PointInTimeRecoverySpecification"]
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        settings, now_s = backed_up_table(owner, name).settings, owner.clock.now_s()
        if specification["PointInTimeRecoveryEnabled"]:
            since_s = settings.recovery.since_s if settings.recovery else now_s
            period_days = specification.get("RecoveryPeriodInDays", RECOVERY_PERIOD_DAYS)
            settings.recovery = PointInTimeRecovery(since_s, period_days)
        else:
            settings.recovery = None
        return {"ContinuousBackupsDescription": continuous_backups(settings, now_s)}
