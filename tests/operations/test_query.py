"""Query through boto3."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key

from tests.operations.items import (
    INVALID,
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
from tests.operations.tables import create_composite_table, create_hash_table


@pytest.fixture
def table(dynamodb: Any) -> Any:
    fill_projections_table(dynamodb)
    return dynamodb


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("", list(range(10))),
        ("AND sk = :a", [3]),
        ("AND sk < :a", [0, 1, 2]),
        ("AND sk <= :a", [0, 1, 2, 3]),
        ("AND sk > :b", [8, 9]),
        ("AND sk >= :b", [7, 8, 9]),
        ("AND sk BETWEEN :a AND :b", [3, 4, 5, 6, 7]),
        ("AND begins_with( sk, :c )", list(range(10))),
        ("AND :a >= sk", [0, 1, 2, 3]),
    ],
)
def test_conditions_on_the_sort_key(table: Any, condition: str, found: list[int]) -> None:
    values = {":a": s("03"), ":b": s("07"), ":c": s("0")}
    for text in (f"pk = :p {condition}", f"{condition.removeprefix('AND')} AND pk = :p"):
        if not condition and text.startswith(" AND"):
            continue
        answer = query(table, text, values=values)
        assert sort_keys(answer) == [f"{number:02}" for number in found]
        assert answer["Count"] == answer["ScannedCount"] == len(found)
        reverse = query(table, text, values=values, ScanIndexForward=False)
        assert sort_keys(reverse) == [f"{number:02}" for number in reversed(found)]


def test_numbers_and_binaries_are_sorted_by_value(dynamodb: Any) -> None:
    ordered: dict[str, list[Any]] = {
        "N": ["-1E2", "-9", "-1.5", "0", "1E-5", "2", "10", "1E2"],
        "B": [b"\x00", b"\x00\x01", b"\x01", b"a", b"aa", b"\xff"],
    }
    for tag, values in ordered.items():
        create_composite_table(dynamodb, name=f"by_{tag}", sort_tag=tag)
        for value in values[::2] + values[1::2]:
            dynamodb.put_item(TableName=f"by_{tag}", Item={"pk": s("p"), "sk": {tag: value}})
        items = query(dynamodb, TableName=f"by_{tag}")["Items"]
        found = [item["sk"][tag] for item in items]
        assert [Decimal(x) if tag == "N" else x for x in found] == [
            Decimal(x) if tag == "N" else x for x in values
        ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sk = :p", "Query condition missed key schema element: pk"),
        ("pk = :p AND x = :g", "Query condition missed key schema element: sk"),
        ("pk > :p", "Query key condition not supported"),
        ("pk = :p AND sk <> :g", "Invalid operator used in KeyConditionExpression: <>"),
        (
            "pk = :p AND sk > :g AND sk < :p",
            (
                "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one "
                "condition per key"
            ),
        ),
        (
            "pk = :n",
            f"{INVALID}Condition parameter type does not match schema type",
        ),
        (
            "pk = :e",
            (
                "One or more parameter values are not valid. The AttributeValue for a key "
                "attribute "
                "cannot contain an empty string value. Key: pk"
            ),
        ),
        (
            "pk.x = :p",
            (
                "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on "
                "nested attributes"
            ),
        ),
    ],
)
def test_conditions_that_are_refused(table: Any, text: str, message: str) -> None:
    values = {":n": n(1), ":e": s("")}
    assert invalid(query, client=table, text=text, values=values) == message


HASH_TOO_LONG = f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes"
RANGE_TOO_LONG = (
    f"{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes"
)


@pytest.mark.parametrize(
    ("index", "text", "size_bytes", "message"),
    [
        ("", "pk = :v", 2048, HASH_TOO_LONG),
        ("global_all", "g = :v", 2048, HASH_TOO_LONG),
        ("", "pk = :p AND sk = :v", 1024, RANGE_TOO_LONG),
        ("", "pk = :p AND sk > :v", 1024, RANGE_TOO_LONG),
        ("", "pk = :p AND begins_with(sk, :v)", 1024, RANGE_TOO_LONG),
    ],
)
def test_values_larger_than_a_key_may_be(
    table: Any, index: str, text: str, size_bytes: int, message: str
) -> None:
    """facebook/ThreatExchange#1324 and nextauthjs/next-auth#5827 quote AWS."""
    options = {"IndexName": index} if index else {}
    assert query(table, text, values={":v": s("x" * size_bytes)}, **options)["Count"] == 0
    values = {":v": s("x" * (size_bytes + 1))}
    assert invalid(query, client=table, text=text, values=values, **options) == message


@pytest.mark.parametrize(
    ("index", "names"),
    [
        ("all", {"pk", "sk", "l", "g", "x", "y"}),
        ("keys", {"pk", "sk", "l"}),
        ("some", {"pk", "sk", "l", "x"}),
    ],
)
def test_what_indexes_hold(table: Any, index: str, names: set[str]) -> None:
    local = query(table, IndexName=f"local_{index}")
    assert sort_keys(local) == ["08", "07", "05", "04", "02", "01"]
    assert local["Items"][0].keys() == names
    whole = query(table, "g = :g", IndexName=f"global_{index}")
    assert whole["Count"] == 7
    assert whole["Items"][0].keys() == names | {"g"}


