"""UpdateItem through boto3."""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.conftest import unchecked_client
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
from tests.operations.tables import attribute, create_composite_table, create_hash_table, key_schema

ITEM: dict[str, Any] = {
    **key("a"),
    "n": n(1),
    "m": {"M": {"k": s("v"), "j": n(2)}},
    "l": {"L": [n(0), n(1), n(2)]},
    "ss": {"SS": ["a", "b"]},
}
OVERSIZED = "Item size to update has exceeded the maximum allowed size"


@pytest.fixture
def table(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    dynamodb.put_item(TableName="hash", Item=ITEM)
    return dynamodb


@pytest.fixture
def composite(dynamodb: Any) -> Any:
    create_composite_table(dynamodb)
    item = {**key("a", "b"), "g": s("g"), "l": n(1), "extra": s("e")}
    dynamodb.put_item(TableName="composite", Item=item)
    return dynamodb


def update(client: Any, **request: Any) -> Any:
    return client.update_item(**{"TableName": "hash", "Key": key("a"), **request})


def values(**named: Any) -> dict[str, Any]:
    return {"ExpressionAttributeValues": {f":{name}": value for name, value in named.items()}}


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs: name → new value, None where the attribute is gone."""
    names = before.keys() | after.keys()
    return {name: after.get(name) for name in names if before.get(name) != after.get(name)}


@pytest.mark.parametrize(
    ("text", "given", "changed"),
    [
        ("SET x = :v", {"v": s("x")}, {"x": s("x")}),
        ("SET n = n + :v", {"v": n(2)}, {"n": n(3)}),
        ("SET n = :v - n", {"v": n(2)}, {}),
        ("SET x = if_not_exists(x, :v), n = if_not_exists(n, :v)", {"v": n(7)}, {"x": n(7)}),
        (
            "SET l = list_append(l, :v)",
            {"v": {"L": [s("x")]}},
            {"l": {"L": [*map(n, (0, 1, 2)), s("x")]}},
        ),
        ("SET l[1] = :v, l[9] = :v", {"v": s("x")}, {"l": {"L": [n(0), s("x"), n(2), s("x")]}}),
        ("SET m.k = m.j, m.j = :v", {"v": s("x")}, {"m": {"M": {"k": n(2), "j": s("x")}}}),
        (
            "REMOVE n, m.k, l[0], absent",
            None,
            {"n": None, "m": {"M": {"j": n(2)}}, "l": {"L": [n(1), n(2)]}},
        ),
        ("ADD n :v, x :v", {"v": n(5)}, {"n": n(6), "x": n(5)}),
        ("ADD ss :v", {"v": {"SS": ["b", "c"]}}, {"ss": {"SS": ["a", "b", "c"]}}),
        ("DELETE ss :v", {"v": {"SS": ["a", "z"]}}, {"ss": {"SS": ["b"]}}),
        ("DELETE ss :v", {"v": {"SS": ["a", "b"]}}, {"ss": None}),
        (
            "SET x = :v REMOVE m ADD n :n DELETE ss :d",
            {"v": s("x"), "n": n(1), "d": {"SS": ["a"]}},
            {"x": s("x"), "m": None, "n": n(2), "ss": {"SS": ["b"]}},
        ),
    ],
)
def test_expressions(table: Any, text: str, given: Any, changed: dict[str, Any]) -> None:
    options = {} if given is None else values(**given)
    update(table, UpdateExpression=text, **options)
    after = stored(table, "hash", **key("a"))
    assert after is not None
    assert changes(ITEM, after) == changed


def test_an_item_that_is_not_there_is_made(table: Any) -> None:
    update(table, Key=key("b"), UpdateExpression="SET x = :v", **values(v=n(1)))
    update(table, Key=key("c"))
    assert stored(table, "hash", **key("b")) == {**key("b"), "x": n(1)}
    assert stored(table, "hash", **key("c")) == key("c")


ONE_SET: dict[str, Any] = {"v": {"SS": ["a"]}}


@pytest.mark.parametrize("asked", ["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
@pytest.mark.parametrize(
    "taking",
    [
        {"UpdateExpression": "REMOVE x"},
        {"UpdateExpression": "DELETE x :v", **values(**ONE_SET)},
        {"UpdateExpression": "REMOVE y DELETE x :v", **values(**ONE_SET)},
        {"AttributeUpdates": {"x": {"Action": "DELETE"}}},
        {"AttributeUpdates": {"x": {"Action": "DELETE", "Value": ONE_SET["v"]}}},
    ],
)
def test_no_item_is_made_to_take_something_away(
    table: Any, taking: dict[str, Any], asked: str
) -> None:
    """scylladb/scylladb#5862 tells it of AWS, and its #28368 that no stream record is written."""
    answer = update(table, Key=key("d"), ReturnValues=asked, **taking)
    assert "Attributes" not in answer
    assert stored(table, "hash", **key("d")) is None


def test_an_item_is_made_where_something_is_given_as_well(table: Any) -> None:
    update(table, Key=key("d"), UpdateExpression="REMOVE x SET y = :v", **values(v=n(1)))
    assert stored(table, "hash", **key("d")) == {**key("d"), "y": n(1)}


def test_a_path_into_nothing_is_refused_before_no_item_is_made(table: Any) -> None:
    request = {"TableName": "hash", "Key": key("d"), "UpdateExpression": "REMOVE x.y"}
    _, message = refusal(table.update_item, **request)
    assert message == "The document path provided in the update expression is invalid for update"


def test_no_item_is_made_by_a_transaction_either(table: Any) -> None:
    remove = {"TableName": "hash", "Key": key("d"), "UpdateExpression": "REMOVE x"}
    table.transact_write_items(TransactItems=[{"Update": remove}])
    assert stored(table, "hash", **key("d")) is None


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("NONE", None),
        ("ALL_OLD", ITEM),
        ("ALL_NEW", {**ITEM, "n": n(2), "m": {"M": {"k": s("x"), "j": n(2)}}, "new": n(3)}),
        ("UPDATED_OLD", {"n": n(1), "m": {"M": {"k": s("v")}}}),
        ("UPDATED_NEW", {"n": n(2), "m": {"M": {"k": s("x")}}, "new": n(3)}),
    ],
)
def test_return_values(table: Any, asked: str, shown: Any) -> None:
    answer = update(
        table,
        UpdateExpression="SET n = n + :one, m.k = :x, #n = :three",
        ExpressionAttributeNames={"#n": "new"},
        ReturnValues=asked,
        **values(one=n(1), x=s("x"), three=n(3)),
    )
    assert answer.get("Attributes") == shown


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("ALL_OLD", None),
        ("UPDATED_OLD", None),
        ("ALL_NEW", {**key("b"), "x": n(1)}),
        ("UPDATED_NEW", {"x": n(1)}),
    ],
)
def test_return_values_of_a_new_item(table: Any, asked: str, shown: Any) -> None:
    answer = update(
        table, Key=key("b"), UpdateExpression="SET x = :v", ReturnValues=asked, **values(v=n(1))
    )
    assert answer.get("Attributes") == shown


