"""ExportTableToPointInTime, DescribeExport and ListExports."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from hashlib import md5
from typing import Any

import pytest
from botocore.handlers import generate_idempotent_uuid
from freezegun import freeze_time

from dqlmock import DqlmockError
from dqlmock.limits import LIST_TRANSFERS_PAGE, TRANSFER_RETENTION_S, TRANSFER_TOKEN_S
from tests.conftest import refusal, unchecked_client
from tests.engine_state import state_of
from tests.operations.objects import NO_BUCKET, Objects
from tests.operations.tables import create_hash_table

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
NOON = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)
CONFLICT = "There was a conflict when writing to the specified S3 bucket."
OUTSIDE = "The specified ExportTime is outside of the point in time recovery window."


def enable(client: Any, table: str = "hash", enabled: bool = True) -> None:
    client.update_continuous_backups(
        TableName=table,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
    )


def export(client: Any, **parameters: Any) -> Any:
    parameters = {"TableArn": ARN, "S3Bucket": "bucket", **parameters}
    return client.export_table_to_point_in_time(**parameters)["ExportDescription"]


def described(client: Any, export_arn: str) -> Any:
    return client.describe_export(ExportArn=export_arn)["ExportDescription"]


def refused(client: Any, **parameters: Any) -> tuple[str, str]:
    parameters = {"TableArn": ARN, "S3Bucket": "bucket", **parameters}
    return refusal(client.export_table_to_point_in_time, **parameters)


@pytest.fixture
def objects(db: Any) -> Objects:
    objects = Objects()
    db.engine.open_objects = objects.open
    return objects


@pytest.fixture
def table(dynamodb: Any, objects: Objects) -> Any:
    with freeze_time(NOON):
        create_hash_table(dynamodb)
        dynamodb.put_item(TableName="hash", Item={"pk": {"S": "a"}, "n": {"N": "1.0"}})
        enable(dynamodb)
    return dynamodb


def test_what_an_export_tells(table: Any) -> None:
    with freeze_time(NOON):
        begun = export(table, ClientToken="t", S3BucketOwner="111122223333")
        ended = described(table, begun["ExportArn"])
    assert re.fullmatch(ARN + r"/export/01790856000000-[0-9a-f]{8}", begun["ExportArn"])
    assert begun == {
        "ExportArn": begun["ExportArn"],
        "ExportStatus": "IN_PROGRESS",
        "StartTime": NOON,
        "TableArn": ARN,
        "TableId": table.describe_table(TableName="hash")["Table"]["TableId"],
        "ExportTime": NOON,
        "ClientToken": "t",
        "S3Bucket": "bucket",
        "S3BucketOwner": "111122223333",
        "S3SseAlgorithm": "AES256",
        "ExportFormat": "DYNAMODB_JSON",
    }
    export_id = begun["ExportArn"].rpartition("/")[2]
    assert ended == {
        **begun,
        "ExportStatus": "COMPLETED",
        "EndTime": NOON,
        "ExportManifest": f"AWSDynamoDB/{export_id}/manifest-summary.json",
        "BilledSizeBytes": 6,
        "ItemCount": 1,
    }


def test_an_export_tells_its_type_where_it_was_asked_for(table: Any) -> None:
    arn = export(table, ExportType="FULL_EXPORT")["ExportArn"]
    assert described(table, arn)["ExportType"] == "FULL_EXPORT"


def test_the_files(table: Any, objects: Objects) -> None:
    with freeze_time(NOON):
        begun = export(table, S3Prefix="2026-Oct", S3SseAlgorithm="KMS", S3SseKmsKeyId="key-1")
    directory = f"2026-Oct/AWSDynamoDB/{begun['ExportArn'].rpartition('/')[2]}"
    data_key = next(key for key in objects.bodies if "/data/" in key)
    assert re.fullmatch(directory + r"/data/[a-z2-7]{26}\.json\.gz", data_key)
    manifests = ["manifest-summary.json", "manifest-summary.md5"]
    manifests += ["manifest-files.json", "manifest-files.md5"]
    assert objects.bodies.keys() == {
        f"{directory}/_started",
        data_key,
        *(f"{directory}/{name}" for name in manifests),
    }
    assert objects.bodies[f"{directory}/_started"] == b""
    data = objects.bodies[data_key]
    assert gzip.decompress(data) == b'{"Item":{"pk":{"S":"a"},"n":{"N":"1"}}}\n'
    (line,) = objects.bodies[f"{directory}/manifest-files.json"].splitlines()
    assert json.loads(line) == {
        "itemCount": 1,
        "md5Checksum": b64encode(md5(data).digest()).decode(),
        "etag": md5(data).hexdigest(),
        "dataFileS3Key": data_key,
    }
    summary = objects.bodies[f"{directory}/manifest-summary.json"]
    assert json.loads(summary) == {
        "version": "2020-06-30",
        "exportArn": begun["ExportArn"],
        "startTime": "2026-10-01T12:00:00.000Z",
        "endTime": "2026-10-01T12:00:00.000Z",
        "tableArn": ARN,
        "tableId": begun["TableId"],
        "exportTime": "2026-10-01T12:00:00.000Z",
        "s3Bucket": "bucket",
        "s3Prefix": "2026-Oct",
        "s3SseAlgorithm": "KMS",
        "s3SseKmsKeyId": "key-1",
        "manifestFilesS3Key": f"{directory}/manifest-files.json",
        "billedSizeBytes": 6,
        "itemCount": 1,
        "outputFormat": "DYNAMODB_JSON",
        "exportType": "FULL_EXPORT",
    }
    checksum = objects.bodies[f"{directory}/manifest-summary.md5"]
    assert checksum == b64encode(md5(summary).digest())
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "key-1"}
    assert list(objects.options.values()) == [encryption] * len(objects.bodies)
    assert objects.callers == [("123456789012", "us-east-1")]


def test_a_table_without_items(table: Any, objects: Objects) -> None:
    with freeze_time(NOON):
        table.delete_item(TableName="hash", Key={"pk": {"S": "a"}})
        arn = export(table)["ExportArn"]
        ended = described(table, arn)
    assert (ended["ItemCount"], ended["BilledSizeBytes"]) == (0, 0)
    data = next(body for key, body in objects.bodies.items() if "/data/" in key)
    assert gzip.decompress(data) == b""
    summary = json.loads(objects.bodies[ended["ExportManifest"]])
    assert (summary["s3Prefix"], summary["s3SseKmsKeyId"]) == (None, None)
    assert set(map(str, objects.options.values())) == {"{'ServerSideEncryption': 'AES256'}"}


def test_clients_can_wait_for_it(table: Any) -> None:
    with freeze_time(NOON):
        arn = export(table)["ExportArn"]
        table.get_waiter("export_completed").wait(ExportArn=arn)


def test_a_bucket_that_does_not_exist(table: Any) -> None:
    with freeze_time(NOON):
        begun = export(table, S3Bucket="other")
        ended = described(table, begun["ExportArn"])
    assert begun["ExportStatus"] == "IN_PROGRESS"
    assert ended == {**begun, "ExportStatus": "FAILED", **NO_BUCKET}


def test_nobody_plays_s3(table: Any, db: Any) -> None:
    def none(account: str, region: str) -> Objects:
        raise DqlmockError("no S3")

    db.engine.open_objects = none
    with freeze_time(NOON):
        with pytest.raises(DqlmockError, match="no S3"):
            export(table)
        assert table.list_exports()["ExportSummaries"] == []


def test_without_point_in_time_recovery(table: Any) -> None:
    enable(table, enabled=False)
    assert refused(table) == (
        "PointInTimeRecoveryUnavailableException",
        "Point in time recovery is not enabled for table 'hash'",
    )


def test_a_table_that_does_not_exist(table: Any) -> None:
    assert refused(table, TableArn=f"{ARN}-not") == (
        "TableNotFoundException",
        "Table not found: hash-not",
    )


@pytest.mark.parametrize("arn", ["hash", f"{ARN}/stream/1", ARN.replace("us-east-1", "eu-west-1")])
def test_an_arn_of_no_table_here(table: Any, arn: str) -> None:
    message = f"Invalid TableArn: Invalid ResourceArn provided as input {arn}"
    assert refused(table, TableArn=arn) == ("ValidationException", message)


class TestExportTime:
    @pytest.mark.parametrize("moment", [NOON - timedelta(seconds=1), NOON + timedelta(seconds=61)])
    def test_outside_the_window(self, table: Any, moment: datetime) -> None:
        with freeze_time(NOON + timedelta(seconds=60)):
            assert refused(table, ExportTime=moment) == ("InvalidExportTimeException", OUTSIDE)

    @pytest.mark.parametrize("moment", [NOON, NOON + timedelta(seconds=60)])
    def test_the_last_minute_is_now(self, table: Any, moment: datetime) -> None:
        with freeze_time(NOON + timedelta(seconds=60)):
            begun = export(table, ExportTime=moment)
            assert described(table, begun["ExportArn"])["ExportTime"] == moment

    def test_the_second_of_being_enabled(self, table: Any) -> None:
        with freeze_time(NOON + timedelta(milliseconds=700)):
            enable(table, enabled=False)
            enable(table)
            assert export(table, ExportTime=NOON)["ExportStatus"] == "IN_PROGRESS"

    def test_the_past_is_not_kept(self, table: Any) -> None:
        with (
            freeze_time(NOON + timedelta(seconds=61)),
            pytest.raises(DqlmockError, match="can't answer ExportTime: it keeps no past items"),
        ):
            export(table, ExportTime=NOON)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"ExportFormat": "ION"}, "can't answer ExportFormat ION"),
        ({"ExportType": "INCREMENTAL_EXPORT"}, "can't answer ExportType INCREMENTAL_EXPORT"),
        ({"FilterSpecification": {"FilterExpression": "n > :n"}}, "can't answer FilterSpecif"),
    ],
)
def test_what_is_not_built(table: Any, parameters: dict[str, Any], message: str) -> None:
    with freeze_time(NOON), pytest.raises(DqlmockError, match=message):
        export(table, **parameters)


class TestClientToken:
    def test_the_same_request(self, table: Any, objects: Objects) -> None:
        with freeze_time(NOON):
            first = export(table, ClientToken="t")
            objects.bodies.clear()
            again = export(table, ClientToken="t")
            assert again == described(table, first["ExportArn"])
            assert not objects.bodies
            assert len(table.list_exports()["ExportSummaries"]) == 1

    def test_another_request(self, table: Any) -> None:
        with freeze_time(NOON):
            export(table, ClientToken="t")
            answer = refused(table, ClientToken="t", S3Prefix="p")
            assert answer == ("ExportConflictException", CONFLICT)
            assert export(table, ClientToken="u")["ClientToken"] == "u"

    def test_for_eight_hours(self, table: Any) -> None:
        with freeze_time(NOON):
            first = export(table, ClientToken="t")["ExportArn"]
        with freeze_time(NOON + timedelta(seconds=TRANSFER_TOKEN_S - 1)):
            assert export(table, ClientToken="t")["ExportArn"] == first
        with freeze_time(NOON + timedelta(seconds=TRANSFER_TOKEN_S)):
            assert export(table, ClientToken="t")["ExportArn"] != first

    def test_none(self, table: Any) -> None:
        table.meta.events.unregister("before-parameter-build", generate_idempotent_uuid)
        with freeze_time(NOON):
            exports = [export(table) for _ in range(2)]
        assert not any("ClientToken" in each for each in exports)
        assert exports[0]["ExportArn"] != exports[1]["ExportArn"]


@pytest.mark.parametrize(
    "arn", ["x" * 37, f"{ARN}/export/01790856000000-00000000", f"{ARN}/import/017-0/0"]
)
def test_an_export_that_does_not_exist(table: Any, arn: str) -> None:
    assert refusal(table.describe_export, ExportArn=arn) == (
        "ExportNotFoundException",
        "The specified export was not found.",
    )


def test_of_another_region(table: Any) -> None:
    with freeze_time(NOON):
        arn = export(table)["ExportArn"]
        elsewhere = unchecked_client("eu-west-1")
        code, _ = refusal(elsewhere.describe_export, ExportArn=arn)
    assert code == "ExportNotFoundException"


def test_exports_are_remembered_for_90_days(table: Any) -> None:
    with freeze_time(NOON):
        arn = export(table)["ExportArn"]
        table.delete_table(TableName="hash")
    with freeze_time(NOON + timedelta(seconds=TRANSFER_RETENTION_S - 1)):
        assert described(table, arn)["ExportStatus"] == "COMPLETED"
        assert [each["ExportArn"] for each in table.list_exports()["ExportSummaries"]] == [arn]
    with freeze_time(NOON + timedelta(seconds=TRANSFER_RETENTION_S)):
        assert refusal(table.describe_export, ExportArn=arn)[0] == "ExportNotFoundException"
        assert table.list_exports()["ExportSummaries"] == []


class TestListExports:
    def test_in_reverse_order(self, table: Any) -> None:
        with freeze_time(NOON):
            create_hash_table(table, "aaaa")
            enable(table, "aaaa")
            arns = [export(table)["ExportArn"] for _ in range(2)]
            arns.append(export(table, TableArn=ARN.replace("hash", "aaaa"))["ExportArn"])
            listed = table.list_exports()
            of_table = table.list_exports(TableArn=ARN)
        assert len(set(arns)) == 3
        assert "NextToken" not in listed
        assert [each["ExportArn"] for each in listed["ExportSummaries"]] == sorted(
            arns, reverse=True
        )
        first = of_table["ExportSummaries"][0]
        assert first == {
            "ExportArn": arns[1],
            "ExportStatus": "COMPLETED",
            "ExportType": "FULL_EXPORT",
        }
        assert len(of_table["ExportSummaries"]) == 2

    def test_pages(self, table: Any) -> None:
        with freeze_time(NOON):
            arns = {export(table)["ExportArn"] for _ in range(LIST_TRANSFERS_PAGE + 1)}
            page = table.list_exports()
            rest = table.list_exports(NextToken=page["NextToken"])
            small = table.list_exports(MaxResults=1)["ExportSummaries"]
            exact = table.list_exports(MaxResults=1, NextToken=page["NextToken"])
        found = [each["ExportArn"] for each in page["ExportSummaries"] + rest["ExportSummaries"]]
        assert len(page["ExportSummaries"]) == LIST_TRANSFERS_PAGE
        assert found == sorted(arns, reverse=True)
        assert small == page["ExportSummaries"][:1]
        assert "NextToken" not in rest
        assert "NextToken" not in exact

    def test_a_token_that_is_none(self, table: Any) -> None:
        assert refusal(table.list_exports, NextToken="x") == (
            "ValidationException",
            "One or more parameter values were invalid",
        )

    @pytest.mark.parametrize("most", [0, LIST_TRANSFERS_PAGE + 1])
    def test_bounds(self, table: Any, most: int) -> None:
        code, message = refusal(table.list_exports, MaxResults=most)
        assert code == "ValidationException"
        assert "maxResults" in message or "MaxResults" in message


def test_a_savepoint_takes_exports_back(table: Any, db: Any) -> None:
    with freeze_time(NOON):
        kept = export(table)["ExportArn"]
        before = state_of(db.engine)
        with db.savepoint():
            gone = export(table)["ExportArn"]
            export(table, S3Bucket="other")
        assert state_of(db.engine) == before
        assert refusal(table.describe_export, ExportArn=gone)[0] == "ExportNotFoundException"
        assert described(table, kept)["ExportStatus"] == "COMPLETED"
