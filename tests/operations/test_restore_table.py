"""RestoreTableFromBackup and RestoreTableToPointInTime."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from freezegun import freeze_time

from dqlmock import TableDelays
from dqlmock.errors import DqlmockError
from tests.conftest import refusal
from tests.operations.tables import create_composite_table, key_schema

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/composite"
NOON = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)
UNITS = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}


def item(number: int) -> dict[str, Any]:
    keys = {"pk": {"S": "a"}, "sk": {"S": str(number)}}
    return {**keys, "l": {"N": str(-number)}, "g": {"S": "g"}, "x": {"SS": ["p", "q"]}}


@pytest.fixture
def table(dynamodb: Any) -> Any:
    create_composite_table(dynamodb)
    for number in range(3):
        dynamodb.put_item(TableName="composite", Item=item(number))
    return dynamodb


def backup(client: Any) -> str:
    details = client.create_backup(TableName="composite", BackupName="monday")["BackupDetails"]
    return str(details["BackupArn"])


def restore(client: Any, arn: str, **overrides: Any) -> Any:
    answer = client.restore_table_from_backup(
        TargetTableName="restored", BackupArn=arn, **overrides
    )
    return answer["TableDescription"]


def described(client: Any, name: str = "restored") -> Any:
    return client.describe_table(TableName=name)["Table"]


def index_names(description: dict[str, Any]) -> list[str]:
    return [index["IndexName"] for index in description.get("GlobalSecondaryIndexes", ())]


def test_the_items_of_the_backup_come_back(table: Any) -> None:
    arn = backup(table)
    before = table.scan(TableName="composite")["Items"]
    table.delete_item(TableName="composite", Key={"pk": {"S": "a"}, "sk": {"S": "0"}})
    table.delete_table(TableName="composite")
    restore(table, arn)
    assert table.scan(TableName="restored")["Items"] == before == [item(n) for n in range(3)]
    assert table.scan(TableName="restored", IndexName="global_keys")["Count"] == 3
    found = table.query(
        TableName="restored",
        IndexName="local",
        KeyConditionExpression="pk = :a AND l < :n",
        ExpressionAttributeValues={":a": {"S": "a"}, ":n": {"N": "0"}},
    )
    assert [each["sk"]["S"] for each in found["Items"]] == ["2", "1"]
    assert described(table)["ItemCount"] == 3


def test_what_is_told_of_a_restored_table(db: Any, table: Any) -> None:
    db.engine.delays = TableDelays(create_s=10)
    with freeze_time(NOON) as clock:
        arn = backup(table)
        clock.tick(timedelta(hours=1))
        answer = restore(table, arn)
        summary = {
            "SourceBackupArn": arn,
            "SourceTableArn": ARN,
            "RestoreDateTime": NOON,
            "RestoreInProgress": True,
        }
        assert answer["RestoreSummary"] == described(table)["RestoreSummary"] == summary
        assert answer["TableStatus"] == "CREATING"
        assert answer["ItemCount"] == 0
        clock.tick(timedelta(seconds=10))
        assert described(table)["RestoreSummary"] == {**summary, "RestoreInProgress": False}
    source = described(table, "composite")
    for member in ("KeySchema", "AttributeDefinitions"):
        assert answer[member] == source[member]
    assert index_names(answer) == index_names(source)
    assert answer["TableId"] != source["TableId"]


def test_what_is_not_restored(table: Any) -> None:
    table.update_table(
        TableName="composite",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        SSESpecification={"Enabled": True},
        DeletionProtectionEnabled=True,
    )
    table.update_table(TableName="composite", TableClass="STANDARD_INFREQUENT_ACCESS")
    table.tag_resource(ResourceArn=ARN, Tags=[{"Key": "a", "Value": "b"}])
    restored = restore(table, backup(table))
    assert restored["SSEDescription"] == described(table, "composite")["SSEDescription"]
    assert restored["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
    assert not restored["DeletionProtectionEnabled"]
    assert "LatestStreamArn" not in restored
    assert table.list_tags_of_resource(ResourceArn=restored["TableArn"])["Tags"] == []


def test_an_index_that_was_being_deleted_is_not_restored(db: Any, table: Any) -> None:
    db.engine.delays = TableDelays(index_delete_s=1000)
    deletion = {"Delete": {"IndexName": "global_keys"}}
    table.update_table(TableName="composite", GlobalSecondaryIndexUpdates=[deletion])
    arn = backup(table)
    features = table.describe_backup(BackupArn=arn)["BackupDescription"]
    assert index_names(features["SourceTableFeatureDetails"]) == ["global_all", "global_include"]
    assert index_names(restore(table, arn)) == ["global_all", "global_include"]


def test_indexes_are_left_out(table: Any) -> None:
    restored = restore(
        table, backup(table), GlobalSecondaryIndexOverride=[], LocalSecondaryIndexOverride=[]
    )
    assert index_names(restored) == []
    assert "LocalSecondaryIndexes" not in restored
    names = [definition["AttributeName"] for definition in restored["AttributeDefinitions"]]
    assert names == ["pk", "sk"]


def test_another_billing_mode(table: Any) -> None:
    arn = backup(table)
    refused = refusal(
        table.restore_table_from_backup,
        TargetTableName="restored",
        BackupArn=arn,
        BillingModeOverride="PROVISIONED",
    )
    assert refused[0] == "ValidationException"
    projection = {"ProjectionType": "ALL"}
    index = {"IndexName": "global_all", "KeySchema": key_schema("g", "l")}
    restored = restore(
        table,
        arn,
        BillingModeOverride="PROVISIONED",
        ProvisionedThroughputOverride=UNITS,
        GlobalSecondaryIndexOverride=[
            {**index, "Projection": projection, "ProvisionedThroughput": UNITS}
        ],
    )
    assert restored["ProvisionedThroughput"] == {**UNITS, "NumberOfDecreasesToday": 0}
    # As the AWS CLI's examples of both operations show a table that never was on demand.
    for description in (restored, described(table)):
        assert description["BillingModeSummary"] == {"BillingMode": "PROVISIONED"}
    assert index_names(restored) == ["global_all"]
    details = table.create_backup(TableName="restored", BackupName="tuesday")["BackupDetails"]
    answer = table.restore_table_from_backup(
        TargetTableName="again",
        BackupArn=details["BackupArn"],
        BillingModeOverride="PAY_PER_REQUEST",
    )
    again = answer["TableDescription"]
    assert again["BillingModeSummary"] == {"BillingMode": "PAY_PER_REQUEST"}
    assert index_names(again) == ["global_all"]


def test_what_refuses_a_restore(table: Any) -> None:
    arn = backup(table)
    call = table.restore_table_from_backup
    there = ("TableAlreadyExistsException", "Table already exists: composite")
    assert refusal(call, TargetTableName="composite", BackupArn=arn) == there
    nowhere = arn[:-8] + "00000000"
    missing = ("BackupNotFoundException", f"Backup not found: {nowhere}")
    assert refusal(call, TargetTableName="composite", BackupArn=nowhere) == missing
    assert "restored" not in table.list_tables()["TableNames"]


def enable_recovery(client: Any) -> None:
    client.update_continuous_backups(
        TableName="composite",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )


def test_the_latest_point_in_time(table: Any) -> None:
    with freeze_time(NOON) as clock:
        enable_recovery(table)
        clock.tick(timedelta(hours=1))
        source = {"SourceTableName": "composite"}
        for target, named in (("restored", source), ("again", {"SourceTableArn": ARN})):
            answer = table.restore_table_to_point_in_time(
                TargetTableName=target, UseLatestRestorableTime=True, **named
            )
            assert answer["TableDescription"]["RestoreSummary"] == {
                "SourceTableArn": ARN,
                "RestoreDateTime": NOON + timedelta(minutes=55),
                "RestoreInProgress": True,
            }
            assert table.scan(TableName=target)["Count"] == 3


def test_what_refuses_a_point_in_time(table: Any) -> None:
    def refused(**request: Any) -> tuple[str, str]:
        return refusal(table.restore_table_to_point_in_time, TargetTableName="restored", **request)

    missing = ("TableNotFoundException", "Table not found: nothing")
    assert refused(SourceTableName="nothing", UseLatestRestorableTime=True) == missing
    assert refused(SourceTableName="composite", UseLatestRestorableTime=True) == (
        "PointInTimeRecoveryUnavailableException",
        "Point in time recovery is not enabled for table 'composite'",
    )
    assert refused(UseLatestRestorableTime=True)[0] == "ValidationException"
    with freeze_time(NOON) as clock:
        enable_recovery(table)
        clock.tick(timedelta(hours=1))
        for moment in (NOON - timedelta(seconds=1), NOON + timedelta(minutes=55, seconds=1)):
            code, _ = refused(SourceTableName="composite", RestoreDateTime=moment)
            assert code == "InvalidRestoreTimeException"
        for moment in (NOON, NOON + timedelta(minutes=55)):
            with pytest.raises(DqlmockError, match="UseLatestRestorableTime"):
                table.restore_table_to_point_in_time(
                    TargetTableName="restored",
                    SourceTableName="composite",
                    RestoreDateTime=moment,
                )


def test_a_savepoint_takes_a_restored_table_back(db: Any, table: Any) -> None:
    arn = backup(table)
    with db.savepoint():
        restore(table, arn)
    assert table.list_tables()["TableNames"] == ["composite"]
    restore(table, arn)
    assert table.scan(TableName="restored")["Count"] == 3
