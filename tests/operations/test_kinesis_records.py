"""What a table with a Kinesis destination sends there."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from dqlmock import DqlmockError, Server, dql_mock
from dqlmock.engine import kinesis
from tests.conftest import unchecked_client
from tests.operations import streaming
from tests.operations.tables import COMPOSITE, create_composite_table, create_hash_table

STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
OTHER = "arn:aws:kinesis:us-east-1:123456789012:stream/others"
NOON = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def enable(client: Any, stream: str = STREAM, precision: str | None = None) -> None:
    configuration = {"ApproximateCreationDateTimePrecision": precision} if precision else {}
    client.enable_kinesis_streaming_destination(
        TableName="hash", StreamArn=stream, EnableKinesisStreamingConfiguration=configuration
    )


def disable(client: Any, stream: str = STREAM) -> None:
    client.disable_kinesis_streaming_destination(TableName="hash", StreamArn=stream)


def put(client: Any, pk: str, **attributes: Any) -> None:
    client.put_item(TableName="hash", Item={"pk": {"S": pk}, **attributes})


def delete(client: Any, pk: str) -> None:
    client.delete_item(TableName="hash", Key={"pk": {"S": pk}})


def events(db: Any, stream: str = STREAM) -> list[tuple[str, str]]:
    return [
        (record["eventName"], record["dynamodb"]["Keys"]["pk"]["S"])
        for record in db.kinesis_records(stream)
    ]


@pytest.fixture
def streamed(dynamodb: Any) -> Any:
    """A client of a table that has a destination."""
    create_hash_table(dynamodb)
    enable(dynamodb)
    return dynamodb


def test_the_records_of_an_items_life(db: Any, streamed: Any) -> None:
    with freeze_time(NOON):
        put(streamed, "a", n={"N": "1"})
        put(streamed, "a", n={"N": "22"})
        delete(streamed, "a")
    inserted, modified, removed = db.kinesis_records(STREAM)
    assert UUID.fullmatch(inserted.pop("eventID"))
    keys = {"pk": {"S": "a"}}
    now_ms = int(NOON.timestamp() * 1000)
    assert inserted == {
        "awsRegion": "us-east-1",
        "eventName": "INSERT",
        "userIdentity": None,
        "recordFormat": "application/json",
        "tableName": "hash",
        "dynamodb": {
            "ApproximateCreationDateTime": now_ms,
            "Keys": keys,
            "NewImage": {**keys, "n": {"N": "1"}},
            "SizeBytes": 9,
        },
        "eventSource": "aws:dynamodb",
    }
    assert modified["eventName"] == "MODIFY"
    assert modified["dynamodb"] == {
        "ApproximateCreationDateTime": now_ms,
        "Keys": keys,
        "NewImage": {**keys, "n": {"N": "22"}},
        "OldImage": {**keys, "n": {"N": "1"}},
        "SizeBytes": 15,
    }
    assert removed["eventName"] == "REMOVE"
    assert "NewImage" not in removed["dynamodb"]
    assert removed["dynamodb"]["OldImage"] == {**keys, "n": {"N": "22"}}


@pytest.mark.parametrize(
    ("precision", "units_per_s"), [("MILLISECOND", 1_000), ("MICROSECOND", 1_000_000)]
)
def test_a_precision_that_was_named(
    db: Any, dynamodb: Any, precision: str, units_per_s: int
) -> None:
    create_hash_table(dynamodb)
    enable(dynamodb, precision=precision)
    moment = NOON + timedelta(milliseconds=125)  # exact in binary, too
    with freeze_time(moment):
        put(dynamodb, "a")
    (record,) = db.kinesis_records(STREAM)
    change = record["dynamodb"]
    assert change["ApproximateCreationDateTime"] == moment.timestamp() * units_per_s
    assert change["ApproximateCreationDateTimePrecision"] == precision


def test_a_changed_precision_is_that_of_the_records_that_follow(db: Any, streamed: Any) -> None:
    put(streamed, "a")
    streamed.update_kinesis_streaming_destination(
        TableName="hash",
        StreamArn=STREAM,
        UpdateKinesisStreamingConfiguration={"ApproximateCreationDateTimePrecision": "MICROSECOND"},
    )
    put(streamed, "b")
    before, after = (record["dynamodb"] for record in db.kinesis_records(STREAM))
    assert "ApproximateCreationDateTimePrecision" not in before
    assert after["ApproximateCreationDateTimePrecision"] == "MICROSECOND"
    factor = after["ApproximateCreationDateTime"] / before["ApproximateCreationDateTime"]
    assert round(factor) == 1000


def test_every_way_to_write_is_followed(db: Any, streamed: Any) -> None:
    key = {"pk": {"S": "a"}}
    streamed.update_item(TableName="hash", Key=key)
    streamed.batch_write_item(RequestItems={"hash": [{"PutRequest": {"Item": {"pk": {"S": "b"}}}}]})
    streamed.transact_write_items(
        TransactItems=[
            {"Delete": {"TableName": "hash", "Key": key}},
            {"Put": {"TableName": "hash", "Item": {"pk": {"S": "c"}}}},
        ]
    )
    streamed.execute_statement(Statement="INSERT INTO hash VALUE {'pk': 'd'}")
    assert sorted(events(db)) == [
        ("INSERT", "a"),
        ("INSERT", "b"),
        ("INSERT", "c"),
        ("INSERT", "d"),
        ("REMOVE", "a"),
    ]


def test_what_changes_nothing_is_not_sent(db: Any, streamed: Any) -> None:
    put(streamed, "a")
    put(streamed, "a")
    delete(streamed, "b")
    assert events(db) == [("INSERT", "a")]


def test_changes_are_sent_only_while_a_destination_is_active(db: Any, streamed: Any) -> None:
    disable(streamed)
    put(streamed, "a")
    enable(streamed)
    put(streamed, "b")
    enable(streamed, OTHER)
    put(streamed, "c")
    disable(streamed)
    put(streamed, "d")
    assert events(db) == [("INSERT", "b"), ("INSERT", "c")]
    assert events(db, OTHER) == [("INSERT", "c"), ("INSERT", "d")]


def test_an_expired_item_is_deleted_by_the_service(db: Any, streamed: Any) -> None:
    streamed.update_time_to_live(
        TableName="hash", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    put(streamed, "a", ttl={"N": str(int(time.time()) + 60)})
    db.clock.advance(timedelta(minutes=2))
    _, removed = db.kinesis_records(STREAM)
    assert removed["eventName"] == "REMOVE"
    assert removed["userIdentity"] == {
        "principalId": "dynamodb.amazonaws.com",
        "type": "Service",
    }


def test_a_stream_of_dynamodb_goes_on_beside_it(db: Any, dynamodb: Any, streams: Any) -> None:
    arn = streaming.create_streamed_table(dynamodb, view_type="KEYS_ONLY")
    enable(dynamodb)
    put(dynamodb, "a", n={"N": "1"})
    disable(dynamodb)
    put(dynamodb, "b")
    found = streaming.records(streams, arn)
    assert streaming.events(found) == [("INSERT", "a"), ("INSERT", "b")]
    assert "NewImage" not in found[0]["dynamodb"]
    assert db.kinesis_records(STREAM)[0]["dynamodb"]["NewImage"]["n"] == {"N": "1"}


def test_a_stream_that_no_table_ever_sent_to(db: Any, streamed: Any) -> None:
    assert db.kinesis_records(STREAM) == []
    with pytest.raises(DqlmockError, match="No table ever sent its changes to 'arn:unknown'"):
        db.kinesis_records("arn:unknown")


def test_the_oldest_records_are_forgotten(
    db: Any, streamed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinesis, "RECORDS_KEPT", 2)
    for pk in "abc":
        put(streamed, pk)
    assert events(db) == [("INSERT", "b"), ("INSERT", "c")]
    with db.savepoint():
        put(streamed, "d")
        assert events(db) == [("INSERT", "c"), ("INSERT", "d")]
    assert events(db) == [("INSERT", "b"), ("INSERT", "c")]


def test_the_records_of_an_item_share_a_partition_key(db: Any, streamed: Any) -> None:
    put(streamed, "a")
    delete(streamed, "a")
    put(streamed, "b")
    first, second, third = (record.partition_key for record in db.engine.kinesis_records(STREAM))
    assert first == second != third
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in (first, third))


def test_a_sink_takes_the_records_instead(db: Any, streamed: Any) -> None:
    taken: list[tuple[str, str, bytes]] = []
    db.engine.kinesis_sink = lambda *record: taken.append(record)
    put(streamed, "a")
    db.engine.kinesis_sink = None
    put(streamed, "b")
    ((stream, partition_key, data),) = taken
    assert stream == STREAM
    assert re.fullmatch("[0-9a-f]{32}", partition_key)
    assert json.loads(data)["dynamodb"]["Keys"] == {"pk": {"S": "a"}}
    assert events(db) == [("INSERT", "b")]


def test_a_sink_that_raises_leaves_an_item_and_its_indexes_alike(db: Any, dynamodb: Any) -> None:
    def grouped() -> list[str]:
        items = dynamodb.scan(TableName=COMPOSITE, IndexName="global_keys")["Items"]
        return [item["g"]["S"] for item in items]

    def fail(*record: object) -> None:
        raise AssertionError("of a test")

    create_composite_table(dynamodb)
    dynamodb.enable_kinesis_streaming_destination(TableName=COMPOSITE, StreamArn=STREAM)
    db.engine.kinesis_sink = fail
    key = {"pk": {"S": "a"}, "sk": {"S": "1"}}
    with pytest.raises(AssertionError, match="of a test"):
        dynamodb.put_item(TableName=COMPOSITE, Item={**key, "g": {"S": "one"}})
    assert grouped() == ["one"]
    change = {"g": {"Value": {"S": "two"}}}
    with pytest.raises(AssertionError, match="of a test"):
        dynamodb.update_item(TableName=COMPOSITE, Key=key, AttributeUpdates=change)
    assert grouped() == ["two"]
    with pytest.raises(AssertionError, match="of a test"):
        dynamodb.delete_item(TableName=COMPOSITE, Key=key)
    assert grouped() == []


def test_a_savepoint_takes_records_back(db: Any, streamed: Any) -> None:
    put(streamed, "a")
    with db.savepoint():
        put(streamed, "b")
        disable(streamed)
        enable(streamed, OTHER)
        put(streamed, "c")
    put(streamed, "d")
    assert events(db) == [("INSERT", "a"), ("INSERT", "d")]
    with pytest.raises(DqlmockError):
        db.kinesis_records(OTHER)


def test_a_dump_holds_the_destinations_and_no_records(
    db: Any, streamed: Any, tmp_path: Path
) -> None:
    put(streamed, "a")
    enable(streamed, OTHER, "MICROSECOND")
    disable(streamed, OTHER)
    described = streamed.describe_kinesis_streaming_destination(TableName="hash")
    db.dump(tmp_path / "dump")
    with dql_mock() as restored:
        restored.restore(tmp_path / "dump")
        client = unchecked_client()
        found = client.describe_kinesis_streaming_destination(TableName="hash")
        assert found["KinesisDataStreamDestinations"] == described["KinesisDataStreamDestinations"]
        put(client, "b")
        assert events(restored) == [("INSERT", "b")]


def test_a_deleted_table_leaves_its_records(db: Any, streamed: Any) -> None:
    put(streamed, "a")
    streamed.delete_table(TableName="hash")
    assert events(db) == [("INSERT", "a")]


def test_a_server_has_them_too() -> None:
    with Server() as server:
        client = unchecked_client(
            endpoint_url=server.endpoint_url, aws_access_key_id="x", aws_secret_access_key="x"
        )
        create_hash_table(client)
        enable(client)
        put(client, "a")
        assert events(server) == [("INSERT", "a")]
