"""How a project tests its DynamoDB code with dqlmock: as a decorator and as a context manager."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import boto3
import pytest
from botocore.exceptions import ClientError

from dqlmock import dql_mock, mock_dynamodb
from examples.orders import TABLE, OrderService, OutOfStock, create_table

PRICE = Decimal("19.90")


@mock_dynamodb
def test_placing_an_order_takes_the_pieces_off_the_shelf() -> None:
    create_table()
    service = OrderService()
    service.stock("lamp", 5)

    service.place("1", "ada", "lamp", 2, "2026-11-01", PRICE)

    # The low-level client and the resource see the same table.
    client = boto3.client("dynamodb")
    stock = client.get_item(TableName=TABLE, Key={"pk": {"S": "STOCK#lamp"}, "sk": {"S": "STOCK"}})
    assert stock["Item"]["pieces"] == {"N": "3"}
    order = service.table.get_item(Key={"pk": "ORDER#1", "sk": "ORDER"})["Item"]
    assert order["lines"] == [{"sku": "lamp", "pieces": Decimal(2), "price": PRICE}]


@mock_dynamodb
def test_an_order_for_more_than_there_is_changes_nothing() -> None:
    create_table()
    service = OrderService()
    service.stock("lamp", 1)

    with pytest.raises(OutOfStock):
        service.place("1", "ada", "lamp", 2, "2026-11-01", PRICE)

    shelf = service.table.get_item(Key={"pk": "STOCK#lamp", "sk": "STOCK"})
    assert shelf["Item"]["pieces"] == 1
    assert service.of_customer("ada", since="2026-01-01") == []


@pytest.fixture
def service() -> Iterator[OrderService]:
    with dql_mock():
        create_table()
        service = OrderService()
        service.stock("lamp", 100)
        yield service


def test_a_customers_orders_come_newest_first(service: OrderService) -> None:
    for day in (1, 3, 2):
        service.place(str(day), "ada", "lamp", 1, f"2026-11-0{day}", PRICE)
    service.place("9", "grace", "lamp", 1, "2026-11-02", PRICE)

    assert service.of_customer("ada", since="2026-11-02") == ["3", "2"]


def test_an_order_ships_once(service: OrderService) -> None:
    service.place("1", "ada", "lamp", 1, "2026-11-01", PRICE)

    assert service.ship("1") == "SHIPPED"
    with pytest.raises(ClientError) as failure:
        service.ship("1")
    assert failure.value.response["Error"] == {
        "Code": "ConditionalCheckFailedException",
        "Message": "The conditional request failed",
    }


def test_an_order_id_is_used_once() -> None:
    with dql_mock() as db:
        create_table()
        service = OrderService()
        service.stock("lamp", 2)
        service.place("1", "ada", "lamp", 1, "2026-11-01", PRICE)

        with pytest.raises(ClientError, match="The conditional request failed"):
            service.place("1", "ada", "lamp", 1, "2026-11-01", PRICE)

        assert [call.operation for call in db.calls][-2:] == ["UpdateItem", "PutItem"]
        assert db.calls[-1].error_code == "ConditionalCheckFailedException"
