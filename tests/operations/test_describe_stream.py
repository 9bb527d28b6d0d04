from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dqlmock import DqlmockError, TableDelays, dql_mock
from tests.conftest import refusal, unchecked_client, unchecked_streams_client
from tests.operations.streaming import (
    create_streamed_table,
    delete,
    disable,
    enable,
    events,
    put,
    records,
    shards,
)


def described(streams: Any, arn: str, **parameters: Any) -> dict[str, Any]:
    answer: dict[str, Any] = streams.describe_stream(StreamArn=arn, **parameters)
    return dict(answer["StreamDescription"])


def test_a_stream_is_described(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb, sort="sk", view_type="KEYS_ONLY")
    table = dynamodb.describe_table(TableName="hash")["Table"]
    description = described(streams, arn)
    (shard,) = description.pop("Shards")
    assert abs(description.pop("CreationRequestDateTime") - table["CreationDateTime"]) < timedelta(
        seconds=1
    )
    assert description == {
        "StreamArn": arn,
        "StreamLabel": table["LatestStreamLabel"],
        "StreamStatus": "ENABLED",
        "StreamViewType": "KEYS_ONLY",
        "TableName": "hash",
        "KeySchema": table["KeySchema"],
    }
    assert len(shard["ShardId"]) == 37
    assert shard["ShardId"].startswith("shardId-")
    assert shard.keys() == {"ShardId", "SequenceNumberRange"}
    assert shard["SequenceNumberRange"].keys() == {"StartingSequenceNumber"}
    assert len(shard["SequenceNumberRange"]["StartingSequenceNumber"]) == 21


