"""Exports to moto's S3 and imports from it, however the two mocks are nested."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

import boto3
import pytest

from dqlmock import DqlmockError, Server, dql_mock, mock_dynamodb
from tests.operations.tables import attribute, key_schema

moto = pytest.importorskip("moto", reason="moto is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

TABLE = {
    "AttributeDefinitions": [attribute("pk")],
    "KeySchema": key_schema("pk"),
    "BillingMode": "PAY_PER_REQUEST",
}


def _bucket(region: str = "us-east-1") -> Any:
    s3 = boto3.client("s3", region)
    where = {} if region == "us-east-1" else {"LocationConstraint": region}
    options = {"CreateBucketConfiguration": where} if where else {}
    s3.create_bucket(Bucket="exports", **options)
    return s3


def _export(client: Any) -> Any:
    arn = client.create_table(TableName="orders", **TABLE)["TableDescription"]["TableArn"]
    client.put_item(TableName="orders", Item={"pk": {"S": "a"}, "é": {"N": "1"}})
    client.update_continuous_backups(
        TableName="orders",
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    begun = client.export_table_to_point_in_time(TableArn=arn, S3Bucket="exports")
    told = client.describe_export(ExportArn=begun["ExportDescription"]["ExportArn"])
    return told["ExportDescription"]


def _round_trip(region: str = "us-east-1", **options: Any) -> None:
    s3, client = _bucket(region), boto3.client("dynamodb", region, **options)
    manifest = _export(client)["ExportManifest"]
    summary = json.loads(s3.get_object(Bucket="exports", Key=manifest)["Body"].read())
    files = s3.get_object(Bucket="exports", Key=summary["manifestFilesS3Key"])["Body"].read()
    (line,) = map(json.loads, files.splitlines())
    data = s3.get_object(Bucket="exports", Key=line["dataFileS3Key"])
    assert data["ETag"].strip('"') == line["etag"]
    assert data["ServerSideEncryption"] == "AES256"
    item = json.loads(gzip.decompress(data["Body"].read()))["Item"]
    assert item == {"pk": {"S": "a"}, "é": {"N": "1"}}
    begun = client.import_table(
        S3BucketSource={"S3Bucket": "exports", "S3KeyPrefix": line["dataFileS3Key"]},
        InputFormat="DYNAMODB_JSON",
        InputCompressionType="GZIP",
        TableCreationParameters={"TableName": "copy", **TABLE},
    )["ImportTableDescription"]
    client.get_waiter("import_completed").wait(ImportArn=begun["ImportArn"])
    assert client.scan(TableName="copy")["Items"] == [item]


def test_however_nested() -> None:
    with moto.mock_aws(), mock_dynamodb():
        _round_trip()
    with dql_mock(), moto.mock_aws():
        _round_trip("eu-west-1")
    moto.mock_aws(mock_dynamodb(_round_trip))()
    mock_dynamodb()(moto.mock_aws(_round_trip))("eu-west-1")


def test_through_a_server() -> None:
    with moto.mock_aws(), Server() as server:
        keys = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
        _round_trip(endpoint_url=server.endpoint_url, **keys)


def test_from_a_coroutine() -> None:
    async def work() -> None:
        await asyncio.to_thread(_round_trip)

    with moto.mock_aws(), mock_dynamodb():
        asyncio.run(work())


def test_a_bucket_that_does_not_exist() -> None:
    with moto.mock_aws(), mock_dynamodb():
        told = _export(boto3.client("dynamodb", "us-east-1"))
    assert (told["ExportStatus"], told["FailureCode"]) == ("FAILED", "S3NoSuchBucket")
    assert told["FailureMessage"].startswith(
        "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: "
        "NoSuchBucket; Request ID: "
    )


def test_moto_that_does_not_run() -> None:
    with mock_dynamodb(passthrough=("s3",)):
        client = boto3.client("dynamodb", "us-east-1")
        with pytest.raises(DqlmockError, match=r"mock_aws\(\), dql_mock\(\)"):
            _export(client)
