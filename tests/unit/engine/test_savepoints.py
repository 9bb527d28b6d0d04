"""What savepoints cost, how they nest, and what threads may do; the rest is a property."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from dqlmock.clock import Clock
from dqlmock.engine.database import Database, Engine
from dqlmock.engine.expiry import Expiries
from dqlmock.engine.settings import Throughput
from dqlmock.errors import DqlmockError
from dqlmock.operations import (
    create_table,
    get_item,
    list_streams,
    put_item,
    query,
    transact_write_items,
    update_table,
)
from dqlmock.storage.journal import Journal
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.keys import KeyRange
from tests.engine_state import check, state_of

_SEEDED = 100_000
_DEFINITION: dict[str, Any] = {
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "g", "AttributeType": "S"},
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_group",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def engine() -> Engine:
    engine = Engine(Clock())
    create_table.run(database_of(engine), {"TableName": "t", **_DEFINITION})
    return engine


@pytest.fixture(scope="module")
def seeded() -> Iterator[Engine]:
    engine = Engine(Clock())
    create_table.run(database_of(engine), {"TableName": "t", **_DEFINITION})
    keyspace = database_of(engine).table("t").keyspace
    for number in range(_SEEDED):
        item = StoredItem(b'{"pk":{"S":"seed %d"}}' % number, 20)
        keyspace.put(b"%012d" % number, item)
    gc.freeze()  # or a collection over the seed falls into what is measured
    yield engine
    gc.unfreeze()


def database_of(engine: Engine) -> Database:
    return engine.database("123456789012", "us-east-1")


def write(engine: Engine, pk: str, group: str = "g") -> None:
    item = {"pk": {"S": pk}, "g": {"S": group}}
    put_item.run(database_of(engine), {"TableName": "t", "Item": item})


def is_there(engine: Engine, pk: str) -> bool:
    found = get_item.run(database_of(engine), {"TableName": "t", "Key": {"pk": {"S": pk}}})
    return "Item" in found


def test_a_savepoint_on_100_000_items_costs_by_what_changed(seeded: Engine) -> None:
    with seeded.savepoint():
        level = seeded.journal.newest()
        assert level is not None
        assert len(level.undos) <= 1  # opening one notes nothing of what is stored
        for number in range(5):
            write(seeded, f"new {number}")
            write(seeded, f"new {number}", "another")
        noted = len(level.undos) + sum(map(len, level.originals.values()))
        assert 10 <= noted <= 100  # a few for each write: item, index, stream
    assert len(database_of(seeded).table("t").keyspace) == _SEEDED
    assert not is_there(seeded, "new 0")


def test_a_rollback_takes_indexes_back(engine: Engine) -> None:
    write(engine, "a", "before")
    with engine.savepoint():
        write(engine, "a", "after")
    request = {
        "TableName": "t",
        "IndexName": "by_group",
        "KeyConditionExpression": "g = :g",
        "ExpressionAttributeValues": {":g": {"S": "before"}},
    }
    assert query.run(database_of(engine), request)["Count"] == 1


def test_a_rollback_leaves_the_savepoint_open(engine: Engine) -> None:
    with engine.savepoint():
        write(engine, "a")
        engine.rollback()
        assert not is_there(engine, "a")
        write(engine, "b")
        engine.rollback()
        assert not is_there(engine, "b")


def test_a_savepoint_is_gone_back_to_after_an_error(engine: Engine) -> None:
    with suppress(ZeroDivisionError), engine.savepoint():
        write(engine, "a")
        raise ZeroDivisionError
    assert not is_there(engine, "a")


def test_savepoints_nest(engine: Engine) -> None:
    with engine.savepoint():
        write(engine, "outer")
        with engine.savepoint():
            write(engine, "inner")
        assert is_there(engine, "outer")
        assert not is_there(engine, "inner")
    assert not is_there(engine, "outer")


def test_an_outer_savepoint_closes_those_inside(engine: Engine) -> None:
    outer = engine.savepoint()
    inner = engine.savepoint()
    outer.rollback()
    assert outer.is_open
    assert not inner.is_open
    with pytest.raises(DqlmockError, match="This savepoint is closed"):
        inner.rollback()


def test_what_is_kept_stays(engine: Engine) -> None:
    with engine.savepoint() as savepoint:
        write(engine, "a")
        savepoint.keep()
        write(engine, "b")
    assert is_there(engine, "a")
    assert is_there(engine, "b")
    with pytest.raises(DqlmockError, match="This savepoint is closed"):
        savepoint.keep()


def test_a_rollback_without_a_savepoint_is_refused(engine: Engine) -> None:
    with engine.savepoint():
        pass
    with pytest.raises(DqlmockError, match="There is no savepoint to go back to"):
        engine.rollback()


def test_the_clock_goes_back_too(engine: Engine) -> None:
    before_s = engine.clock.now_s()
    with engine.savepoint():
        engine.clock.advance(timedelta(days=400))
    assert engine.clock.now_s() - before_s < 60


def test_an_update_under_way_ends_after_a_rollback_as_it_would_have(engine: Engine) -> None:
    """The end of a change holds on to the objects it began with, so these are put back in place."""
    settings = database_of(engine).table("t").settings
    throughput = settings.throughput
    with engine.savepoint():
        with database_of(engine).lock:
            database_of(engine).find("t")
        throughput.change(7, 7, 0.0)
        settings.throughput = Throughput(9, 9)
    assert settings.throughput is throughput
    assert throughput.read_units == 0


def test_a_token_used_before_is_known_after(engine: Engine) -> None:
    put = {"Put": {"TableName": "t", "Item": {"pk": {"S": "a"}}}}
    request = {"TransactItems": [put], "ClientRequestToken": "token"}
    transact_write_items.run(database_of(engine), request)
    before = state_of(engine)
    with engine.savepoint():
        engine.clock.advance(timedelta(minutes=11))
        transact_write_items.run(database_of(engine), {**request, "ClientRequestToken": "other"})
        transact_write_items.run(database_of(engine), request)
    assert state_of(engine) == before


def test_a_stream_that_was_gone_is_back(engine: Engine) -> None:
    disable = {"TableName": "t", "StreamSpecification": {"StreamEnabled": False}}
    update_table.run(database_of(engine), disable)
    before = state_of(engine)
    with engine.savepoint():
        engine.clock.advance(timedelta(hours=25))
        assert list_streams.run(database_of(engine), {})["Streams"] == []
    assert state_of(engine) == before
    assert len(list_streams.run(database_of(engine), {})["Streams"]) == 1


def test_records_that_were_trimmed_are_back(engine: Engine) -> None:
    """Also where so many are let go of that their list is made anew."""
    for number in range(3000):
        write(engine, f"{number % 10}", f"{number}")
    before = state_of(engine)
    with engine.savepoint():
        engine.clock.advance(timedelta(hours=25))
        write(engine, "late")
        assert _record_count(engine) == 1
    assert _record_count(engine) == 3000
    assert state_of(engine) == before


def _record_count(engine: Engine) -> int:
    (stream,) = database_of(engine).streams.all()
    (shard,) = stream.shards()
    count, position = 0, stream.oldest(shard.shard_id)
    while page := stream.read(shard.shard_id, position, 1000).records:
        count, position = count + len(page), page[-1].sequence + 1
    return count


def test_an_item_that_expired_late_is_left_alone_as_long_as_before() -> None:
    clock, journal = Clock(), Journal()
    expiries = Expiries("ttl", clock, journal)
    past = {"ttl": {"N": str(int(clock.now_s()) - 100)}}
    expiries.note(b"early", past)
    level, back = journal.open(), clock.remember()
    clock.advance(timedelta(hours=1))
    expiries.note(b"later", past)
    assert [key for key, _ in expiries.take(every=False)] == [b"early"]
    journal.undo(level)
    back()
    expiries.note(b"after", past)
    expiries._check()
    assert expiries.take(every=False) == []
    clock.advance(timedelta(seconds=61))
    assert [key for key, _ in expiries.take(every=False)] == [b"after", b"early"]


def test_expiries_keep_what_a_rollback_needs_and_tidy_up_behind_it() -> None:
    clock, journal = Clock(), Journal()
    expiries = Expiries("ttl", clock, journal)
    soon_s = int(clock.now_s()) + 1000
    expiries.note(b"key", {"ttl": {"N": str(soon_s)}})
    level = journal.open()
    for number in range(2000):
        expiries.note(b"key", {"ttl": {"N": str(soon_s + 1 + number % 2)}})
    journal.undo(level)
    journal.close(level)
    expiries._check()
    clock.advance(timedelta(seconds=1001))
    assert expiries.take(every=False) == [(b"key", soon_s)]


def test_a_write_of_another_thread_is_taken_back_as_a_whole_or_not_at_all(engine: Engine) -> None:
    stop = threading.Event()

    def write_on() -> None:
        number = 0
        while not stop.is_set():
            write(engine, f"key {number % 50}", f"group {number % 7}")
            number += 1

    writers = [threading.Thread(target=write_on) for _ in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(30):
        with engine.savepoint():
            engine.rollback()
    stop.set()
    for writer in writers:
        writer.join()
    check(engine)
    table = database_of(engine).table("t")
    assert len(table.indexes["by_group"].keyspace) == len(table.keyspace)
    entries = {entry.encoded for _, entry in table.items()}
    assert {entry.encoded for _, entry in _entries(table)} == entries


def _entries(table: Any) -> list[tuple[bytes, StoredItem]]:
    entries: list[tuple[bytes, StoredItem]] = table.indexes["by_group"].keyspace.read(
        KeyRange.everything(), limit=1000
    )
    return entries
