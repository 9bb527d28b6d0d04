"""Requests that DynamoDB has refused are in the log, too: nothing may fall over them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dqlmock.testing.calls import CallLog
from dqlmock.wire.messages import WireRequest, WireResponse

VALUE = {"S": "a"}


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("GetItem", []),
        ("GetItem", {"TableName": 1, "Key": "text"}),
        ("GetItem", {"Key": {"pk": None}}),
        ("GetItem", {"Key": {"pk": {"N": "text"}}}),
        ("GetItem", {"Key": {"pk": {"B": "!"}}}),
        ("Query", {"KeyConditionExpression": "pk = "}),
        ("Query", {"KeyConditionExpression": "pk = :p"}),
        (
            "Query",
            {"KeyConditionExpression": "#p = :p", "ExpressionAttributeValues": {":p": VALUE}},
        ),
        ("Query", {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": 1}}),
        ("Query", {"KeyConditionExpression": "size(pk) = :p AND pk = :p"}),
        ("Query", {"KeyConditionExpression": 1, "ExpressionAttributeValues": []}),
        ("Query", {"KeyConditions": []}),
        ("Query", {"KeyConditions": {"pk": 1}}),
        ("Query", {"KeyConditions": {"pk": {"ComparisonOperator": "EQ"}}}),
        ("BatchGetItem", {"RequestItems": []}),
        ("BatchGetItem", {"RequestItems": {"t": {"Keys": [1]}}}),
        ("BatchWriteItem", {"RequestItems": {"t": [{"PutRequest": 1}, {"DeleteRequest": {}}, 1]}}),
        ("TransactWriteItems", {"TransactItems": [{"Put": 1}, {"Unknown": {"TableName": "t"}}, 1]}),
        ("ExecuteStatement", {"Statement": "SELECT"}),
        ("BatchExecuteStatement", {"Statements": [{"Statement": 1}, {}]}),
    ],
)
def test_a_malformed_request_is_about_nothing(operation: str, body: Any) -> None:
    log = CallLog()
    request = WireRequest(
        f"DynamoDB_20120810.{operation}", json.dumps(body).encode(), "1" * 12, "eu-west-1"
    )
    log.keep(request, WireResponse(400, {}, b'{"__type":"x#ValidationException"}'), 0.1)
    log.to(operation, table="orders", key={"pk": "a"}, item={"pk": "a"}).never()
    log.to(operation).failed("ValidationException").once()
    assert operation in str(log)
    assert log.capacity().read == 0


def test_a_body_that_is_no_json_has_no_parameters() -> None:
    log = CallLog()
    for body in (b"{", b"\xff", b"", b"[" * 100_000):
        request = WireRequest("DynamoDB_20120810.GetItem", body, "1" * 12, "eu-west-1")
        log.keep(request, WireResponse(400, {}, b"{}"), 0.1)
    assert [call.parameters for call in log] == [{}, {}, {}, {}]


def test_a_streams_operation_is_known() -> None:
    assert len(CallLog().to("GetRecords", ShardIterator="x")) == 0
