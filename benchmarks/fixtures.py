"""The tables and items that the benchmarks share."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

TABLE = "orders"

ITEM: dict[str, Any] = {
    "pk": {"S": "order#0000000001"},
    "sk": {"S": "line#0001"},
    "customer": {"S": "customer#42"},
    "status": {"S": "NEW"},
    "pieces": {"N": "3"},
    "price": {"N": "12.5"},
    "note": {"S": "x" * 100},
}
KEY: dict[str, Any] = {"pk": ITEM["pk"], "sk": ITEM["sk"]}


def client(service: str = "dynamodb") -> Any:
    return boto3.client(
        service,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"max_attempts": 0}),
    )


def create_table(client: Any) -> None:
    client.create_table(
        TableName=TABLE,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "customer")
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
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


def create_streamed_table(client: Any) -> None:
    specification = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    create_plain_table(client, StreamSpecification=specification)


def create_plain_table(client: Any, **options: Any) -> None:
    client.create_table(
        TableName=TABLE,
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")
        ],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        BillingMode="PAY_PER_REQUEST",
        **options,
    )


def line_item(partition: str, number: int) -> dict[str, Any]:
    return {**ITEM, "pk": {"S": partition}, "sk": {"S": f"line#{number:06d}"}}


def calls(client: Any) -> dict[str, Any]:
    """The calls that are measured against the floor."""
    return {
        "PutItem": lambda: client.put_item(TableName=TABLE, Item=ITEM),
        "GetItem": lambda: client.get_item(TableName=TABLE, Key=KEY),
        "UpdateItem, conditional": lambda: client.update_item(
            TableName=TABLE,
            Key=KEY,
            UpdateExpression="SET pieces = pieces + :one, #status = :status",
            ConditionExpression="attribute_exists(pk) AND pieces < :most",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":one": {"N": "1"},
                ":most": {"N": "100000000"},
                ":status": {"S": "PAID"},
            },
        ),
        "Query of 10 items": lambda: client.query(
            TableName=TABLE,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "ten"}},
        ),
        "SELECT by key": lambda: client.execute_statement(
            Statement=f'SELECT * FROM "{TABLE}" WHERE pk = ? AND sk = ?',
            Parameters=[KEY["pk"], KEY["sk"]],
        ),
        "BatchWriteItem of 25": lambda: client.batch_write_item(
            RequestItems={
                TABLE: [
                    {"PutRequest": {"Item": line_item("batch", number)}} for number in range(25)
                ]
            }
        ),
        "TransactWriteItems of 10": lambda: client.transact_write_items(
            TransactItems=[_transact(number) for number in range(10)]
        ),
    }


def _transact(number: int) -> dict[str, Any]:
    return {
        "Update": {
            "TableName": TABLE,
            "Key": {"pk": {"S": "ten"}, "sk": {"S": f"line#{number:06d}"}},
            "UpdateExpression": "SET pieces = pieces + :one",
            "ConditionExpression": "pieces < :most",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":most": {"N": "100000000"}},
        }
    }


def seed(client: Any) -> None:
    client.put_item(TableName=TABLE, Item=ITEM)
    for number in range(10):
        client.put_item(TableName=TABLE, Item=line_item("ten", number))


def seed_stream(client: Any, streams: Any, count: int) -> str:
    """Write items and return an iterator that starts at the first of them."""
    for number in range(count):
        client.put_item(TableName=TABLE, Item=line_item("stream", number))
    stream = streams.list_streams(TableName=TABLE)["Streams"][0]["StreamArn"]
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]
    answer = streams.get_shard_iterator(
        StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    return str(answer["ShardIterator"])
