"""Which operation a request is for, and what becomes of one that there is not."""

from __future__ import annotations

import json

import pytest

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError
from dqlmock.wire.dispatch import TARGETS, Pipe
from dqlmock.wire.messages import WireRequest


def request(target: str) -> WireRequest:
    return WireRequest(target, b"{}", "123456789012", "eu-west-1")


def test_every_operation_has_its_service_before_its_name() -> None:
    assert TARGETS["DynamoDB_20120810.GetItem"].name == "GetItem"
    assert TARGETS["DynamoDBStreams_20120810.GetRecords"].name == "GetRecords"


def test_an_operation_that_is_not_built() -> None:
    with pytest.raises(DqlmockError, match=r'UpdateGlobalTable.*db\.expect\("UpdateGlobalTable"\)'):
        Pipe(Engine(Clock())).answer(request("DynamoDB_20120810.UpdateGlobalTable"))


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