def test_nothing_to_show_of_what_was_removed(table: Any) -> None:
    request = {"UpdateExpression": "REMOVE n", "ReturnValues": "UPDATED_NEW"}
    assert "Attributes" not in update(table, **request)


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        (
            "SET pk = :v",
            {"v": s("x")},
            f"{INVALID}Cannot update attribute pk. This attribute is part of the key",
        ),
        (
            "SET x = absent",
            None,
            "The provided expression refers to an attribute that does not exist in the item",
        ),
        (
            "SET x = n + :v",
            {"v": n(1), "u": n(2)},
            (
                "1 validation error detected: Value provided in ExpressionAttributeValues unused "
                "in "
                "expressions: keys: {:u}"
            ),
        ),
        (
            "SET x = ss + :v",
            {"v": n(1)},
            "An operand in the update expression has an incorrect data type",
        ),
        (
            "SET absent.x = :v",
            {"v": n(1)},
            "The document path provided in the update expression is invalid for update",
        ),
        (
            "SET x = :v, x.y = :v",
            {"v": n(1)},
            (
                "1 validation error detected: Invalid UpdateExpression: Two document paths "
                "overlap with "
                "each other; must remove or rewrite one of these paths; path one: [x], path two: "
                "[x, y]"
            ),
        ),
        (
            "ADD m :v",
            {"v": n(1)},
            "An operand in the update expression has an incorrect data type",
        ),
        (
            "SET pk.x = :v",
            {"v": n(1)},
            f"{INVALID}Cannot update attribute pk. This attribute is part of the key",
        ),
        (
            "SET x = pk.y",
            None,
            (
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                "not "
                "allowed: Key: pk"
            ),
        ),
    ],
)
def test_expressions_that_are_refused(table: Any, text: str, given: Any, message: str) -> None:
    options = {} if given is None else values(**given)
    assert invalid(update, client=table, UpdateExpression=text, **options) == message
    assert stored(table, "hash", **key("a")) == ITEM


