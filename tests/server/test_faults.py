"""Faults over real connections."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from dqlmock import Server, UnfiredFault
from tests.testing.conftest import ORDERS, get, put


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(port=0) as server:
        yield server


def client_of(server: Server, attempts: int, **options: Any) -> Any:
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=server.endpoint_url,
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"total_max_attempts": attempts}, **options),
    )


@pytest.fixture
def orders(server: Server) -> Any:
    client = client_of(server, 1, read_timeout=0.2)
    client.create_table(**ORDERS)
    return client


def test_a_dropped_connection_is_dropped(server: Server, orders: Any) -> None:
    server.faults.on("PutItem").drop(after_write=True)
    # What the peer's end of a connection that is reset looks like depends on the moment.
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        put(orders, 1)
    assert "Item" in get(orders, 1)


def test_a_timeout_is_waited_for(server: Server, orders: Any) -> None:
    server.faults.on("PutItem").timeout()
    with pytest.raises(ReadTimeoutError):
        put(orders, 1)
    assert "Item" not in get(orders, 1)


def test_a_retry_meets_the_table_again(server: Server, orders: Any) -> None:
    server.faults.on("PutItem").drop()
    server.faults.on("PutItem", nth=2).throttle()
    put(client_of(server, 3), 1)
    assert "Item" in get(orders, 1)


def test_a_late_answer_is_late(server: Server, orders: Any) -> None:
    server.faults.on("GetItem").delay(0.1)
    started = time.perf_counter()
    get(orders, 1)
    assert time.perf_counter() - started >= 0.1


def test_a_fault_that_never_fired_is_an_error_where_the_server_stops() -> None:
    server = Server(port=0).start()
    server.faults.on("PutItem").throttle()
    with pytest.raises(UnfiredFault, match="PutItem"):
        server.stop()


def test_an_error_is_answered(server: Server, orders: Any) -> None:
    with server.faults.on("ListTables").internal_error(), pytest.raises(ClientError, match="Inter"):
        orders.list_tables()
