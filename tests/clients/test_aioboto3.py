"""aioboto3: clients, resources and batch writers on the same door as aiobotocore."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import boto3
import pytest

from dqlmock import UnmockedRequestError, dql_mock
from dqlmock.intercept.credentials import ACCESS_KEY
from tests.clients.aio import PLAIN, TABLE

aioboto3 = pytest.importorskip(
    "aioboto3",
    reason="aioboto3 is not installed: it holds botocore a year back, so it is no part of `dev`",
)


def test_a_resource_and_a_sync_client_share_one_state() -> None:
    async def test() -> None:
        async with dql_mock(), aioboto3.Session().resource("dynamodb") as dynamodb:
            table = await dynamodb.create_table(**PLAIN)
            await table.wait_until_exists()
            await table.put_item(Item={"pk": "1", "price": Decimal("1.50")})
            answer = await (await dynamodb.Table(TABLE)).get_item(Key={"pk": "1"})
            assert answer["Item"] == {"pk": "1", "price": Decimal("1.5")}
            assert boto3.client("dynamodb").scan(TableName=TABLE)["Count"] == 1
            assert [table.name async for table in dynamodb.tables.all()] == [TABLE]

    asyncio.run(test())


def test_a_batch_writer() -> None:
    async def test() -> Any:
        async with dql_mock() as db, aioboto3.Session().resource("dynamodb") as dynamodb:
            table = await dynamodb.create_table(**PLAIN)
            async with table.batch_writer() as batch:
                for number in range(60):
                    await batch.put_item(Item={"pk": str(number)})
            assert len(db.calls.of("BatchWriteItem")) == 3
            return (await table.scan())["Count"]

    assert asyncio.run(test()) == 60


def test_conditions_of_boto3() -> None:
    conditions = boto3.dynamodb.conditions

    async def test() -> Any:
        async with dql_mock(), aioboto3.Session().resource("dynamodb") as dynamodb:
            table = await dynamodb.create_table(**PLAIN)
            await asyncio.gather(*(table.put_item(Item={"pk": str(n), "n": n}) for n in range(10)))
            answer = await table.scan(FilterExpression=conditions.Attr("n").gte(7))
            queried = await table.query(KeyConditionExpression=conditions.Key("pk").eq("3"))
            return sorted(item["n"] for item in answer["Items"] + queried["Items"])

    assert asyncio.run(test()) == [3, 7, 8, 9]


def test_the_keys_of_a_session_do_not_sign() -> None:
    async def test() -> None:
        session = aioboto3.Session(
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="real",
            region_name="eu-west-1",
        )
        seen: list[Any] = []
        async with dql_mock() as db, session.client("dynamodb") as client:
            client.meta.events.register("before-send", lambda request, **_: seen.append(request))
            await client.list_tables()
            assert db.calls[0].request.region == "eu-west-1"
        assert f"Credential={ACCESS_KEY}/" in str(seen[0].headers["Authorization"])

    asyncio.run(test())


def test_another_service_is_refused() -> None:
    async def test() -> None:
        async with dql_mock(), aioboto3.Session().client("s3") as client:
            with pytest.raises(UnmockedRequestError, match=r"^s3\.ListBuckets is not mocked"):
                await client.list_buckets()

    asyncio.run(test())
