"""The knobs of a test over HTTP, and those of `dqlmock.Server` in its process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError

from dqlmock import Server, ServerProcess, UnfiredFault, UnmetExpectation
from tests.server.test_faults import client_of
from tests.testing.conftest import ORDERS, get, put, query


class Admin:
    """Asks the pages under `/_dqlmock/`."""

    def __init__(self, server: Server | ServerProcess) -> None:
        self._url = f"{server.endpoint_url}/_dqlmock/"

    def ask(self, method: str, page: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self._url + page, data, method=method)) as response:
            return json.load(response)

    def refused(self, method: str, page: str, body: Any = None) -> str:
        with pytest.raises(HTTPError) as caught:
            self.ask(method, page, body)
        assert caught.value.code == 400
        return str(json.load(caught.value)["error"])


@pytest.fixture(scope="module", params=[Server, ServerProcess])
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    with request.param(port=0) as running:
        yield running


@pytest.fixture
def admin(server: Any) -> Iterator[Admin]:
    admin = Admin(server)
    admin.ask("POST", "reset")
    admin.ask("DELETE", "calls")
    yield admin
    admin.ask("DELETE", "faults")
    admin.ask("DELETE", "lag")
    admin.ask("DELETE", "tiny-pages")


@pytest.fixture
def orders(server: Any, admin: Admin) -> Any:
    client = client_of(server, 1)
    client.create_table(**ORDERS)
    return client


def code_of(call: Any, *args: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(*args)
    return str(caught.value.response["Error"]["Code"])


def test_faults_are_made_shown_and_ended(admin: Admin, orders: Any) -> None:
    on = {"operation": "PutItem", "table": "orders", "key": {"id": "1"}}
    made = admin.ask("POST", "faults", {"on": on, "throttle": {"times": 2}})
    put(orders, 2)
    for _ in range(2):
        assert code_of(put, orders, 1) == "ProvisionedThroughputExceededException"
    put(orders, 1)
    [shown] = admin.ask("GET", "faults")["faults"]
    assert (shown["id"], shown["came"], shown["fired"]) == (made["id"], 3, 2)
    forever = {"on": {"operation": "GetItem"}, "internal_error": {"times": "always"}}
    number = admin.ask("POST", "faults", forever)["id"]
    assert [code_of(get, orders, 1) for _ in range(3)] == ["InternalServerError"] * 3
    admin.ask("DELETE", f"faults?id={number}")
    assert "Item" in get(orders, 1)
    admin.ask("DELETE", "faults")
    assert admin.ask("GET", "faults") == {"faults": []}


def test_an_outage(admin: Admin, orders: Any) -> None:
    number = admin.ask("POST", "faults", {"outage": {}})["id"]
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        get(orders, 1)
    admin.ask("DELETE", f"faults?id={number}")
    get(orders, 1)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "Say what happens, once"),
        ({"throttle": {}, "timeout": {}}, "Say what happens, once"),
        ({"explode": {}}, "A fault can't do this: 'explode'"),
        ({"_happens": {}}, "A fault can't do this: '_happens'"),
        ({"pattern": {}}, "A fault can't do this: 'pattern'"),
        ({"throttle": 1}, "An object is expected: 'throttle' is 1"),
        ({"throttle": {"often": 1}}, "unexpected keyword argument 'often'"),
        ({"throttle": {"times": "x"}}, "not supported between instances of 'str' and 'int'"),
        ({"throttle": {"code": "Oops"}}, "Nothing is throttled by 'Oops'"),
        ({"on": {"operation": "PutItems"}, "timeout": {}}, "Did you mean 'PutItem'?"),
        ([], "An object is expected"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(admin: Admin, body: Any, said: str) -> None:
    assert said in admin.refused("POST", "faults", body)
    assert admin.ask("GET", "faults") == {"faults": []}
    assert "There is no fault 77" in admin.refused("DELETE", "faults?id=77")
    assert "A number is expected" in admin.refused("DELETE", "faults?id=x")


def test_reads_lag(admin: Admin, orders: Any) -> None:
    admin.ask("PUT", "lag", {})
    put(orders, 1)
    assert "Item" not in get(orders, 1)
    admin.ask("POST", "settle")
    assert "Item" in get(orders, 1)
    admin.ask("PUT", "lag", {"delay_s": 60})
    put(orders, 2)
    assert "Item" not in get(orders, 2)
    admin.ask("POST", "clock", {"advance_s": 61})
    assert "Item" in get(orders, 2)
    admin.ask("PUT", "lag", {"writes": 1})
    put(orders, 3)
    assert "Item" not in get(orders, 3)
    admin.ask("DELETE", "lag")
    assert "Item" in get(orders, 3)
    assert "lag by writes or by a delay" in admin.refused("PUT", "lag", {"writes": 1, "delay_s": 1})
    assert "unexpected keyword" in admin.refused("PUT", "lag", {"write": 1})
    for wrong in ({"advance_s": -1}, {"advance_s": "1"}, {"advance_s": 1e99}, {}):
        assert "A number of seconds is expected" in admin.refused("POST", "clock", wrong)


def test_pages_are_tiny(admin: Admin, orders: Any) -> None:
    for number in range(5):
        put(orders, number)
    admin.ask("PUT", "tiny-pages", {"most": 2})
    assert orders.scan(TableName="orders")["Count"] == 2
    admin.ask("PUT", "tiny-pages", {})
    assert orders.scan(TableName="orders")["Count"] == 1
    admin.ask("DELETE", "tiny-pages")
    assert orders.scan(TableName="orders")["Count"] == 5
    assert "at least one item" in admin.refused("PUT", "tiny-pages", {"most": 0})
    assert "A number of items" in admin.refused("PUT", "tiny-pages", {"most": "2"})


def test_calls_are_shown(admin: Admin, orders: Any) -> None:
    put(orders, 1)
    query(orders, "ada")
    assert code_of(lambda: orders.delete_table(TableName="other")) == "ResourceNotFoundException"
    shown = admin.ask("GET", "calls")["calls"]
    assert [call["operation"] for call in shown] == [
        "CreateTable",
        "PutItem",
        "Query",
        "DeleteTable",
    ]
    [write] = admin.ask("GET", "calls?operation=PutItem&table=orders")["calls"]
    assert write["parameters"]["Item"]["id"] == {"S": "1"}
    assert write["capacity"]["orders"]["table"] == {"read": 0.0, "write": 1.0}
    assert (write["status"], write["error"], write["answer"]) == (200, None, {})
    assert shown[-1]["error"] == "ResourceNotFoundException"
    [read] = admin.ask("GET", "calls?index=by_customer")["calls"]
    assert read["answer"]["Count"] == 1
    assert admin.ask("GET", "calls?table=other&operation=Query")["calls"] == []
    admin.ask("DELETE", "calls")
    assert admin.ask("GET", "calls") == {"calls": []}
    assert "no operation" in admin.refused("GET", "calls?operation=PutItems")


def test_savepoints(admin: Admin, orders: Any) -> None:
    admin.ask("POST", "savepoint")
    for _ in range(2):
        put(orders, 1)
        admin.ask("POST", "rollback")
        assert "Item" not in get(orders, 1)


def test_there_is_nothing_to_go_back_to() -> None:
    with Server() as server:
        assert "no savepoint" in Admin(server).refused("POST", "rollback")


def test_broken_json_is_refused(server: Any, admin: Admin) -> None:
    url = f"{server.endpoint_url}/_dqlmock/faults"
    with pytest.raises(HTTPError) as caught:
        urlopen(Request(url, b"{no", method="POST"))
    assert caught.value.code == 400
    assert "JSON is expected" in json.load(caught.value)["error"]


def test_a_server_has_the_knobs_of_a_mock(tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text('{"lines": {"keys": "id", "items": [{"id": "1"}]}}')
    with Server(region="eu-west-1") as server:
        client = client_of(server, 1)
        client.create_table(**ORDERS)
        with server.savepoint(), server.tiny_pages(1), server.lag():
            put(client, 1)
            assert "Item" not in get(client, 1)
            server.settle()
            assert "Item" in get(client, 1)
        assert "Item" not in get(client, 1)
        server.expect("GetItem", key={"id": "9"}).returns({"Item": {"id": {"S": "stub"}}})
        assert get(client, 9)["Item"] == {"id": {"S": "stub"}}
        server.calls.to("GetItem", table="orders", key={"id": "9"}).once()
        assert server.capacity["orders"].table.write == 1
        server.clock.advance(timedelta(hours=1))
        assert server.load(tmp_path).items == 1
        assert server.db.database(server.account, "eu-west-1").names() == ["lines"]
        server.dump(tmp_path / "all.dql")
        server.db.reset()
        server.restore(tmp_path / "all.dql")
        assert client.list_tables()["TableNames"] == ["orders"]
        assert server.advice().calls == len(server.calls)


def test_what_did_not_come_is_told_where_the_server_stops() -> None:
    with pytest.raises(UnmetExpectation), Server() as server:
        server.expect("GetItem")
    with pytest.raises(UnfiredFault), Server() as server:
        Admin(server).ask("POST", "faults", {"on": {"operation": "GetItem"}, "drop": {}})
    with pytest.raises(ClientError):  # what failed first is what is told
        _expects_in_vain_and_fails()


def _expects_in_vain_and_fails() -> None:
    with Server() as server:
        server.expect("GetItem")
        client_of(server, 1).delete_table(TableName="other")
