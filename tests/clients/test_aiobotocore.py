"""aiobotocore, in the process: both transports, one state with boto3."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from dqlmock import UnmockedRequestError, dql_mock, mock_dynamodb
from dqlmock.wire.messages import WireRequest, WireResponse
from tests.clients.aio import PLAIN, TABLE, TRANSPORTS, client, config, key, put, session_class
from tests.stub_door import StubDoor, respond

pytest.importorskip("aiobotocore", reason="aiobotocore is not installed")


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> str:
    session_class(request.param)  # skips
    return str(request.param)


def test_sync_and_async_clients_share_one_state(transport: str) -> None:
    async def test() -> None:
        async with dql_mock() as db, client(transport=transport) as dynamodb:
            boto3.client("dynamodb").create_table(**PLAIN)
            await dynamodb.put_item(**put(1))
            assert boto3.resource("dynamodb").Table(TABLE).get_item(Key={"pk": "1"})["Item"] == {
                "pk": "1",
                "n": 1,
            }
            boto3.client("dynamodb").put_item(**put(2))
            assert (await dynamodb.get_item(**key(2)))["Item"]["n"] == {"N": "2"}
            operations = [call.operation for call in db.calls]
        assert operations == ["CreateTable", "PutItem", "GetItem", "PutItem", "GetItem"]

    asyncio.run(test())


def test_waiters_and_paginators(transport: str) -> None:
    async def test() -> None:
        async with dql_mock(), client(transport=transport) as dynamodb:
            await dynamodb.create_table(**PLAIN)
            await dynamodb.get_waiter("table_exists").wait(TableName=TABLE)
            await asyncio.gather(*(dynamodb.put_item(**put(number)) for number in range(25)))
            scan = dynamodb.get_paginator("scan").paginate(
                TableName=TABLE, PaginationConfig={"PageSize": 10}
            )
            pages = [page["Count"] async for page in scan]
            assert pages == [10, 10, 5]
            await dynamodb.delete_table(TableName=TABLE)
            await dynamodb.get_waiter("table_not_exists").wait(TableName=TABLE)

    asyncio.run(test())


def test_modelled_exceptions_carry_their_fields(transport: str) -> None:
    async def test() -> None:
        async with dql_mock(), client(transport=transport) as dynamodb:
            with pytest.raises(dynamodb.exceptions.ResourceNotFoundException) as missing:
                await dynamodb.get_item(**key(1))
            assert missing.value.response["Error"]["Message"] == "Requested resource not found"
            await dynamodb.create_table(**PLAIN)
            await dynamodb.put_item(**put(1))
            with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException) as failed:
                await dynamodb.put_item(
                    **put(1),
                    ConditionExpression="attribute_not_exists(pk)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            response = failed.value.response
            assert response["Error"]["Message"] == "The conditional request failed"
            assert response["Item"] == put(1)["Item"]

    asyncio.run(test())


def test_metadata_is_that_of_a_sync_client(transport: str) -> None:
    async def test() -> None:
        async with dql_mock(), client(transport=transport) as dynamodb:
            ours = (await dynamodb.list_tables())["ResponseMetadata"]
            theirs = boto3.client("dynamodb").list_tables()["ResponseMetadata"]
            assert ours.keys() == theirs.keys()
            assert ours["HTTPHeaders"].keys() == theirs["HTTPHeaders"].keys()
            assert (ours["HTTPStatusCode"], ours["RetryAttempts"]) == (200, 0)

    asyncio.run(test())


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_retries_are_aiobotocores_own(
    doors: list[StubDoor], transport: str, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("random.random", lambda: 0.001)
    failure = respond({"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError"}, 500)

    def fail_once(request: WireRequest) -> WireResponse | None:
        return failure if len(doors[0].requests) == 1 else None

    async def test() -> None:
        retries = {"mode": mode, "max_attempts": 3}
        async with mock_dynamodb():
            doors[0].respond = fail_once
            options = config(transport, retries=retries)
            async with client(config=options) as dynamodb:
                answer = await dynamodb.list_tables()
        assert answer["ResponseMetadata"]["RetryAttempts"] == 1
        assert len(doors[0].requests) == 2

    asyncio.run(test())


def test_an_answer_with_a_wrong_checksum_is_asked_for_again(
    doors: list[StubDoor], transport: str
) -> None:
    def corrupt_once(request: WireRequest) -> WireResponse | None:
        return respond({}, crc32=1) if len(doors[0].requests) == 1 else None

    async def test() -> None:
        async with mock_dynamodb(), client(transport=transport) as dynamodb:
            doors[0].respond = corrupt_once
            answer = await dynamodb.list_tables()
        assert answer["ResponseMetadata"]["RetryAttempts"] == 1

    asyncio.run(test())


def test_streams_are_caught(doors: list[StubDoor], transport: str) -> None:
    async def test() -> None:
        async with mock_dynamodb(), client("dynamodbstreams", transport) as streams:
            await streams.list_streams()

    asyncio.run(test())
    assert doors[0].requests[0].target == "DynamoDBStreams_20120810.ListStreams"


def test_a_client_that_is_older_than_the_mock(doors: list[StubDoor], transport: str) -> None:
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "real"}

    async def test() -> None:
        older = client(transport=transport, region_name="eu-west-1", **keys)
        async with older as dynamodb, mock_dynamodb():
            await dynamodb.list_tables()

    asyncio.run(test())
    assert doors[0].requests == [
        WireRequest("DynamoDB_20120810.ListTables", b"{}", "123456789012", "eu-west-1")
    ]


def test_the_region_and_the_account_select_the_state() -> None:
    async def names(region: str, account: str) -> Any:
        keys = {"aws_access_key_id": account, "aws_secret_access_key": "x"}
        async with client(region_name=region, **keys) as dynamodb:
            return (await dynamodb.list_tables())["TableNames"]

    async def test() -> None:
        async with dql_mock(), client(region_name="eu-west-1") as dynamodb:
            await dynamodb.create_table(**PLAIN)
            assert await names("eu-west-1", "123456789012") == [TABLE]
            assert await names("eu-west-2", "123456789012") == []
            assert await names("eu-west-1", "111122223333") == []

    asyncio.run(test())


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_another_service_is_refused_in_the_same_words(transport: str, mode: str) -> None:
    sent: list[Any] = []
    retries = {"mode": mode, "max_attempts": 5}

    async def test() -> None:
        options = config(transport, retries=retries)
        async with dql_mock(), client("sqs", config=options) as sqs:
            sqs.meta.events.register("before-send", lambda request, **_: sent.append(request))
            with pytest.raises(UnmockedRequestError) as ours:
                await sqs.list_queues()
            with pytest.raises(UnmockedRequestError) as theirs:
                boto3.client("sqs").list_queues()
        assert str(ours.value) == str(theirs.value)
        assert len(sent) == 1

    asyncio.run(test())


def test_the_metadata_service_is_refused(transport: str) -> None:
    from botocore.awsrequest import AWSRequest

    async def test() -> None:
        request = AWSRequest("GET", "http://169.254.169.254/latest/api/token").prepare()
        async with dql_mock(passthrough=("imds",)), session_class(transport)() as http:
            with pytest.raises(UnmockedRequestError, match="imds"):
                await http.send(request)

    asyncio.run(test())


@pytest.fixture
def beyond(doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch, transport: str) -> list[Any]:
    """Replaces aiobotocore's own send by one that answers 200, and keeps the requests."""
    from dqlmock.intercept.aiobotocore_send import AioAnswer

    sent: list[Any] = []

    async def send(session: Any, request: Any) -> Any:
        sent.append(request)
        return AioAnswer(request.url, 200, {}, b"{}")

    monkeypatch.setattr(session_class(transport), "send", send)
    return sent


