"""CreateBackup, DescribeBackup, ListBackups and DeleteBackup."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from freezegun import freeze_time

from dqlmock.limits import LIST_BACKUPS_PAGE
from tests.conftest import refusal, unchecked_client
from tests.operations.tables import create_composite_table, create_hash_table

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
NOON = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)


def backup(client: Any, name: str = "monday", table: str = "hash") -> Any:
    return client.create_backup(TableName=table, BackupName=name)["BackupDetails"]


def listed(client: Any, **filters: Any) -> list[str]:
    answer = client.list_backups(**filters)
    assert "LastEvaluatedBackupArn" not in answer
    return [summary["BackupName"] for summary in answer["BackupSummaries"]]


@pytest.fixture
def table(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    dynamodb.put_item(TableName="hash", Item={"pk": {"S": "a"}, "n": {"N": "1"}})
    return dynamodb


def test_what_a_backup_tells(table: Any) -> None:
    with freeze_time(NOON):
        created = backup(table)
    assert re.fullmatch(ARN + r"/backup/01790856000000-[0-9a-f]{8}", created["BackupArn"])
    assert created == {
        "BackupArn": created["BackupArn"],
        "BackupName": "monday",
        "BackupSizeBytes": 6,
        "BackupStatus": "CREATING",
        "BackupType": "USER",
        "BackupCreationDateTime": NOON,
    }
    described = table.describe_backup(BackupArn=created["BackupArn"])["BackupDescription"]
    source = table.describe_table(TableName="hash")["Table"]
    assert described == {
        "BackupDetails": {**created, "BackupStatus": "AVAILABLE"},
        "SourceTableDetails": {
            "TableName": "hash",
            "TableId": source["TableId"],
            "TableArn": ARN,
            "TableSizeBytes": 6,
            "KeySchema": source["KeySchema"],
            "TableCreationDateTime": source["CreationDateTime"],
            "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
            "ItemCount": 1,
            "BillingMode": "PAY_PER_REQUEST",
        },
        "SourceTableFeatureDetails": {},
    }


def test_what_a_backup_tells_of_features(dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    dynamodb.update_table(
        TableName="composite",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        SSESpecification={"Enabled": True},
    )
    dynamodb.update_time_to_live(
        TableName="composite",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "until"},
    )
    arn = backup(dynamodb, table="composite")["BackupArn"]
    described = dynamodb.describe_backup(BackupArn=arn)["BackupDescription"]
    features = described["SourceTableFeatureDetails"]
    (local,) = features["LocalSecondaryIndexes"]
    assert set(local) == {"IndexName", "KeySchema", "Projection"}
    names = ["global_all", "global_keys", "global_include"]
    assert [index["IndexName"] for index in features["GlobalSecondaryIndexes"]] == names
    assert features["GlobalSecondaryIndexes"][1] == {
        "IndexName": "global_keys",
        "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
        "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
    }
    assert features["StreamDescription"] == {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    assert features["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "until",
    }
    assert features["SSEDescription"]["SSEType"] == "KMS"


def test_a_backup_stays_as_it_was(table: Any) -> None:
    arn = backup(table)["BackupArn"]
    before = table.describe_backup(BackupArn=arn)["BackupDescription"]
    table.put_item(TableName="hash", Item={"pk": {"S": "b"}})
    table.delete_table(TableName="hash")
    assert table.describe_backup(BackupArn=arn)["BackupDescription"] == before
    assert listed(table, TableName="hash") == ["monday"]


def test_a_backup_is_deleted_once(table: Any) -> None:
    arn = backup(table)["BackupArn"]
    described = table.describe_backup(BackupArn=arn)["BackupDescription"]
    described["BackupDetails"]["BackupStatus"] = "DELETED"
    assert table.delete_backup(BackupArn=arn)["BackupDescription"] == described
    missing = ("BackupNotFoundException", f"Backup not found: {arn}")
    assert refusal(table.delete_backup, BackupArn=arn) == missing
    assert refusal(table.describe_backup, BackupArn=arn) == missing
    assert listed(table) == []


def test_a_deleted_table_leaves_a_system_backup(table: Any) -> None:
    table.update_continuous_backups(
        TableName="hash",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    backup(table)
    with freeze_time(NOON) as clock:
        table.delete_table(TableName="hash")
        assert listed(table) == listed(table, BackupType="USER") == ["monday"]
        assert set(listed(table, BackupType="ALL")) == {"monday", "hash$DeletedTableBackup"}
        (summary,) = table.list_backups(BackupType="SYSTEM")["BackupSummaries"]
        arn = f"{ARN}/backup/01790856000000-00000000"
        details = table.describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]
        assert details == {
            "BackupArn": arn,
            "BackupName": "hash$DeletedTableBackup",
            "BackupSizeBytes": 6,
            "BackupStatus": "AVAILABLE",
            "BackupType": "SYSTEM",
            "BackupCreationDateTime": NOON,
            "BackupExpiryDateTime": NOON + timedelta(days=35),
        }
        assert summary == {**summary, **details}
        assert refusal(table.delete_backup, BackupArn=arn)[0] == "ValidationException"
        table.restore_table_from_backup(TargetTableName="hash", BackupArn=arn)
        assert table.scan(TableName="hash")["Count"] == 1
        table.delete_table(TableName="hash")  # restored without point-in-time recovery
        assert len(listed(table, BackupType="SYSTEM")) == 1
        clock.tick(timedelta(days=35))
        assert listed(table, BackupType="SYSTEM") == []
        assert refusal(table.describe_backup, BackupArn=arn)[0] == "BackupNotFoundException"


def test_backups_of_one_name_at_one_moment(table: Any) -> None:
    with freeze_time(NOON):
        arns = {backup(table)["BackupArn"] for _ in range(3)}
    assert len(arns) == 3
    assert listed(table) == ["monday"] * 3


def test_which_backups_are_listed(dynamodb: Any) -> None:
    for name in ("hash", "other"):
        create_hash_table(dynamodb, name)
    with freeze_time(NOON) as clock:
        backup(dynamodb, "one")
        clock.tick(timedelta(hours=1))
        backup(dynamodb, "two")
        backup(dynamodb, "three", "other")
    assert listed(dynamodb) == ["one", "two", "three"]
    assert listed(dynamodb, TableName="hash") == listed(dynamodb, TableName=ARN) == ["one", "two"]
    assert listed(dynamodb, TableName="nothing") == []
    assert listed(dynamodb, BackupType="USER") == listed(dynamodb, BackupType="ALL")
    assert listed(dynamodb, BackupType="SYSTEM") == []
    later = NOON + timedelta(hours=1)
    assert listed(dynamodb, TimeRangeLowerBound=later) == ["two", "three"]
    assert listed(dynamodb, TimeRangeUpperBound=later) == ["one"]
    (summary,) = dynamodb.list_backups(TableName="other")["BackupSummaries"]
    description = dynamodb.describe_backup(BackupArn=summary["BackupArn"])["BackupDescription"]
    of_table = description["SourceTableDetails"]
    names = ("TableName", "TableId", "TableArn")
    expected = {name: of_table[name] for name in names}
    assert summary == {**description["BackupDetails"], **expected}


def test_pages_of_backups(table: Any) -> None:
    for number in range(LIST_BACKUPS_PAGE + 1):
        backup(table, f"number-{number}")
    page = table.list_backups(Limit=2)
    assert [summary["BackupName"] for summary in page["BackupSummaries"]] == [
        "number-0",
        "number-1",
    ]
    assert page["LastEvaluatedBackupArn"] == page["BackupSummaries"][-1]["BackupArn"]
    rest = listed(table, ExclusiveStartBackupArn=page["LastEvaluatedBackupArn"])
    assert rest[0] == "number-2"
    assert len(rest) == LIST_BACKUPS_PAGE - 1
    assert len(table.list_backups()["BackupSummaries"]) == LIST_BACKUPS_PAGE


def test_whose_backups(table: Any) -> None:
    missing = ("TableNotFoundException", "Table not found: nothing")
    assert refusal(table.create_backup, TableName="nothing", BackupName="monday") == missing
    arn = backup(table)["BackupArn"]
    elsewhere = unchecked_client("eu-west-1")
    assert elsewhere.list_backups()["BackupSummaries"] == []
    foreign = arn.replace("123456789012", "210987654321")
    for operation in ("describe_backup", "delete_backup"):
        assert refusal(getattr(table, operation), BackupArn=foreign)[0] == "AccessDeniedException"
    nowhere = "x" * 40
    missing = ("BackupNotFoundException", f"Backup not found: {nowhere}")
    assert refusal(table.describe_backup, BackupArn=nowhere) == missing


def test_a_savepoint_takes_backups_back(db: Any, table: Any) -> None:
    arn = backup(table)["BackupArn"]
    with db.savepoint():
        backup(table, "tuesday")
        table.delete_backup(BackupArn=arn)
        assert listed(table) == ["tuesday"]
    assert listed(table) == ["monday"]
