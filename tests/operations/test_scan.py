"""Scan through boto3."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr

from tests.operations.items import (
    INVALID,
    PROJECTIONS,
    create_projections_table,
    invalid,
    key,
    n,
    s,
)
from tests.operations.tables import create_composite_table, create_hash_table

COUNT = 40


@pytest.fixture
def table(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    for number in range(COUNT):
        item = {**key(f"key{number}"), "x": n(number), "y": s("y")}
        dynamodb.put_item(TableName="hash", Item=item)
    return dynamodb


@pytest.fixture
def indexed(dynamodb: Any) -> Any:
    create_projections_table(dynamodb)
    for number in range(12):
        item = {**key(f"p{number % 4}", str(number)), "x": n(number), "y": s("y")}
        if number % 2:
            item |= {"l": s("l"), "g": s(f"g{number % 3}")}
        dynamodb.put_item(TableName=PROJECTIONS, Item=item)
    return dynamodb


def scan(client: Any, **request: Any) -> Any:
    return client.scan(**{"TableName": "hash", **request})


def pages(client: Any, **request: Any) -> list[Any]:
    answers = [scan(client, **request)]
    while "LastEvaluatedKey" in answers[-1]:
        start = answers[-1]["LastEvaluatedKey"]
        answers.append(scan(client, **request, ExclusiveStartKey=start))
    return answers


def keys_of(answers: list[Any]) -> list[str]:
    return [item["pk"]["S"] for answer in answers for item in answer["Items"]]


def test_everything_once_in_an_order_of_its_own(table: Any) -> None:
    answer = scan(table)
    assert answer["Count"] == answer["ScannedCount"] == COUNT
    inserted = [f"key{number}" for number in range(COUNT)]
    found = keys_of([answer])
    assert sorted(found) == sorted(inserted)
    assert found not in (inserted, sorted(inserted))
    assert keys_of([scan(table)]) == found


# What AWS answered, as dynalite's test/scan.js recorded it.
@pytest.mark.parametrize(
    ("key_type", "found"),
    [
        ("S", "2 8 9 1 6 hello 0 5 4 äáöü aardman 7 3 zapf"),
        ("N", "7 999.9 8 3 2 -999.9 9 4 -0.09 6 1 0 0.012345 5"),
    ],
)
def test_the_order_is_that_of_the_partition_keys_hash(
    dynamodb: Any, key_type: str, found: str
) -> None:
    create_hash_table(dynamodb, tag=key_type)
    for value in sorted(found.split()):
        dynamodb.put_item(TableName="hash", Item={"pk": {key_type: value}})
    assert [item["pk"][key_type] for item in scan(dynamodb)["Items"]] == found.split()


# What AWS answered, as dynalite's test/scan.js recorded it.
@pytest.mark.parametrize(("value", "segment"), [("3635", 0), ("228", 0), ("1668", 1), ("3435", 4)])
def test_segments_are_ranges_of_the_hash(dynamodb: Any, value: str, segment: int) -> None:
    create_hash_table(dynamodb)
    dynamodb.put_item(TableName="hash", Item=key(value))
    for asked in (segment, segment + 1):
        answer = scan(dynamodb, Segment=asked, TotalSegments=4096)
        assert answer["Count"] == (asked == segment)


@pytest.mark.parametrize("limit", [1, 7, 39, 40, 41])
def test_pages(table: Any, limit: int) -> None:
    answers = pages(table, Limit=limit)
    assert keys_of(answers) == keys_of([scan(table)])
    assert len(answers) == COUNT // limit + 1


def test_items_that_come_and_go_between_pages(table: Any) -> None:
    whole = keys_of([scan(table)])
    first = scan(table, Limit=20)
    for pk in (whole[0], whole[19], whole[20]):
        table.delete_item(TableName="hash", Key=key(pk))
    rest = keys_of([scan(table, ExclusiveStartKey=first["LastEvaluatedKey"])])
    assert rest == whole[21:]


@pytest.mark.parametrize("total", [1, 2, 3, 7, 64, 1_000_000])
def test_segments_share_out_everything(table: Any, total: int) -> None:
    chosen = range(total) if total < 100 else range(0, total, 100_000)
    found = [
        pk
        for segment in chosen
        for pk in keys_of(pages(table, Segment=segment, TotalSegments=total, Limit=4))
    ]
    assert len(found) == len(set(found))
    if total < 100:
        assert found == keys_of([scan(table)])


def test_partitions_are_never_split_between_segments(dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    for number in range(60):
        item = key(f"p{number % 6}", str(number))
        dynamodb.put_item(TableName="composite", Item=item)
    request = {"TableName": "composite", "TotalSegments": 5}
    by_segment = [set(keys_of(pages(dynamodb, Segment=i, **request))) for i in range(5)]
    assert sum(map(len, by_segment)) == 6


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            {"Segment": 0},
            (
                "The TotalSegments parameter is required but was not present in the request when "
                "Segment parameter is present"
            ),
        ),
        (
            {"TotalSegments": 4},
            (
                "The Segment parameter is required but was not present in the request when "
                "parameter "
                "TotalSegments is present"
            ),
        ),
        (
            {"Segment": 4, "TotalSegments": 4},
            (
                "The Segment parameter is zero-based and must be less than parameter "
                "TotalSegments: "
                "Segment: 4 is not less than TotalSegments: 4"
            ),
        ),
        (
            {"Segment": -1, "TotalSegments": 4},
            (
                "1 validation error detected: Value '-1' at 'segment' failed to satisfy "
                "constraint: "
                "Member must have value greater than or equal to 0"
            ),
        ),
        (
            {"Limit": 0},
            (
                "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1"
            ),
        ),
        ({"IndexName": "none"}, "The table does not have the specified index: none"),
        (
            {"Select": "SPECIFIC_ATTRIBUTES"},
            (
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
                "SPECIFIC_ATTRIBUTES"
            ),
        ),
        (
            {"Select": "ALL_ATTRIBUTES", "AttributesToGet": ["x"]},
            "Cannot specify the AttributesToGet when choosing to get ALL_ATTRIBUTES",
        ),
        (
            {"ExclusiveStartKey": {"x": s("a")}},
            (
                "The provided starting key is invalid: The provided key element does not match the "
                "schema"
            ),
        ),
        (
            {"ExclusiveStartKey": key("")},
            (
                "The provided starting key is invalid: One or more parameter values are not "
                "valid. The "
                "AttributeValue for a key attribute cannot contain an empty string value. Key: pk"
            ),
        ),
        (
            {"ProjectionExpression": "pk[0]"},
            (
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                "not "
                "allowed: Key: pk"
            ),
        ),
    ],
)
def test_requests_that_are_refused(table: Any, request_: dict[str, Any], message: str) -> None:
    assert invalid(scan, client=table, **request_) == message


def test_a_start_key_of_another_segment(table: Any) -> None:
    first = scan(table, Segment=0, TotalSegments=2, Limit=1)["LastEvaluatedKey"]
    message = invalid(scan, client=table, Segment=1, TotalSegments=2, ExclusiveStartKey=first)
    assert message == (
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
        "ExclusiveStartKey with correct Segment. TotalSegments: 2 Segment: 1"
    )


def test_filters_and_projections(table: Any) -> None:
    answer = scan(
        table,
        FilterExpression="x BETWEEN :low AND :high AND begins_with(pk, :k)",
        ProjectionExpression="x",
        ExpressionAttributeValues={":low": n(3), ":high": n(5), ":k": s("key")},
    )
    assert sorted(item["x"]["N"] for item in answer["Items"]) == ["3", "4", "5"]
    assert all(item.keys() == {"x"} for item in answer["Items"])
    assert (answer["Count"], answer["ScannedCount"]) == (3, COUNT)
    none = scan(table, FilterExpression="attribute_not_exists(x)", Limit=5)
    assert (none["Items"], none["ScannedCount"], "LastEvaluatedKey" in none) == ([], 5, True)


def test_legacy_parameters(table: Any) -> None:
    conditions = {
        "x": {"ComparisonOperator": "LT", "AttributeValueList": [n(2)]},
        "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [s("key7")]},
    }
    assert scan(table, ScanFilter=conditions)["Count"] == 0
    answer = scan(table, ScanFilter=conditions, ConditionalOperator="OR", AttributesToGet=["pk"])
    assert sorted(keys_of([answer])) == ["key0", "key1", "key7"]
    assert invalid(
        scan, client=table, ScanFilter={"x": conditions["x"]}, ConditionalOperator="OR"
    ) == ("ConditionalOperator can only be used when Filter or Expected has two or more elements")


@pytest.mark.parametrize("kind", ["local", "global"])
@pytest.mark.parametrize("projection", ["all", "keys", "some"])
def test_indexes(indexed: Any, kind: str, projection: str) -> None:
    name = f"{kind}_{projection}"
    request = {"TableName": PROJECTIONS, "IndexName": name}
    whole = scan(indexed, **request)
    assert whole["Count"] == 6
    names = {"pk", "sk", "l"} | ({"g"} if kind == "global" else set())
    names |= {"all": {"g", "x", "y"}, "keys": set(), "some": {"x"}}[projection]
    assert all(item.keys() == names for item in whole["Items"])
    answers = pages(indexed, Limit=1, **request)
    assert [item for answer in answers for item in answer["Items"]] == whole["Items"]
    segments = [pages(indexed, Segment=i, TotalSegments=3, **request) for i in range(3)]
    read = [item for page in segments for answer in page for item in answer["Items"]]
    assert read == whole["Items"]


def test_an_index_filters_by_what_it_holds(indexed: Any) -> None:
    request = {"TableName": PROJECTIONS, "ExpressionAttributeValues": {":y": s("y")}}
    for name, count in (("global_all", 6), ("global_keys", 0), ("local_keys", 0)):
        answer = scan(indexed, IndexName=name, FilterExpression="y = :y", **request)
        assert (answer["Count"], answer["ScannedCount"]) == (count, 6)


def test_reads_of_global_indexes_that_are_refused(indexed: Any) -> None:
    request = {"TableName": PROJECTIONS, "IndexName": "global_keys"}
    assert invalid(scan, client=indexed, ConsistentRead=True, **request) == (
        "Consistent reads are not supported on global secondary indexes"
    )
    assert invalid(scan, client=indexed, ProjectionExpression="y", **request) == (
        f"{INVALID}Global secondary index global_keys does not project [y]"
    )
    assert invalid(scan, client=indexed, Select="ALL_ATTRIBUTES", **request) == (
        f"{INVALID}Select type ALL_ATTRIBUTES is not supported for global secondary index "
        "global_keys because its projection type is not ALL"
    )


def test_a_local_index_fetches_what_it_does_not_hold(indexed: Any) -> None:
    answer = scan(
        indexed,
        TableName=PROJECTIONS,
        IndexName="local_keys",
        Select="ALL_ATTRIBUTES",
        ConsistentRead=True,
        ReturnConsumedCapacity="INDEXES",
    )
    assert all(item["y"] == s("y") for item in answer["Items"])
    assert answer["ConsumedCapacity"] == {
        "TableName": PROJECTIONS,
        "CapacityUnits": 7.0,
        "Table": {"CapacityUnits": 6.0},
        "LocalSecondaryIndexes": {"local_keys": {"CapacityUnits": 1.0}},
    }


def test_a_page_ends_at_a_megabyte(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    for number in range(4):
        item = {**key(str(number)), "x": s("x" * 350_000)}
        dynamodb.put_item(TableName="hash", Item=item)
    first, second = pages(dynamodb, Select="COUNT", ReturnConsumedCapacity="TOTAL")
    assert (first["Count"], second["Count"]) == (3, 1)
    # The sizes of a page are added up, then rounded.
    assert first["ConsumedCapacity"]["CapacityUnits"] == 128.5
    assert second["ConsumedCapacity"]["CapacityUnits"] == 43.0


@pytest.mark.parametrize(("strong", "consumed"), [(False, 0.5), (True, 1.0)])
def test_an_empty_table_costs_one_step(dynamodb: Any, strong: bool, consumed: float) -> None:
    create_hash_table(dynamodb)
    answer = scan(dynamodb, ConsistentRead=strong, ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"] == {"TableName": "hash", "CapacityUnits": consumed}
    assert (answer["Items"], answer["Count"], answer["ScannedCount"]) == ([], 0, 0)


def test_the_resource_and_the_table_as_an_arn(table: Any) -> None:
    arn = table.describe_table(TableName="hash")["Table"]["TableArn"]
    resource = boto3.resource("dynamodb", region_name="us-east-1")
    answer = resource.Table(arn).scan(FilterExpression=Attr("x").gte(38) & Attr("y").contains("y"))
    assert sorted(item["x"] for item in answer["Items"]) == [38, 39]