def test_a_local_index_fetches_what_it_does_not_hold(table: Any) -> None:
    request: dict[str, Any] = {"IndexName": "local_keys", "ReturnConsumedCapacity": "INDEXES"}
    answer = query(table, Select="ALL_ATTRIBUTES", **request)
    assert answer["Items"][0].keys() == {"pk", "sk", "l", "g", "x", "y"}
    half = {"CapacityUnits": 0.5}
    fetched = {"CapacityUnits": 3.0}
    assert answer["ConsumedCapacity"] == {
        "TableName": PROJECTIONS,
        "CapacityUnits": 3.5,
        "Table": fetched,
        "LocalSecondaryIndexes": {"local_keys": half},
    }
    some = query(table, ProjectionExpression="y", **request)
    assert some["Items"] == [{"y": s("y")}] * 6
    assert some["ConsumedCapacity"]["Table"] == fetched
    held = query(table, ProjectionExpression="sk", **request)
    assert held["ConsumedCapacity"]["Table"] == {"CapacityUnits": 0.0}
    assert held["ConsumedCapacity"]["LocalSecondaryIndexes"] == {"local_keys": half}


def test_each_fetch_is_rounded_up(table: Any) -> None:
    for number in (1, 2):
        item = {**key("big", str(number)), "l": s("l"), "x": s("x" * 9000)}
        table.put_item(TableName=PROJECTIONS, Item=item)
    answer = query(
        table,
        values={":p": s("big")},
        IndexName="local_keys",
        Select="ALL_ATTRIBUTES",
        ConsistentRead=True,
        ReturnConsumedCapacity="INDEXES",
    )
    assert answer["ConsumedCapacity"]["Table"] == {"CapacityUnits": 6.0}
    assert answer["ConsumedCapacity"]["CapacityUnits"] == 7.0


def test_what_the_filter_drops_is_fetched_before(table: Any) -> None:
    """nubo-db/dynoxide#190."""
    answer = query(
        table,
        IndexName="local_keys",
        Select="ALL_ATTRIBUTES",
        FilterExpression="sk = :none",
        values={":p": s("p"), ":none": s("none")},
        ReturnConsumedCapacity="INDEXES",
    )
    assert (answer["Count"], answer["ScannedCount"]) == (0, 6)
    assert answer["ConsumedCapacity"]["Table"] == {"CapacityUnits": 3.0}


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"IndexName": "global_keys", "Select": "ALL_ATTRIBUTES"},
            (
                f"{INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index "
                "global_keys because its projection type is not ALL"
            ),
        ),
        (
            {"IndexName": "global_keys", "ProjectionExpression": "x, pk, y"},
            f"{INVALID}Global secondary index global_keys does not project [x, y]",
        ),
        (
            {"IndexName": "global_some", "FilterExpression": "y = :g OR x = :g"},
            (
                f"{INVALID}Secondary index global_some does not project one or more filter "
                "attributes: "
                "[y]"
            ),
        ),
        (
            {"IndexName": "global_all", "FilterExpression": "l = :g"},
            (
                "Filter Expression can only contain non-primary key attributes: Primary key "
                "attribute: "
                "l"
            ),
        ),
        (
            {"IndexName": "global_all", "ConsistentRead": True},
            "Consistent reads are not supported on global secondary indexes",
        ),
        ({"IndexName": "none"}, "The table does not have the specified index: none"),
    ],
)
def test_reads_of_global_indexes_that_are_refused(
    table: Any, request_: dict[str, Any], message: str
) -> None:
    assert invalid(query, client=table, text="g = :g", **request_) == message


def test_an_empty_value_for_the_key_of_an_index(table: Any) -> None:
    request = {"text": "g = :e", "IndexName": "global_all", "values": {":e": s("")}}
    assert invalid(query, client=table, **request).endswith("IndexName: global_all, IndexKey: g")


@pytest.mark.parametrize(
    ("select", "options", "items"),
    [
        ("ALL_ATTRIBUTES", {}, [{**key("p", "00"), "x": n(0), "y": s("y"), "g": s("g")}]),
        ("COUNT", {}, None),
        ("SPECIFIC_ATTRIBUTES", {"ProjectionExpression": "x"}, [{"x": n(0)}]),
    ],
)
def test_select(table: Any, select: str, options: dict[str, Any], items: Any) -> None:
    answer = query(table, Select=select, Limit=1, **options)
    assert (answer["Count"], answer["ScannedCount"]) == (1, 1)
    assert answer.get("Items") == items


