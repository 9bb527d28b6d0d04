from __future__ import annotations

import asyncio
import threading
import time
from datetime import timedelta

import pytest

from dqlmock import DqlmockError, Server
from dqlmock.server import service, thread
from tests.operations.tables import create_hash_table
from tests.server.conftest import client_of
from tests.server.raw import RawClient, call


def test_boto3_speaks_to_it() -> None:
    with Server(port=0) as server:
        client = client_of(server.endpoint_url)
        create_hash_table(client)
        client.put_item(TableName="hash", Item={"pk": {"S": "a"}, "n": {"N": "1.50"}})
        answer = client.get_item(TableName="hash", Key={"pk": {"S": "a"}})
    assert answer["Item"] == {"pk": {"S": "a"}, "n": {"N": "1.5"}}


def test_its_engine_is_at_hand() -> None:
    with Server() as server:
        create_hash_table(client_of(server.endpoint_url, account="111122223333"))
        assert server.db.database("111122223333", "us-east-1").names() == ["hash"]
        before = server.db.clock.now_s()
        server.db.clock.advance(timedelta(hours=1))
        assert server.db.clock.now_s() - before >= 3600


def test_it_starts_again_empty_and_leaves_no_thread() -> None:
    server = Server()
    before = threading.active_count()
    for _ in range(2):
        with server:
            client = client_of(server.endpoint_url)
            assert client.list_tables()["TableNames"] == []
            create_hash_table(client)
        assert threading.active_count() == before


def test_it_is_started_and_stopped_once() -> None:
    server = Server()
    for misuse in (server.stop, lambda: server.endpoint_url, lambda: server.db):
        with pytest.raises(DqlmockError, match="not running"):
            misuse()
    with server, pytest.raises(DqlmockError, match="running already"):
        server.start()


def test_a_taken_port_is_an_error() -> None:
    with Server() as server:
        port = int(server.endpoint_url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            Server(port).start()


@pytest.mark.parametrize("options", [{"account": "12"}, {"port": -1}, {"port": 65_536}])
def test_options_are_checked(options: dict[str, object]) -> None:
    with pytest.raises(DqlmockError):
        Server(**options)  # type: ignore[arg-type]  # what is wrong is the point


def test_a_stop_waits_for_a_stalled_request_no_longer_than_its_grace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "GRACE_S", 0.05)
    with Server() as server:
        stalled = RawClient(server.endpoint_url)
        stalled.send(call("ListTables")[:-1])
        with RawClient(server.endpoint_url) as raw:
            assert raw.ask(call("ListTables")).status == 200
        started = time.monotonic()
    assert time.monotonic() - started < service.STALLED_S / 2
    stalled.close()


def test_the_loop_of_the_standard_library_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread, "new_event_loop", asyncio.new_event_loop)
    with Server() as server, RawClient(server.endpoint_url) as raw:
        offer = call("ListTables", Connection="Upgrade", Upgrade="h2c")
        assert [raw.ask(data).status for data in (call("ListTables"), offer)] == [200, 200]
        assert raw.ask(b"\x00\r\n\r\n").status == 400
        assert raw.is_closed()
