"""A whole engine to one file and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from dqlmock import TableDelays, dql_mock
from dqlmock.data.faults import DataFileError
from dqlmock.errors import DqlmockError
from tests.engine_state import check, state_of

TABLES: dict[str, Any] = {
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "n", "AttributeType": "N"},
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_n",
            "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]},
            "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2},
        }
    ],
    "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    "TableClass": "STANDARD_INFREQUENT_ACCESS",
    "Tags": [{"Key": "team", "Value": "shop"}],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}


@pytest.fixture
def db() -> Iterator[Any]:
    with dql_mock() as running:
        yield running


def fill(region: str) -> None:
    client = boto3.client("dynamodb", region_name=region)
    client.create_table(TableName="tab", **TABLES)
    specification = {"Enabled": True, "AttributeName": "ttl"}
    client.update_time_to_live(TableName="tab", TimeToLiveSpecification=specification)
    arn = f"arn:aws:dynamodb:{region}:123456789012:table/tab"
    client.put_resource_policy(ResourceArn=arn, Policy="{}")
    client.update_continuous_backups(
        TableName="tab", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    for number in range(20):
        item: dict[str, Any] = {"pk": {"S": f"é {number}"}, "n": {"N": str(number % 3)}}
        item["ttl"] = {"N": "99999999999"}
        item["bytes"] = {"B": b"\x00\xff"}
        client.put_item(TableName="tab", Item=item)


@pytest.mark.parametrize("name", ["all.dql", "all.dql.gz"])
def test_all_is_back(db: Any, tmp_path: Path, name: str) -> None:
    fill("us-east-1")
    fill("eu-west-1")
    db.clock.advance(timedelta(hours=1))
    before = state_of(db.engine)
    db.dump(tmp_path / name)
    db.engine.reset()
    db.clock.advance(timedelta(days=1))
    boto3.client("dynamodb").create_table(TableName="other", **TABLES)
    db.restore(tmp_path / name)
    assert state_of(db.engine) == before
    check(db.engine)


def all_records(region: str) -> list[Any]:
    streams = boto3.client("dynamodbstreams", region_name=region)
    found = []
    for stream in streams.list_streams()["Streams"]:
        arn = stream["StreamArn"]
        described = streams.describe_stream(StreamArn=arn)["StreamDescription"]
        found.append(described)
        for shard in described["Shards"]:
            iterator: str | None = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            page = streams.get_records(ShardIterator=iterator)
            found.append((page["Records"], page.get("NextShardIterator") is None))
    return found


def test_streams_answer_as_before(db: Any, tmp_path: Path) -> None:
    fill("us-east-1")
    client = boto3.client("dynamodb")
    arn = client.describe_table(TableName="tab")["Table"]["LatestStreamArn"]
    streams = boto3.client("dynamodbstreams")
    [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    db.split_shard(arn, shard["ShardId"])
    client.delete_item(TableName="tab", Key={"pk": {"S": "é 1"}})
    client.create_table(TableName="gone", **TABLES)
    client.put_item(TableName="gone", Item={"pk": {"S": "a"}})
    client.delete_table(TableName="gone")  # its stream can be read for 24 hours
    before = all_records("us-east-1")
    db.dump(tmp_path / "file")
    db.engine.reset()
    db.restore(tmp_path / "file")
    assert all_records("us-east-1") == before
    assert len(before) == 6  # two streams, and their four shards
    client.put_item(TableName="tab", Item={"pk": {"S": "new"}})
    assert count_of(all_records("us-east-1")) == count_of(before) + 1 == 23
    db.clock.advance(timedelta(hours=25))
    assert count_of(all_records("us-east-1")) == 0


def count_of(described: list[Any]) -> int:
    return sum(len(entry[0]) for entry in described if isinstance(entry, tuple))


def test_the_tags_of_a_stream_are_back(db: Any, tmp_path: Path) -> None:
    fill("us-east-1")
    client = boto3.client("dynamodb")
    arn = client.describe_table(TableName="tab")["Table"]["LatestStreamArn"]
    client.tag_resource(ResourceArn=arn, Tags=[{"Key": "of", "Value": "stream"}])
    db.dump(tmp_path / "file")
    db.restore(tmp_path / "file")
    kept = client.list_tags_of_resource(ResourceArn=arn)["Tags"]
    assert kept == [{"Key": "of", "Value": "stream"}]


def test_tokens_are_held_for_the_rest_of_their_time(db: Any, tmp_path: Path) -> None:
    fill("us-east-1")
    client = boto3.client("dynamodb")

    def count_up() -> int:
        update = {
            "TableName": "tab",
            "Key": {"pk": {"S": "count"}},
            "UpdateExpression": "ADD c :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
        client.transact_write_items(
            TransactItems=[{"Update": update}], ClientRequestToken="the-same"
        )
        item = client.get_item(TableName="tab", Key={"pk": {"S": "count"}})["Item"]
        return int(item["c"]["N"])

    assert count_up() == 1
    db.clock.advance(timedelta(minutes=5))
    db.dump(tmp_path / "file")
    db.restore(tmp_path / "file")
    assert count_up() == 1
    db.clock.advance(timedelta(minutes=6))
    assert count_up() == 2


def test_a_table_that_is_being_changed_is_not_dumped(tmp_path: Path) -> None:
    with dql_mock(delays=TableDelays(create_s=10)) as db:
        boto3.client("dynamodb").create_table(TableName="tab", **TABLES)
        with pytest.raises(DqlmockError, match="The table 'tab' is CREATING"):
            db.dump(tmp_path / "file")
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (lambda lines: [b"{}\n"], 1, "expected a dump of dqlmock, version 2"),
        (lambda lines: [lines[0], b"{}\n"], 2, "expected a table, a stream or tokens"),
        (lambda lines: lines[:5], 6, "expected an item: the table has 20"),
        (lambda lines: [*lines[:3], b"{no\n"], 4, "expected a line of a dump"),
        (lambda lines: lines[:-1], 43, "expected a record: the stream has 20"),
        (lambda lines: [*lines[:-1], b'{"shard":"none"}\n'], 43, "expected a record"),
    ],
)
def test_a_bad_dump_is_told_and_changes_nothing(
    db: Any, tmp_path: Path, change: Any, line: int, reason: str
) -> None:
    fill("us-east-1")
    db.dump(tmp_path / "file")
    lines = (tmp_path / "file").read_bytes().splitlines(keepends=True)
    (tmp_path / "bad").write_bytes(b"".join(change(lines)))
    before = state_of(db.engine)
    with pytest.raises(DataFileError) as caught:
        db.restore(tmp_path / "bad")
    assert caught.value.line == line
    assert reason in caught.value.reason
    assert state_of(db.engine) == before


def test_a_dump_that_was_packed_and_broken(db: Any, tmp_path: Path) -> None:
    fill("us-east-1")
    db.dump(tmp_path / "file.gz")
    content = bytearray((tmp_path / "file.gz").read_bytes())
    content[10 + len("file\0")] = 0xFF  # behind the head: a block of no type there is
    (tmp_path / "file.gz").write_bytes(content)
    before = state_of(db.engine)
    with pytest.raises(DataFileError, match="expected a line of a dump"):
        db.restore(tmp_path / "file.gz")
    assert state_of(db.engine) == before
