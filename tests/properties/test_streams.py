"""Replaying a table's stream makes the table, whatever was written and however it was split."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.engine.keys import primary_key
from dqlmock.engine.schema import KeySchema, TableSchema
from dqlmock.engine.settings import TableSettings, Throughput
from dqlmock.engine.shards import Record
from dqlmock.engine.streams import Stream
from dqlmock.engine.table import Table
from dqlmock.engine.write import delete, put, update
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

KEYS = st.integers(0, 5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["put", "update"]), KEYS, st.integers(0, 2)),
        st.tuples(st.just("delete"), KEYS, st.just(0)),
        st.tuples(st.just("split"), st.integers(0, 9), st.just(0)),
    ),
    max_size=40,
)


def streamed_table(shards: int) -> Table:
    schema = TableSchema(KeySchema(("pk",)), {"pk": "N"}, {})
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/music"
    facts = TableSettings("music", arn, "id", 0, {"pk": "N"}, "PAY_PER_REQUEST", Throughput(0, 0))
    table = Table(schema, facts)
    engine = Engine(Clock(), stream_shards=shards)
    database = engine.database("123456789012", "us-east-1")
    database.enable_stream(table, "NEW_AND_OLD_IMAGES", 0, database.clock.now_s())
    return table


def stored(attributes: Attributes) -> tuple[Attributes, StoredItem]:
    return attributes, StoredItem.of(attributes, attributes_size_bytes(attributes))


def do(table: Table, stream: Stream, step: tuple[str, int, int]) -> None:
    kind, number, value = step
    attributes: dict[str, Any] = {"pk": {"N": str(number)}, "x": {"N": str(value)}}
    key = primary_key(table.schema, attributes)
    if kind == "put":
        put(table, key, *stored(attributes), None)
    elif kind == "update":
        update(table, key, lambda before, _: stored({**before, **attributes}), None)
    elif kind == "delete":
        delete(table, key, None)
    else:
        leaves = [shard for shard in stream.shards() if shard.closed_s is None]
        stream.split(leaves[number % len(leaves)].shard_id)


def everything(stream: Stream) -> list[Record]:
    found: list[Record] = []
    for shard in stream.shards():
        position: int | None = shard.first_sequence
        while position is not None:
            page = stream.read(shard.shard_id, position, 3)
            found += page.records
            position = page.following if page.records else None
    return found


@settings(max_examples=80)
@given(shards=st.integers(1, 3), steps=STEPS)
def test_replaying_the_stream_makes_the_table(
    shards: int, steps: list[tuple[str, int, int]]
) -> None:
    table = streamed_table(shards)
    stream = table.stream
    assert stream is not None
    for step in steps:
        do(table, stream, step)
    replayed: dict[bytes, StoredItem] = {}
    found = everything(stream)
    assert len({record.sequence for record in found}) == len(found)
    for record in sorted(found, key=lambda record: record.sequence):
        key = primary_key(table.schema, record.keys.attributes())
        assert record.old == replayed.get(key)
        assert record.old is None or record.new is None or record.old != record.new
        if record.new is None:
            del replayed[key]
        else:
            replayed[key] = record.new
    assert replayed == dict(table.items())
    parents = {shard.shard_id: shard.parent_id for shard in stream.shards()}
    assert set(parents.values()) <= {None, *parents}
