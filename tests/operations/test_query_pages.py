"""The pages of Query through boto3: where they end, and where they may begin."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import refusal
from tests.operations.items import (
    PROJECTIONS,
    fill_projections_table,
    invalid,
    key,
    n,
    pages,
    query,
    s,
    sort_keys,
)
from tests.operations.tables import create_composite_table


@pytest.fixture
def table(dynamodb: Any) -> Any:
    fill_projections_table(dynamodb)
    return dynamodb


@pytest.mark.parametrize("limit", [1, 3, 9, 10, 11])
@pytest.mark.parametrize("forward", [True, False])
def test_pages(table: Any, limit: int, forward: bool) -> None:
    answers = pages(table, Limit=limit, ScanIndexForward=forward)
    whole = [f"{number:02}" for number in range(10)]
    assert [sk for answer in answers for sk in sort_keys(answer)] == (
        whole if forward else whole[::-1]
    )
    # A page that is full doesn't know whether there is more.
    assert len(answers) == 10 // limit + 1


@pytest.mark.parametrize("index", ["local_keys", "global_keys"])
def test_pages_of_an_index_with_equal_keys(table: Any, index: str) -> None:
    for number in range(5):
        item = {**key("p", f"equal{number}"), "g": s("g"), "l": s("equal")}
        table.put_item(TableName=PROJECTIONS, Item=item)
    request = {"text": "pk = :p" if index.startswith("local") else "g = :g", "IndexName": index}
    whole = query(table, **request)["Items"]
    assert len(whole) == (11 if index.startswith("local") else 12)
    for forward in (True, False):
        answers = pages(table, Limit=2, ScanIndexForward=forward, **request)
        read = [item for answer in answers for item in answer["Items"]]
        assert read == (whole if forward else whole[::-1])


def test_the_last_key_names_the_keys_of_table_and_index(table: Any) -> None:
    assert query(table, Limit=1)["LastEvaluatedKey"] == key("p", "00")
    local = query(table, Limit=1, IndexName="local_keys", Select="COUNT")
    assert local["LastEvaluatedKey"] == {**key("p", "08"), "l": s("1")}
    whole = query(table, "g = :g", Limit=1, IndexName="global_all", ProjectionExpression="x")
    assert whole["LastEvaluatedKey"] == {**key("p", "08"), "g": s("g"), "l": s("1")}


def test_items_that_come_and_go_between_pages(table: Any) -> None:
    first = query(table, Limit=5)
    start = first["LastEvaluatedKey"]
    for sk in ("04", "05", "00"):
        table.delete_item(TableName=PROJECTIONS, Key=key("p", sk))
    table.put_item(TableName=PROJECTIONS, Item=key("p", "021"))
    table.put_item(TableName=PROJECTIONS, Item=key("p", "061"))
    rest = query(table, ExclusiveStartKey=start)
    assert sort_keys(rest) == ["06", "061", "07", "08", "09"]


def test_a_page_ends_at_a_megabyte(dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    for number in range(7):
        item = {**key("p", str(number)), "x": s("x" * 200_000)}
        dynamodb.put_item(TableName="composite", Item=item)
    request = {"TableName": "composite", "ReturnConsumedCapacity": "TOTAL"}
    first, second = pages(dynamodb, **request)
    assert (first["Count"], second["Count"]) == (6, 1)
    assert first["ConsumedCapacity"]["CapacityUnits"] == 146.5
    none = {"FilterExpression": "attribute_not_exists(x)", "ProjectionExpression": "sk"}
    assert query(dynamodb, **request, **none)["ScannedCount"] == 6


@pytest.mark.parametrize(
    ("text", "start", "message"),
    [
        ("pk = :p", key("p"), "The provided starting key is invalid"),
        ("pk = :p", {**key("p", "0"), "x": n(1)}, "The provided starting key is invalid"),
        (
            "pk = :p",
            {"pk": s("p"), "sk": n(1)},
            "The provided key element does not match the schema",
        ),
        (
            "pk = :p",
            key("q", "0"),
            "The provided starting key is outside query boundaries based on provided conditions",
        ),
        (
            "pk = :p AND sk > :g",
            key("p", "a"),
            "The provided starting key does not match the range key predicate",
        ),
        (
            "pk = :p AND sk > :g",
            key("q", "x"),
            "The query can return at most one row and cannot be restarted",
        ),
    ],
)
def test_start_keys_that_are_refused(table: Any, text: str, start: Any, message: str) -> None:
    assert invalid(query, client=table, text=text, ExclusiveStartKey=start) == message


@pytest.mark.parametrize(
    ("condition", "forward", "bound", "near"),
    [
        ("sk <= :b", True, "03", "02"),
        ("sk >= :b", False, "03", "04"),
        ("sk BETWEEN :b AND :c", False, "03", "04"),
        ("sk BETWEEN :a AND :b", True, "03", "02"),
    ],
)
def test_nothing_follows_the_bound_of_a_table_query(
    dynamodb: Any, condition: str, forward: bool, bound: str, near: str
) -> None:
    create_composite_table(dynamodb)
    for number in range(1, 6):
        key = {"pk": s("p"), "sk": s(f"0{number}")}
        dynamodb.put_item(TableName="composite", Item={**key, "l": n(number)})
    values = {":p": s("p"), ":b": s(bound)}
    values |= {name: s(text) for name, text in ((":a", "01"), (":c", "05")) if name in condition}
    request: dict[str, Any] = {
        "TableName": "composite",
        "KeyConditionExpression": f"pk = :p AND {condition}",
        "ExpressionAttributeValues": values,
        "ScanIndexForward": forward,
    }
    assert dynamodb.query(**request, Limit=2)["LastEvaluatedKey"]["sk"] == s(near)
    page = dynamodb.query(**request, Limit=3)
    assert page["Items"][-1]["sk"] == s(bound)
    assert "LastEvaluatedKey" not in page
    assert dynamodb.query(**request, ExclusiveStartKey={"pk": s("p"), "sk": s(near)})["Count"] == 1
    start = {"pk": s("p"), "sk": s(bound)}
    message = "The provided starting key does not match the range key predicate"
    assert refusal(dynamodb.query, **request, ExclusiveStartKey=start) == (
        "ValidationException",
        message,
    )
    request["ScanIndexForward"] = not forward
    assert "Items" in dynamodb.query(**request, ExclusiveStartKey=start)


def test_the_bound_of_an_index_query_may_be_followed(dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    for number in range(3):
        item = {"pk": s("p"), "sk": s(str(number)), "l": n(1)}
        dynamodb.put_item(TableName="composite", Item=item)
    request: dict[str, Any] = {
        "TableName": "composite",
        "IndexName": "local",
        "KeyConditionExpression": "pk = :p AND l <= :b",
        "ExpressionAttributeValues": {":p": s("p"), ":b": n(1)},
    }
    page = dynamodb.query(**request, Limit=2)
    rest = dynamodb.query(**request, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert rest["Count"] == 1