def test_a_disabled_stream_has_closed_shards(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    put(dynamodb, "a")
    put(dynamodb, "b")
    last = records(streams, arn)[-1]["dynamodb"]["SequenceNumber"]
    disable(dynamodb)
    put(dynamodb, "unrecorded")
    description = described(streams, arn)
    assert description["StreamStatus"] == "DISABLED"
    assert description["Shards"][0]["SequenceNumberRange"]["EndingSequenceNumber"] == last
    assert events(records(streams, arn)) == [("INSERT", "a"), ("INSERT", "b")]
    table = dynamodb.describe_table(TableName="hash")["Table"]
    assert "StreamSpecification" not in table
    assert table["LatestStreamArn"] == arn


def test_an_empty_closed_shard_ends_where_it_starts(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    disable(dynamodb)
    numbers = described(streams, arn)["Shards"][0]["SequenceNumberRange"]
    assert numbers["EndingSequenceNumber"] == numbers["StartingSequenceNumber"]


def test_a_stream_enabled_again_is_another(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    put(dynamodb, "a")
    disable(dynamodb)
    again = enable(dynamodb, view_type="KEYS_ONLY")
    delete(dynamodb, "a")
    assert again != arn
    assert events(records(streams, arn)) == [("INSERT", "a")]
    assert events(records(streams, again)) == [("REMOVE", "a")]
    assert described(streams, again)["StreamViewType"] == "KEYS_ONLY"
    table = dynamodb.describe_table(TableName="hash")["Table"]
    assert table["LatestStreamArn"] == again
    assert table["LatestStreamLabel"] == again.rpartition("/")[2]


def test_a_deleted_tables_stream_is_readable(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    put(dynamodb, "a")
    dynamodb.delete_table(TableName="hash")
    again = create_streamed_table(dynamodb)
    assert described(streams, arn)["StreamStatus"] == "DISABLED"
    assert events(records(streams, arn)) == [("INSERT", "a")]
    assert records(streams, again) == []


def test_an_absent_or_unknown_arn(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    assert refusal(streams.describe_stream) == (
        "ValidationException",
        (
            "1 validation error detected: Value null at 'streamArn' failed to satisfy constraint: "
            "Member must not be null"
        ),
    )
    for unknown in (
        f"{arn}9",
        arn.replace("us-east-1", "eu-west-1"),
        arn.replace("123456789012", "111122223333"),
        arn.rpartition("/stream/")[0],
        "x" * 40,
    ):
        assert refusal(streams.describe_stream, StreamArn=unknown) == (
            "ResourceNotFoundException",
            f"Requested resource not found: Stream: {unknown} not found",
        )


def test_the_limit_is_100(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    assert len(described(streams, arn, Limit=100)["Shards"]) == 1
    assert refusal(streams.describe_stream, StreamArn=arn, Limit=101) == (
        "ValidationException",
        "One or more parameter values were invalid: Limit cannot be greater than the maximum: 100",
    )


@pytest.fixture
def sharded() -> Iterator[Any]:
    with dql_mock(stream_shards=4) as running:
        yield running


def test_pages_of_shards(sharded: Any) -> None:
    streams = unchecked_streams_client()
    arn = create_streamed_table(unchecked_client())
    ids = [shard["ShardId"] for shard in shards(streams, arn)]
    assert len(set(ids)) == 4
    assert ids == sorted(ids)
    first = described(streams, arn, Limit=3)
    assert [shard["ShardId"] for shard in first["Shards"]] == ids[:3]
    assert first["LastEvaluatedShardId"] == ids[2]
    rest = described(streams, arn, Limit=1, ExclusiveStartShardId=ids[2])
    assert [shard["ShardId"] for shard in rest["Shards"]] == ids[3:]
    assert "LastEvaluatedShardId" not in rest


def test_a_split_shard_is_closed_and_has_children(sharded: Any) -> None:
    streams = unchecked_streams_client()
    arn = create_streamed_table(unchecked_client())
    parent = shards(streams, arn)[1]["ShardId"]
    children = sharded.split_shard(arn, parent)
    found = described(streams, arn, ShardFilter={"Type": "CHILD_SHARDS", "ShardId": parent})
    assert tuple(shard["ShardId"] for shard in found["Shards"]) == children
    assert {shard["ParentShardId"] for shard in found["Shards"]} == {parent}
    everything = {shard["ShardId"]: shard for shard in shards(streams, arn)}
    assert len(everything) == 6
    assert "EndingSequenceNumber" in everything[parent]["SequenceNumberRange"]
    assert "EndingSequenceNumber" not in everything[children[0]]["SequenceNumberRange"]
    none = described(streams, arn, ShardFilter={"Type": "CHILD_SHARDS", "ShardId": children[0]})
    assert none["Shards"] == []
    with pytest.raises(DqlmockError, match="no open shard"):
        sharded.split_shard(arn, parent)
    with pytest.raises(DqlmockError, match="no open shard"):
        sharded.split_shard(arn, "shardId-unknown")
    with pytest.raises(DqlmockError, match="no stream"):
        sharded.split_shard("arn:unknown", parent)


def test_a_closed_shard_is_described_for_24_hours(sharded: Any) -> None:
    streams = unchecked_streams_client()
    arn = create_streamed_table(unchecked_client())
    parent = shards(streams, arn)[0]["ShardId"]
    sharded.split_shard(arn, parent)
    sharded.clock.advance(timedelta(hours=23, minutes=59))
    assert len(shards(streams, arn)) == 6
    sharded.clock.advance(timedelta(minutes=2))
    assert parent not in {shard["ShardId"] for shard in shards(streams, arn)}
    assert len(shards(streams, arn)) == 5


def test_a_stream_has_at_least_one_shard() -> None:
    with pytest.raises(DqlmockError, match="stream_shards=0"):
        dql_mock(stream_shards=0).start()


def test_enabling_and_disabling_take_as_long_as_the_table() -> None:
    with dql_mock(delays=TableDelays(create_s=5, update_s=3, delete_s=2)) as db:
        dynamodb, streams = unchecked_client(), unchecked_streams_client()
        arn = create_streamed_table(dynamodb)
        assert described(streams, arn)["StreamStatus"] == "ENABLING"
        db.clock.advance(timedelta(seconds=5))
        assert described(streams, arn)["StreamStatus"] == "ENABLED"
        disable(dynamodb)
        assert described(streams, arn)["StreamStatus"] == "DISABLING"
        db.clock.advance(timedelta(seconds=3))
        assert described(streams, arn)["StreamStatus"] == "DISABLED"
        again = enable(dynamodb)
        assert described(streams, again)["StreamStatus"] == "ENABLING"
        db.clock.advance(timedelta(seconds=3))
        dynamodb.delete_table(TableName="hash")
        assert described(streams, again)["StreamStatus"] == "DISABLING"
        db.clock.advance(timedelta(seconds=2))
        assert described(streams, again)["StreamStatus"] == "DISABLED"
