"""The life cycle of tables and indexes through boto3, on a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from botocore.exceptions import ClientError
from freezegun import freeze_time

from dqlmock import TableDelays, dql_mock
from tests.conftest import unchecked_client
from tests.operations.tables import HASH, attribute, create_hash_table, key_schema


@pytest.fixture
def slow() -> Iterator[Any]:
    with dql_mock(delays=TableDelays(create_s=5, index_create_s=20, delete_s=3)) as running:
        yield running


def status(client: Any, name: str = HASH) -> str:
    return str(client.describe_table(TableName=name)["Table"]["TableStatus"])


def test_a_table_is_active_at_once(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    assert status(dynamodb) == "ACTIVE"
    dynamodb.get_waiter("table_exists").wait(TableName=HASH)
    dynamodb.delete_table(TableName=HASH)
    dynamodb.get_waiter("table_not_exists").wait(TableName=HASH)


def test_a_table_takes_its_time_when_told_to(slow: Any) -> None:
    client = unchecked_client()
    create_hash_table(client)
    assert status(client) == "CREATING"
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.put_item(TableName=HASH, Item={"pk": {"S": "a"}})
    with pytest.raises(client.exceptions.ResourceInUseException):
        client.delete_table(TableName=HASH)
    slow.clock.advance(timedelta(seconds=5))
    assert status(client) == "ACTIVE"
    client.put_item(TableName=HASH, Item={"pk": {"S": "a"}})
    client.delete_table(TableName=HASH)
    assert status(client) == "DELETING"
    slow.clock.advance(timedelta(seconds=3))
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        status(client)


def test_an_index_backfills_before_it_can_be_read(slow: Any) -> None:
    client = unchecked_client()
    create_hash_table(client)
    slow.clock.advance(timedelta(seconds=5))
    client.put_item(TableName=HASH, Item={"pk": {"S": "a"}, "g": {"S": "x"}})
    client.put_item(TableName=HASH, Item={"pk": {"S": "b"}, "g": {"N": "1"}})
    create = {
        "IndexName": "by_g",
        "KeySchema": key_schema("g"),
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    client.update_table(
        TableName=HASH,
        AttributeDefinitions=[attribute("pk"), attribute("g")],
        GlobalSecondaryIndexUpdates=[{"Create": create}],
    )

    def index() -> Any:
        return client.describe_table(TableName=HASH)["Table"]["GlobalSecondaryIndexes"][0]

    assert (index()["IndexStatus"], index()["Backfilling"]) == ("CREATING", False)
    slow.clock.advance(timedelta(seconds=10))
    assert (index()["IndexStatus"], index()["Backfilling"]) == ("CREATING", True)
    with pytest.raises(ClientError, match="Cannot read from backfilling global secondary index"):
        client.scan(TableName=HASH, IndexName="by_g")
    slow.clock.advance(timedelta(seconds=10))
    assert index()["IndexStatus"] == "ACTIVE"
    # The item whose value has the wrong type is left out.
    assert client.scan(TableName=HASH, IndexName="by_g")["Items"] == [
        {"pk": {"S": "a"}, "g": {"S": "x"}}
    ]


def test_freezegun_moves_the_clock(slow: Any) -> None:
    client = unchecked_client()
    with freeze_time("2026-11-20 12:00:00") as frozen:
        create_hash_table(client)
        assert status(client) == "CREATING"
        frozen.tick(timedelta(seconds=5))
        assert status(client) == "ACTIVE"
        created = client.describe_table(TableName=HASH)["Table"]["CreationDateTime"]
    assert created.astimezone(timezone.utc) == datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def test_time_machine_moves_the_clock(slow: Any) -> None:
    client = unchecked_client()
    with time_machine.travel("2026-11-20 12:00:00 +0000", tick=False) as traveller:
        create_hash_table(client)
        assert status(client) == "CREATING"
        traveller.shift(5)
        assert status(client) == "ACTIVE"


def test_table_names_may_be_arns(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    arn = dynamodb.describe_table(TableName=HASH)["Table"]["TableArn"]
    assert arn == f"arn:aws:dynamodb:us-east-1:123456789012:table/{HASH}"
    key = {"pk": {"S": "a"}}
    dynamodb.put_item(TableName=arn, Item=key)
    assert dynamodb.get_item(TableName=HASH, Key=key)["Item"] == key
    answer = dynamodb.query(
        TableName=arn,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": "a"}},
        ReturnConsumedCapacity="TOTAL",
    )
    assert (answer["Count"], answer["ConsumedCapacity"]["TableName"]) == (1, arn)
    assert dynamodb.update_item(TableName=arn, Key=key)["ResponseMetadata"]
    assert dynamodb.scan(TableName=arn)["Count"] == 1
    dynamodb.delete_item(TableName=arn, Key=key)
    assert dynamodb.describe_table(TableName=arn)["Table"]["ItemCount"] == 0


def test_list_tables_pages(dynamodb: Any) -> None:
    names = [f"table-{number:03d}" for number in range(105)]
    for name in reversed(names):
        create_hash_table(dynamodb, name)
    first = dynamodb.list_tables()
    assert (first["TableNames"], first["LastEvaluatedTableName"]) == (names[:100], names[99])
    pages = dynamodb.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 7})
    assert [name for page in pages for name in page["TableNames"]] == names


def test_items_older_than_an_index_can_be_replaced_whatever_they_held(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    unfit: list[Any] = [{"M": {}}, {"S": ""}, {"N": "1"}, {"L": []}, {"BOOL": True}]
    for number, value in enumerate(unfit):
        dynamodb.put_item(TableName=HASH, Item={"pk": {"S": str(number)}, "g": value})
    create = {
        "IndexName": "by_g",
        "KeySchema": key_schema("g"),
        "Projection": {"ProjectionType": "ALL"},
    }
    dynamodb.update_table(
        TableName=HASH,
        AttributeDefinitions=[attribute("pk"), attribute("g")],
        GlobalSecondaryIndexUpdates=[{"Create": create}],
    )
    assert dynamodb.scan(TableName=HASH, IndexName="by_g")["Count"] == 0
    dynamodb.delete_item(TableName=HASH, Key={"pk": {"S": "0"}})
    for number in range(1, len(unfit)):
        item = {"pk": {"S": str(number)}, "g": {"S": "fit"}}
        answer = dynamodb.put_item(TableName=HASH, Item=item, ReturnConsumedCapacity="INDEXES")
        # The index gains an entry and loses none.
        assert answer["ConsumedCapacity"]["GlobalSecondaryIndexes"] == {
            "by_g": {"CapacityUnits": 1.0}
        }
    assert dynamodb.scan(TableName=HASH, IndexName="by_g")["Count"] == len(unfit) - 1
