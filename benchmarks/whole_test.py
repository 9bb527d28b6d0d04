"""What a whole test costs beside its own work: mock, table, one put, one get; with moto beside."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable
from typing import Any

import boto3

from benchmarks.fixtures import ITEM, KEY, TABLE, client, create_plain_table
from benchmarks.measure import best_us, line
from dqlmock import dql_mock
from dqlmock.data.tables import definition
from dqlmock.fixtures.clients import Clients
from dqlmock.fixtures.mocks import forked
from dqlmock.storage.protocol import StoredItem

LIMIT_MS = 5
FORK_LIMIT_MS = 1
_REGION = "us-east-1"
_SEEDED = 100_000


def _put_and_get(client: Any) -> None:
    client.put_item(TableName=TABLE, Item=ITEM)
    client.get_item(TableName=TABLE, Key=KEY)


def _with_the_plugin(clients: Clients) -> None:
    """Do what the fixtures do for a test marked `dql_tables(orders="pk, sk")`."""
    with forked({}, [definition(TABLE, "pk, sk")]):
        _put_and_get(clients.client(_REGION))


def _with_a_new_client() -> None:
    with dql_mock():
        new = boto3.client("dynamodb", region_name=_REGION)
        create_plain_table(new)
        _put_and_get(new)


def _moto() -> Iterable[tuple[str, Callable[[], object]]]:
    if importlib.util.find_spec("moto") is None:
        return
    from moto import mock_aws  # an optional competitor, loaded only when it is measured

    kept = client()

    def with_a_new_client() -> None:
        with mock_aws():
            new = client()
            create_plain_table(new)
            _put_and_get(new)

    def with_a_kept_client() -> None:
        with mock_aws():
            create_plain_table(kept)
            _put_and_get(kept)

    yield "moto, a new client", with_a_new_client
    yield "moto, a kept client", with_a_kept_client


def _fork_us() -> float:
    """Return what it costs to fork a mock that holds 100,000 items, and to leave the fork."""
    table = definition(TABLE, "pk, sk")
    with forked({}, [table]) as db:
        keyspace = db.engine.database(db.account, _REGION).table(TABLE).keyspace
        item = StoredItem.of(ITEM, 200)
        for number in range(_SEEDED):
            keyspace.put(b"%012d" % number, item)

        def fork() -> None:
            with forked({}, [table]):
                keyspace.put(b"new", item)

        return best_us({"fork": fork}, rounds=5, repeats=20)["fork"]


def main() -> None:
    print(f"A whole test: mock, table, put, get (at most {LIMIT_MS} ms with the plugin's client)")
    clients = Clients()
    calls: dict[str, Callable[[], object]] = {
        "dqlmock, the plugin's client": lambda: _with_the_plugin(clients),
        "dqlmock, a new client": _with_a_new_client,
        **dict(_moto()),
    }
    for call in calls.values():
        call()  # imports and first uses are no test's own cost
    for name, mean_us in best_us(calls, rounds=5, repeats=3).items():
        line(name, f"{mean_us / 1e3:.2f} ms")
    limit = f"at most {FORK_LIMIT_MS} ms"
    line("a fork of 100,000 seeded items", f"{_fork_us() / 1e3:.2f} ms", limit)
