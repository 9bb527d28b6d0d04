"""Query through boto3, of an index whose keys have several attributes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations.items import invalid, n, pages, query, s
from tests.operations.tables import attribute, key_schema

WIDE = "wide"


@pytest.fixture
def wide(dynamodb: Any) -> Any:
    """A table with an index of four partition and four sort attributes."""
    partition, sort = ("a", "b", "c", "d"), ("e", "f", "g", "h")
    schema = [{"AttributeName": name, "KeyType": "HASH"} for name in partition]
    schema += [{"AttributeName": name, "KeyType": "RANGE"} for name in sort]
    dynamodb.create_table(
        TableName=WIDE,
        AttributeDefinitions=[
            attribute("pk"),
            *(attribute(name, "N" if name in "bf" else "S") for name in partition + sort),
        ],
        KeySchema=key_schema("pk"),
        GlobalSecondaryIndexes=[
            {"IndexName": "wide", "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in range(16):
        item = {name: s("x") for name in (*partition, *sort)}
        item |= {"b": n(1), "e": s("12"[number // 8]), "f": n(number // 4 % 2)}
        item |= {"g": s("12"[number // 2 % 2]), "h": s("12"[number % 2])}
        dynamodb.put_item(TableName=WIDE, Item={"pk": s(f"{number:02}"), **item})
    sparse = {"pk": s("sparse"), "a": s("x"), "b": n(1), "c": s("x"), "d": s("x"), "e": s("1")}
    dynamodb.put_item(TableName=WIDE, Item=sparse)
    return dynamodb


WHOLE = "a = :x AND b = :n AND c = :x AND d = :x"


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("", list(range(16))),
        (" AND e = :two", list(range(8, 16))),
        (" AND e > :one", list(range(8, 16))),
        (" AND e = :one AND f = :n", [4, 5, 6, 7]),
        (" AND e = :one AND f < :n", [0, 1, 2, 3]),
        (" AND e = :one AND f = :n AND g = :two AND h = :one", [6]),
        (" AND h = :one AND g = :two AND f = :n AND e = :one", [6]),
        (" AND e = :one AND f = :n AND g = :two AND begins_with( h, :one )", [6]),
        (" AND e = :one AND f = :n AND g BETWEEN :one AND :two", [4, 5, 6, 7]),
    ],
)
def test_keys_of_several_attributes(wide: Any, condition: str, found: list[int]) -> None:
    values = {":x": s("x"), ":n": n(1), ":one": s("1"), ":two": s("2")}
    request: dict[str, Any] = {"TableName": WIDE, "IndexName": "wide", "values": values}
    answer = query(wide, WHOLE + condition, **request)
    assert [int(item["pk"]["S"]) for item in answer["Items"]] == found
    answers = pages(wide, text=WHOLE + condition, Limit=3, **request)
    assert [int(item["pk"]["S"]) for page in answers for item in page["Items"]] == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = :x AND b = :n AND c = :x", "Query condition missed key schema element: d"),
        (f"{WHOLE} AND f = :n", "Query condition missed key schema element: e"),
        (f"{WHOLE} AND e = :x AND g = :x", "Query condition missed key schema element: f"),
        (f"{WHOLE} AND e > :x AND f = :n", "Query key condition not supported"),
    ],
)
def test_conditions_on_several_attributes_that_are_refused(
    wide: Any, text: str, message: str
) -> None:
    values = {":x": s("x"), ":n": n(1)}
    request: dict[str, Any] = {"TableName": WIDE, "IndexName": "wide", "values": values}
    assert invalid(query, client=wide, text=text, **request) == message


def test_the_last_key_of_an_index_of_several_attributes(wide: Any) -> None:
    values = {":x": s("x"), ":n": n(1)}
    answer = query(wide, WHOLE, TableName=WIDE, IndexName="wide", values=values, Limit=1)
    assert answer["LastEvaluatedKey"] == answer["Items"][0]
