"""Every error of the mock, as the exception that boto3 makes of it."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
import pytest
from botocore.config import Config

from dqlmock import errors
from dqlmock.errors import DynamoDBError
from dqlmock.shapes.model import service_model
from dqlmock.wire.response import error_answer
from tests.stub_door import StubDoor

SHAPES = service_model("dynamodb")._raw["shapes"]
MODELLED = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, DynamoDBError) and kind.__name__ in SHAPES
]
THROTTLING = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
]
REASON = {"reason": "TableReadProvisionedThroughputExceeded", "resource": "arn:aws:dynamodb:x"}
MEMBERS: dict[str, dict[str, Any]] = {
    "ConditionalCheckFailedException": {"Item": {"pk": {"S": "a"}}},
    "TransactionCanceledException": {
        "CancellationReasons": [
            {"Code": "None"},
            {
                "Code": "ConditionalCheckFailed",
                "Message": "The conditional request failed",
                "Item": {"pk": {"S": "a"}},
            },
        ]
    },
    "ProvisionedThroughputExceededException": {"ThrottlingReasons": [REASON]},
    "RequestLimitExceeded": {"ThrottlingReasons": [REASON]},
    "ThrottlingException": {"throttlingReasons": [REASON]},
}


@cache
def made_client() -> Any:
    retries: Any = {"max_attempts": 0}
    return boto3.client("dynamodb", region_name="us-east-1", config=Config(retries=retries))


def raised(door: StubDoor, error: DynamoDBError) -> Any:
    """Answer a call with an error; return the client and what it raised."""
    door.respond = lambda _: error_answer(error, "GetItem", "us-east-1")
    client = made_client()
    with pytest.raises(client.exceptions.ClientError) as caught:
        client.get_item(TableName="table", Key={"pk": {"S": "a"}})
    return client, caught.value


def test_there_are_some() -> None:
    assert len(MODELLED) >= 10


@pytest.mark.parametrize("kind", MODELLED, ids=lambda kind: kind.__name__)
def test_an_error_is_the_exception_of_its_name(door: StubDoor, kind: type[DynamoDBError]) -> None:
    fields = MEMBERS.get(kind.__name__, {})
    client, error = raised(door, kind("What is wrong", fields))
    assert type(error) is getattr(client.exceptions, kind.__name__)
    assert error.response["Error"]["Code"] == kind.__name__
    assert error.response["Error"]["Message"] == "What is wrong"
    assert fields.items() <= error.response.items()
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == kind.status


@pytest.mark.parametrize("name", THROTTLING)
def test_a_throttled_call_says_why(door: StubDoor, name: str) -> None:
    kind = type(name, (DynamoDBError,), {})
    client, error = raised(door, kind("Slow down", MEMBERS[name]))
    assert error.response["Error"]["Code"] == name
    shape = SHAPES.get(name, {"members": {}})
    members = MEMBERS[name].keys() & shape["members"].keys()  # an older botocore has fewer
    assert {key: error.response[key] for key in members} == {
        key: MEMBERS[name][key] for key in members
    }
    assert name not in SHAPES or type(error) is getattr(client.exceptions, name)
