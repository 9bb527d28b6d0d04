"""What botocore makes of the answers it is given."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from dqlmock.intercept.answers import Answer, Headers
from tests.stub_door import StubDoor, respond


def _client(**options: Any) -> Any:
    return boto3.client("dynamodb", region_name="us-east-1", **options)


def test_the_metadata_of_an_answer(door: StubDoor) -> None:
    metadata = _client().list_tables()["ResponseMetadata"]
    assert metadata["RequestId"] == "R" * 52
    assert metadata["HTTPStatusCode"] == 200
    assert metadata["RetryAttempts"] == 0
    assert metadata["HTTPHeaders"]["content-type"] == "application/x-amz-json-1.0"
    assert metadata["HTTPHeaders"]["x-amzn-requestid"] == "R" * 52


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_a_500_is_retried(door: StubDoor, monkeypatch: pytest.MonkeyPatch, mode: Any) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    answers = [respond({"__type": "x#InternalServerError"}, 500) for _ in range(2)]
    door.respond = lambda _: answers.pop() if answers else None
    config = Config(retries={"mode": mode, "max_attempts": 4})
    metadata = _client(config=config).list_tables()["ResponseMetadata"]
    assert (metadata["RetryAttempts"], len(door.requests)) == (2, 3)


@pytest.mark.parametrize("mode", ["legacy", "standard"])
def test_a_wrong_checksum_is_noticed(
    door: StubDoor, monkeypatch: pytest.MonkeyPatch, mode: Any
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    answers = [respond({"TableNames": ["torn"]}, crc32=1)]
    door.respond = lambda _: answers.pop() if answers else None
    client = _client(config=Config(retries={"mode": mode, "max_attempts": 2}))
    assert client.list_tables()["TableNames"] == []
    assert len(door.requests) == 2


def test_a_modelled_exception_carries_its_fields(door: StubDoor) -> None:
    client = _client()
    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed",
        "Item": {"pk": {"S": "a"}},
    }
    door.respond = lambda _: respond(body, 400)
    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.put_item(TableName="table", Item={"pk": {"S": "a"}})
    response: Any = caught.value.response
    assert response["Error"]["Message"] == "The conditional request failed"
    assert response["Item"] == {"pk": {"S": "a"}}


def test_paginators(door: StubDoor) -> None:
    first = {"TableNames": ["aaa"], "LastEvaluatedTableName": "aaa"}
    pages: dict[Any, Any] = {None: first, "aaa": {"TableNames": ["bbb"]}}
    door.respond = lambda request: respond(
        pages[json.loads(request.body).get("ExclusiveStartTableName")]
    )
    names = _client().get_paginator("list_tables").paginate().search("TableNames")
    assert list(names) == ["aaa", "bbb"]


def test_waiters(door: StubDoor) -> None:
    answers = [
        respond({"Table": {"TableStatus": "ACTIVE"}}),
        respond({"Table": {"TableStatus": "CREATING"}}),
        respond({"__type": "x#ResourceNotFoundException", "message": "no"}, 400),
    ]
    door.respond = lambda _: answers.pop()
    _client().get_waiter("table_exists").wait(TableName="table", WaiterConfig={"Delay": 0})
    assert len(door.requests) == 3


def test_events_fire_as_they_do_on_the_network(door: StubDoor) -> None:
    client = _client()
    fired: list[str] = []
    names = ["before-call", "choose-signer", "before-sign", "request-created", "before-send"]
    for name in names:
        client.meta.events.register(name, lambda event_name, **_: fired.append(event_name))
    statuses: list[tuple[int, str]] = []
    client.meta.events.register(
        "response-received",
        lambda response_dict, **_: statuses.append(
            (response_dict["status_code"], response_dict["headers"]["X-Amz-Crc32"])
        ),
    )
    client.list_tables()
    assert fired == [f"{name}.dynamodb.ListTables" for name in names]
    assert statuses == [(200, respond({"TableNames": []}).headers["x-amz-crc32"])]


def test_a_before_send_handler_may_answer_first(door: StubDoor) -> None:
    client = _client()
    answer = Answer("https://x", 200, {}, b'{"TableNames": ["theirs"]}')
    client.meta.events.register("before-send.dynamodb.ListTables", lambda **_: answer)
    assert client.list_tables()["TableNames"] == ["theirs"]
    assert door.requests == []


def test_botocores_stubber_goes_first(door: StubDoor) -> None:
    client = _client()
    with Stubber(client) as stubber:
        stubber.add_response("list_tables", {"TableNames": ["stubbed"]})
        assert client.list_tables()["TableNames"] == ["stubbed"]
    assert client.list_tables()["TableNames"] == []


def test_headers_in_any_case() -> None:
    headers: Any = Headers({"content-type": "a"})
    assert headers["Content-Type"] == headers["content-type"] == headers.get("CONTENT-TYPE") == "a"
    assert ("Content-Type" in headers, "Nope" in headers, 1 in headers) == (True, False, False)
    assert (headers.get("nope"), headers.get("Nope", "d")) == (None, "d")
    with pytest.raises(KeyError):
        headers["Nope"]
    with pytest.raises(KeyError):
        headers["nope"]


def test_an_answer_can_be_read_in_every_way() -> None:
    answer = Answer("u", 200, {"Content-Type": "text/plain; charset=utf-8"}, "é".encode())
    assert answer.content == answer.raw.read() == "é".encode()
    assert answer.text == "é"
    assert b"".join(Answer("u", 200, {}, b"abc").raw.stream(2)) == b"abc"
