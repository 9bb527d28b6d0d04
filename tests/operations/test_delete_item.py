"""DeleteItem through boto3."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.operations.items import (
    INVALID,
    KEY_MISMATCH,
    everything,
    invalid,
    key,
    n,
    refusal,
    s,
    stored,
)
from tests.operations.tables import create_composite_table, create_hash_table

ITEM = {**key("a"), "x": n(1)}


@pytest.fixture
def table(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    dynamodb.put_item(TableName="hash", Item=ITEM)
    return dynamodb


@pytest.fixture
def composite(dynamodb: Any) -> Any:
    create_composite_table(dynamodb)
    item = {**key("a", "b"), "g": s("g"), "l": n(1), "x": s("x" * 2000)}
    dynamodb.put_item(TableName="composite", Item=item)
    return dynamodb


def delete(client: Any, **request: Any) -> Any:
    return client.delete_item(**{"TableName": "hash", "Key": key("a"), **request})


def test_an_item_is_deleted_once_and_for_all(table: Any) -> None:
    for _ in range(2):
        assert delete(table).keys() == {"ResponseMetadata"}
        assert stored(table, "hash", **key("a")) is None


def test_return_values(table: Any) -> None:
    assert delete(table, ReturnValues="ALL_OLD")["Attributes"] == ITEM
    assert "Attributes" not in delete(table, ReturnValues="ALL_OLD")
    for value in ("ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"):
        message = invalid(delete, client=table, ReturnValues=value)
        assert message == "ReturnValues can only be ALL_OLD or NONE"


def test_it_leaves_every_index(composite: Any) -> None:
    delete(composite, TableName="composite", Key=key("a", "b"))
    assert everything(composite, "composite") == [[], [], [], [], []]


def test_a_condition_that_fails_changes_nothing(composite: Any) -> None:
    before = everything(composite, "composite")
    with pytest.raises(ClientError) as refused:
        delete(
            composite,
            TableName="composite",
            Key=key("a", "b"),
            ConditionExpression="l > :n AND g = :g",
            ExpressionAttributeValues={":n": n(1), ":g": s("g")},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert refused.value.response["Item"] == before[0][0]
    assert everything(composite, "composite") == before


def test_a_condition_on_an_item_that_is_not_there(table: Any) -> None:
    missing = {"Key": key("b"), "ConditionExpression": "attribute_not_exists(pk)"}
    delete(table, **missing)
    missing["ConditionExpression"] = "attribute_exists(pk)"
    assert refusal(delete, client=table, **missing)[0] == "ConditionalCheckFailedException"


def test_expected(table: Any) -> None:
    wrong = {"x": {"Value": n(2)}}
    assert refusal(delete, client=table, Expected=wrong)[0] == "ConditionalCheckFailedException"
    delete(table, Expected={"x": {"ComparisonOperator": "LT", "AttributeValueList": [n(2)]}})
    assert stored(table, "hash", **key("a")) is None


def test_expected_and_an_expression(table: Any) -> None:
    message = invalid(
        delete,
        client=table,
        Expected={"x": {"Exists": False}},
        ConditionExpression="attribute_exists(x)",
    )
    assert message == (
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}"
    )


def test_capacity_is_the_size_of_what_was_deleted(composite: Any) -> None:
    request = {"TableName": "composite", "Key": key("a", "b"), "ReturnConsumedCapacity": "INDEXES"}
    two, one = {"CapacityUnits": 2.0}, {"CapacityUnits": 1.0}
    assert delete(composite, **request)["ConsumedCapacity"] == {
        "TableName": "composite",
        "CapacityUnits": 7.0,
        "Table": two,
        "LocalSecondaryIndexes": {"local": one},
        "GlobalSecondaryIndexes": {"global_all": two, "global_keys": one, "global_include": one},
    }
    assert delete(composite, **request)["ConsumedCapacity"] == {
        "TableName": "composite",
        **one,
        "Table": one,
    }


def test_item_collection_metrics(composite: Any) -> None:
    request = {
        "TableName": "composite",
        "Key": key("a", "b"),
        "ReturnItemCollectionMetrics": "SIZE",
    }
    assert delete(composite, **request)["ItemCollectionMetrics"] == {
        "ItemCollectionKey": key("a"),
        "SizeEstimateRangeGB": [0.0, 1.0],
    }


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({}, KEY_MISMATCH),
        ({"pk": n(1)}, KEY_MISMATCH),
        ({**key("a"), "x": n(1)}, KEY_MISMATCH),
        (
            {"pk": s("x" * 2049)},
            f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
        ({"pk": {"N": "x"}}, "The parameter cannot be converted to a numeric value: x"),
    ],
)
def test_keys_that_are_refused(table: Any, bad: dict[str, Any], message: str) -> None:
    assert invalid(delete, client=table, Key=bad) == message
    assert stored(table, "hash", **key("a")) == ITEM


def test_no_such_table(dynamodb: Any) -> None:
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        delete(dynamodb)


def test_the_resource(table: Any) -> None:
    resource = boto3.resource("dynamodb", region_name="us-east-1")
    answer = resource.Table("hash").delete_item(Key={"pk": "a"}, ReturnValues="ALL_OLD")
    assert answer["Attributes"] == {"pk": "a", "x": 1}
