"""PynamoDB, unmodified: models, indexes, conditions, batches, transactions, pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest

from dqlmock import dql_mock
from dqlmock.operations.registry import OPERATIONS

models = pytest.importorskip("tests.clients.pynamodb_models", reason="PynamoDB is not installed")
connection = pytest.importorskip("pynamodb.connection")
exceptions = pytest.importorskip("pynamodb.exceptions")
transactions = pytest.importorskip("pynamodb.transactions")

Order = models.Order


@pytest.fixture
def db() -> Iterator[Any]:
    """A mock with the models' table. The models keep their connection over many mocks."""
    with dql_mock() as running:
        Order.create_table(wait=True)
        running.calls.clear()
        yield running


def _place(count: int, customer: str = "ada") -> None:
    with Order.batch_write() as batch:
        for number in range(count):
            batch.save(Order(customer, number, placed=count - number))


def test_a_model_is_saved_and_read_back(db: Any) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=timezone.utc)
    order = Order(
        "ada",
        1,
        tags={"a", "b"},
        lines=["x", 1.5, {"y": None}],
        address=models.Address(city="Bern"),
        photo=b"\x00\xff",
        at=at,
    )
    order.save()
    read = Order.get("ada", 1, consistent_read=True)
    assert (read.tags, read.photo, read.at, read.address.city, read.version) == (
        {"a", "b"},
        b"\x00\xff",
        at,
        "Bern",
        1,
    )
    assert read.lines[:2] == ["x", 1.5]
    assert [call.operation for call in db.calls] == ["PutItem", "GetItem"]
    assert db.calls[0].request.region == "eu-west-1"


def test_what_is_missing(db: Any) -> None:
    with pytest.raises(Order.DoesNotExist):
        Order.get("ada", 1)
    Order.delete_table()
    assert not Order.exists()
    with pytest.raises(exceptions.GetError) as caught:
        Order.get("ada", 1)
    assert caught.value.cause_response_code == "ResourceNotFoundException"
    assert caught.value.cause_response_message == "Requested resource not found"


def test_boto3_sees_the_same_table(db: Any) -> None:
    _place(3)
    table = boto3.resource("dynamodb", region_name="eu-west-1").Table("orders")
    assert table.scan()["Count"] == 3
    table.delete_item(Key={"customer": "ada", "number": 1})
    assert Order.count("ada") == 2


def test_a_query_goes_over_pages(db: Any) -> None:
    _place(25)
    results = Order.query("ada", Order.number >= 5, page_size=6, scan_index_forward=False)
    assert [order.number for order in results] == list(range(24, 4, -1))
    assert len(db.calls.of("Query")) == 4


def test_a_query_is_limited_and_resumed(db: Any) -> None:
    _place(5)
    first = Order.query("ada", limit=2)
    assert [order.number for order in first] == [0, 1]
    rest = Order.query("ada", last_evaluated_key=first.last_evaluated_key)
    assert [order.number for order in rest] == [2, 3, 4]


def test_a_scan_filters(db: Any) -> None:
    _place(4)
    _place(3, "bob")
    found = Order.scan(Order.number.is_in(1, 2) & Order.customer.startswith("b"))
    assert sorted(order.number for order in found) == [1, 2]
    assert len(list(Order.scan(segment=0, total_segments=1))) == 7


def test_indexes(db: Any) -> None:
    _place(5)
    Order("ada", 9, status="PAID", placed=9).save()
    paid = list(Order.by_status.query("PAID", Order.placed > 1))
    assert [(order.number, order.version) for order in paid] == [(9, 1)]
    assert Order.by_status.count("NEW") == 5
    assert [order.number for order in Order.by_placed.query("ada", Order.placed.between(2, 4))] == [
        3,
        2,
        1,
    ]
    assert len(list(Order.by_status.scan())) == 6


def test_updates_and_conditions(db: Any) -> None:
    order = Order("ada", 1)
    order.save(condition=Order.customer.does_not_exist())
    order.update(
        actions=[
            Order.status.set("PAID"),
            Order.placed.add(5),
            Order.tags.set({"x"}),
            Order.lines.set(["a"]),
        ],
        condition=Order.status == "NEW",
    )
    order.update(actions=[Order.lines.set(Order.lines.append(["b"])), Order.tags.remove()])
    assert (order.status, order.placed, list(order.lines), order.version) == (
        "PAID",
        5,
        ["a", "b"],
        3,
    )
    with pytest.raises(exceptions.UpdateError) as caught:
        order.update(actions=[Order.paid.set(True)], condition=Order.status == "NEW")
    assert caught.value.cause_response_code == "ConditionalCheckFailedException"


def test_a_version_guards_against_lost_updates(db: Any) -> None:
    Order("ada", 1).save()
    one, two = Order.get("ada", 1), Order.get("ada", 1)
    one.save()
    with pytest.raises(exceptions.PutError, match="The conditional request failed"):
        two.save()
    with pytest.raises(exceptions.DeleteError):
        two.delete()
    one.delete()
    assert Order.count("ada") == 0


def test_batches(db: Any) -> None:
    _place(60)
    assert len(db.calls.of("BatchWriteItem")) == 3
    read = Order.batch_get([("ada", number) for number in (*range(0, 60, 2), 99)])
    assert sorted(order.number for order in read) == list(range(0, 60, 2))


def test_transactions(db: Any) -> None:
    client = connection.Connection(region="eu-west-1")
    _place(2)
    with transactions.TransactWrite(connection=client, client_request_token="token") as write:
        write.save(Order("bob", 1))
        write.update(Order.get("ada", 0), actions=[Order.status.set("PAID")])
        write.delete(Order.get("ada", 1))
    with transactions.TransactGet(connection=client) as read:
        futures = [read.get(Order, "bob", 1), read.get(Order, "ada", 0)]
    assert [future.get().status for future in futures] == ["NEW", "PAID"]
    assert Order.count("ada") == 1


def test_a_transaction_is_cancelled_as_a_whole(db: Any) -> None:
    client = connection.Connection(region="eu-west-1")
    _place(1)
    write = transactions.TransactWrite(connection=client)
    write.save(Order("bob", 1))
    write.condition_check(Order, "ada", 0, condition=Order.status == "PAID")
    with pytest.raises(exceptions.TransactWriteError) as caught, write:
        pass
    reasons = caught.value.cancellation_reasons
    assert [reason and reason.code for reason in reasons] == ["ConditionalCheckFailed", None]
    assert Order.count("bob") == 0


def test_a_raw_connection(db: Any) -> None:
    client = connection.Connection(region="eu-west-1")
    assert client.list_tables()["TableNames"] == ["orders"]
    assert client.describe_table("orders")["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


@pytest.mark.skipif(
    "UpdateTimeToLive" not in OPERATIONS, reason="this version has no UpdateTimeToLive"
)
def test_a_ttl_attribute(db: Any) -> None:
    models.Session.create_table(wait=True)
    described = boto3.client("dynamodb", region_name="eu-west-1").describe_time_to_live(
        TableName="sessions"
    )
    assert described["TimeToLiveDescription"]["AttributeName"] == "expires"
    models.Session("a", expires=timedelta(hours=1)).save()
    assert models.Session.get("a").expires > datetime.now(timezone.utc)


def test_a_model_outlives_its_mock() -> None:
    """Its connection and what it knows of its table are kept by the class."""
    for _ in range(2):
        with dql_mock():
            assert not Order.exists()
            Order.create_table(wait=True)
            _place(1)
            assert Order.count("ada") == 1
