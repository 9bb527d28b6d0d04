"""RestoreTableToPointInTime (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.settings import Restoration
from dqlmock.engine.table import Table
from dqlmock.errors import (
    DqlmockError,
    InvalidRestoreTimeException,
    PointInTimeRecoveryUnavailableException,
    ValidationException,
)
from dqlmock.operations.backups import definition_of
from dqlmock.operations.continuous_backups import backed_up_table
from dqlmock.operations.restoring import restore, restored_definition


def check(request: dict[str, Any]) -> None:
    """Check that a source is named."""
    if "SourceTableName" not in request and "SourceTableArn" not in request:
        # AWS's words for it are not known: the general ones stand in.
        raise ValidationException("One or more parameter values were invalid")


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Create a table with the items that the source has now: the mock keeps no others."""
    named: str = request.get("SourceTableArn") or request["SourceTableName"]
    owner, name = database.resolve(named)
    with owner.lock:
        source, now_s = backed_up_table(owner, name), owner.clock.now_s()
        moment_s = _moment(source, request, now_s)
        definition = restored_definition(request, definition_of(source, now_s))
        with source.all_locked():
            items = list(source.items())
        restoration = Restoration(None, source.settings.arn, moment_s)
        with database.lock:
            return restore(database, definition, items, restoration)


def _moment(source: Table, request: dict[str, Any], now_s: float) -> float:
    recovery = source.settings.recovery
    if recovery is None:
        # ExtendDB/extenddb#335 has it from AWS.
        raise PointInTimeRecoveryUnavailableException(
            f"Point in time recovery is not enabled for table '{source.name}'"
        )
    earliest_s, latest_s = recovery.window(now_s)
    if request.get("UseLatestRestorableTime"):
        return latest_s
    if not earliest_s <= request.get("RestoreDateTime", now_s) <= latest_s:
        # The service model's text; what AWS says in full is not known.
        raise InvalidRestoreTimeException(
            "An invalid restore time was specified. RestoreDateTime must be between "
            "EarliestRestorableDateTime and LatestRestorableDateTime."
        )
    raise DqlmockError(
        "dqlmock can't answer RestoreDateTime: it keeps no past items. "
        "UseLatestRestorableTime restores what the table holds now"
    )