def test_a_service_that_is_let_through_is_sent(beyond: list[Any], transport: str) -> None:
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "real"}

    async def test() -> None:
        mock = mock_dynamodb(passthrough=("stepfunctions",))
        async with mock, client("stepfunctions", transport, **keys) as machines:
            await machines.list_state_machines()

    asyncio.run(test())
    assert b"Credential=AKIAIOSFODNN7EXAMPLE/" in beyond[0].headers["Authorization"]


def test_nothing_is_caught_after_the_mock(beyond: list[Any], transport: str) -> None:
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "real"}
    own = session_class(transport).send

    async def test() -> None:
        async with client(transport=transport, region_name="eu-west-1", **keys) as dynamodb:
            async with mock_dynamodb():
                assert session_class(transport).send is not own
                await dynamodb.list_tables()
            assert session_class(transport).send is own
            await dynamodb.list_tables()

    asyncio.run(test())
    assert len(beyond) == 1


def test_calls_take_turns(transport: str) -> None:
    """A task that polls doesn't keep another from writing what it waits for."""

    async def poll(dynamodb: Any) -> bool:
        for _ in range(50):
            if "Item" in await dynamodb.get_item(**key(1)):
                return True
        return False

    async def test() -> None:
        async with dql_mock(), client(transport=transport) as dynamodb:
            await dynamodb.create_table(**PLAIN)
            found, _ = await asyncio.gather(poll(dynamodb), dynamodb.put_item(**put(1)))
        assert found

    asyncio.run(test())


def test_many_calls_at_once_lose_nothing(transport: str) -> None:
    update = {
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
        "ReturnValues": "UPDATED_NEW",
    }

    async def test() -> None:
        async with dql_mock(), client(transport=transport) as dynamodb:
            await dynamodb.create_table(**PLAIN)
            calls = [dynamodb.update_item(**key(1), **update) for _ in range(100)]
            answers = await asyncio.gather(*calls)
        seen = sorted(int(answer["Attributes"]["n"]["N"]) for answer in answers)
        assert seen == list(range(1, 101))

    asyncio.run(test())