@pytest.mark.parametrize(
    ("text", "given", "message"),
    [
        (
            "SET g = :v",
            {"v": n(1)},
            f"{INVALID}Type mismatch for Index Key g Expected: S Actual: N IndexName: global_all",
        ),
        (
            "SET g = l",
            None,
            "The update expression attempted to update the secondary index key to unsupported type",
        ),
        (
            "SET g = :v",
            {"v": s("")},
            (
                "One or more parameter values are not valid. The update expression attempted to "
                "update "
                "a secondary index key to a value that is not supported. The AttributeValue for "
                "a key "
                "attribute cannot contain an empty string value."
            ),
        ),
        (
            "SET g = :v",
            {"v": s("x" * 2049)},
            (
                "The update expression attempted to update the secondary index key beyond "
                "allowed size "
                "limits"
            ),
        ),
        (
            "SET g.x = :v",
            {"v": s("x")},
            (
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                "not "
                "allowed: IndexKey: g"
            ),
        ),
    ],
)
def test_keys_of_indexes(composite: Any, text: str, given: Any, message: str) -> None:
    before = everything(composite, "composite")
    request = {"TableName": "composite", "Key": key("a", "b"), "UpdateExpression": text}
    options = {} if given is None else values(**given)
    assert invalid(update, client=composite, **request, **options) == message
    assert everything(composite, "composite") == before


def test_a_value_older_than_its_index_stands_in_the_way(table: Any) -> None:
    update(table, UpdateExpression="SET g = :v", **values(v={"NULL": True}))
    index = {
        "IndexName": "index",
        "KeySchema": key_schema("g"),
        "Projection": {"ProjectionType": "ALL"},
    }
    table.update_table(
        TableName="hash",
        AttributeDefinitions=[attribute("g")],
        GlobalSecondaryIndexUpdates=[{"Create": index}],
    )
    message = invalid(update, client=table, UpdateExpression="SET x = :v", **values(v=n(1)))
    assert message == (
        "The update expression attempted to update the secondary index key to unsupported type"
    )
    update(table, UpdateExpression="SET g = :v", **values(v=s("g")))
    assert table.scan(TableName="hash", IndexName="index")["Count"] == 1


def test_indexes_follow_an_update(composite: Any) -> None:
    request = {"TableName": "composite", "Key": key("a", "b")}
    update(composite, UpdateExpression="SET g = :v REMOVE l", **request, **values(v=s("h")))
    item = {**key("a", "b"), "g": s("h")}
    assert everything(composite, "composite") == [
        [{**item, "extra": s("e")}],
        [],
        [],
        [item],
        [{**item, "extra": s("e")}],
    ]


