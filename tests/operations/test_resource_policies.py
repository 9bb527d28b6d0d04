"""PutResourcePolicy, GetResourcePolicy and DeleteResourcePolicy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dqlmock.errors import DqlmockError
from tests.conftest import refusal
from tests.operations.tables import attribute, create_hash_table, key_schema

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
READ = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem"}]}'
WRITE = READ.replace("GetItem", "PutItem")
INVALID = ("ValidationException", "One or more parameter values were invalid: ")


@pytest.fixture
def table(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    return dynamodb


def put(client: Any, policy: str, **options: str) -> str:
    answer = client.put_resource_policy(ResourceArn=ARN, Policy=policy, **options)
    return str(answer["RevisionId"])


def kept(client: Any) -> tuple[str, str]:
    answer = client.get_resource_policy(ResourceArn=ARN)
    return answer["Policy"], answer["RevisionId"]


def code(call: Any, **request: str) -> str:
    return refusal(call, ResourceArn=ARN, **request)[0]


def test_a_policy_is_kept_as_it_was_sent(table: Any) -> None:
    assert code(table.get_resource_policy) == "PolicyNotFoundException"
    revision = put(table, READ)
    assert revision.isdecimal()
    assert kept(table) == (READ, revision)


def test_the_same_document_is_the_same_revision(table: Any) -> None:
    revision = put(table, READ)
    assert put(table, READ) == put(table, READ.replace(" ", "")) == revision
    assert kept(table) == (READ, revision)
    another = put(table, WRITE)
    assert another != revision
    assert kept(table) == (WRITE, another)
    assert put(table, READ) not in (revision, another)


def test_a_put_that_expects_a_revision(table: Any) -> None:
    call = table.put_resource_policy
    refused = {"Policy": READ, "ExpectedRevisionId": "1"}
    assert code(call, **refused) == "PolicyNotFoundException"
    revision = put(table, READ, ExpectedRevisionId="NO_POLICY")
    assert code(call, **refused) == "PolicyNotFoundException"
    refused = {"Policy": WRITE, "ExpectedRevisionId": "NO_POLICY"}
    assert code(call, **refused) == "PolicyNotFoundException"
    assert kept(table) == (READ, revision)
    assert put(table, WRITE, ExpectedRevisionId=revision) == kept(table)[1]


def test_a_policy_is_deleted_once(table: Any) -> None:
    call = table.delete_resource_policy
    assert "RevisionId" not in call(ResourceArn=ARN)
    for expected in ("1", "NO_POLICY"):
        assert code(call, ExpectedRevisionId=expected) == "PolicyNotFoundException"
    revision = put(table, READ)
    assert code(call, ExpectedRevisionId="1") == "PolicyNotFoundException"
    assert call(ResourceArn=ARN, ExpectedRevisionId=revision)["RevisionId"] == revision
    assert code(table.get_resource_policy) == "PolicyNotFoundException"


def test_the_policy_of_create_table(dynamodb: Any) -> None:
    request = {
        "TableName": "hash",
        "AttributeDefinitions": [attribute("pk")],
        "KeySchema": key_schema("pk"),
        "BillingMode": "PAY_PER_REQUEST",
    }
    refused = refusal(dynamodb.create_table, **request, ResourcePolicy="[]")
    assert refused == (INVALID[0], INVALID[1] + "Invalid policy document")
    dynamodb.create_table(**request, ResourcePolicy=READ)
    assert kept(dynamodb)[0] == READ


@pytest.mark.parametrize("policy", ["", "{", "[]", "null", "[" * 20_000])
def test_a_policy_is_a_json_object(table: Any, policy: str) -> None:
    refused = refusal(table.put_resource_policy, ResourceArn=ARN, Policy=policy)
    assert refused == (INVALID[0], INVALID[1] + "Invalid policy document")


# https://github.com/aws/aws-cdk/pull/36194
STREAMS = ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"]


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        ({"Action": "dynamodb:ListStreams"}, ["dynamodb:ListStreams"]),
        ({"Action": ["dynamodb:Scan", *STREAMS]}, STREAMS),
        ([{"Action": STREAMS[:2]}, {"Action": STREAMS[1:]}], STREAMS),
        (
            [{"NotAction": "dynamodb:Scan"}, {"Action": "DYNAMODB:getrecords"}],
            ["DYNAMODB:getrecords"],
        ),
    ],
)
def test_a_tables_policy_names_no_actions_of_streams(
    table: Any, statements: Any, named: list[str]
) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    refused = refusal(table.put_resource_policy, ResourceArn=ARN, Policy=policy)
    names = ", ".join(f'"{name}"' for name in named)
    said = f"Invalid policy document: The following action names are invalid: {names}"
    assert refused == (INVALID[0], INVALID[1] + said)
    assert code(table.get_resource_policy) == "PolicyNotFoundException"


@pytest.mark.parametrize("statement", [{"Action": "dynamodb:*"}, {"NotAction": STREAMS}, "odd", {}])
def test_other_actions_are_not_looked_at(table: Any, statement: Any) -> None:
    policy = json.dumps({"Statement": [statement]})
    put(table, policy)
    assert kept(table)[0] == policy


@pytest.mark.parametrize("operation", ["put", "get", "delete"])
def test_whose_policy_it_is(table: Any, operation: str) -> None:
    call = getattr(table, f"{operation}_resource_policy")
    rest = {"Policy": READ} if operation == "put" else {}
    missing = ARN.replace("hash", "nothing")
    assert refusal(call, ResourceArn=missing, **rest) == (
        "ResourceNotFoundException",
        f"Requested resource not found: ResourceArn: {missing} not found",
    )
    foreign = ARN.replace("123456789012", "210987654321")
    assert refusal(call, ResourceArn=foreign, **rest)[0] == "AccessDeniedException"
    stream = f"{ARN}/stream/2026-10-01T12:00:00.000"
    if operation == "put":
        rest = {"Policy": json.dumps({"Statement": {"Action": STREAMS}})}
    with pytest.raises(DqlmockError, match="stream"):
        call(ResourceArn=stream, **rest)


def test_a_savepoint_takes_a_policy_back(db: Any, table: Any) -> None:
    revision = put(table, READ)
    with db.savepoint():
        put(table, WRITE)
    assert kept(table) == (READ, revision)
