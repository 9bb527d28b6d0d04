"""PutItem through boto3."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import boto3
import pytest
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError

from tests.conftest import unchecked_client
from tests.operations.items import (
    INVALID,
    everything,
    invalid,
    key,
    n,
    refusal,
    s,
    stored,
)
from tests.operations.tables import create_composite_table, create_hash_table

EMPTY = "One or more parameter values are not valid. "
OLD_COHORT = "me-central-1"


@pytest.fixture
def table(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    return dynamodb


@pytest.fixture
def composite(dynamodb: Any) -> Any:
    create_composite_table(dynamodb)
    return dynamodb


def put(client: Any, name: str = "hash", **request: Any) -> Any:
    return client.put_item(TableName=name, **request)


def units(client: Any, item: dict[str, Any], name: str = "hash") -> float:
    answer = put(client, name, Item=item, ReturnConsumedCapacity="TOTAL")
    return float(answer["ConsumedCapacity"]["CapacityUnits"])


def sized(size_bytes: int, pk: str = "a") -> dict[str, Any]:
    """An item of so many bytes: pk and its value, x and the rest."""
    return {"pk": s(pk), "x": s("x" * (size_bytes - 2 - len(pk) - 1))}


def test_an_item_replaces_the_one_with_its_key(table: Any) -> None:
    put(table, Item={**key("a"), "x": n(1)})
    put(table, Item={**key("a"), "y": n(2)})
    assert stored(table, "hash", **key("a")) == {**key("a"), "y": n(2)}
    assert table.scan(TableName="hash")["Count"] == 1


def test_return_values(table: Any) -> None:
    first, second = {**key("a"), "x": n(1)}, {**key("a"), "x": n(2)}
    assert "Attributes" not in put(table, Item=first, ReturnValues="ALL_OLD")
    assert put(table, Item=second, ReturnValues="ALL_OLD")["Attributes"] == first
    assert "Attributes" not in put(table, Item=first, ReturnValues="NONE")
    assert "Attributes" not in put(table, Item=first)


@pytest.mark.parametrize("value", ["ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_return_values_that_only_updates_take(table: Any, value: str) -> None:
    message = invalid(table.put_item, TableName="hash", Item=key("a"), ReturnValues=value)
    assert message == "ReturnValues can only be ALL_OLD or NONE"
    assert stored(table, "hash", **key("a")) is None


def test_a_condition_that_fails_changes_nothing(composite: Any) -> None:
    old = {**key("a", "b"), "g": s("g"), "l": n(1), "extra": s("e")}
    put(composite, "composite", Item=old)
    before = everything(composite, "composite")
    code, message = refusal(
        composite.put_item,
        TableName="composite",
        Item={**key("a", "b"), "g": s("h"), "l": n(2)},
        ConditionExpression="attribute_not_exists(pk)",
    )
    assert (code, message) == ("ConditionalCheckFailedException", "The conditional request failed")
    assert everything(composite, "composite") == before


@pytest.mark.parametrize(
    ("option", "shown"),
    [({"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}, True), ({}, False)],
)
def test_the_item_a_condition_failed_on(table: Any, option: dict[str, str], shown: bool) -> None:
    put(table, Item={**key("a"), "x": {"L": [{"B": b"\x00"}]}})
    with pytest.raises(table.exceptions.ConditionalCheckFailedException) as refused:
        put(table, Item=key("a"), ConditionExpression="attribute_not_exists(pk)", **option)
    item = refused.value.response.get("Item")
    assert item == ({**key("a"), "x": {"L": [{"B": b"\x00"}]}} if shown else None)


def test_no_item_to_show_where_there_is_none(table: Any) -> None:
    with pytest.raises(ClientError) as refused:
        put(
            table,
            Item=key("a"),
            ConditionExpression="attribute_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert "Item" not in refused.value.response


def test_expected(table: Any) -> None:
    new = {"pk": {"Exists": False}}
    put(table, Item={**key("a"), "x": n(1)}, Expected=new)
    assert refusal(table.put_item, TableName="hash", Item=key("a"), Expected=new)[0] == (
        "ConditionalCheckFailedException"
    )
    either = {"x": {"Value": n(1)}, "y": {"ComparisonOperator": "NOT_NULL"}}
    assert refusal(table.put_item, TableName="hash", Item=key("a"), Expected=either)[0] == (
        "ConditionalCheckFailedException"
    )
    put(table, Item={**key("a"), "x": n(2)}, Expected=either, ConditionalOperator="OR")
    assert stored(table, "hash", **key("a")) == {**key("a"), "x": n(2)}


@pytest.mark.parametrize(
    ("size_bytes", "consumed"), [(5, 1.0), (1024, 1.0), (1025, 2.0), (2048, 2.0), (2049, 3.0)]
)
def test_capacity_counts_kilobytes(table: Any, size_bytes: int, consumed: float) -> None:
    assert units(table, sized(size_bytes)) == consumed


def test_capacity_counts_the_larger_of_old_and_new(table: Any) -> None:
    assert units(table, sized(3000)) == 3.0
    assert units(table, sized(10)) == 3.0
    assert units(table, sized(10)) == 1.0


def test_capacity_is_told_by_index(composite: Any) -> None:
    def consumed(item: dict[str, Any]) -> dict[str, Any]:
        answer = put(composite, "composite", Item=item, ReturnConsumedCapacity="INDEXES")
        capacity: dict[str, Any] = answer["ConsumedCapacity"]
        assert capacity.pop("TableName") == "composite"
        return capacity

    one, two = {"CapacityUnits": 1.0}, {"CapacityUnits": 2.0}
    bare = key("a", "b")
    assert consumed(bare) == {**one, "Table": one}
    indexed = {**bare, "g": s("g"), "l": n(1), "extra": s("e")}
    globals_ = ("global_all", "global_keys", "global_include")
    assert consumed(indexed) == {
        "CapacityUnits": 5.0,
        "Table": one,
        "LocalSecondaryIndexes": {"local": one},
        "GlobalSecondaryIndexes": dict.fromkeys(globals_, one),
    }
    # An attribute that one index alone holds: the others consume nothing.
    assert consumed({**indexed, "other": s("o")}) == {
        **two,
        "Table": one,
        "GlobalSecondaryIndexes": {"global_all": one},
    }
    # A key that moves is deleted in one place and put in another.
    assert consumed({**indexed, "other": s("o"), "l": n(2)}) == {
        "CapacityUnits": 5.0,
        "Table": one,
        "LocalSecondaryIndexes": {"local": two},
        "GlobalSecondaryIndexes": {"global_all": two},
    }
    # The same again: no index changes.
    assert consumed({**indexed, "other": s("o"), "l": n(2)}) == {**one, "Table": one}
    # Gone from every index.
    assert consumed(bare) == {
        "CapacityUnits": 5.0,
        "Table": one,
        "LocalSecondaryIndexes": {"local": one},
        "GlobalSecondaryIndexes": dict.fromkeys(globals_, one),
    }


@pytest.mark.parametrize("option", [{}, {"ReturnConsumedCapacity": "NONE"}])
def test_capacity_is_told_where_it_is_asked_for(table: Any, option: dict[str, str]) -> None:
    assert "ConsumedCapacity" not in put(table, Item=key("a"), **option)


def test_a_table_is_told_as_it_was_named(table: Any) -> None:
    arn = table.describe_table(TableName="hash")["Table"]["TableArn"]
    answer = put(table, arn, Item=key("a"), ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"] == {"TableName": arn, "CapacityUnits": 1.0}
    assert stored(table, "hash", **key("a")) == key("a")


def test_item_collection_metrics(composite: Any) -> None:
    request = {"Item": key("a", "b"), "ReturnItemCollectionMetrics": "SIZE"}
    assert put(composite, "composite", **request)["ItemCollectionMetrics"] == {
        "ItemCollectionKey": key("a"),
        "SizeEstimateRangeGB": [0.0, 1.0],
    }
    assert "ItemCollectionMetrics" not in put(composite, "composite", Item=key("a", "b"))


def test_a_table_without_local_indexes_has_no_item_collections(table: Any) -> None:
    answer = put(table, Item=key("a"), ReturnItemCollectionMetrics="SIZE")
    assert "ItemCollectionMetrics" not in answer


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pk": None}, f"{INVALID}Missing the key pk in the item"),
        ({"sk": None}, f"{INVALID}Missing the key sk in the item"),
        ({"pk": n(1)}, f"{INVALID}Type mismatch for key pk expected: S actual: N"),
        ({"sk": {"M": {}}}, f"{INVALID}Type mismatch for key sk expected: S actual: M"),
        (
            {"sk": s("")},
            (
                f"{EMPTY}The AttributeValue for a key attribute cannot contain an empty string "
                "value. "
                "Key: sk"
            ),
        ),
        (
            {"pk": s("é" * 1025)},
            f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
        (
            {"sk": s("x" * 1025)},
            f"{INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
        ),
        (
            {"l": s("1")},
            f"{INVALID}Type mismatch for Index Key l Expected: N Actual: S IndexName: global_all",
        ),
        (
            {"g": s("")},
            (
                f"{EMPTY}A value specified for a secondary index key is not supported. The "
                "AttributeValue for a key attribute cannot contain an empty string value. "
                "IndexName: global_all, IndexKey: g"
            ),
        ),
        (
            {"g": s("x" * 2049)},
            f"{INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes",
        ),
    ],
)
def test_keys_that_are_refused(composite: Any, changes: dict[str, Any], message: str) -> None:
    changed = {**key("a", "b"), **changes}
    item = {name: value for name, value in changed.items() if value is not None}
    assert invalid(composite.put_item, TableName="composite", Item=item) == message
    assert composite.scan(TableName="composite")["Count"] == 0


def test_keys_as_large_as_may_be(composite: Any) -> None:
    item = {**key("é" * 1024, "x" * 1024), "g": s("x" * 2048)}
    put(composite, "composite", Item=item)
    assert stored(composite, "composite", pk=item["pk"], sk=item["sk"]) == item


def test_an_item_of_400_kilobytes(table: Any) -> None:
    put(table, Item=sized(409_600))
    message = invalid(table.put_item, TableName="hash", Item=sized(409_601, pk="b"))
    assert message == "Item size has exceeded the maximum allowed size"
    assert stored(table, "hash", **key("b")) is None


def test_names_are_counted_in_the_size(table: Any) -> None:
    item = {**key("a"), "n" * 60_000: s("x" * 300_000), "é" * 20_000: s("x" * 9_597)}
    put(table, Item=item)
    oversized = {**item, "é" * 20_000: s("x" * 9_598)}
    assert "Item size" in invalid(table.put_item, TableName="hash", Item=oversized)


@pytest.mark.parametrize(
    ("region", "prefix"), [("us-east-1", "1 validation error detected: "), (OLD_COHORT, "")]
)
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Empty attribute name"),
        ("x" * 65_536, "Attribute name is too large, must be less than 65536 bytes"),
    ],
    ids=["empty", "large"],
)
def test_attribute_names(db: Any, region: str, prefix: str, name: str, message: str) -> None:
    client = unchecked_client(region)
    create_hash_table(client)
    for item in ({**key("a"), name: n(1)}, {**key("a"), "m": {"M": {name: n(1)}}}):
        assert invalid(client.put_item, TableName="hash", Item=item) == prefix + message
    put(client, Item={**key("a"), "x" * 65_535: n(1)})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("00042", "42"),
        ("-0", "0"),
        ("1.500", "1.5"),
        ("1E3", "1000"),
        ("+5", "5"),
        ("9" * 38, "9" * 38),
        ("1E-130", "0." + "0" * 129 + "1"),
        ("9.9999999999999999999999999999999999999E+125", "9" * 38 + "0" * 88),
    ],
)
def test_numbers_are_kept_in_one_form(table: Any, text: str, kept: str) -> None:
    put(table, Item={**key("a"), "n": {"N": text}})
    assert stored(table, "hash", **key("a")) == {**key("a"), "n": {"N": kept}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1" * 39, "Attempting to store more than 38 significant digits in a Number"),
        (
            "1E126",
            (
                "Number overflow. Attempting to store a number with magnitude larger than "
                "supported "
                "range"
            ),
        ),
        (
            "1E-131",
            (
                "Number underflow. Attempting to store a number with magnitude smaller than "
                "supported "
                "range"
            ),
        ),
        ("one", "The parameter cannot be converted to a numeric value: one"),
        ("", "The parameter cannot be converted to a numeric value"),
    ],
)
def test_numbers_that_are_refused(table: Any, text: str, message: str) -> None:
    assert message in invalid(table.put_item, TableName="hash", Item={**key("a"), "n": {"N": text}})


def test_values_of_every_type_come_back(table: Any) -> None:
    item: dict[str, Any] = {
        **key("a"),
        "s": s(""),
        "b": {"B": b""},
        "t": {"BOOL": False},
        "z": {"NULL": True},
        "ss": {"SS": ["", "b"]},
        "ns": {"NS": ["1", "2"]},
        "bs": {"BS": [b"a", b"b"]},
        "m": {"M": {"k": {"L": [{"M": {"deep": n(1)}}, {"BS": [b"\xff"]}]}}},
        "l": {"L": []},
    }
    put(table, Item=item)
    assert stored(table, "hash", **key("a")) == item


def test_sets_have_no_order_and_no_duplicates(table: Any) -> None:
    put(table, Item={**key("a"), "ns": {"NS": ["10", "9", "1.0"]}})
    assert stored(table, "hash", **key("a")) == {**key("a"), "ns": {"NS": ["1", "9", "10"]}}
    twice = {**key("a"), "ns": {"NS": ["1", "1.0"]}}
    message = invalid(table.put_item, TableName="hash", Item=twice)
    assert message == "1 validation error detected: Input collection contains duplicates"


@pytest.mark.parametrize("levels", [31, 32])
def test_nesting(table: Any, levels: int) -> None:
    value: dict[str, Any] = s("leaf")
    for _ in range(levels):
        value = {"M": {"n": value}}
    item = {**key("a"), "m": value}
    if levels == 31:
        put(table, Item=item)
        assert stored(table, "hash", **key("a")) == item
    else:
        assert "Nesting Levels" in invalid(table.put_item, TableName="hash", Item=item)


def in_maps(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = s("leaf")
    for _ in range(levels):
        value = {"M": {"n": value}}
    return value


def too_deep(levels: int) -> list[dict[str, Any]]:
    """Conditions that hold where there is no item, with a value of that many levels."""
    given = {":d": in_maps(levels)}
    return [
        {
            "ConditionExpression": "attribute_not_exists(pk) OR x = :d",
            "ExpressionAttributeValues": given,
        },
        {
            "Expected": {
                "pk": {"ComparisonOperator": "NULL"},
                "x": {"ComparisonOperator": "EQ", "AttributeValueList": [in_maps(levels)]},
            },
            "ConditionalOperator": "OR",
        },
    ]


def test_what_is_not_stored_nests_where_checks_have_not_moved(db: Any) -> None:
    # As the tests of ExtendDB/extenddb#123 found AWS in May 2026.
    client = unchecked_client(OLD_COHORT)
    create_hash_table(client)
    for condition in too_deep(32):
        for write in (client.delete_item, client.update_item):
            write(TableName="hash", Key=key("a"), **condition)
        client.delete_item(TableName="hash", Key=key("a"))
        put(client, Item=key("a"), **condition)
        client.delete_item(TableName="hash", Key=key("a"))
    expression = too_deep(32)[0]
    members = [{"Put": {"TableName": "hash", "Item": key("a"), **expression}}]
    client.transact_write_items(TransactItems=members)
    for condition in too_deep(160):
        message = invalid(client.put_item, TableName="hash", Item=key("b"), **condition)
        assert "Nesting Levels" in message


def test_what_is_not_stored_is_judged_where_checks_have_moved(table: Any) -> None:
    for condition in too_deep(32):
        request = {"TableName": "hash", **condition}
        assert "Nesting Levels" in invalid(table.put_item, Item=key("a"), **request)
        assert "Nesting Levels" in invalid(table.update_item, Key=key("a"), **request)
        table.delete_item(Key=key("a"), **request)


@pytest.mark.parametrize(
    ("tag", "values"), [("N", ["1", "-1", "1E2"]), ("B", [b"\x00", b"\xff\xff", b"a" * 2048])]
)
def test_keys_of_other_types(dynamodb: Any, tag: str, values: list[Any]) -> None:
    create_hash_table(dynamodb, tag=tag)
    for value in values:
        put(dynamodb, Item={"pk": {tag: value}, "x": s("x")})
    assert dynamodb.scan(TableName="hash")["Count"] == len(values)
    assert stored(dynamodb, "hash", pk={tag: values[0]}) is not None


def test_equal_numbers_are_one_key(dynamodb: Any) -> None:
    create_hash_table(dynamodb, tag="N")
    put(dynamodb, Item={"pk": {"N": "1.0"}, "x": n(1)})
    put(dynamodb, Item={"pk": {"N": "100E-2"}, "x": n(2)})
    assert dynamodb.scan(TableName="hash")["Items"] == [{"pk": n(1), "x": n(2)}]


def test_an_index_is_sparse(composite: Any) -> None:
    put(composite, "composite", Item={**key("a", "1"), "g": s("g")})
    put(composite, "composite", Item={**key("a", "2"), "g": s("g"), "l": n(1)})
    counts = {
        name: composite.scan(TableName="composite", IndexName=name)["Count"]
        for name in ("local", "global_all", "global_keys", "global_include")
    }
    assert counts == {"local": 1, "global_all": 1, "global_keys": 2, "global_include": 2}


def test_no_such_table(dynamodb: Any) -> None:
    assert refusal(dynamodb.put_item, TableName="none", Item=key("a")) == (
        "ResourceNotFoundException",
        "Requested resource not found",
    )


def test_the_resource(db: Any) -> None:
    resource = boto3.resource("dynamodb", region_name="us-east-1")
    create_hash_table(resource.meta.client)
    table = resource.Table("hash")
    item = {
        "pk": "a",
        "n": Decimal("1.50"),
        "b": b"\x00\x01",
        "set": {Decimal(1), Decimal(2)},
        "m": {"l": [None, True, "x", Binary(b"z")]},
    }
    table.put_item(Item=item)
    assert table.get_item(Key={"pk": "a"})["Item"] == item
    with pytest.raises(table.meta.client.exceptions.ConditionalCheckFailedException):
        table.put_item(Item=item, ConditionExpression="attribute_not_exists(pk)")
