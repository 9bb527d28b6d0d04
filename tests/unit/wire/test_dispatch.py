"""Which operation a request is for, and what becomes of one that there is not."""

from __future__ import annotations

import json

import pytest

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError
from dqlmock.shapes.model import service_model
from dqlmock.wire.dispatch import TARGETS, Pipe
from dqlmock.wire.messages import WireRequest

UNBUILT = sorted(
    target
    for target in (f"DynamoDB_20120810.{name}" for name in service_model("dynamodb").operations())
    if target not in TARGETS
)


def request(target: str, body: bytes = b"{}") -> WireRequest:
    return WireRequest(target, body, "123456789012", "eu-west-1")


def test_every_operation_has_its_service_before_its_name() -> None:
    assert TARGETS["DynamoDB_20120810.GetItem"].name == "GetItem"
    assert TARGETS["DynamoDBStreams_20120810.GetRecords"].name == "GetRecords"


def test_an_operation_that_is_not_built() -> None:
    update = b'{"GlobalTableName":"orders","ReplicaUpdates":[]}'
    with pytest.raises(DqlmockError, match=r'UpdateGlobalTable.*db\.expect\("UpdateGlobalTable"\)'):
        Pipe(Engine(Clock())).answer(request("DynamoDB_20120810.UpdateGlobalTable", update))


@pytest.mark.parametrize("target", UNBUILT)
def test_a_request_is_checked_though_its_operation_is_not_built(target: str) -> None:
    pipe = Pipe(Engine(Clock()))
    response = pipe.answer(request(target, b'"no structure"'))
    assert json.loads(response.body)["__type"].endswith("#SerializationException")
    required = service_model("dynamodb").input_shape(target.rpartition(".")[2]).required
    if not required:
        with pytest.raises(DqlmockError, match="is not built"):
            pipe.answer(request(target))
        return
    message = json.loads(pipe.answer(request(target)).body)["message"]
    assert message.startswith(f"{len(required)} validation error")
    assert message.count("Member must not be null") == len(required)


@pytest.mark.parametrize(
    "target",
    ["DynamoDB_20120810.GetRecords", "DynamoDBStreams_20120810.GetItem", "DynamoDB_20120810.Get"],
)
def test_an_operation_that_dynamodb_has_not(target: str) -> None:
    response = Pipe(Engine(Clock())).answer(request(target))
    assert response.status == 400
    assert json.loads(response.body) == {
        "__type": "com.amazon.coral.service#UnknownOperationException"
    }