def test_select_what_is_projected(table: Any) -> None:
    answer = query(table, IndexName="local_keys", Select="ALL_PROJECTED_ATTRIBUTES", Limit=1)
    assert answer["Items"] == [{**key("p", "08"), "l": s("1")}]


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"Select": "SPECIFIC_ATTRIBUTES"},
            (
                "1 validation error detected: Must specify the AttributesToGet or "
                "ProjectionExpression "
                "when choosing to get SPECIFIC_ATTRIBUTES"
            ),
        ),
        (
            {"Select": "COUNT", "ProjectionExpression": "x"},
            (
                "1 validation error detected: "
                "Cannot specify the ProjectionExpression when choosing to get only the Count"
            ),
        ),
        (
            {"Select": "ALL_PROJECTED_ATTRIBUTES"},
            "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
        ),
    ],
)
def test_selects_that_are_refused(table: Any, request_: dict[str, Any], message: str) -> None:
    assert invalid(query, client=table, **request_) == message


def test_a_filter_drops_what_was_read(table: Any) -> None:
    request: dict[str, Any] = {"FilterExpression": "x > :n", "values": {":n": n(6)}}
    answer = query(table, ReturnConsumedCapacity="TOTAL", **request)
    assert (sort_keys(answer), answer["ScannedCount"]) == (["07", "08", "09"], 10)
    first, second, *_ = pages(table, Limit=7, **request)
    assert (first["Count"], first["ScannedCount"]) == (0, 7)
    assert sort_keys(second) == ["07", "08", "09"]


def test_a_filter_may_not_use_the_key(table: Any) -> None:
    message = invalid(query, client=table, FilterExpression="sk = :g")
    assert message == (
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"
    )


@pytest.mark.parametrize(
    ("strong", "pk", "consumed"),
    [(False, "none", 0.5), (True, "none", 1.0), (False, "p", 0.5), (True, "p", 1.0)],
)
def test_capacity(table: Any, strong: bool, pk: str, consumed: float) -> None:
    request: dict[str, Any] = {"values": {":p": s(pk)}, "ConsistentRead": strong}
    answer = query(table, ReturnConsumedCapacity="INDEXES", **request)
    assert answer["ConsumedCapacity"] == {
        "TableName": PROJECTIONS,
        "CapacityUnits": consumed,
        "Table": {"CapacityUnits": consumed},
    }


def test_capacity_of_a_global_index(table: Any) -> None:
    answer = query(table, "g = :g", IndexName="global_all", ReturnConsumedCapacity="INDEXES")
    assert answer["ConsumedCapacity"] == {
        "TableName": PROJECTIONS,
        "CapacityUnits": 0.5,
        "Table": {"CapacityUnits": 0.0},
        "GlobalSecondaryIndexes": {"global_all": {"CapacityUnits": 0.5}},
    }


def test_legacy_parameters(table: Any) -> None:
    def equals(value: Any) -> dict[str, Any]:
        return {"ComparisonOperator": "EQ", "AttributeValueList": [value]}

    between = {"ComparisonOperator": "BETWEEN", "AttributeValueList": [s("02"), s("05")]}
    request: dict[str, Any] = {
        "TableName": PROJECTIONS,
        "KeyConditions": {"pk": equals(s("p")), "sk": between},
        "QueryFilter": {"x": equals(n(3)), "l": {"ComparisonOperator": "NOT_NULL"}},
        "AttributesToGet": ["sk"],
    }
    assert table.query(**request)["Count"] == 0
    answer = table.query(**request, ConditionalOperator="OR")
    assert answer["Items"] == [{"sk": s(sk)} for sk in ("02", "03", "04", "05")]
    key_conditions = {"pk": equals(s("p"))}
    mixed = table.query(
        TableName=PROJECTIONS,
        KeyConditions=key_conditions,
        FilterExpression="x = :x",
        ExpressionAttributeValues={":x": n(3)},
    )
    assert sort_keys(mixed) == ["03"]
    assert "Non-expression parameters: {KeyConditions}" in invalid(
        query, client=table, KeyConditions=key_conditions
    )


def test_a_table_without_a_sort_key(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    dynamodb.put_item(TableName="hash", Item=key("p"))
    assert query(dynamodb, TableName="hash")["Items"] == [key("p")]
    message = invalid(query, client=dynamodb, text="pk = :p AND x = :g", TableName="hash")
    assert message == "Query key condition not supported"


def test_the_resource_and_the_table_as_an_arn(table: Any) -> None:
    arn = table.describe_table(TableName=PROJECTIONS)["Table"]["TableArn"]
    resource = boto3.resource("dynamodb", region_name="us-east-1")
    answer = resource.Table(arn).query(
        KeyConditionExpression=Key("pk").eq("p") & Key("sk").between("03", "08"),
        FilterExpression=Attr("x").is_in([3, 4, 9]) & Attr("l").exists(),
    )
    assert [item["sk"] for item in answer["Items"]] == ["04"]
    paginator = table.get_paginator("query")
    found = paginator.paginate(
        TableName=PROJECTIONS,
        KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": s("p")},
        PaginationConfig={"PageSize": 4},
    )
    assert [page["Count"] for page in found] == [4, 4, 2]
