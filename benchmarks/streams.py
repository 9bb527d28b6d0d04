"""A write costs what it costs, however many stream records or expiring items there are."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.measure import best_us, line
from dqlmock.clock import Clock
from dqlmock.engine import ttl
from dqlmock.engine.database import Engine
from dqlmock.engine.keys import primary_key
from dqlmock.engine.schema import KeySchema, TableSchema
from dqlmock.engine.settings import TableSettings, Throughput
from dqlmock.engine.table import Table
from dqlmock.engine.write import put
from dqlmock.storage.protocol import StoredItem

LIMIT = 1.2
SMALL, LARGE = 1000, 1_000_000
_PAGE = 100


def main() -> None:
    print(f"A write among {LARGE:,} against one among {SMALL:,} (at most {LIMIT}x), and a page")
    line("", f"{SMALL:,}", f"{LARGE:,}", "ratio")
    for label, prepare in (
        ("PutItem, nothing follows", _plain),
        ("PutItem, stream", _streamed),
        ("PutItem, TTL", _expiring),
    ):
        small, large = prepare(SMALL), prepare(LARGE)
        best = best_us({"small": _writer(small), "large": _writer(large)}, repeats=500)
        _report(label, best["small"], best["large"])
        if small.stream is not None and large.stream is not None:
            best = best_us({"small": _reader(small), "large": _reader(large)}, repeats=50)
            _report(f"{_PAGE} records from the middle", best["small"], best["large"])
        if large.expiries is not None:
            started = time.perf_counter()
            swept = ttl.sweep(large)
            seconds = time.perf_counter() - started
            line("A sweep of what is due", "", f"{seconds / swept * 1e6:.1f} us an item")


def _report(label: str, small_us: float, large_us: float) -> None:
    line(label, f"{small_us:.1f} us", f"{large_us:.1f} us", f"{large_us / small_us:.3f}x")


def _table(count: int, attribute: str | None = None, *, streamed: bool = False) -> Table:
    clock = Clock()
    database = Engine(clock).database("123456789012", "us-east-1")
    schema = TableSchema(KeySchema(("pk",)), {"pk": "S"}, {})
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"
    settings = TableSettings(
        "orders", arn, "id", 0.0, {"pk": "S"}, "PAY_PER_REQUEST", Throughput(0, 0)
    )
    table = Table(schema, settings)
    if streamed:
        database.enable_stream(table, "NEW_AND_OLD_IMAGES", 0.0, clock.now_s())
    if attribute is not None:
        ttl.enable(table, attribute, clock)
    now_s = int(clock.now_s())
    for number in range(count):
        # All but a thousand expire within the coming weeks.
        _put(table, number, now_s + number if number >= SMALL else now_s - 10)
    return table


def _plain(count: int) -> Table:
    return _table(count)


def _streamed(count: int) -> Table:
    return _table(count, streamed=True)


def _expiring(count: int) -> Table:
    return _table(count, "ttl")


def _put(table: Table, number: int, expiry_s: int) -> None:
    attributes = {"pk": {"S": f"order#{number:08d}"}, "ttl": {"N": str(expiry_s)}}
    item = StoredItem.of(attributes, 24)
    put(table, primary_key(table.schema, attributes), attributes, item, None)


def _writer(table: Table) -> Callable[[], object]:
    """Rewrite an item again and again, each time with another expiry."""
    turn = int(time.time()) + 10**6

    def write() -> None:
        nonlocal turn
        turn += 1
        _put(table, 500, turn)

    return write


def _reader(table: Table) -> Callable[[], object]:
    stream: Any = table.stream
    shard_id = stream.shards()[0].shard_id
    middle = (stream.oldest(shard_id) + stream.newest(shard_id)) // 2
    return lambda: stream.read(shard_id, middle, _PAGE)
