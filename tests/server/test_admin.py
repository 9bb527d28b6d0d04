from __future__ import annotations

from typing import Any

import pytest

from dqlmock import Server
from tests.operations.tables import create_hash_table
from tests.server.conftest import client_of
from tests.server.raw import RawClient, call, request


@pytest.mark.parametrize(("page", "status"), [("health", "healthy"), ("ready", "ready")])
def test_health_and_readiness(server: Server, page: str, status: str) -> None:
    with RawClient(server.endpoint_url) as raw:
        response = raw.ask(request("GET", f"/_dqlmock/{page}"))
    assert (response.status, response.json) == (200, {"status": status})


def test_reset_forgets_everything(server: Server, client: Any) -> None:
    create_hash_table(client)
    create_hash_table(client_of(server.endpoint_url, account="111122223333"))
    with RawClient(server.endpoint_url) as raw:
        assert raw.ask(request("POST", "/_dqlmock/reset")).json == {"status": "reset"}
    assert server.db.databases() == []
    create_hash_table(client)


def test_reset_of_one_account(server: Server, client: Any) -> None:
    mine = client_of(server.endpoint_url, account="111122223333")
    for each in (client, mine):
        create_hash_table(each)
    with RawClient(server.endpoint_url) as raw:
        raw.ask(request("POST", "/_dqlmock/reset?account=111122223333"))
    assert mine.list_tables()["TableNames"] == []
    assert client.list_tables()["TableNames"] == ["hash"]


def test_wrong_pages_and_methods(server: Server) -> None:
    with RawClient(server.endpoint_url) as raw:
        assert raw.ask(request("GET", "/_dqlmock/nothing")).status == 404
        assert raw.ask(request("POST", "/_dqlmock/")).status == 404
        response = raw.ask(request("GET", "/_dqlmock/reset"))
        assert (response.status, response.headers["allow"]) == (405, "POST")
        assert raw.ask(request("POST", "/_dqlmock/metrics")).status == 405


def test_metrics() -> None:
    with Server() as server, RawClient(server.endpoint_url) as raw:
        client = client_of(server.endpoint_url)
        create_hash_table(client)
        for key in "abc":
            client.put_item(TableName="hash", Item={"pk": {"S": key}})
        raw.ask(call("GetItem", b"{}"))
        raw.ask(call("Invented"))
        response = raw.ask(request("GET", "/_dqlmock/metrics"))
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = response.body.decode().splitlines()
    assert 'dqlmock_operations_total{operation="PutItem",status="200"} 3' in lines
    assert 'dqlmock_operations_total{operation="GetItem",status="400"} 1' in lines
    assert 'dqlmock_operations_total{operation="Unknown",status="400"} 1' in lines
    bucket = 'dqlmock_operation_duration_seconds_bucket{operation="PutItem",le="+Inf"} 3'
    assert bucket in lines
    assert 'dqlmock_operation_duration_seconds_count{operation="PutItem"} 3' in lines
    labels = 'account="123456789012",region="us-east-1",table="hash"'
    assert f"dqlmock_table_items{{{labels}}} 3" in lines
    assert f"dqlmock_table_size_bytes{{{labels}}} 9" in lines
    assert all(line.startswith("#") or len(line.rsplit(" ", 1)) == 2 for line in lines)


def test_without_admin() -> None:
    with Server(admin=False) as server, RawClient(server.endpoint_url) as raw:
        assert raw.ask(request("GET", "/_dqlmock/health")).status == 404
        create_hash_table(client_of(server.endpoint_url))
        raw.ask(request("POST", "/_dqlmock/reset"))
        assert server.db.database("123456789012", "us-east-1").names() == ["hash"]
