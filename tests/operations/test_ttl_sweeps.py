"""Expired items: when they are seen, and when they are swept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from freezegun import freeze_time

from tests.conftest import unchecked_client
from tests.operations.streaming import create_streamed_table, enable, events, records
from tests.operations.tables import HASH, create_composite_table, create_hash_table
from tests.operations.test_update_time_to_live import change

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


def put(client: Any, pk: str, expiry: Any, table: str = HASH) -> None:
    client.put_item(TableName=table, Item={"pk": {"S": pk}, "ttl": expiry})


def after(seconds: float) -> dict[str, str]:
    return {"N": f"{NOON.timestamp() + seconds:f}".rstrip("0").rstrip(".")}


def keys(client: Any, table: str = HASH) -> set[str]:
    return {item["pk"]["S"] for item in client.scan(TableName=table)["Items"]}


class Time:
    """One way to move time, from noon on."""

    def __init__(self, move: Any) -> None:
        self.move = move


@contextmanager
def frozen(db: Any) -> Iterator[Time]:
    with freeze_time(NOON) as frozen_time:
        yield Time(lambda seconds: frozen_time.tick(timedelta(seconds=seconds)))


@contextmanager
def travelled(db: Any) -> Iterator[Time]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield Time(traveller.shift)


@contextmanager
def advanced(db: Any) -> Iterator[Time]:
    with freeze_time(NOON):
        yield Time(lambda seconds: db.clock.advance(timedelta(seconds=seconds)))


@pytest.fixture(params=[frozen, travelled, advanced])
def time(request: Any, db: Any) -> Iterator[Time]:
    with request.param(db) as moved:
        yield moved


@pytest.fixture
def table(time: Time, dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    change(dynamodb, True)
    return dynamodb


def test_an_item_is_swept_once_the_clock_has_passed_its_expiry(time: Time, table: Any) -> None:
    put(table, "soon", after(100))
    put(table, "later", after(200))
    put(table, "never", {"S": "no number"})
    time.move(100)
    assert keys(table) == {"soon", "later", "never"}  # not *less than* the current time
    time.move(1)
    assert keys(table) == {"later", "never"}
    assert "Item" not in table.get_item(TableName=HASH, Key={"pk": {"S": "soon"}})
    put(table, "now", after(101))
    assert "now" in keys(table)
    time.move(1)
    assert "now" not in keys(table)
    time.move(100)
    assert table.describe_table(TableName=HASH)["Table"]["ItemCount"] == 1


def test_an_item_written_expired_stays_until_time_moves(time: Time, table: Any) -> None:
    put(table, "expired", after(-100))
    assert keys(table) == {"expired"}
    assert table.get_item(TableName=HASH, Key={"pk": {"S": "expired"}})["Item"]
    time.move(61)
    assert keys(table) == set()


def test_advancing_the_clock_sweeps_at_once(db: Any) -> None:
    client = unchecked_client()
    with freeze_time(NOON):
        create_hash_table(client)
        change(client, True)
        put(client, "expired", after(-1))
        put(client, "later", after(5))
        assert keys(client) == {"expired", "later"}
        db.clock.advance(timedelta(seconds=1))
        assert keys(client) == {"later"}


def test_a_sweep_can_be_asked_for(db: Any, time: Time, table: Any) -> None:
    put(table, "expired", after(-100))
    put(table, "now", after(0))
    put(table, "later", after(100))
    assert db.sweep_ttl() == 1
    assert keys(table) == {"now", "later"}
    assert db.sweep_ttl() == 0


@freeze_time(NOON)
@pytest.mark.parametrize(
    ("expiry", "is_swept"),
    [
        (after(-1), True),
        (after(-0.5), True),
        (after(-5 * 365 * 86400 + 1), True),
        (after(-5 * 365 * 86400 - 1), False),
        (after(0), False),
        ({"N": "0"}, False),
        ({"N": "-1"}, False),
        ({"N": "1E+125"}, False),
        ({"S": after(-1)["N"]}, False),
        ({"NS": [after(-1)["N"]]}, False),
        ({"L": [after(-1)]}, False),
        ({"M": {"N": after(-1)}}, False),
        ({"NULL": True}, False),
    ],
)
def test_what_counts_as_an_expiry(db: Any, dynamodb: Any, expiry: Any, is_swept: bool) -> None:
    create_hash_table(dynamodb)
    change(dynamodb, True)
    put(dynamodb, "a", expiry)
    assert db.sweep_ttl() == int(is_swept)
    assert keys(dynamodb) == (set() if is_swept else {"a"})


def test_an_attribute_named_n_is_no_expiry(db: Any, time: Time, table: Any) -> None:
    table.put_item(TableName=HASH, Item={"pk": {"S": "a"}, "N": after(-1)})
    assert db.sweep_ttl() == 0


def test_the_latest_expiry_counts(db: Any, time: Time, table: Any) -> None:
    put(table, "prolonged", after(10))
    put(table, "prolonged", after(100))
    put(table, "shortened", after(100))
    table.update_item(
        TableName=HASH,
        Key={"pk": {"S": "shortened"}},
        UpdateExpression="SET #t = :t",
        ExpressionAttributeNames={"#t": "ttl"},
        ExpressionAttributeValues={":t": after(10)},
    )
    put(table, "kept", after(10))
    table.update_item(
        TableName=HASH,
        Key={"pk": {"S": "kept"}},
        UpdateExpression="REMOVE #t",
        ExpressionAttributeNames={"#t": "ttl"},
    )
    put(table, "gone", after(10))
    table.delete_item(TableName=HASH, Key={"pk": {"S": "gone"}})
    put(table, "back", after(10))
    table.delete_item(TableName=HASH, Key={"pk": {"S": "back"}})
    put(table, "back", after(10))
    time.move(11)
    assert keys(table) == {"prolonged", "kept"}


def test_a_swept_item_leaves_every_index(db: Any, time: Time, dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    change(dynamodb, True, table="composite")
    item = {
        "pk": {"S": "a"},
        "sk": {"S": "b"},
        "l": {"N": "1"},
        "g": {"S": "g"},
        "extra": {"S": "e"},
        "ttl": after(10),
    }
    dynamodb.put_item(TableName="composite", Item=item)
    dynamodb.put_item(TableName="composite", Item={**item, "sk": {"S": "c"}, "ttl": after(20)})
    time.move(11)
    for index in (None, "local", "global_all", "global_keys", "global_include"):
        where = {} if index is None else {"IndexName": index}
        assert dynamodb.scan(TableName="composite", Select="COUNT", **where)["Count"] == 1


def test_a_sweep_is_on_the_stream_as_the_services_own(
    time: Time, dynamodb: Any, streams: Any
) -> None:
    arn = create_streamed_table(dynamodb)
    change(dynamodb, True)
    put(dynamodb, "b", after(20))
    put(dynamodb, "a", after(10))
    put(dynamodb, "own", after(30))
    dynamodb.delete_item(TableName=HASH, Key={"pk": {"S": "own"}})
    time.move(60)
    found = records(streams, arn)  # the table itself has not been touched
    assert events(found)[3:] == [("REMOVE", "own"), ("REMOVE", "a"), ("REMOVE", "b")]
    service = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}
    assert [record.get("userIdentity") for record in found[3:]] == [None, service, service]
    assert found[-1]["dynamodb"]["OldImage"] == {"pk": {"S": "b"}, "ttl": after(20)}
    moment = found[-1]["dynamodb"]["ApproximateCreationDateTime"]
    assert moment == NOON + timedelta(seconds=60)


def test_items_from_before_ttl_was_enabled_expire_too(time: Time, dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    put(dynamodb, "soon", after(10))
    put(dynamodb, "expired", after(-10))
    change(dynamodb, True)
    assert keys(dynamodb) == {"soon", "expired"}
    time.move(61)
    assert keys(dynamodb) == set()


def test_a_sweep_meets_no_conflict(db: Any, time: Time, table: Any) -> None:
    put(table, "a", after(10))
    put(table, "b", after(10))
    db.engine.contention.conflict_on(HASH, {"pk": {"S": "a"}})
    time.move(3600)
    assert keys(table) == set()
    with pytest.raises(table.exceptions.TransactionConflictException):
        put(table, "a", after(7200))  # the conflict is still there for whoever writes


def test_nothing_expires_where_ttl_is_disabled(db: Any, time: Time, table: Any) -> None:
    put(table, "a", after(7200))
    time.move(3600)
    change(table, False)
    time.move(4000)
    assert keys(table) == {"a"}
    assert db.sweep_ttl() == 0
    put(table, "b", after(-1))
    assert db.sweep_ttl() == 0


def test_a_stream_goes_on_where_ttl_ends_and_the_other_way_round(
    db: Any, time: Time, table: Any, streams: Any
) -> None:
    arn = enable(table)
    time.move(3600)
    change(table, False)
    put(table, "a", after(0))
    assert events(records(streams, arn)) == [("INSERT", "a")]
    time.move(3600)
    change(table, True)
    table.update_table(TableName=HASH, StreamSpecification={"StreamEnabled": False})
    put(table, "b", after(0))
    assert db.sweep_ttl() == 2


def test_a_write_sees_the_table_without_what_is_due(time: Time, table: Any) -> None:
    put(table, "a", after(10))
    time.move(11)
    table.put_item(
        TableName=HASH,
        Item={"pk": {"S": "a"}},
        ConditionExpression="attribute_not_exists(pk)",
    )


def test_every_table_is_swept(db: Any, time: Time, dynamodb: Any) -> None:
    elsewhere = unchecked_client("eu-west-1")
    for client, name in ((dynamodb, "one"), (dynamodb, "two"), (elsewhere, "three")):
        create_hash_table(client, name)
        change(client, True, table=name)
        put(client, "a", after(-1), name)
    create_hash_table(dynamodb, "without")
    put(dynamodb, "a", after(-1), "without")
    assert db.sweep_ttl() == 3
    assert keys(dynamodb, "without") == {"a"}


def test_time_that_runs_backwards_loses_no_expiry(db: Any) -> None:
    client = unchecked_client()
    with freeze_time(NOON):
        create_hash_table(client)
        change(client, True)
        put(client, "a", after(-10))
    with freeze_time(NOON - timedelta(hours=1)):
        assert db.sweep_ttl() == 0
    with freeze_time(NOON):
        assert db.sweep_ttl() == 1
