"""A sweep beside writers: what changed after it was taken is left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dqlmock.engine import ttl
from dqlmock.engine.expiry import Expiries
from dqlmock.engine.keys import primary_key
from dqlmock.engine.schema import KeySchema, TableSchema
from dqlmock.engine.settings import TableSettings, Throughput
from dqlmock.engine.table import Table
from dqlmock.engine.write import delete, put
from dqlmock.storage.protocol import StoredItem
from tests.unit.engine.test_streams import SetClock

NOW_S = 1_700_000_000


@pytest.fixture
def table() -> Table:
    schema = TableSchema(KeySchema(("pk",)), {"pk": "S"}, {})
    facts = TableSettings("music", "arn", "id", 0, {"pk": "S"}, "PAY_PER_REQUEST", Throughput(0, 0))
    table = Table(schema, facts)
    ttl.enable(table, "ttl", SetClock(NOW_S))
    return table


def key_of(table: Table) -> bytes:
    return primary_key(table.schema, {"pk": {"S": "a"}})


def write(table: Table, expiry_s: int) -> None:
    attributes = {"pk": {"S": "a"}, "ttl": {"N": str(expiry_s)}}
    put(table, key_of(table), attributes, StoredItem.of(attributes, 20), None)


@pytest.mark.parametrize(
    ("meanwhile", "deleted", "left"),
    [
        (lambda table: None, 1, 0),
        (lambda table: write(table, NOW_S + 10), 0, 1),
        (lambda table: write(table, NOW_S - 20), 0, 1),
        (lambda table: delete(table, key_of(table), None), 0, 0),
        (lambda table: ttl.disable(table), 0, 1),
    ],
)
def test_what_happens_between_taking_and_deleting(
    table: Table,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[Table], object],
    deleted: int,
    left: int,
) -> None:
    write(table, NOW_S - 10)
    take = Expiries.take

    def take_and_wait(expiries: Expiries, *, every: bool) -> list[tuple[bytes, float]]:
        taken = take(expiries, every=every)
        meanwhile(table)
        return taken

    monkeypatch.setattr(Expiries, "take", take_and_wait)
    assert ttl.sweep(table) == deleted
    assert len(table.keyspace) == left


def test_nothing_is_swept_without_ttl(table: Table) -> None:
    write(table, NOW_S - 10)
    ttl.disable(table)
    assert ttl.sweep(table) == 0
    assert not table.is_followed
