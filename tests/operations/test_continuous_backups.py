"""DescribeContinuousBackups and UpdateContinuousBackups."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from freezegun import freeze_time

from tests.conftest import refusal
from tests.operations.tables import create_hash_table

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
NOON = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)
DISABLED = {"PointInTimeRecoveryStatus": "DISABLED"}


def recovery(described: dict[str, Any]) -> Any:
    description = described["ContinuousBackupsDescription"]
    assert description["ContinuousBackupsStatus"] == "ENABLED"
    return description["PointInTimeRecoveryDescription"]


def enabled(since: datetime, until: datetime, days: int = 35) -> dict[str, Any]:
    return {
        "PointInTimeRecoveryStatus": "ENABLED",
        "RecoveryPeriodInDays": days,
        "EarliestRestorableDateTime": since,
        "LatestRestorableDateTime": until,
    }


class Backups:
    """The two operations on the table that every test has."""

    def __init__(self, client: Any) -> None:
        create_hash_table(client)
        self.client = client

    def describe(self, name: str = "hash") -> Any:
        return recovery(self.client.describe_continuous_backups(TableName=name))

    def update(self, on: bool, name: str = "hash", **specification: int) -> Any:
        specification["PointInTimeRecoveryEnabled"] = on
        answer = self.client.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification=specification
        )
        return recovery(answer)


@pytest.fixture
def backups(dynamodb: Any) -> Backups:
    return Backups(dynamodb)


def test_a_new_table_has_backups_and_no_recovery(backups: Backups) -> None:
    assert backups.describe() == DISABLED
    assert backups.update(False) == DISABLED


def test_the_window_opens_when_recovery_is_enabled(backups: Backups) -> None:
    with freeze_time(NOON) as clock:
        assert backups.update(True) == enabled(NOON, NOON)
        clock.tick(timedelta(minutes=5, seconds=2))
        assert backups.describe() == enabled(NOON, NOON + timedelta(seconds=2))
        clock.tick(timedelta(days=40))
        latest = NOON + timedelta(days=40, seconds=2)
        assert backups.describe() == enabled(latest + timedelta(minutes=5, days=-35), latest)


def test_the_period_changes_and_the_window_stays_open(backups: Backups) -> None:
    with freeze_time(NOON) as clock:
        backups.update(True)
        clock.tick(timedelta(hours=1))
        until = NOON + timedelta(minutes=55)
        assert backups.update(True, RecoveryPeriodInDays=1) == enabled(NOON, until, 1)
        assert backups.update(True) == enabled(NOON, until)
        backups.update(False)
        assert backups.describe() == DISABLED
        later = NOON + timedelta(hours=1)
        assert backups.update(True) == enabled(later, later)


def test_a_table_is_named_by_its_arn_too(backups: Backups) -> None:
    assert backups.update(True, ARN)["PointInTimeRecoveryStatus"] == "ENABLED"
    assert backups.describe(ARN) == backups.describe()


@pytest.mark.parametrize("name", ["nothing", ARN.replace("hash", "nothing")])
def test_there_is_no_such_table(backups: Backups, name: str) -> None:
    missing = ("TableNotFoundException", "Table not found: nothing")
    assert refusal(backups.client.describe_continuous_backups, TableName=name) == missing
    specification = {"PointInTimeRecoveryEnabled": True}
    assert (
        refusal(
            backups.client.update_continuous_backups,
            TableName=name,
            PointInTimeRecoverySpecification=specification,
        )
        == missing
    )


@pytest.mark.parametrize(("days", "bound"), [(0, "greater than or equal to 1"), (36, "35")])
def test_the_period_has_bounds(backups: Backups, days: int, bound: str) -> None:
    for allowed in (1, 35):
        backups.update(True, RecoveryPeriodInDays=allowed)
    code, message = refusal(
        backups.client.update_continuous_backups,
        TableName="hash",
        PointInTimeRecoverySpecification={
            "PointInTimeRecoveryEnabled": True,
            "RecoveryPeriodInDays": days,
        },
    )
    assert code == "ValidationException"
    assert "pointInTimeRecoverySpecification.recoveryPeriodInDays" in message
    assert bound in message


def test_a_savepoint_takes_recovery_back(db: Any, backups: Backups) -> None:
    with db.savepoint():
        backups.update(True)
    assert backups.describe() == DISABLED
