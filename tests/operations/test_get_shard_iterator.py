from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from dqlmock.shapes.request import request_shape
from tests.conftest import refusal
from tests.operations.streaming import (
    create_streamed_table,
    disable,
    events,
    iterator,
    only_shard,
    put,
    records,
    shards,
)

needs_timestamp = pytest.mark.skipif(
    "Timestamp" not in request_shape("GetShardIterator", service="dynamodbstreams").members,
    reason="the service model of this botocore is older than AT_TIMESTAMP",
)

AT, AFTER = "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"
INVALID = "One or more parameter values were invalid: "


@pytest.fixture
def arn(dynamodb: Any) -> str:
    """A stream of three records."""
    arn = create_streamed_table(dynamodb)
    for pk in "abc":
        put(dynamodb, pk)
    return arn


def numbers(streams: Any, arn: str) -> list[str]:
    return [record["dynamodb"]["SequenceNumber"] for record in records(streams, arn)]


def keys(found: list[dict[str, Any]]) -> str:
    return "".join(pk for _, pk in events(found))


def test_where_each_type_starts(dynamodb: Any, streams: Any, arn: str) -> None:
    first, second, third = numbers(streams, arn)
    latest = iterator(streams, arn, kind="LATEST")
    assert keys(records(streams, arn, kind="TRIM_HORIZON")) == "abc"
    assert keys(records(streams, arn, kind=AT, SequenceNumber=second)) == "bc"
    assert keys(records(streams, arn, kind=AFTER, SequenceNumber=second)) == "c"
    assert keys(records(streams, arn, kind=AFTER, SequenceNumber=third)) == ""
    assert keys(records(streams, arn, kind=AT, SequenceNumber=first)) == "abc"
    put(dynamodb, "d")
    assert keys(streams.get_records(ShardIterator=latest)["Records"]) == "d"


def test_a_shard_starts_before_its_first_record(streams: Any, arn: str) -> None:
    """As AWS does: localstack/localstack, test_dynamodb_stream_records_with_update_item."""
    (shard,) = shards(streams, arn)
    start = shard["SequenceNumberRange"]["StartingSequenceNumber"]
    assert int(start) < int(numbers(streams, arn)[0])
    assert keys(records(streams, arn, kind=AT, SequenceNumber=start)) == "abc"
    assert keys(records(streams, arn, kind=AFTER, SequenceNumber=start)) == "abc"


