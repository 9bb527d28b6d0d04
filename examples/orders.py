"""A small order service, as an application would have it: it knows boto3 and nothing of dqlmock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import boto3
from boto3.dynamodb.conditions import Attr, Key

TABLE = "orders"


class OutOfStock(Exception):
    """Fewer pieces are left than were ordered."""


def create_table() -> Any:
    """Create the table: orders and stock by primary key, orders by customer in an index."""
    return boto3.resource("dynamodb").create_table(
        TableName=TABLE,
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
            {"AttributeName": "customer", "AttributeType": "S"},
            {"AttributeName": "placed_at", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_customer",
                "KeySchema": [
                    {"AttributeName": "customer", "KeyType": "HASH"},
                    {"AttributeName": "placed_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


class OrderService:
    """Places, ships and lists orders."""

    def __init__(self) -> None:
        self.table = boto3.resource("dynamodb").Table(TABLE)

    def stock(self, sku: str, pieces: int) -> None:
        """Put pieces of an article on the shelf."""
        self.table.update_item(
            Key={"pk": f"STOCK#{sku}", "sk": "STOCK"},
            UpdateExpression="ADD pieces :n",
            ExpressionAttributeValues={":n": pieces},
        )

    def place(
        self, order_id: str, customer: str, sku: str, pieces: int, placed_at: str, price: Decimal
    ) -> None:
        """Take the pieces off the shelf and record the order, once for each order id."""
        client = self.table.meta.client
        try:
            self.table.update_item(
                Key={"pk": f"STOCK#{sku}", "sk": "STOCK"},
                UpdateExpression="SET pieces = pieces - :n",
                ConditionExpression=Attr("pieces").gte(pieces),
                ExpressionAttributeValues={":n": pieces},
            )
        except client.exceptions.ConditionalCheckFailedException as error:
            raise OutOfStock(sku) from error
        self.table.put_item(
            Item={
                "pk": f"ORDER#{order_id}",
                "sk": "ORDER",
                "customer": customer,
                "placed_at": placed_at,
                "status": "PLACED",
                "lines": [{"sku": sku, "pieces": pieces, "price": price}],
            },
            ConditionExpression=Attr("pk").not_exists(),
        )

    def ship(self, order_id: str) -> str:
        """Ship an order that was placed and not shipped yet; return its new status."""
        answer = self.table.update_item(
            Key={"pk": f"ORDER#{order_id}", "sk": "ORDER"},
            UpdateExpression="SET #status = :shipped",
            ConditionExpression="#status = :placed",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":shipped": "SHIPPED", ":placed": "PLACED"},
            ReturnValues="UPDATED_NEW",
        )
        status: str = answer["Attributes"]["status"]
        return status

    def of_customer(self, customer: str, since: str) -> list[str]:
        """Return the ids of a customer's orders, the newest first."""
        answer = self.table.query(
            IndexName="by_customer",
            KeyConditionExpression=Key("customer").eq(customer) & Key("placed_at").gte(since),
            ScanIndexForward=False,
        )
        return [item["pk"].removeprefix("ORDER#") for item in answer["Items"]]
