"""The 10 GB of an item collection, through boto3; the limit is lowered to what a test can fill.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html#LSI.ItemCollections.SizeLimit
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from dqlmock import limits
from tests.conftest import refusal
from tests.operations.tables import COMPOSITE, create_composite_table, create_hash_table

LIMIT = 1000
EXCEEDED = ("ItemCollectionSizeLimitExceededException", "Collection size exceeded.")

# Names and values: pk 2 + 1, sk 2 + 1, l 1 + 2 (a number of one digit), x 1 + its length. The entry
# of the local index, which holds keys alone: pk, sk and l.
KEYS = 9
ITEM = KEYS + 1
FULL = LIMIT - ITEM - KEYS


def item(length: int, pk: str = "a", sk: str = "1", **more: Any) -> dict[str, Any]:
    keys = {"pk": {"S": pk}, "sk": {"S": sk}, "l": {"N": "1"}}
    return {**keys, "x": {"S": "x" * length}, **more}


def key(pk: str = "a", sk: str = "1") -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


@pytest.fixture
def client(dynamodb: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    create_composite_table(dynamodb)
    monkeypatch.setattr(limits, "ITEM_COLLECTION_SIZE_BYTES", LIMIT)
    return dynamodb


def stored(client: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.scan(TableName=COMPOSITE)["Items"]
    return items


def test_a_put_may_fill_a_collection_to_the_byte(client: Any) -> None:
    client.put_item(TableName=COMPOSITE, Item=item(FULL))
    assert stored(client) == [item(FULL)]


def test_a_put_past_the_limit_is_refused_and_changes_nothing(client: Any) -> None:
    assert refusal(client.put_item, TableName=COMPOSITE, Item=item(FULL + 1)) == EXCEEDED
    assert stored(client) == []
    assert client.scan(TableName=COMPOSITE, IndexName="local")["Items"] == []


def test_boto3_knows_the_exception(client: Any) -> None:
    with pytest.raises(client.exceptions.ItemCollectionSizeLimitExceededException):
        client.put_item(TableName=COMPOSITE, Item=item(FULL + 1))


def test_items_of_a_collection_count_together(client: Any) -> None:
    client.put_item(TableName=COMPOSITE, Item=item(FULL // 2))
    rest = FULL - FULL // 2 - ITEM - KEYS
    assert refusal(client.put_item, TableName=COMPOSITE, Item=item(rest + 1, sk="2")) == EXCEEDED
    client.put_item(TableName=COMPOSITE, Item=item(rest, sk="2"))


def test_an_item_outside_the_local_index_has_no_entry_to_count(client: Any) -> None:
    sparse = item(LIMIT - (KEYS - 3) - 1)
    del sparse["l"]
    client.put_item(TableName=COMPOSITE, Item=sparse)
    sparse["x"]["S"] += "x"
    assert refusal(client.put_item, TableName=COMPOSITE, Item=sparse) == EXCEEDED


def test_each_partition_key_has_a_collection_of_its_own(client: Any) -> None:
    for pk in "abc":
        client.put_item(TableName=COMPOSITE, Item=item(FULL, pk=pk))
    assert len(stored(client)) == 3


def test_a_table_without_local_indexes_has_no_such_limit(client: Any) -> None:
    create_hash_table(client, "hash")
    client.put_item(TableName="hash", Item={"pk": {"S": "a"}, "x": {"S": "x" * 2 * LIMIT}})


def test_an_item_in_place_of_another_counts_for_what_it_adds(client: Any) -> None:
    client.put_item(TableName=COMPOSITE, Item=item(FULL - 1))
    client.put_item(TableName=COMPOSITE, Item=item(FULL))
    assert refusal(client.put_item, TableName=COMPOSITE, Item=item(FULL + 1)) == EXCEEDED


def test_a_collection_past_the_limit_may_shrink_but_not_grow(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.put_item(TableName=COMPOSITE, Item=item(FULL - 50))
    monkeypatch.setattr(limits, "ITEM_COLLECTION_SIZE_BYTES", LIMIT // 2)
    assert refusal(client.put_item, TableName=COMPOSITE, Item=item(FULL - 49)) == EXCEEDED
    client.put_item(TableName=COMPOSITE, Item=item(FULL - 50))
    client.put_item(TableName=COMPOSITE, Item=item(FULL - 51))
    client.delete_item(TableName=COMPOSITE, Key=key())


def test_an_update_is_held_to_the_limit(client: Any) -> None:
    client.put_item(TableName=COMPOSITE, Item=item(0))

    def update(length: int) -> Any:
        return {
            "TableName": COMPOSITE,
            "Key": key(),
            "UpdateExpression": "SET x = :x",
            "ExpressionAttributeValues": {":x": {"S": "x" * length}},
        }

    assert refusal(client.update_item, **update(FULL + 1)) == EXCEEDED
    assert stored(client) == [item(0)]
    client.update_item(**update(FULL))
    assert stored(client) == [item(FULL)]


def test_a_condition_is_told_first(client: Any) -> None:
    refused = refusal(
        client.put_item,
        TableName=COMPOSITE,
        Item=item(FULL + 1),
        ConditionExpression="attribute_exists(pk)",
    )
    assert refused[0] == "ConditionalCheckFailedException"


@pytest.mark.parametrize("action", ["Put", "Update"])
def test_a_transaction_is_cancelled(client: Any, action: str) -> None:
    put = {"TableName": COMPOSITE, "Item": item(FULL + 1)}
    update = {
        "TableName": COMPOSITE,
        "Key": key(),
        "UpdateExpression": "SET x = :x, l = :l",
        "ExpressionAttributeValues": {":x": {"S": "x" * (FULL + 1)}, ":l": {"N": "1"}},
    }
    other = {"Put": {"TableName": COMPOSITE, "Item": item(1, pk="b")}}
    with pytest.raises(ClientError) as caught:
        client.transact_write_items(
            TransactItems=[other, {action: put if action == "Put" else update}]
        )
    assert caught.value.response["CancellationReasons"] == [
        {"Code": "None"},
        {"Code": "ItemCollectionSizeLimitExceeded", "Message": "Collection size exceeded."},
    ]
    assert stored(client) == []


def test_a_batch_is_refused(client: Any) -> None:
    request = {"PutRequest": {"Item": item(FULL + 1)}}
    assert refusal(client.batch_write_item, RequestItems={COMPOSITE: [request]}) == EXCEEDED


def test_a_statement_is_refused(client: Any) -> None:
    statement = f"INSERT INTO {COMPOSITE} VALUE {{'pk': 'a', 'sk': '1', 'l': 1, 'x': ?}}"
    parameters = [{"S": "x" * (FULL + 1)}]
    refused = refusal(client.execute_statement, Statement=statement, Parameters=parameters)
    assert refused == EXCEEDED
    batch = client.batch_execute_statement(
        Statements=[{"Statement": statement, "Parameters": parameters}]
    )
    assert batch["Responses"][0]["Error"] == {
        "Code": "ItemCollectionSizeLimitExceeded",
        "Message": "Collection size exceeded.",
    }
