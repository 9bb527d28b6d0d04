"""The scenario that boto3 and aioboto3 run, and how a suite reports; see tests/clients/suites.py.

Runs in a virtual environment of its own, with nothing of this project in it.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

ENDPOINT = os.environ["DQLMOCK_ENDPOINT"]
FEATURES = os.environ["DQLMOCK_FEATURES"].split(",")
TABLE = "music"
CLIENT_OPTIONS = {
    "endpoint_url": ENDPOINT,
    "region_name": "us-east-1",
    "aws_access_key_id": "AKIAPYTHON",
    "aws_secret_access_key": "secret",
}

Call = Callable[..., Awaitable[Any]]


def key(artist: str, song: str) -> dict[str, Any]:
    return {"artist": {"S": artist}, "song": {"S": song}}


class Scenario:
    """Args:
    call: Awaits an operation of DynamoDB: `await call("get_item", TableName=...)`.
    stream: The same of DynamoDB Streams.
    code_of: Returns the error code of the exception that a call raises, None where it succeeds.
    """

    def __init__(self, call: Call, stream: Call, error_of: Call) -> None:
        self.call = call
        self.stream = stream
        self.error_of = error_of

    async def tables(self) -> None:
        await self.call(
            "create_table",
            TableName=TABLE,
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("artist", "song")
            ],
            KeySchema=[
                {"AttributeName": "artist", "KeyType": "HASH"},
                {"AttributeName": "song", "KeyType": "RANGE"},
            ],
            BillingMode="PAY_PER_REQUEST",
            **_stream_specification(),
        )
        table = (await self.call("describe_table", TableName=TABLE))["Table"]
        assert table["TableStatus"] == "ACTIVE", table
        names = (await self.call("list_tables"))["TableNames"]
        assert names == [TABLE], names

    async def items(self) -> None:
        item = {**key("a", "s"), "plays": {"N": "1"}, "cover": {"B": b"\x00\xff"}}
        await self.call("put_item", TableName=TABLE, Item=item)
        got = await self.call("get_item", TableName=TABLE, Key=key("a", "s"))
        assert got["Item"] == item, got
        error = await self.error_of(
            "put_item",
            TableName=TABLE,
            Item=item,
            ConditionExpression="attribute_not_exists(artist)",
        )
        assert error["Error"]["Code"] == "ConditionalCheckFailedException", error
        updated = await self.call(
            "update_item",
            TableName=TABLE,
            Key=key("a", "s"),
            UpdateExpression="ADD plays :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
            ReturnValues="UPDATED_NEW",
        )
        assert updated["Attributes"] == {"plays": {"N": "2"}}, updated
        await self.call("delete_item", TableName=TABLE, Key=key("a", "s"))
        got = await self.call("get_item", TableName=TABLE, Key=key("a", "s"))
        assert "Item" not in got, got

    async def pages(self) -> None:
        for number in range(25):
            item = key("pages", f"song {number:02}")
            await self.call("put_item", TableName=TABLE, Item=item)
        songs: list[str] = []
        start: dict[str, Any] = {}
        pages = 0
        while pages == 0 or start:
            page = await self.call(
                "query",
                TableName=TABLE,
                KeyConditionExpression="artist = :a",
                ExpressionAttributeValues={":a": {"S": "pages"}},
                Limit=10,
                **({"ExclusiveStartKey": start} if start else {}),
            )
            pages, start = pages + 1, page.get("LastEvaluatedKey", {})
            songs += [item["song"]["S"] for item in page["Items"]]
        assert pages == 3, pages
        assert songs == [f"song {number:02}" for number in range(25)], songs

    async def transactions(self) -> None:
        await self.call("transact_write_items", TransactItems=[_put("1"), _put("2")])
        clash = _put("1", ConditionExpression="attribute_not_exists(artist)")
        error = await self.error_of("transact_write_items", TransactItems=[_put("3"), clash])
        codes = [reason["Code"] for reason in error["CancellationReasons"]]
        assert codes == ["None", "ConditionalCheckFailed"], codes
        gets = [{"Get": {"TableName": TABLE, "Key": key("transact", song)}} for song in "13"]
        got = await self.call("transact_get_items", TransactItems=gets)
        assert [("Item" in one) for one in got["Responses"]] == [True, False], got

    async def partiql(self) -> None:
        await self.call(
            "execute_statement",
            Statement=f"INSERT INTO \"{TABLE}\" VALUE {{'artist': ?, 'song': ?}}",
            Parameters=[{"S": "partiql"}, {"S": "one"}],
        )
        found = await self.call(
            "execute_statement",
            Statement=f'SELECT song FROM "{TABLE}" WHERE artist = ?',
            Parameters=[{"S": "partiql"}],
        )
        assert found["Items"] == [{"song": {"S": "one"}}], found

    async def streams(self) -> None:
        arn = (await self.call("describe_table", TableName=TABLE))["Table"]["LatestStreamArn"]
        description = (await self.stream("describe_stream", StreamArn=arn))["StreamDescription"]
        songs = []
        for shard in description["Shards"]:
            iterator = await self.stream(
                "get_shard_iterator",
                StreamArn=arn,
                ShardId=shard["ShardId"],
                ShardIteratorType="TRIM_HORIZON",
            )
            page = await self.stream("get_records", ShardIterator=iterator["ShardIterator"])
            songs += [record["dynamodb"]["Keys"]["song"]["S"] for record in page["Records"]]
        assert "song 24" in songs, songs

    async def run(self) -> None:
        for name in ("tables", "items", "pages", "transactions", "partiql", "streams"):
            if name in FEATURES:
                await getattr(self, name)()
                print(f"ok {name}")


def _stream_specification() -> Mapping[str, Any]:
    if "streams" not in FEATURES:
        return {}
    return {"StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}}


def _put(song: str, **condition: str) -> dict[str, Any]:
    return {"Put": {"TableName": TABLE, "Item": key("transact", song), **condition}}
