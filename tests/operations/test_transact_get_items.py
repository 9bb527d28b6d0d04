"""TransactGetItems through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.operations.tables import create_composite_table, create_hash_table


def get(pk: str, table: str = "hash", **more: Any) -> dict[str, Any]:
    return {"Get": {"TableName": table, "Key": {"pk": {"S": pk}}, **more}}


def refused(client: Any, *gets: dict[str, Any]) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        client.transact_get_items(TransactItems=list(gets))
    response: dict[str, Any] = caught.value.response
    return response


@pytest.fixture
def filled(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    dynamodb.put_item(TableName="hash", Item={"pk": {"S": "a"}, "x": {"N": "1"}, "y": {"N": "2"}})
    return dynamodb


def test_items_in_order(filled: Any) -> None:
    create_composite_table(filled)
    place = {"pk": {"S": "p"}, "sk": {"S": "1"}}
    filled.put_item(TableName="composite", Item=place)
    answer = filled.transact_get_items(
        TransactItems=[
            get("none"),
            {"Get": {"TableName": "composite", "Key": place}},
            get("a", ProjectionExpression="#y", ExpressionAttributeNames={"#y": "y"}),
        ]
    )
    assert answer["Responses"] == [{}, {"Item": place}, {"Item": {"y": {"N": "2"}}}]
    assert "ConsumedCapacity" not in answer


def test_an_item_without_what_is_projected(filled: Any) -> None:
    answer = filled.transact_get_items(TransactItems=[get("a", ProjectionExpression="z")])
    assert answer["Responses"] == [{}]  # unlike GetItem's


def test_a_projection_into_a_key_attribute_refuses_the_request(filled: Any) -> None:
    with pytest.raises(ClientError) as raised:
        filled.transact_get_items(TransactItems=[get("a", ProjectionExpression="pk.z")])
    assert raised.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
        "not allowed: Key: pk",
    }


def test_capacity_is_doubled(filled: Any) -> None:
    filled.put_item(TableName="hash", Item={"pk": {"S": "big"}, "t": {"S": "x" * 4096}})
    gets = [get("a"), get("none"), get("big", ProjectionExpression="pk")]
    answer = filled.transact_get_items(TransactItems=gets, ReturnConsumedCapacity="INDEXES")
    units = {"CapacityUnits": 8.0, "ReadCapacityUnits": 8.0}
    assert answer["ConsumedCapacity"] == [{"TableName": "hash", **units, "Table": units}]


def test_keys_that_do_not_match_cancel(filled: Any) -> None:
    wrong = {"Get": {"TableName": "hash", "Key": {"pk": {"N": "1"}}}}
    response = refused(filled, get("a"), wrong)
    assert response["Error"] == {
        "Code": "TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons "
        "[None, ValidationError]",
    }
    assert response["CancellationReasons"] == [
        {"Code": "None"},
        {
            "Code": "ValidationError",
            "Message": "The provided key element does not match the schema",
        },
    ]


def test_the_first_key_that_does_not_match_cancels_alone(filled: Any) -> None:
    wrong = {"Get": {"TableName": "hash", "Key": {"pk": {"N": "1"}}}}
    response = refused(filled, get("a"), get("a"), wrong, wrong)
    assert [reason["Code"] for reason in response["CancellationReasons"]] == [
        "None",
        "None",
        "ValidationError",
        "None",
    ]


@pytest.mark.parametrize(
    ("gets", "code", "message"),
    [
        (
            [get("a"), get("a")],
            "ValidationException",
            "Transaction request cannot include multiple operations on one item",
        ),
        (
            [get("")],
            "ValidationException",
            (
                "One or more parameter values are not valid. The AttributeValue for a key "
                "attribute cannot contain an empty string value. Key: pk"
            ),
        ),
        ([get("a", "none")], "ResourceNotFoundException", "Requested resource not found"),
        (
            [get("a", ProjectionExpression="x", ExpressionAttributeNames={"#a": "a"})],
            "ValidationException",
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
        ),
    ],
    ids=["twice", "empty key", "no table", "unused name"],
)
def test_what_refuses_the_request(
    filled: Any, gets: list[dict[str, Any]], code: str, message: str
) -> None:
    assert refused(filled, *gets)["Error"] == {"Code": code, "Message": message}


def test_names_without_an_expression(filled: Any) -> None:
    # ExtendDB/extenddb pull request 169, measured on AWS in June 2026.
    named, plain = get("a", ExpressionAttributeNames={"#a": "a"}), get("a")
    answers = [filled.transact_get_items(TransactItems=[one]) for one in (named, plain)]
    assert answers[0]["Responses"] == answers[1]["Responses"] != [{}]


def test_4_mb_at_most(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    size = 4 * 1024 * 1024 // 16 - len("pk") - len("00") - len("t")
    for number in range(17):
        item = {"pk": {"S": f"{number:02}"}, "t": {"S": "x" * size}}
        dynamodb.put_item(TableName="hash", Item=item)
    gets = [get(f"{number:02}") for number in range(17)]
    assert len(dynamodb.transact_get_items(TransactItems=gets[:16])["Responses"]) == 16
    assert refused(dynamodb, *gets)["Error"] == {
        "Code": "ValidationException",
        "Message": f"Payload in response is too large.{17 * 4 * 1024 * 1024 // 16}",
    }


def test_a_test_asks_for_a_conflict(db: Any, filled: Any) -> None:
    db.engine.contention.conflict_on("hash", {"pk": {"S": "a"}})
    response = refused(filled, get("none"), get("a"))
    assert [reason["Code"] for reason in response["CancellationReasons"]] == [
        "None",
        "TransactionConflict",
    ]
    assert filled.transact_get_items(TransactItems=[get("a")])["Responses"][0]["Item"]