def test_a_race_between_tasks_shows(transport: str) -> None:
    """Reading, then writing, without a condition: between the two, the other task reads."""

    async def increment(dynamodb: Any) -> None:
        item = (await dynamodb.get_item(**key(0)))["Item"]
        await dynamodb.put_item(
            TableName=TABLE, Item={**item, "n": {"N": str(int(item["n"]["N"]) + 1)}}
        )

    async def test() -> None:
        async with dql_mock(), client(transport=transport) as dynamodb:
            await dynamodb.create_table(**PLAIN)
            await dynamodb.put_item(**put(0))
            await asyncio.gather(increment(dynamodb), increment(dynamodb))
            assert (await dynamodb.get_item(**key(0)))["Item"]["n"] == {"N": "1"}

    asyncio.run(test())


def test_a_cancelled_call_never_reaches_the_engine(transport: str) -> None:
    async def test() -> None:
        async with dql_mock() as db, client(transport=transport) as dynamodb:
            await dynamodb.create_table(**PLAIN)
            writing = asyncio.create_task(dynamodb.put_item(**put(1)))
            await asyncio.sleep(0)  # it has started, and gives way
            writing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await writing
            assert db.calls.of("PutItem") == []
            assert "Item" not in await dynamodb.get_item(**key(1))

    asyncio.run(test())


def test_a_call_under_way_when_its_mock_ends_stays_in_it(transport: str) -> None:
    async def test() -> None:
        async with client(transport=transport, region_name="us-east-1") as dynamodb:
            async with dql_mock() as db:
                await dynamodb.create_table(**PLAIN)
                writing = asyncio.create_task(dynamodb.put_item(**put(1)))
                await asyncio.sleep(0)
            await writing
        assert len(db.calls.of("PutItem")) == 1

    asyncio.run(test())


def test_a_coroutine_is_decorated(transport: str) -> None:
    @mock_dynamodb
    async def test() -> Any:
        async with client(transport=transport) as dynamodb:
            await dynamodb.create_table(**PLAIN)
            return (await dynamodb.list_tables())["TableNames"]

    assert [asyncio.run(test()) for _ in range(2)] == [[TABLE], [TABLE]]


def test_an_error_of_the_door_reaches_the_caller_unchanged(
    doors: list[StubDoor], transport: str
) -> None:
    def fail(_: WireRequest) -> WireResponse | None:
        raise ZeroDivisionError("a bug of the mock")

    async def test() -> None:
        async with mock_dynamodb(), client(transport=transport) as dynamodb:
            doors[0].respond = fail
            with pytest.raises(ZeroDivisionError):
                await dynamodb.list_tables()

    asyncio.run(test())
    assert len(doors[0].requests) == 1


def test_trio_runs_the_httpx_transport() -> None:
    trio = pytest.importorskip("trio", reason="trio is not installed")
    reason = "this aiobotocore doesn't run on trio"
    pytest.importorskip("aiobotocore._async_primitives", reason=reason)
    session_class("httpx")  # skips

    async def test() -> Any:
        async with dql_mock(), client(transport="httpx") as dynamodb:
            await dynamodb.create_table(**PLAIN)
            async with trio.open_nursery() as nursery:
                for number in range(10):
                    nursery.start_soon(lambda number=number: dynamodb.put_item(**put(number)))
            return (await dynamodb.scan(TableName=TABLE))["Count"]

    assert trio.run(test) == 10


def test_moto_leaves_dynamodb_to_us(transport: str) -> None:
    """moto doesn't support aiobotocore: its answers can't be awaited. DynamoDB's are ours."""
    moto = pytest.importorskip("moto", reason="moto is not installed")

    async def test() -> None:
        async with dql_mock() as db:
            with moto.mock_aws():
                async with client(transport=transport, region_name="us-east-1") as dynamodb:
                    await dynamodb.create_table(**PLAIN)
                    assert (await dynamodb.list_tables())["TableNames"] == [TABLE]
            assert len(db.calls) == 2

    asyncio.run(test())


_LATE = """
import asyncio, sys
from dqlmock import dql_mock

async def test():
    async with dql_mock() as db:
        assert "aiobotocore" not in sys.modules
        from aiobotocore.session import get_session
        async with get_session().create_client("dynamodb") as client:
            await client.list_tables()
        assert len(db.calls) == 1
    from aiobotocore.httpsession import AIOHTTPSession
    assert "dqlmock" not in AIOHTTPSession.send.__module__

asyncio.run(test())
"""


def test_aiobotocore_imported_inside_the_mock() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", _LATE], check=True, timeout=120)


def test_the_body_can_be_read_as_a_stream() -> None:
    from dqlmock.intercept.aiobotocore_send import AioAnswer

    async def test() -> None:
        answer = AioAnswer("https://x", 200, {"A": "b"}, b"{}")
        assert answer.raw.raw_headers == [(b"a", b"b")]
        body = answer.raw
        assert (await body.read(1), await body.aread(), await body.read()) == (b"{", b"}", b"")
        assert (await answer.content, await answer.text) == (b"{}", "{}")

    asyncio.run(test())


def test_unknown_errors_are_client_errors(transport: str) -> None:
    async def test() -> None:
        async with dql_mock(), client(transport=transport) as dynamodb:
            with pytest.raises(ClientError) as caught:
                await dynamodb.create_table(**{**PLAIN, "TableName": "no/name"})
            assert caught.value.response["Error"]["Code"] == "ValidationException"

    asyncio.run(test())
