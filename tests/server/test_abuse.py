"""Slow, half-open, broken and hostile clients; many at once; bugs of the mock."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dqlmock import Server
from dqlmock.server import service
from dqlmock.wire.dispatch import Pipe
from tests.operations.tables import create_hash_table
from tests.server.fuzz import attack
from tests.server.raw import RawClient, call


def put(key: str, **attributes: Any) -> bytes:
    return call("PutItem", {"TableName": "hash", "Item": {"pk": {"S": key}, **attributes}})


def get(key: str) -> bytes:
    return call("GetItem", {"TableName": "hash", "Key": {"pk": {"S": key}}})


def test_a_connection_dropped_in_mid_request_changes_nothing(server: Server, client: Any) -> None:
    create_hash_table(client)
    data = put("a")
    for length in (1, 50, len(data) // 2, len(data) - 1):
        with RawClient(server.endpoint_url) as raw:
            raw.send(data[:length])
    with RawClient(server.endpoint_url) as raw:
        assert raw.ask(get("a")).json == {}
        assert raw.ask(data).status == 200


def test_slow_and_half_open_connections_hold_up_nobody(server: Server) -> None:
    stalled = [RawClient(server.endpoint_url) for _ in range(50)]
    for number, raw in enumerate(stalled):
        raw.send(call("ListTables")[: number * 5])
    with RawClient(server.endpoint_url, timeout_s=2) as raw:
        for _ in range(100):
            assert raw.ask(call("ListTables")).status == 200
    for raw in stalled:
        raw.close()


def test_stalled_and_idle_connections_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_SWEEP_S", 0.05)
    monkeypatch.setattr(service, "STALLED_S", 0.1)
    with (
        Server() as server,
        RawClient(server.endpoint_url) as stalled,
        RawClient(server.endpoint_url) as idle,
    ):
        stalled.send(call("ListTables")[:-1])
        assert idle.ask(call("ListTables")).status == 200
        with pytest.raises((EOFError, ConnectionError)):
            stalled.receive()
        assert idle.ask(call("ListTables")).status == 200
        monkeypatch.setattr(service, "IDLE_S", 0.1)
        with pytest.raises((EOFError, ConnectionError)):
            idle.receive()


def test_a_client_that_does_not_read_is_not_answered_further(server: Server, client: Any) -> None:
    create_hash_table(client)
    client.put_item(TableName="hash", Item={"pk": {"S": "a"}, "big": {"S": "x" * 300_000}})
    with RawClient(server.endpoint_url) as deaf, RawClient(server.endpoint_url) as other:
        deaf.send(get("a") * 200)  # 60 MB of answers
        assert other.ask(call("ListTables")).status == 200
        metrics = b"GET /_dqlmock/metrics HTTP/1.1\r\nHost: x\r\n\r\n"
        lines = other.ask(metrics).body.decode().splitlines()
        done = next(
            x for x in lines if x.startswith('dqlmock_operations_total{operation="GetItem"')
        )
        before = int(done.rpartition(" ")[2])
        sizes = {len(deaf.receive().body) for _ in range(200)}
        assert len(sizes) == 1
        lines = other.ask(metrics).body.decode().splitlines()
        done = next(
            x for x in lines if x.startswith('dqlmock_operations_total{operation="GetItem"')
        )
        assert int(done.rpartition(" ")[2]) > before


def test_a_bug_of_the_mock_answers_500(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def run(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    with RawClient(server.endpoint_url) as raw:
        with monkeypatch.context() as patch:
            patch.setattr(Pipe, "run", run)
            response = raw.ask(call("ListTables"))
        assert (response.status, response.json) == (
            500,
            {
                "__type": "com.amazonaws.dynamodb.v20120810#InternalServerError",
                "message": "Internal server error",
            },
        )
        assert "ZeroDivisionError: a bug" in caplog.text
        assert raw.ask(call("ListTables")).status == 200


def test_ten_thousand_requests_none_lost_none_mixed_up(server: Server, client: Any) -> None:
    create_hash_table(client)
    connections, each = 64, 156  # and a write for every 13 reads: 10,752 requests

    def talk(number: int) -> int:
        right = 0
        with RawClient(server.endpoint_url, timeout_s=60) as raw:
            for turn in range(0, each, 13):
                keys = [f"{number}-{turn + offset}" for offset in range(13)]
                raw.send(b"".join(put(key, n={"N": "1"}) for key in keys[:1]))
                assert raw.receive().status == 200
                raw.send(b"".join(get(keys[0]) for _ in keys))
                for _ in keys:
                    answer = raw.receive().json
                    right += answer == {"Item": {"pk": {"S": keys[0]}, "n": {"N": "1"}}}
        return right

    with ThreadPoolExecutor(connections) as pool:
        answered = sum(pool.map(talk, range(connections)))
    assert answered == connections * each
    assert len(server.db.database("123456789012", "us-east-1").table("hash").keyspace) == 64 * 12


def test_threads_of_this_process_share_the_engine_with_it(server: Server, client: Any) -> None:
    create_hash_table(client)
    failures: list[BaseException] = []

    def reset() -> None:
        try:
            for _ in range(200):
                server.db.databases()
        except BaseException as error:  # handed to the test's own thread
            failures.append(error)

    thread = threading.Thread(target=reset)
    thread.start()
    with RawClient(server.endpoint_url) as raw:
        for number in range(200):
            assert raw.ask(put(str(number))).status == 200
    thread.join()
    assert not failures


def test_hostile_requests_against_every_operation(server: Server, client: Any) -> None:
    create_hash_table(client)
    statuses = attack(server.endpoint_url, random.Random(2026), 1500)
    assert max(statuses) < 500, statuses
    assert statuses[200] > 50
    assert statuses[400] > 500
    with RawClient(server.endpoint_url) as after:
        assert after.ask(call("ListTables")).status == 200