def test_an_iterator_of_an_empty_shard_sees_what_comes(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    horizon = iterator(streams, arn)
    put(dynamodb, "a")
    assert keys(streams.get_records(ShardIterator=horizon)["Records"]) == "a"


def test_it_looks_like_awss(streams: Any, arn: str) -> None:
    prefix, generation, rest = iterator(streams, arn).split("|")
    assert (prefix, generation) == (arn, "1")
    assert rest


@needs_timestamp
def test_a_time_starts_at_the_first_record_of_that_second(dynamodb: Any, streams: Any) -> None:
    with freeze_time("2026-01-01 12:00:00.5") as frozen:
        arn = create_streamed_table(dynamodb)
        for pk in "abc":
            put(dynamodb, pk)
            frozen.tick(timedelta(seconds=10))
        noon = 1767268800

        def since(moment: float) -> str:
            return keys(records(streams, arn, kind="AT_TIMESTAMP", Timestamp=moment))

        assert [since(noon - 10**6), since(noon), since(noon + 0.25)] == ["abc", "abc", "bc"]
        assert [since(noon + 10), since(noon + 10.5), since(noon + 20.5)] == ["bc", "c", ""]
        assert since(noon + 30.5) == ""  # now
        later = refusal(
            streams.get_shard_iterator,
            StreamArn=arn,
            ShardId=only_shard(streams, arn),
            ShardIteratorType="AT_TIMESTAMP",
            Timestamp=noon + 31,
        )
        assert later == ("ValidationException", f"{INVALID}Invalid Timestamp")


@pytest.mark.parametrize(
    ("kind", "more", "message"),
    [
        (AT, {}, f"{INVALID}Invalid SequenceNumber"),
        (AFTER, {}, f"{INVALID}Invalid SequenceNumber"),
        (AT, {"SequenceNumber": "x" * 21}, f"{INVALID}Invalid SequenceNumber"),
        (AT, {"SequenceNumber": "\u0663" * 21}, f"{INVALID}Invalid SequenceNumber"),
        (AT, {"SequenceNumber": "0" * 21}, "Invalid SequenceNumber for the shard"),
        (AFTER, {"SequenceNumber": "0" * 21}, "Invalid SequenceNumber for the shard"),
        (AT, {"SequenceNumber": "9" * 40}, "Invalid SequenceNumber for the shard"),
        (
            "LATEST",
            {"SequenceNumber": "1" * 21},
            f"{INVALID}SequenceNumber should not be passed for this iterator type",
        ),
        (
            "TRIM_HORIZON",
            {"SequenceNumber": "1" * 21},
            f"{INVALID}SequenceNumber should not be passed for this iterator type",
        ),
        pytest.param("AT_TIMESTAMP", {}, f"{INVALID}Invalid Timestamp", marks=needs_timestamp),
        (
            AT,
            {"SequenceNumber": "1"},
            (
                "1 validation error detected: Value '1' at 'sequenceNumber' failed to satisfy "
                "constraint: Member must have length greater than or equal to 21"
            ),
        ),
    ],
)
def test_a_position_that_is_none(
    streams: Any, arn: str, kind: str, more: dict[str, Any], message: str
) -> None:
    shard_id = only_shard(streams, arn)
    assert refusal(
        streams.get_shard_iterator,
        StreamArn=arn,
        ShardId=shard_id,
        ShardIteratorType=kind,
        **more,
    ) == ("ValidationException", message)


def test_no_such_stream_or_shard(streams: Any, arn: str) -> None:
    known = {"ShardId": only_shard(streams, arn), "StreamArn": arn, "ShardIteratorType": "LATEST"}
    absent = "shardId-00000000000000000000-00000000"
    assert refusal(streams.get_shard_iterator, **{**known, "ShardId": absent}) == (
        "ResourceNotFoundException",
        "Requested resource not found: Shard does not exist",
    )
    assert refusal(streams.get_shard_iterator, **{**known, "StreamArn": f"{arn}9"}) == (
        "ResourceNotFoundException",
        f"Requested resource not found: Stream: {arn}9 not found",
    )


def test_the_end_of_a_closed_shard(dynamodb: Any, streams: Any, arn: str) -> None:
    last = numbers(streams, arn)[-1]
    disable(dynamodb)
    assert "NextShardIterator" not in streams.get_records(
        ShardIterator=iterator(streams, arn, kind="LATEST")
    )
    assert keys(records(streams, arn, kind=AT, SequenceNumber=last)) == "c"
    beyond = str(int(last) + 1)
    assert refusal(
        streams.get_shard_iterator,
        StreamArn=arn,
        ShardId=only_shard(streams, arn),
        ShardIteratorType=AT,
        SequenceNumber=beyond,
    ) == ("ValidationException", "Invalid SequenceNumber for the shard")


def test_a_trimmed_number_is_refused(db: Any, dynamodb: Any, streams: Any, arn: str) -> None:
    first, *_ = numbers(streams, arn)
    db.clock.advance(timedelta(hours=24, seconds=2))
    put(dynamodb, "d")
    assert keys(records(streams, arn)) == "d"
    for kind in (AT, AFTER):
        assert refusal(
            streams.get_shard_iterator,
            StreamArn=arn,
            ShardId=only_shard(streams, arn),
            ShardIteratorType=kind,
            SequenceNumber=first,
        ) == (
            "TrimmedDataAccessException",
            "The data you are trying to access has been trimmed",
        )
