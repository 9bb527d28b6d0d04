"""BatchWriteItem through boto3."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.operations.tables import create_composite_table, create_hash_table

KEY_MISMATCH = "The provided key element does not match the schema"
DUPLICATES = "Provided list of item keys contains duplicates"
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"


def put(pk: str, **attributes: Any) -> dict[str, Any]:
    return {"PutRequest": {"Item": {"pk": {"S": pk}, **attributes}}}


def delete(pk: str) -> dict[str, Any]:
    return {"DeleteRequest": {"Key": {"pk": {"S": pk}}}}


def composite(pk: str, sk: str, **attributes: Any) -> dict[str, Any]:
    return put(pk, sk={"S": sk}, **attributes)


def names(client: Any, table: str = "hash") -> set[str]:
    return {item["pk"]["S"] for item in client.scan(TableName=table)["Items"]}


def refused(client: Any, items: dict[str, Any], **options: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        client.batch_write_item(RequestItems=items, **options)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_puts_and_deletes_across_tables(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    create_composite_table(dynamodb)
    dynamodb.put_item(TableName="hash", Item={"pk": {"S": "gone"}})
    answer = dynamodb.batch_write_item(
        RequestItems={
            "hash": [put("a"), put("b", n={"N": "1.0"}), delete("gone"), delete("never")],
            "composite": [composite("p", "1")],
        }
    )
    assert answer["UnprocessedItems"] == {}
    assert not {"ConsumedCapacity", "ItemCollectionMetrics"} & answer.keys()
    assert names(dynamodb) == {"a", "b"}
    assert names(dynamodb, "composite") == {"p"}
    item = dynamodb.get_item(TableName="hash", Key={"pk": {"S": "b"}})["Item"]
    assert item["n"] == {"N": "1"}


def test_a_put_replaces_and_keeps_indexes(dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    for group in ("g1", "g2"):
        dynamodb.batch_write_item(
            RequestItems={"composite": [composite("p", "1", g={"S": group}, l={"N": "1"})]}
        )
    for group, count in (("g1", 0), ("g2", 1)):
        page = dynamodb.query(
            TableName="composite",
            IndexName="global_keys",
            KeyConditionExpression="g = :g",
            ExpressionAttributeValues={":g": {"S": group}},
        )
        assert page["Count"] == count


def test_a_table_by_its_arn(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    answer = dynamodb.batch_write_item(
        RequestItems={ARN: [put("a")]}, ReturnConsumedCapacity="TOTAL"
    )
    assert names(dynamodb) == {"a"}
    assert answer["ConsumedCapacity"] == [{"TableName": ARN, "CapacityUnits": 1.0}]
    assert refused(dynamodb, {ARN: [put("b")], "hash": [delete("b")]})[1] == DUPLICATES


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([put("a"), put("a")], DUPLICATES),
        ([put("a"), delete("a")], DUPLICATES),
        ([{"PutRequest": {"Item": {"x": {"S": "1"}}}}], KEY_MISMATCH),
        ([{"PutRequest": {"Item": {"pk": {"N": "1"}}}}], KEY_MISMATCH),
        ([{"DeleteRequest": {"Key": {"pk": {"N": "1"}}}}], KEY_MISMATCH),
        ([{"DeleteRequest": {"Key": {"pk": {"S": "1"}, "x": {"S": "1"}}}}], KEY_MISMATCH),
        (
            [put("")],
            (
                "One or more parameter values are not valid. The AttributeValue for a key "
                "attribute cannot contain an empty string value. Key: pk"
            ),
        ),
        (
            [put("a", b={"SS": []})],
            "One or more parameter values were invalid: An string set  may not be empty",
        ),
        (
            [{}],
            (
                "Supplied AttributeValue has more than one datatypes set, "
                "must contain exactly one of the supported datatypes"
            ),
        ),
        (
            [{**put("a"), **delete("a")}],
            (
                "Supplied AttributeValue has more than one datatypes set, "
                "must contain exactly one of the supported datatypes"
            ),
        ),
        (
            [put("a", b={"S": "x" * 409_600})],
            "Item size has exceeded the maximum allowed size",
        ),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_one_bad_entry_refuses_all(
    dynamodb: Any, entries: list[dict[str, Any]], message: str
) -> None:
    create_hash_table(dynamodb)
    assert refused(dynamodb, {"hash": [put("good"), *entries]}) == ("ValidationException", message)
    assert names(dynamodb) == set()


def test_index_keys_are_checked(dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    assert refused(dynamodb, {"composite": [composite("a", "b", g={"N": "1"})]})[1] == (
        "One or more parameter values were invalid: Type mismatch for Index Key g "
        "Expected: S Actual: N IndexName: global_all"
    )


def test_an_item_of_400_kb_is_taken(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    text = {"S": "x" * (409_600 - len("pk") - len("a") - len("b"))}
    dynamodb.batch_write_item(RequestItems={"hash": [put("a", b=text)]})
    assert names(dynamodb) == {"a"}


def test_25_entries_over_all_tables(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    create_composite_table(dynamodb)
    items = {
        "hash": [put(f"{number}") for number in range(13)],
        "composite": [composite(f"{number}", "1") for number in range(13)],
    }
    assert refused(dynamodb, items) == (
        "ValidationException",
        "Too many items requested for the BatchWriteItem call",
    )
    items["composite"].pop()
    dynamodb.batch_write_item(RequestItems=items)
    assert len(names(dynamodb)) == 13


def test_26_entries_for_one_table(dynamodb: Any) -> None:
    code, message = refused(dynamodb, {"hash": [put(f"{number}") for number in range(26)]})
    assert code == "ValidationException"
    assert message.startswith("1 validation error detected: Value '{hash=[WriteRequest(")
    assert message.endswith(
        "]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: "
        "[Member must have length less than or equal to 25, "
        "Member must have length greater than or equal to 1]"
    )


def test_a_missing_table_refuses_all(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    assert refused(dynamodb, {"hash": [put("a")], "none": [put("a")]}) == (
        "ResourceNotFoundException",
        "Requested resource not found",
    )
    assert names(dynamodb) == set()


def test_capacity_by_table_and_index(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    create_composite_table(dynamodb)
    answer = dynamodb.batch_write_item(
        RequestItems={
            "hash": [put("a", b={"S": "x" * 1024}), delete("b")],
            "composite": [
                composite("p", "1", l={"N": "1"}),
                composite("p", "2", l={"N": "1"}, g={"S": "g"}),
            ],
        },
        ReturnConsumedCapacity="INDEXES",
        ReturnItemCollectionMetrics="SIZE",
    )
    one = {"CapacityUnits": 1.0}
    assert answer["ConsumedCapacity"] == [
        {"TableName": "hash", "CapacityUnits": 3.0, "Table": {"CapacityUnits": 3.0}},
        {
            "TableName": "composite",
            "CapacityUnits": 7.0,
            "Table": {"CapacityUnits": 2.0},
            "LocalSecondaryIndexes": {"local": {"CapacityUnits": 2.0}},
            "GlobalSecondaryIndexes": {
                "global_all": one,
                "global_keys": one,
                "global_include": one,
            },
        },
    ]
    assert answer["ItemCollectionMetrics"] == {
        "composite": [{"ItemCollectionKey": {"pk": {"S": "p"}}, "SizeEstimateRangeGB": [0.0, 1.0]}]
    }


def test_a_test_leaves_entries_unprocessed(db: Any, dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    db.engine.batches.leave_unprocessed(2)
    items = {"hash": [put("a"), put("b"), delete("c")]}
    answer = dynamodb.batch_write_item(RequestItems=items, ReturnConsumedCapacity="TOTAL")
    assert answer["UnprocessedItems"] == {"hash": [put("b"), delete("c")]}
    assert answer["ConsumedCapacity"] == [{"TableName": "hash", "CapacityUnits": 1.0}]
    assert names(dynamodb) == {"a"}
    again = dynamodb.batch_write_item(RequestItems=answer["UnprocessedItems"])
    assert again["UnprocessedItems"] == {}
    assert names(dynamodb) == {"a", "b"}


def test_boto3s_batch_writer_tries_again(db: Any, dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    db.engine.batches.leave_unprocessed(5, times=3)
    table = boto3.resource("dynamodb", region_name="us-east-1").Table("hash")
    with table.batch_writer() as batch:
        for number in range(40):
            batch.put_item(Item={"pk": str(number)})
    assert len(names(dynamodb)) == 40


def test_an_item_in_a_transaction_is_left_unprocessed(db: Any, dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    db.engine.contention.conflict_on("hash", {"pk": {"S": "b"}})
    answer = dynamodb.batch_write_item(RequestItems={"hash": [put("a"), put("b"), put("c")]})
    assert answer["UnprocessedItems"] == {"hash": [put("b")]}
    assert names(dynamodb) == {"a", "c"}
