from __future__ import annotations

from typing import Any

import pytest

from tests.operations.tables import attribute, key_schema

ORDERS: dict[str, Any] = {
    "TableName": "orders",
    "AttributeDefinitions": [attribute("id"), attribute("customer"), attribute("day")],
    "KeySchema": key_schema("id"),
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_customer",
            "KeySchema": key_schema("customer", "day"),
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def orders(dynamodb: Any) -> Any:
    """A client; there is a table `orders` by id, with an index by customer and day."""
    dynamodb.create_table(**ORDERS)
    return dynamodb


def order(number: int | str, customer: str = "ada", **more: Any) -> dict[str, Any]:
    return {
        "id": {"S": str(number)},
        "customer": {"S": customer},
        "day": {"S": f"2026-01-{number:0>2}"},
        **more,
    }


def put(client: Any, number: int | str, customer: str = "ada", **more: Any) -> None:
    client.put_item(TableName="orders", Item=order(number, customer, **more))


def get(client: Any, number: int | str, **more: Any) -> Any:
    return client.get_item(TableName="orders", Key={"id": {"S": str(number)}}, **more)


def query(client: Any, customer: str, **more: Any) -> Any:
    values = {":c": {"S": customer}, **more.pop("values", {})}
    return client.query(
        TableName="orders",
        IndexName="by_customer",
        KeyConditionExpression="customer = :c",
        ExpressionAttributeValues=values,
        **more,
    )
