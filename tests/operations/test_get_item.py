"""GetItem through boto3."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import boto3
import pytest

from tests.operations.items import INVALID, KEY_MISMATCH, invalid, key, n, refusal, s
from tests.operations.tables import create_composite_table, create_hash_table

ITEM = {
    **key("a"),
    "x": n(1),
    "m": {"M": {"k": s("v"), "l": {"L": [n(0), {"M": {"z": n(9)}}, n(2)]}}},
    "l": {"L": [n(0), n(1), n(2)]},
    "a.b": s("dotted"),
    "name": s("reserved"),
}


@pytest.fixture
def table(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    dynamodb.put_item(TableName="hash", Item=ITEM)
    return dynamodb


def get(client: Any, **request: Any) -> Any:
    return client.get_item(TableName="hash", **{"Key": key("a"), **request})


def test_the_item(table: Any) -> None:
    for strong in (False, True):
        assert get(table, ConsistentRead=strong)["Item"] == ITEM


def test_no_item(table: Any) -> None:
    answer = get(table, Key=key("b"))
    assert answer.keys() == {"ResponseMetadata"}


@pytest.mark.parametrize(
    ("text", "names", "item"),
    [
        ("x", None, {"x": n(1)}),
        ("x, absent", None, {"x": n(1)}),
        ("absent", None, {}),
        ("m.k", None, {"m": {"M": {"k": s("v")}}}),
        ("m.l[1].z", None, {"m": {"M": {"l": {"L": [{"M": {"z": n(9)}}]}}}}),
        ("l[2], l[0]", None, {"l": {"L": [n(0), n(2)]}}),
        ("l[9]", None, {}),
        ("x.y", None, {}),
        ("#d", {"#d": "a.b"}, {"a.b": s("dotted")}),
        ("#n, m.#k", {"#n": "name", "#k": "k"}, {"name": s("reserved"), "m": {"M": {"k": s("v")}}}),
    ],
)
def test_projections(table: Any, text: str, names: Any, item: dict[str, Any]) -> None:
    options = {} if names is None else {"ExpressionAttributeNames": names}
    assert get(table, ProjectionExpression=text, **options)["Item"] == item


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"ProjectionExpression": "x, x"},
            (
                "Invalid ProjectionExpression: Two document paths overlap with each other; must "
                "remove "
                "or rewrite one of these paths; path one: [x], path two: [x]"
            ),
        ),
        (
            {"ProjectionExpression": "name"},
            (
                "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved "
                "keyword: "
                "name"
            ),
        ),
        (
            {"ProjectionExpression": "pk.x"},
            (
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                "not "
                "allowed: Key: pk"
            ),
        ),
        (
            {"ProjectionExpression": "x", "ExpressionAttributeNames": {"#u": "u"}},
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#u}",
        ),
        (
            {"ExpressionAttributeNames": {"#u": "u"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {"ProjectionExpression": "x", "AttributesToGet": ["x"]},
            (
                "Can not use both expression and non-expression parameters in the same request: "
                "Non-expression parameters: {AttributesToGet} Expression parameters: "
                "{ProjectionExpression}"
            ),
        ),
        (
            {"AttributesToGet": ["x", "x"]},
            f"{INVALID}Duplicate value in attribute name: x",
        ),
    ],
)
def test_projections_that_are_refused(table: Any, request_: dict[str, Any], message: str) -> None:
    for pk in ("a", "none"):
        assert invalid(get, client=table, Key=key(pk), **request_) == message


def test_attributes_to_get(table: Any) -> None:
    assert get(table, AttributesToGet=["x", "a.b", "none"])["Item"] == {
        "x": n(1),
        "a.b": s("dotted"),
    }


@pytest.mark.parametrize(
    "bad",
    [{}, {"pk": n(1)}, {"x": s("a")}, {**key("a"), "x": s("x")}, {"pk": {"M": {}}}],
)
def test_keys_that_do_not_match(table: Any, bad: dict[str, Any]) -> None:
    assert invalid(get, client=table, Key=bad) == KEY_MISMATCH


def test_keys_whose_value_is_refused(table: Any) -> None:
    assert invalid(get, client=table, Key=key("")) == (
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
        "contain an empty string value. Key: pk"
    )
    assert invalid(get, client=table, Key=key("x" * 2049)) == (
        f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"
    )


def test_a_key_without_its_sort_key(dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    message = invalid(dynamodb.get_item, TableName="composite", Key=key("a"))
    assert message == KEY_MISMATCH


@pytest.mark.parametrize(
    ("size_bytes", "strong", "consumed"),
    [
        (0, True, 1.0),
        (0, False, 0.5),
        (4096, True, 1.0),
        (4096, False, 0.5),
        (4097, True, 2.0),
        (4097, False, 1.0),
        (8193, False, 1.5),
    ],
)
def test_capacity(table: Any, size_bytes: int, strong: bool, consumed: float) -> None:
    if size_bytes:
        table.put_item(TableName="hash", Item={**key("b"), "x": s("x" * (size_bytes - 4))})
    request = {"Key": key("b"), "ConsistentRead": strong}
    assert get(table, ReturnConsumedCapacity="TOTAL", **request)["ConsumedCapacity"] == {
        "TableName": "hash",
        "CapacityUnits": consumed,
    }
    assert get(table, ReturnConsumedCapacity="INDEXES", **request)["ConsumedCapacity"] == {
        "TableName": "hash",
        "CapacityUnits": consumed,
        "Table": {"CapacityUnits": consumed},
    }
    assert "ConsumedCapacity" not in get(table, ReturnConsumedCapacity="NONE", **request)


def test_a_projection_costs_the_whole_item(table: Any) -> None:
    table.put_item(TableName="hash", Item={**key("b"), "x": s("x" * 5000), "y": n(1)})
    request = {"Key": key("b"), "ProjectionExpression": "y", "ReturnConsumedCapacity": "TOTAL"}
    answer = get(table, **request)
    assert answer["Item"] == {"y": n(1)}
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 1.0


def test_the_table_as_an_arn(table: Any) -> None:
    arn = table.describe_table(TableName="hash")["Table"]["TableArn"]
    assert table.get_item(TableName=arn, Key=key("a"))["Item"] == ITEM
    other = arn.replace("us-east-1", "eu-west-1")
    assert refusal(table.get_item, TableName=other, Key=key("a"))[0] == "ValidationException"


def test_no_such_table(dynamodb: Any) -> None:
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        get(dynamodb)


def test_the_resource(table: Any) -> None:
    resource = boto3.resource("dynamodb", region_name="us-east-1")
    item = resource.Table("hash").get_item(Key={"pk": "a"}, AttributesToGet=["x", "l"])["Item"]
    assert item == {"x": Decimal(1), "l": [Decimal(0), Decimal(1), Decimal(2)]}