def test_conditions(table: Any) -> None:
    request = {"UpdateExpression": "SET n = :two", "ConditionExpression": "n = :one"}
    options = values(one=n(1), two=n(2))
    update(table, **request, **options)
    with pytest.raises(ClientError) as refused:
        update(table, **request, **options, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert refused.value.response["Item"] == {**ITEM, "n": n(2)}


def test_a_condition_sees_no_key_of_an_item_that_is_not_there(table: Any) -> None:
    request = {"Key": key("b"), "ConditionExpression": "attribute_exists(pk)"}
    assert refusal(update, client=table, **request)[0] == "ConditionalCheckFailedException"
    assert stored(table, "hash", **key("b")) is None


@pytest.mark.parametrize(
    ("updates", "changed"),
    [
        ({"x": {"Action": "PUT", "Value": n(1)}}, {"x": n(1)}),
        ({"x": {"Value": n(1)}}, {"x": n(1)}),
        ({"n": {"Action": "ADD", "Value": n(4)}}, {"n": n(5)}),
        ({"l": {"Action": "ADD", "Value": {"L": [n(3)]}}}, {"l": {"L": [*map(n, (0, 1, 2, 3))]}}),
        ({"ss": {"Action": "DELETE", "Value": {"SS": ["a"]}}}, {"ss": {"SS": ["b"]}}),
        ({"n": {"Action": "DELETE"}, "m": {"Action": "DELETE"}}, {"n": None, "m": None}),
    ],
)
def test_attribute_updates(table: Any, updates: dict[str, Any], changed: dict[str, Any]) -> None:
    answer = update(table, AttributeUpdates=updates, ReturnValues="UPDATED_NEW")
    after = stored(table, "hash", **key("a"))
    assert after is not None
    assert changes(ITEM, after) == changed
    kept = {name: value for name, value in changed.items() if value is not None}
    assert answer.get("Attributes", {}) == kept


def test_attribute_updates_with_expected(table: Any) -> None:
    request: dict[str, Any] = {
        "AttributeUpdates": {"x": {"Value": n(1)}},
        "Expected": {"n": {"Value": n(1)}, "x": {"Exists": False}},
        "ConditionalOperator": "AND",
    }
    update(table, **request)
    assert refusal(update, client=table, **request)[0] == "ConditionalCheckFailedException"


def test_capacity(composite: Any) -> None:
    def consumed(**request: Any) -> dict[str, Any]:
        request = {"TableName": "composite", "Key": key("a", "b"), **request}
        answer = update(composite, ReturnConsumedCapacity="INDEXES", **request)
        capacity: dict[str, Any] = answer["ConsumedCapacity"]
        del capacity["TableName"]
        return capacity

    one, two = {"CapacityUnits": 1.0}, {"CapacityUnits": 2.0}
    assert consumed() == {**one, "Table": one}
    assert consumed(UpdateExpression="SET l = l + :v", **values(v=n(1))) == {
        "CapacityUnits": 5.0,
        "Table": one,
        "LocalSecondaryIndexes": {"local": two},
        "GlobalSecondaryIndexes": {"global_all": two},
    }
    big = values(v=s("x" * 1500))
    assert consumed(UpdateExpression="SET big = :v", **big) == {
        "CapacityUnits": 4.0,
        "Table": two,
        "GlobalSecondaryIndexes": {"global_all": two},
    }
    assert consumed(UpdateExpression="REMOVE big")["CapacityUnits"] == 4.0


def test_item_collection_metrics(composite: Any) -> None:
    request = {
        "TableName": "composite",
        "Key": key("a", "b"),
        "ReturnItemCollectionMetrics": "SIZE",
    }
    assert update(composite, **request)["ItemCollectionMetrics"] == {
        "ItemCollectionKey": key("a"),
        "SizeEstimateRangeGB": [0.0, 1.0],
    }


@pytest.mark.parametrize(
    ("text", "charge_bytes"),
    [
        ("SET p = :p", 22),
        ("SET p = :p, q = :q", 41),
        ("SET p = :p REMOVE r", 24),
        ("SET p = :p DELETE t :d", 24),
        ("SET p = :p ADD n :q", 41),
        ("SET p = :p, m.f = :q", 41),
        ("SET p = :p, l[0] = :q", 42),
        ("SET p = :p, n = n + :q", 91),
    ],
)
def test_what_an_update_adds_to_the_size(table: Any, text: str, charge_bytes: int) -> None:
    """As measured on AWS: what is written, and a charge, may take 409,600 bytes."""
    base = {**key("Y"), "n": n(1), "m": {"M": {}}, "l": {"L": [n(1)]}, "t": {"SS": ["a", "b"]}}
    base = {name: base[name] for name in base if name == "pk" or name in re.split(r"\W", text)}

    def perform(length: int) -> None:
        table.put_item(TableName="hash", Item=base)
        given = {":p": s("x" * length), ":q": n(1), ":d": {"SS": ["b"]}}
        used = {name: value for name, value in given.items() if name in text}
        update(table, Key=key("Y"), UpdateExpression=text, ExpressionAttributeValues=used)

    perform(1)
    small = stored(table, "hash", **key("Y"))
    assert small is not None
    rest_bytes = size_bytes(small) - 1
    largest = 409_600 - rest_bytes - max(charge_bytes - 3, 0)
    perform(largest)
    with pytest.raises(ClientError, match=OVERSIZED):
        perform(largest + 1)


def size_bytes(item: dict[str, Any]) -> int:
    """The size of the few types that the test above stores, by AWS's rules."""
    total = 0
    for name, value in item.items():
        ((tag, content),) = value.items()
        total += len(name)
        if tag == "S":
            total += len(content)
        elif tag == "N":
            total += 2
        elif tag == "SS":
            total += sum(map(len, content))
        elif tag == "L":
            total += 3 + sum(1 + size_bytes({"": element}) for element in content)
        else:
            total += 3 + len(content) + size_bytes(content)
    return total


def test_an_empty_index_key_is_judged_before_the_condition(composite: Any) -> None:
    """ExtendDB/extenddb#184."""
    request = {
        "TableName": "composite",
        "Key": key("a", "b"),
        "UpdateExpression": "SET g = :v",
        "ConditionExpression": "attribute_exists(nothing)",
    }
    assert "cannot contain an empty string value" in invalid(
        update, client=composite, **request, **values(v=s(""))
    )


def test_attributes_that_stay_give_room_for_the_charge(table: Any) -> None:
    """As a key does: nubo-db/dynoxide#210."""
    table.put_item(TableName="hash", Item={**key("Y"), "u": s("123456789")})
    request = {"Key": key("Y"), "UpdateExpression": "SET b = :v"}
    room = 409_600 - 1 - 22
    update(table, **request, **values(v=s("x" * room)))
    assert invalid(update, client=table, **request, **values(v=s("x" * (room + 1)))) == OVERSIZED


def test_a_long_key_gives_no_more_room(table: Any) -> None:
    pk = "k" * 100
    room = 409_600 - 2 - len(pk) - 1
    request = {"Key": key(pk), "UpdateExpression": "SET x = :v"}
    update(table, **request, **values(v=s("x" * room)))
    assert invalid(update, client=table, **request, **values(v=s("x" * (room + 1)))) == OVERSIZED


def test_where_checks_have_not_moved_an_update_may_fill_the_item(db: Any) -> None:
    client = unchecked_client("me-central-1")
    create_hash_table(client)
    request = {"Key": key("Y"), "UpdateExpression": "SET x = :v"}
    update(client, **request, **values(v=s("x" * (409_600 - 4))))
    assert (
        invalid(update, client=client, **request, **values(v=s("x" * (409_600 - 3)))) == OVERSIZED
    )


def test_names_of_more_than_65535_bytes(table: Any) -> None:
    # Measured on AWS in September 2026: ExtendDB/extenddb issue 365.
    longest = "n" * 65_535
    refused = "1 validation error detected: Attribute name is too large, must be less than"
    for name, is_refused in ((longest, False), (longest + "n", True)):
        nested = {"UpdateExpression": "SET m = :v", **values(v={"M": {name: s("")}})}
        named = {
            "UpdateExpression": "SET #n = :v",
            "ExpressionAttributeNames": {"#n": name},
            **values(v=s("")),
        }
        for request in (nested, named):
            if is_refused:
                assert invalid(update, client=table, **request) == f"{refused} 65536 bytes"
            else:
                update(table, **request)


@pytest.mark.parametrize("bad", [{}, {"pk": n(1)}, {**key("a"), "x": n(1)}])
def test_keys_that_do_not_match(table: Any, bad: dict[str, Any]) -> None:
    assert invalid(update, client=table, Key=bad) == KEY_MISMATCH


def test_no_such_table(dynamodb: Any) -> None:
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        update(dynamodb)


def test_the_resource(table: Any) -> None:
    resource = boto3.resource("dynamodb", region_name="us-east-1")
    answer = resource.Table("hash").update_item(
        Key={"pk": "a"},
        UpdateExpression="ADD n :one, ss :more",
        ExpressionAttributeValues={":one": 1, ":more": {"c"}},
        ReturnValues="UPDATED_NEW",
    )
    assert answer["Attributes"] == {"n": 2, "ss": {"a", "b", "c"}}
