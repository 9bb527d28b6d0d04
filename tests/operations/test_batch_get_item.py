"""BatchGetItem through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.conftest import unchecked_client
from tests.operations.tables import create_composite_table, create_hash_table

DUPLICATES = "Provided list of item keys contains duplicates"


def key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}}


def keys(*names: str) -> dict[str, Any]:
    return {"Keys": [key(name) for name in names]}


def refused(client: Any, items: dict[str, Any], **options: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        client.batch_get_item(RequestItems=items, **options)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def filled(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    create_composite_table(dynamodb)
    for name in ("a", "b"):
        dynamodb.put_item(TableName="hash", Item={**key(name), "x": {"N": "1"}, "y": {"S": name}})
    dynamodb.put_item(TableName="composite", Item={**key("p"), "sk": {"S": "1"}})
    return dynamodb


def test_items_across_tables(filled: Any) -> None:
    answer = filled.batch_get_item(
        RequestItems={
            "hash": keys("b", "none", "a"),
            "composite": {"Keys": [{**key("none"), "sk": {"S": "1"}}]},
        }
    )
    assert [item["pk"]["S"] for item in answer["Responses"]["hash"]] == ["b", "a"]
    assert answer["Responses"]["composite"] == []
    assert answer["UnprocessedKeys"] == {}
    assert "ConsumedCapacity" not in answer


def test_a_projection_per_table(filled: Any) -> None:
    answer = filled.batch_get_item(
        RequestItems={
            "hash": {
                **keys("a"),
                "ProjectionExpression": "#x",
                "ExpressionAttributeNames": {"#x": "x"},
            },
            "composite": {
                "Keys": [{**key("p"), "sk": {"S": "1"}}],
                "ProjectionExpression": "sk",
            },
        }
    )
    assert answer["Responses"] == {"hash": [{"x": {"N": "1"}}], "composite": [{"sk": {"S": "1"}}]}


def test_new_and_legacy_parameters_are_not_mixed_across_tables(filled: Any) -> None:
    new = {**keys("a"), "ProjectionExpression": "x"}
    legacy = {"Keys": [{**key("p"), "sk": {"S": "1"}}], "AttributesToGet": ["sk"]}
    with pytest.raises(ClientError) as raised:
        filled.batch_get_item(RequestItems={"hash": new, "composite": legacy})
    assert raised.value.response["Error"]["Message"] == (
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}"
    )


@pytest.mark.parametrize("projection", ["pk.x", "pk[0]"])
def test_a_projection_into_a_key_attribute(filled: Any, projection: str) -> None:
    with pytest.raises(ClientError) as raised:
        filled.batch_get_item(
            RequestItems={"hash": {**keys("a"), "ProjectionExpression": projection}}
        )
    assert raised.value.response["Error"]["Message"] == (
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
        "allowed: Key: pk"
    )


def test_capacity_depends_on_consistency(filled: Any) -> None:
    answer = filled.batch_get_item(
        RequestItems={
            "hash": {**keys("a", "none"), "ConsistentRead": True},
            "composite": {"Keys": [{**key("p"), "sk": {"S": "1"}}]},
        },
        ReturnConsumedCapacity="INDEXES",
    )
    assert answer["ConsumedCapacity"] == [
        {"TableName": "hash", "CapacityUnits": 2.0, "Table": {"CapacityUnits": 2.0}},
        {"TableName": "composite", "CapacityUnits": 0.5, "Table": {"CapacityUnits": 0.5}},
    ]


def test_a_table_by_its_arn(filled: Any) -> None:
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
    answer = filled.batch_get_item(RequestItems={arn: keys("a")})
    assert list(answer["Responses"]) == [arn]


def test_a_table_by_its_name_and_its_arn(filled: Any) -> None:
    # As the tests of ExtendDB/extenddb#200 found AWS.
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
    alone = filled.batch_get_item(RequestItems={"hash": keys("a")})["Responses"]
    by_name = filled.batch_get_item(RequestItems={arn: keys("b"), "hash": keys("a")})
    assert by_name["Responses"] == alone
    by_arn = filled.batch_get_item(RequestItems={"hash": keys("a"), arn: keys("a")})
    assert by_arn["Responses"] == {arn: alone["hash"]}


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (keys("a", "a"), DUPLICATES),
        (
            {"Keys": [{"pk": {"N": "1"}}]},
            "The provided key element does not match the schema",
        ),
        (
            keys(""),
            (
                "One or more parameter values are not valid. The AttributeValue for a key "
                "attribute cannot contain an empty string value. Key: pk"
            ),
        ),
        (
            {**keys("a"), "ProjectionExpression": "a", "AttributesToGet": ["a"]},
            (
                "Can not use both expression and non-expression parameters in the same request: "
                "Non-expression parameters: {AttributesToGet} "
                "Expression parameters: {ProjectionExpression}"
            ),
        ),
        (
            {**keys("a"), "ExpressionAttributeNames": {"#a": "a"}},
            "ExpressionAttributeNames can only be specified when using expressions",
        ),
        (
            {
                **keys("a"),
                "ProjectionExpression": "a",
                "ExpressionAttributeNames": {"#a": "a"},
            },
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
        ),
        (
            {**keys("a"), "AttributesToGet": ["a", "a"]},
            "One or more parameter values were invalid: Duplicate value in attribute name: a",
        ),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_what_is_refused(filled: Any, wanted: dict[str, Any], message: str) -> None:
    assert refused(filled, {"hash": wanted}) == ("ValidationException", message)


@pytest.mark.parametrize("region", ["us-east-1", "me-central-1"])
def test_101_keys_of_one_table(db: Any, region: str) -> None:
    wanted = keys(*(str(number) for number in range(101)))
    assert refused(unchecked_client(region), {"some.table": wanted}) == (
        "ValidationException",
        (
            "1 validation error detected: Value at 'RequestItems.some.table.member.Keys' failed to "
            "satisfy constraint: Member must have length less than or equal to 100"
        ),
    )


def test_100_keys_over_all_tables(filled: Any) -> None:
    many = [f"{number}" for number in range(50)]
    items = {
        "hash": keys(*many),
        "composite": {"Keys": [{**key(name), "sk": {"S": "1"}} for name in [*many, "p"]]},
    }
    too_many = ("ValidationException", "Too many items requested for the BatchGetItem call")
    assert refused(filled, items) == too_many
    items["hash"]["Keys"][1] = items["hash"]["Keys"][0]
    assert refused(filled, items)[1] == DUPLICATES
    items["hash"]["Keys"].pop(1)
    assert len(filled.batch_get_item(RequestItems=items)["Responses"]["composite"]) == 1


def test_a_missing_table(filled: Any) -> None:
    assert refused(filled, {"hash": keys("a"), "none": keys("a")}) == (
        "ResourceNotFoundException",
        "Requested resource not found",
    )


def test_16_mb_at_most(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    size = 16 * 1024 * 1024 // 41
    names = [f"{number:02}" for number in range(42)]
    for name in names:
        text = "x" * (size - len("pk") - len(name) - len("t"))
        dynamodb.put_item(TableName="hash", Item={**key(name), "t": {"S": text}})
    wanted = {**keys(*names), "ProjectionExpression": "pk", "ConsistentRead": True}
    answer = dynamodb.batch_get_item(RequestItems={"hash": wanted})
    assert answer["Responses"]["hash"] == [key(name) for name in names[:41]]
    left = answer["UnprocessedKeys"]
    assert left == {"hash": {**wanted, "Keys": [key(names[41])]}}
    assert dynamodb.batch_get_item(RequestItems=left)["Responses"]["hash"] == [key(names[41])]


def test_a_test_leaves_keys_unprocessed(db: Any, filled: Any) -> None:
    db.engine.batches.leave_unprocessed(2, operation="BatchGetItem")
    composite = {"Keys": [{**key("p"), "sk": {"S": "1"}}]}
    answer = filled.batch_get_item(
        RequestItems={"hash": keys("a", "b"), "composite": composite},
        ReturnConsumedCapacity="TOTAL",
    )
    assert [item["pk"] for item in answer["Responses"]["hash"]] == [{"S": "a"}]
    assert answer["UnprocessedKeys"] == {"hash": keys("b"), "composite": composite}
    assert answer["ConsumedCapacity"] == [{"TableName": "hash", "CapacityUnits": 0.5}]
