from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from freezegun import freeze_time

from tests.conftest import refusal, unchecked_client, unchecked_streams_client
from tests.operations.streaming import create_streamed_table, disable, enable
from tests.operations.tables import create_hash_table


def arns(answer: dict[str, Any]) -> list[str]:
    return [stream["StreamArn"] for stream in answer["Streams"]]


def test_streams_are_listed_with_table_and_label(dynamodb: Any, streams: Any) -> None:
    create_hash_table(dynamodb, "without")
    arn = create_streamed_table(dynamodb, "music")
    answer = streams.list_streams()
    assert answer["Streams"] == [
        {"StreamArn": arn, "TableName": "music", "StreamLabel": arn.rpartition("/")[2]}
    ]
    assert "LastEvaluatedStreamArn" not in answer


def test_a_table_name_selects_its_streams(dynamodb: Any, streams: Any) -> None:
    create_streamed_table(dynamodb, "music")
    arn = create_streamed_table(dynamodb, "films")
    disable(dynamodb, "films")
    again = enable(dynamodb, "films")
    assert arns(streams.list_streams(TableName="films")) == [arn, again]
    assert arns(streams.list_streams(TableName="none")) == []


def test_pages_cover_every_stream_once(dynamodb: Any, streams: Any) -> None:
    made = sorted(create_streamed_table(dynamodb, f"table-{number}") for number in range(5))
    first = streams.list_streams(Limit=2)
    assert arns(first) == made[:2]
    second = streams.list_streams(Limit=2, ExclusiveStartStreamArn=first["LastEvaluatedStreamArn"])
    last = streams.list_streams(Limit=1, ExclusiveStartStreamArn=second["LastEvaluatedStreamArn"])
    assert arns(second) + arns(last) == made[2:]
    assert "LastEvaluatedStreamArn" not in last


def test_a_hundred_streams_at_most_are_listed(dynamodb: Any, streams: Any) -> None:
    assert streams.list_streams(Limit=100)["Streams"] == []
    assert refusal(streams.list_streams, Limit=101) == (
        "ValidationException",
        (
            "One or more parameter values were invalid: "
            "Limit cannot be greater than the maximum allowed size: 100"
        ),
    )
    assert refusal(streams.list_streams, Limit=0) == (
        "ValidationException",
        (
            "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: "
            "Member must have value greater than or equal to 1"
        ),
    )


@pytest.mark.parametrize("ends", ["disabled", "deleted"])
def test_a_closed_stream_is_listed_for_24_hours(
    db: Any, dynamodb: Any, streams: Any, ends: str
) -> None:
    arn = create_streamed_table(dynamodb)
    if ends == "disabled":
        disable(dynamodb)
    else:
        dynamodb.delete_table(TableName="hash")
    db.clock.advance(timedelta(hours=23, minutes=59))
    assert arns(streams.list_streams()) == [arn]
    db.clock.advance(timedelta(minutes=2))
    assert arns(streams.list_streams()) == []
    assert refusal(streams.describe_stream, StreamArn=arn) == (
        "ResourceNotFoundException",
        f"Requested resource not found: Stream: {arn} not found",
    )


def test_regions_and_accounts_are_apart(dynamodb: Any, streams: Any) -> None:
    create_streamed_table(dynamodb)
    assert unchecked_streams_client("eu-west-1").list_streams()["Streams"] == []
    other = unchecked_client(aws_access_key_id="111122223333", aws_secret_access_key="x")
    arn = create_streamed_table(other)
    assert ":111122223333:" in arn
    assert arn not in arns(streams.list_streams())
    # As on AWS where the stream's policy allows it.
    assert streams.describe_stream(StreamArn=arn)["StreamDescription"]["StreamArn"] == arn


def test_another_accounts_stream_is_not_reached_from_another_region(streams: Any) -> None:
    far = unchecked_client("eu-west-1", aws_access_key_id="111122223333", aws_secret_access_key="x")
    arn = create_streamed_table(far)
    assert refusal(streams.describe_stream, StreamArn=arn)[0] == "ResourceNotFoundException"


@freeze_time("2026-01-01")
def test_no_two_streams_share_an_arn(dynamodb: Any, streams: Any) -> None:
    made = [create_streamed_table(dynamodb)]
    for _ in range(2):
        disable(dynamodb)
        made.append(enable(dynamodb))
    dynamodb.delete_table(TableName="hash")
    made.append(create_streamed_table(dynamodb))
    assert len(set(made)) == 4
    assert arns(streams.list_streams()) == made
    label = dynamodb.describe_table(TableName="hash")["Table"]["LatestStreamLabel"]
    assert made[-1].endswith(f"/stream/{label}")


def test_a_stream_is_no_operation_of_the_other_service(db: Any) -> None:
    from dqlmock.wire.dispatch import Pipe
    from dqlmock.wire.messages import WireRequest

    pipe = Pipe(db.engine)
    for target, status in (
        ("DynamoDBStreams_20120810.ListStreams", 200),
        ("DynamoDB_20120810.ListStreams", 400),
        ("DynamoDBStreams_20120810.ListTables", 400),
        ("ListStreams", 400),
    ):
        assert pipe.answer(WireRequest(target, b"{}", "1" * 12, "us-east-1")).status == status
