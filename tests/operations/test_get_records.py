from __future__ import annotations

import itertools
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from freezegun import freeze_time

from dqlmock import dql_mock
from tests.conftest import refusal, unchecked_client, unchecked_streams_client
from tests.operations.streaming import (
    IMAGES,
    create_streamed_table,
    delete,
    disable,
    events,
    iterator,
    put,
    records,
    shards,
)
from tests.operations.tables import HASH
from tests.operations.test_threads import run_threads

KEY = {"pk": {"S": "é"}}
OLD: dict[str, Any] = {**KEY, "n": {"N": "1.5"}, "l": {"L": [{"M": {"x": {"NULL": True}}}]}}
NEW: dict[str, Any] = {**KEY, "b": {"B": b"\x00\xff"}, "s": {"SS": ["a", "b"]}}


def change(client: Any) -> None:
    client.put_item(TableName=HASH, Item=OLD)
    client.put_item(TableName=HASH, Item=NEW)
    client.delete_item(TableName=HASH, Key=KEY)


@freeze_time("2026-01-01 12:00:00.987")
def test_records_of_a_put_a_change_and_a_deletion(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    change(dynamodb)
    found = records(streams, arn)
    assert [record.pop("eventName") for record in found] == ["INSERT", "MODIFY", "REMOVE"]
    ids = {record.pop("eventID") for record in found}
    assert len(ids) == 3
    assert all(len(event_id) == 32 and int(event_id, 16) for event_id in ids)
    changes = [record.pop("dynamodb") for record in found]
    assert found == 3 * [
        {"eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1"}
    ]
    numbers = [each.pop("SequenceNumber") for each in changes]
    assert all(len(number) >= 21 and number.isdecimal() for number in numbers)
    assert sorted(numbers) == numbers
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
    shared = {"ApproximateCreationDateTime": noon, "Keys": KEY, "StreamViewType": IMAGES}
    assert changes == [
        {**shared, "NewImage": OLD, "SizeBytes": 4 + 19},
        {**shared, "NewImage": NEW, "OldImage": OLD, "SizeBytes": 4 + 10 + 19},
        {**shared, "OldImage": NEW, "SizeBytes": 4 + 10},
    ]


def test_sizes_are_those_that_aws_prints(dynamodb: Any, streams: Any) -> None:
    """The three records of "Process new items with DynamoDB Streams and Lambda": 26, 59, 38."""
    dynamodb.create_table(
        TableName="docs",
        AttributeDefinitions=[{"AttributeName": "Id", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "Id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": IMAGES},
    )
    arn = streams.list_streams()["Streams"][0]["StreamArn"]
    key = {"Id": {"N": "101"}}
    for text in ("New item!", "This item has changed"):
        dynamodb.put_item(TableName="docs", Item={**key, "Message": {"S": text}})
    dynamodb.delete_item(TableName="docs", Key=key)
    sizes = [record["dynamodb"]["SizeBytes"] for record in records(streams, arn)]
    assert sizes == [26, 59, 38]


@pytest.mark.parametrize(
    ("view_type", "images"),
    [
        ("KEYS_ONLY", set()),
        ("NEW_IMAGE", {"NewImage"}),
        ("OLD_IMAGE", {"OldImage"}),
        (IMAGES, {"NewImage", "OldImage"}),
    ],
)
def test_the_view_type_tells_which_images_are_shown(
    dynamodb: Any, streams: Any, view_type: str, images: set[str]
) -> None:
    arn = create_streamed_table(dynamodb, view_type=view_type)
    change(dynamodb)
    found = [record["dynamodb"] for record in records(streams, arn)]
    shown = [{name for name in each if name.endswith("Image")} for each in found]
    assert shown == [images - {"OldImage"}, images, images - {"NewImage"}]
    assert {each["StreamViewType"] for each in found} == {view_type}
    assert all(each["Keys"] == KEY for each in found)


def test_the_keys_of_a_composite_table_are_both(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb, sort="sk")
    item = {"z": {"S": "z"}, "sk": {"S": "2"}, "pk": {"S": "1"}}
    dynamodb.put_item(TableName=HASH, Item=item)
    (record,) = records(streams, arn)
    assert record["dynamodb"]["Keys"] == {"pk": {"S": "1"}, "sk": {"S": "2"}}


def test_a_write_that_changes_nothing_leaves_no_record(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    put(dynamodb, "a", x="1", y="2")
    put(dynamodb, "a", y="2", x="1")
    dynamodb.update_item(
        TableName=HASH,
        Key={"pk": {"S": "a"}},
        UpdateExpression="SET x = :x",
        ExpressionAttributeValues={":x": {"S": "1"}},
    )
    delete(dynamodb, "absent")
    refusal(
        dynamodb.put_item,
        TableName=HASH,
        Item={"pk": {"S": "a"}, "x": {"S": "3"}},
        ConditionExpression="attribute_not_exists(pk)",
    )
    assert events(records(streams, arn)) == [("INSERT", "a")]
    put(dynamodb, "a", x="2", y="1")
    assert events(records(streams, arn)) == [("INSERT", "a"), ("MODIFY", "a")]


def test_a_transaction_records_what_it_changes_in_its_order(dynamodb: Any, streams: Any) -> None:
    """As AWS does: recorded by localstack/localstack, tests/aws/services/dynamodb/
    test_dynamodb.snapshot.json, test_transact_write_items_streaming."""
    arn = create_streamed_table(dynamodb)
    put(dynamodb, "Fred")
    for actions in (
        [_put("Fred"), _put("NewKey")],
        [_update("NewKey", attr1="value1", attr2="value2")],
        [_update("NonExistentKey", attr1="value1")],
        [
            {"Delete": {"TableName": HASH, "Key": {"pk": {"S": "NewKey"}}}},
            _put("Fred", name="Fred"),
            _update("NonExistentKey", attr1="value1"),
        ],
    ):
        dynamodb.transact_write_items(TransactItems=actions)
    found = records(streams, arn)
    sizes = [record["dynamodb"]["SizeBytes"] for record in found]
    assert list(zip(events(found), sizes, strict=True)) == [
        (("INSERT", "Fred"), 12),
        (("INSERT", "NewKey"), 16),
        (("MODIFY", "NewKey"), 46),
        (("INSERT", "NonExistentKey"), 43),
        (("REMOVE", "NewKey"), 38),
        (("MODIFY", "Fred"), 26),
    ]


def _put(pk: str, **attributes: str) -> dict[str, Any]:
    values = {name: {"S": text} for name, text in attributes.items()}
    return {"Put": {"TableName": HASH, "Item": {"pk": {"S": pk}, **values}}}


def _update(pk: str, **attributes: str) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": HASH,
            "Key": {"pk": {"S": pk}},
            "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in attributes),
            "ExpressionAttributeValues": {
                f":{name}": {"S": text} for name, text in attributes.items()
            },
        }
    }


def test_a_batch_records_a_put_and_a_deletion_in_its_order(dynamodb: Any, streams: Any) -> None:
    """As AWS does: recorded by localstack/localstack, test_batch_write_items_streaming."""
    arn = create_streamed_table(dynamodb)
    put(dynamodb, "Fred")
    named = {"pk": {"S": "Fred"}, "name": {"S": "Fred"}}
    for requests in (
        [{"PutRequest": {"Item": {"pk": {"S": pk}}}} for pk in ("Fred", "NewKey")],
        [{"DeleteRequest": {"Key": {"pk": {"S": "NewKey"}}}}, {"PutRequest": {"Item": named}}],
    ):
        dynamodb.batch_write_item(RequestItems={HASH: requests})
    assert events(records(streams, arn)) == [
        ("INSERT", "Fred"),
        ("INSERT", "NewKey"),
        ("REMOVE", "NewKey"),
        ("MODIFY", "Fred"),
    ]


def test_an_update_is_recorded_with_both_items(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    for text in ("1", "2"):
        dynamodb.update_item(
            TableName=HASH,
            Key={"pk": {"S": "a"}},
            UpdateExpression="SET x = :x",
            ExpressionAttributeValues={":x": {"S": text}},
        )
    first, second = (record["dynamodb"] for record in records(streams, arn))
    assert "OldImage" not in first
    assert first["NewImage"] == second["OldImage"]
    assert second["NewImage"]["x"] == {"S": "2"}


def test_pages_end_by_the_limit(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    for number in range(5):
        put(dynamodb, str(number))
    page = streams.get_records(ShardIterator=iterator(streams, arn), Limit=2)
    assert [pk for _, pk in events(page["Records"])] == ["0", "1"]
    page = streams.get_records(ShardIterator=page["NextShardIterator"], Limit=2)
    assert [pk for _, pk in events(page["Records"])] == ["2", "3"]
    page = streams.get_records(ShardIterator=page["NextShardIterator"])
    assert [pk for _, pk in events(page["Records"])] == ["4"]
    page = streams.get_records(ShardIterator=page["NextShardIterator"])
    assert page["Records"] == []
    put(dynamodb, "5")
    page = streams.get_records(ShardIterator=page["NextShardIterator"])
    assert [pk for _, pk in events(page["Records"])] == ["5"]


def test_pages_end_before_a_megabyte(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb, view_type="NEW_IMAGE")
    for pk in "abcde":
        put(dynamodb, pk, x="x" * (250 * 1024))
    page = streams.get_records(ShardIterator=iterator(streams, arn))
    assert [pk for _, pk in events(page["Records"])] == list("abcd")
    page = streams.get_records(ShardIterator=page["NextShardIterator"])
    assert [pk for _, pk in events(page["Records"])] == ["e"]


def test_a_thousand_records_at_most(db: Any, dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    table = db.engine.database("123456789012", "us-east-1").table(HASH)
    from dqlmock.engine.write import put as write
    from dqlmock.storage.protocol import StoredItem

    for number in range(1001):
        attributes = {"pk": {"S": str(number)}}
        write(table, b"%08d" % number, attributes, StoredItem.of(attributes, 5), None)
    assert len(streams.get_records(ShardIterator=iterator(streams, arn))["Records"]) == 1000
    assert refusal(streams.get_records, ShardIterator=iterator(streams, arn), Limit=1001) == (
        "ValidationException",
        "One or more parameter values were invalid: Limit should be less than or equal to 1000",
    )
    assert refusal(streams.get_records, ShardIterator="none", Limit=1001) == (
        "ValidationException",
        "Invalid ShardIterator",
    )


def test_a_closed_shard_that_is_read_gives_no_next_iterator(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    put(dynamodb, "a")
    put(dynamodb, "b")
    disable(dynamodb)
    page = streams.get_records(ShardIterator=iterator(streams, arn), Limit=1)
    page = streams.get_records(ShardIterator=page["NextShardIterator"], Limit=1)
    assert events(page["Records"]) == [("INSERT", "b")]
    assert "NextShardIterator" not in page


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "arn|1|x",
        "arn|1|" + b64encode(b"a|b|c").decode(),
        "arn|1|" + b64encode(b"a|1").decode(),
        "arn|1|" + b64encode(b"\xff|1|1").decode(),
        "arn|2|" + b64encode(b"a|1|1").decode(),
        "arn|1|" + b64encode(b"a|1|1").decode() + "!",
    ],
)
def test_an_iterator_that_was_never_given_out(streams: Any, text: str) -> None:
    assert refusal(streams.get_records, ShardIterator=text) == (
        "ValidationException",
        "Invalid ShardIterator",
    )


def test_an_iterator_expires_after_15_minutes(db: Any, dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    first = iterator(streams, arn)
    db.clock.advance(timedelta(minutes=14, seconds=55))
    following = streams.get_records(ShardIterator=first)["NextShardIterator"]
    db.clock.advance(timedelta(seconds=10))
    assert refusal(streams.get_records, ShardIterator=first) == (
        "ExpiredIteratorException",
        "Shard iterator has expired",
    )
    assert streams.get_records(ShardIterator=following)["Records"] == []
    with pytest.raises(streams.exceptions.ExpiredIteratorException):
        streams.get_records(ShardIterator=first)


def test_records_are_kept_for_24_hours(db: Any, dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    put(dynamodb, "a")
    db.clock.advance(timedelta(hours=23, minutes=55))
    put(dynamodb, "b")
    horizon = iterator(streams, arn)
    assert events(records(streams, arn)) == [("INSERT", "a"), ("INSERT", "b")]
    db.clock.advance(timedelta(minutes=6))
    assert refusal(streams.get_records, ShardIterator=horizon) == (
        "TrimmedDataAccessException",
        "The data you are trying to access has been trimmed",
    )
    assert events(records(streams, arn)) == [("INSERT", "b")]


def test_an_items_changes_stay_in_order_across_splits() -> None:
    with dql_mock(stream_shards=2) as db:
        dynamodb, streams = unchecked_client(), unchecked_streams_client()
        arn = create_streamed_table(dynamodb)
        keys = [str(number) for number in range(20)]
        for turn in range(4):
            for pk in keys:
                put(dynamodb, pk, turn=str(turn))
            widest = [shard for shard in shards(streams, arn) if is_open(shard)][turn]
            db.split_shard(arn, widest["ShardId"])
        seen: dict[str, list[str]] = {pk: [] for pk in keys}
        place: dict[str, list[str]] = {pk: [] for pk in keys}
        for shard in shards(streams, arn):  # parents come before their children
            for record in records(streams, arn, shard["ShardId"]):
                pk = record["dynamodb"]["Keys"]["pk"]["S"]
                seen[pk].append(record["dynamodb"]["NewImage"]["turn"]["S"])
                place[pk].append(shard["ShardId"])
        assert seen == {key: ["0", "1", "2", "3"] for key in keys}
        parents = {shard["ShardId"]: shard.get("ParentShardId") for shard in shards(streams, arn)}
        for path in place.values():
            for one, following in itertools.pairwise(path):
                assert one == following or parents[following] == one
        assert len({path[0] for path in place.values()}) == 2


def is_open(shard: dict[str, Any]) -> bool:
    return "EndingSequenceNumber" not in shard["SequenceNumberRange"]


def test_threads_lose_no_record_and_keep_their_order(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb, view_type="NEW_IMAGE")
    threads, rounds = 8, 25

    def count(_: int) -> None:
        for _ in range(rounds):
            dynamodb.update_item(
                TableName=HASH,
                Key={"pk": {"S": "all"}},
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    run_threads(count, count=threads)
    found = [record["dynamodb"] for record in records(streams, arn)]
    assert [int(each["NewImage"]["n"]["N"]) for each in found] == [*range(1, threads * rounds + 1)]
    numbers = [int(each["SequenceNumber"]) for each in found]
    assert numbers == sorted(set(numbers))


def test_a_reader_beside_a_writer_sees_every_record_once(dynamodb: Any, streams: Any) -> None:
    arn = create_streamed_table(dynamodb)
    first = iterator(streams, arn)
    seen: list[str] = []

    def work(number: int) -> None:
        if number:
            for turn in range(60):
                put(dynamodb, f"{number}-{turn}")
            return
        position = first
        while len(seen) < 120:
            page = streams.get_records(ShardIterator=position, Limit=7)
            seen.extend(pk for _, pk in events(page["Records"]))
            position = page["NextShardIterator"]

    run_threads(work, count=3)
    assert sorted(seen) == sorted(f"{number}-{turn}" for number in (1, 2) for turn in range(60))
