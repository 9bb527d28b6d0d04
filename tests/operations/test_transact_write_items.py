"""TransactWriteItems through boto3."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.conftest import unchecked_client
from tests.operations.tables import (
    attribute,
    create_composite_table,
    create_hash_table,
    key_schema,
)

CANCELLED = "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]"
FAILED = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
WRONG_KEY: dict[str, Any] = {"Delete": {"TableName": "hash", "Key": {"pk": {"N": "1"}}}}
NONE = {"Code": "None"}
TOO_LARGE = "Item size to update has exceeded the maximum allowed size"


def key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}}


def put(pk: str, table: str = "hash", condition: str = "", **attributes: Any) -> dict[str, Any]:
    action: dict[str, Any] = {"TableName": table, "Item": {**key(pk), **attributes}}
    if condition:
        action["ConditionExpression"] = condition
    return {"Put": action}


def update(pk: str, expression: str, **values: Any) -> dict[str, Any]:
    action: dict[str, Any] = {
        "TableName": "hash",
        "Key": key(pk),
        "UpdateExpression": expression,
    }
    if values:
        named = {f":{name}": value for name, value in values.items()}
        action["ExpressionAttributeValues"] = named
    return {"Update": action}


def delete(pk: str, **more: Any) -> dict[str, Any]:
    return {"Delete": {"TableName": "hash", "Key": key(pk), **more}}


def check(pk: str, condition: str = "attribute_exists(pk)", **more: Any) -> dict[str, Any]:
    action = {"TableName": "hash", "Key": key(pk), "ConditionExpression": condition, **more}
    return {"ConditionCheck": action}


def stored(client: Any, table: str = "hash") -> dict[str, Any]:
    return {item["pk"]["S"]: item for item in client.scan(TableName=table)["Items"]}


def refused(client: Any, *actions: dict[str, Any], **options: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        client.transact_write_items(TransactItems=list(actions), **options)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def reasons(client: Any, *actions: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(TransactItems=list(actions), **options)
    response = caught.value.response
    found: list[dict[str, Any]] = response["CancellationReasons"]
    codes = ", ".join(reason["Code"] for reason in found)
    assert response["Error"]["Message"] == response["Message"] == CANCELLED.format(codes)
    return found


def invalid(message: str) -> dict[str, str]:
    return {"Code": "ValidationError", "Message": message}


@pytest.fixture
def filled(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    for pk in ("a", "b"):
        dynamodb.put_item(TableName="hash", Item={**key(pk), "n": {"N": "1"}})
    return dynamodb


def test_all_four_actions_across_tables(filled: Any) -> None:
    create_composite_table(filled)
    answer = filled.transact_write_items(
        TransactItems=[
            check("a"),
            put("new", condition="attribute_not_exists(pk)"),
            update("b", "SET n = n + :one", one={"N": "1"}),
            update("made", "SET n = :one", one={"N": "1"}),
            delete("gone"),
            put("p", "composite", sk={"S": "1"}, g={"S": "g"}),
        ]
    )
    assert answer.keys() == {"ResponseMetadata"}
    items = stored(filled)
    assert items.keys() == {"a", "b", "new", "made"}
    assert items["b"]["n"] == {"N": "2"}
    page = filled.query(
        TableName="composite",
        IndexName="global_keys",
        KeyConditionExpression="g = :g",
        ExpressionAttributeValues={":g": {"S": "g"}},
    )
    assert page["Count"] == 1


def test_nothing_is_written_when_one_condition_fails(filled: Any) -> None:
    before = stored(filled)
    found = reasons(
        filled,
        put("new"),
        update("a", "SET n = n + :one", one={"N": "1"}),
        delete("b"),
        check("none"),
        put("a2", condition="attribute_exists(pk)"),
    )
    assert found == [NONE, NONE, NONE, FAILED, FAILED]
    assert stored(filled) == before


def test_a_failed_condition_shows_the_item_where_it_is_asked_for(filled: Any) -> None:
    old = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    found = reasons(
        filled,
        check("a", "attribute_not_exists(pk)", **old),
        check("b", "attribute_not_exists(pk)"),
        check("none", "attribute_exists(pk)", **old),
    )
    item = {**key("a"), "n": {"N": "1"}}
    assert found == [{**FAILED, "Item": item}, FAILED, FAILED]


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            update("x" * 2049, "SET n = :n", n={"N": "1"}),
            (
                "One or more parameter values were invalid: Size of hashkey has exceeded the "
                "maximum size limit of2048 bytes"
            ),
        ),
        (
            update("a", "SET pk = :n", n={"S": "1"}),
            (
                "One or more parameter values were invalid: Cannot update attribute pk. "
                "This attribute is part of the key"
            ),
        ),
        (
            update("a", "SET n.x = :n", n={"N": "1"}),
            "The document path provided in the update expression is invalid for update",
        ),
        (
            update("a", "SET n = absent + :n", n={"N": "1"}),
            "The provided expression refers to an attribute that does not exist in the item",
        ),
        (update("a", "SET n = :n", n={"S": "x" * 409_600}), TOO_LARGE),
    ],
    ids=["long key", "key attribute", "path", "missing", "size"],
)
def test_what_cancels(filled: Any, action: dict[str, Any], message: str) -> None:
    before = stored(filled)
    failing = check("none")
    assert reasons(filled, put("new"), action, failing) == [NONE, invalid(message), FAILED]
    assert stored(filled) == before


@pytest.mark.parametrize(
    ("action", "message"),
    [
        (
            {"Put": {"TableName": "hash", "Item": {"pk": {"N": "1"}}}},
            (
                "One or more parameter values were invalid: Type mismatch for key pk "
                "expected: S actual: N"
            ),
        ),
        (
            {"Put": {"TableName": "hash", "Item": {"x": {"S": "1"}}}},
            "One or more parameter values were invalid: Missing the key pk in the item",
        ),
        (WRONG_KEY, "The provided key element does not match the schema"),
        (
            {"Delete": {"TableName": "hash", "Key": {"pk": {"L": []}}}},
            "The provided key element does not match the schema",
        ),
    ],
    ids=["put type", "put nothing", "type", "no scalar"],
)
def test_the_first_key_that_does_not_match_cancels_alone(
    filled: Any, action: dict[str, Any], message: str
) -> None:
    # floci-io/floci pull request 3674, measured in eu-west-2 in September 2026: before conditions
    # are judged and items that occur twice are looked for.
    before = stored(filled)
    actions = [check("none"), put("new"), action, WRONG_KEY, put("new")]
    assert reasons(filled, *actions) == [NONE, NONE, invalid(message), NONE, NONE]
    assert stored(filled) == before


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        (
            [{}],
            "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request",
        ),
        (
            [{**put("x"), **delete("y")}],
            "TransactItems can only contain one of Check, Put, Update or Delete",
        ),
        (
            [put("")],
            (
                "One or more parameter values are not valid. The AttributeValue for a key "
                "attribute cannot contain an empty string value. Key: pk"
            ),
        ),
        (
            [put("x", s={"SS": []})],
            "One or more parameter values were invalid: An string set  may not be empty",
        ),
        ([put("x", s={"S": "x" * 409_600})], "Item size has exceeded the maximum allowed size"),
        (
            [update("x", "SET n = :n", n={"N": "1"}, m={"N": "1"})],
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:m}",
        ),
        (
            [check("x", "a,b")],
            'Invalid ConditionExpression: Syntax error; token: ",", near: "a,b"',
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_refuses_the_request(filled: Any, actions: list[dict[str, Any]], message: str) -> None:
    # The key that doesn't match would cancel: what refuses comes first.
    client = unchecked_client("us-east-1")
    assert refused(client, WRONG_KEY, *actions) == ("ValidationException", message)


def test_an_item_twice(filled: Any) -> None:
    # The item that is too large would cancel: the rule comes first.
    actions = [update("a", "SET n = :n", n={"S": "x" * 409_600}), put("x"), check("x")]
    assert refused(filled, *actions) == (
        "ValidationException",
        "Transaction request cannot include multiple operations on one item",
    )


@pytest.mark.parametrize(
    ("attributes", "kind"), [({"g": {"S": ""}}, "string"), ({"b": {"B": b""}}, "binary")]
)
def test_an_empty_index_key_refuses_the_request(
    dynamodb: Any, attributes: dict[str, Any], kind: str
) -> None:
    """Whoever writes it, and whatever else fails: ExtendDB/extenddb#184, nubo-db/dynoxide#104."""
    (name,) = attributes
    ((tag, value),) = attributes[name].items()
    dynamodb.create_table(
        TableName="indexed",
        AttributeDefinitions=[attribute("pk"), attribute(name, tag)],
        KeySchema=key_schema("pk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "index",
                "KeySchema": key_schema(name),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    failing = check("no")
    failing["ConditionCheck"]["TableName"] = "indexed"
    setting = update("x", f"SET {name} = :v", v={tag: value})
    setting["Update"]["TableName"] = "indexed"
    given = "One or more parameter values are not valid. "
    ending = f"The AttributeValue for a key attribute cannot contain an empty {kind} value."
    assert refused(dynamodb, failing, put("x", table="indexed", **attributes)) == (
        "ValidationException",
        (
            f"{given}A value specified for a secondary index key is not supported. {ending} "
            f"IndexName: index, IndexKey: {name}"
        ),
    )
    assert refused(dynamodb, failing, setting) == (
        "ValidationException",
        (
            f"{given}The update expression attempted to update a secondary index key to a value "
            f"that is not supported. {ending}"
        ),
    )


def test_placeholders_without_an_expression(filled: Any) -> None:
    # ExtendDB/extenddb pull request 169, measured on AWS in June 2026.
    names, values = {"#a": "b"}, {":a": {"S": "b"}}
    placeholders = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": values}
    actions = [put("new"), delete("x")]
    for action in actions:
        for request in action.values():
            request.update(placeholders)
    filled.transact_write_items(TransactItems=actions)
    assert "new" in stored(filled)
    assert "x" not in stored(filled)


def test_a_missing_table(filled: Any) -> None:
    assert refused(filled, put("new"), put("x", "none")) == (
        "ResourceNotFoundException",
        "Requested resource not found",
    )
    assert "new" not in stored(filled)


def test_a_missing_table_is_told_before_a_missing_key(filled: Any) -> None:
    """As AWS does: recorded by localstack/localstack, tests/aws/services/dynamodb/
    test_dynamodb.snapshot.json, test_batch_write_not_existing_table."""
    assert refused(filled, {"Put": {"TableName": "none", "Item": {}}}) == (
        "ResourceNotFoundException",
        "Requested resource not found",
    )
    code, _ = refused(filled, {"Put": {"TableName": "hash", "Item": {}}})
    assert code == "TransactionCanceledException"


def test_one_item_by_name_and_by_arn(filled: Any) -> None:
    arn = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
    filled.transact_write_items(TransactItems=[put("x", arn), put("y")])
    assert {"x", "y"} <= stored(filled).keys()
    code, _ = refused(filled, put("x", arn), delete("x"))
    assert code == "ValidationException"


def test_4_mb_at_most(filled: Any) -> None:
    size = 4 * 1024 * 1024 // 16 - len("pk") - len("00") - len("t")
    actions = [put(f"{number:02}", t={"S": "x" * size}) for number in range(16)]
    filled.transact_write_items(TransactItems=actions)
    assert refused(filled, *actions, delete("z")) == (
        "ValidationException",
        "Transaction payload size cannot exceed 4MB. Payload Size: 4194307",
    )


@pytest.mark.parametrize(
    ("region", "is_moved"),
    [("us-east-1", False), ("me-central-1", False), ("eu-west-2", True), ("eu-north-1", True)],
)
def test_an_update_that_fills_an_item(db: Any, region: str, is_moved: bool) -> None:
    """Capture transact-write-update-size, 2026-10-08."""
    client = unchecked_client(region)
    create_hash_table(client)
    size = 409_600 - len("pk") - len("Y") - len("p")
    action = update("Y", "SET p = :p", p={"S": "x" * size})
    if is_moved:
        assert refused(client, action) == ("ValidationException", TOO_LARGE)
    else:
        client.transact_write_items(TransactItems=[action])
    assert bool(stored(client)) is not is_moved


def test_capacity_of_the_table_is_doubled(filled: Any) -> None:
    create_composite_table(filled)
    answer = filled.transact_write_items(
        TransactItems=[
            check("a"),
            put("big", t={"S": "x" * 1024}),
            delete("none"),
            put("p", "composite", sk={"S": "1"}, l={"N": "1"}, g={"S": "g"}),
        ],
        ReturnConsumedCapacity="INDEXES",
        ReturnItemCollectionMetrics="SIZE",
    )

    def units(value: float) -> dict[str, float]:
        return {"CapacityUnits": value, "WriteCapacityUnits": value}

    assert answer["ConsumedCapacity"] == [
        {"TableName": "hash", **units(8.0), "Table": units(8.0)},
        {
            "TableName": "composite",
            **units(6.0),
            "Table": units(2.0),
            # Measured: nubo-db/dynoxide#188.
            "LocalSecondaryIndexes": {"local": units(1.0)},
            "GlobalSecondaryIndexes": {
                name: units(1.0) for name in ("global_all", "global_keys", "global_include")
            },
        },
    ]
    assert answer["ItemCollectionMetrics"] == {
        "composite": [{"ItemCollectionKey": key("p"), "SizeEstimateRangeGB": [0.0, 1.0]}]
    }


def test_a_token_counts_once(db: Any, filled: Any) -> None:
    request = {
        "TransactItems": [
            update("a", "SET n = n + :one, t = :t", one={"N": "1"}, t={"S": "x" * 1500})
        ],
        "ClientRequestToken": "token",
        "ReturnConsumedCapacity": "TOTAL",
    }
    first = filled.transact_write_items(**request)
    again = filled.transact_write_items(**request)
    assert stored(filled)["a"]["n"] == {"N": "2"}
    assert first["ConsumedCapacity"] == [
        {"TableName": "hash", "CapacityUnits": 4.0, "WriteCapacityUnits": 4.0}
    ]
    # A replay is charged for reading the items (measured: nubo-db/dynoxide#125).
    assert again["ConsumedCapacity"] == [
        {"TableName": "hash", "CapacityUnits": 2.0, "ReadCapacityUnits": 2.0}
    ]
    del request["ReturnConsumedCapacity"]
    assert filled.transact_write_items(**request).keys() == {"ResponseMetadata"}


def test_a_replay_costs_what_was_there_at_first(filled: Any) -> None:
    filled.put_item(TableName="hash", Item={**key("big"), "t": {"S": "x" * 9000}})
    request = {
        "TransactItems": [delete("big")],
        "ClientRequestToken": "token",
        "ReturnConsumedCapacity": "TOTAL",
    }
    units = [
        filled.transact_write_items(**request)["ConsumedCapacity"][0]["CapacityUnits"]
        for _ in range(2)
    ]
    assert units == [18.0, 6.0]


def test_an_operation_has_tokens_of_its_own(filled: Any) -> None:
    filled.transact_write_items(TransactItems=[delete("a")], ClientRequestToken="token")
    filled.execute_transaction(
        TransactStatements=[{"Statement": "INSERT INTO hash VALUE {'pk': 'new'}"}],
        ClientRequestToken="token",
    )
    assert "new" in stored(filled)


@pytest.mark.parametrize(
    "action",
    [
        update("a", "SET x = pk.y"),
        {"Delete": {"TableName": "hash", "Key": key("a"), "ConditionExpression": "pk.y = n"}},
        check("a", "attribute_exists(pk[0])"),
    ],
)
def test_a_path_into_a_key_attribute_refuses_the_request(filled: Any, action: Any) -> None:
    with pytest.raises(ClientError) as raised:
        filled.transact_write_items(TransactItems=[action])
    assert raised.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
        "not allowed: Key: pk",
    }


def test_a_token_lasts_ten_minutes(db: Any, filled: Any) -> None:
    request = {
        "TransactItems": [update("a", "SET n = n + :one", one={"N": "1"})],
        "ClientRequestToken": "token",
    }
    filled.transact_write_items(**request)
    db.clock.advance(timedelta(minutes=9, seconds=58))
    filled.transact_write_items(**request)
    assert stored(filled)["a"]["n"] == {"N": "2"}
    db.clock.advance(timedelta(seconds=3))
    filled.transact_write_items(**request)
    assert stored(filled)["a"]["n"] == {"N": "3"}


def test_a_token_belongs_to_one_request(filled: Any) -> None:
    filled.transact_write_items(TransactItems=[put("x", n={"N": "1"})], ClientRequestToken="t")
    code, _ = refused(filled, put("y"), ClientRequestToken="t")
    assert code == "IdempotentParameterMismatchException"
    assert "y" not in stored(filled)
    # The order of members is not part of a request.
    item = {"n": {"N": "1"}, **key("x")}
    other_order = {"Put": {"Item": item, "TableName": "hash"}}
    filled.transact_write_items(TransactItems=[other_order], ClientRequestToken="t")


def test_a_token_belongs_to_one_region(db: Any, filled: Any) -> None:
    elsewhere = unchecked_client("eu-west-1")
    create_hash_table(elsewhere)
    for client in (filled, elsewhere):
        client.transact_write_items(TransactItems=[put("x")], ClientRequestToken="t")
    assert "x" in stored(elsewhere)


def test_a_failure_gives_its_token_back(filled: Any) -> None:
    action = check("later")
    assert reasons(filled, action, put("x"), ClientRequestToken="t") == [FAILED, NONE]
    filled.put_item(TableName="hash", Item=key("later"))
    filled.transact_write_items(TransactItems=[action, put("x")], ClientRequestToken="t")
    assert "x" in stored(filled)


def test_a_test_asks_for_a_conflict(db: Any, filled: Any) -> None:
    db.engine.contention.conflict_on("hash", key("a"), times=2)
    conflict = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"}
    for _ in range(2):
        found = reasons(filled, put("new"), delete("a"), check("none"))
        assert found == [NONE, conflict, FAILED]
    filled.transact_write_items(TransactItems=[put("new"), delete("a")])
    assert stored(filled).keys() == {"b", "new"}


@pytest.mark.parametrize("operation", ["put_item", "update_item", "delete_item"])
def test_a_single_write_meets_a_conflict(db: Any, filled: Any, operation: str) -> None:
    db.engine.contention.conflict_on("hash", key("a"))
    request = {"Item": key("a")} if operation == "put_item" else {"Key": key("a")}
    with pytest.raises(filled.exceptions.TransactionConflictException) as caught:
        getattr(filled, operation)(TableName="hash", **request)
    assert caught.value.response["Error"]["Message"] == "Transaction is ongoing for the item"
    getattr(filled, operation)(TableName="hash", **request)


def test_a_test_leaves_a_token_in_progress(db: Any, filled: Any) -> None:
    db.engine.contention.leave_in_progress("t")
    assert refused(filled, put("x"), ClientRequestToken="t") == (
        "TransactionInProgressException",
        "Transaction from previous request is still in progress",
    )
    filled.transact_write_items(TransactItems=[put("x")], ClientRequestToken="t")
    assert "x" in stored(filled)


def test_a_stream_tells_a_transaction_in_its_order(filled: Any) -> None:
    specification = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    filled.update_table(TableName="hash", StreamSpecification=specification)
    filled.transact_write_items(
        TransactItems=[
            put("new"),
            check("gone", "attribute_not_exists(pk)"),
            delete("b"),
            update("a", "SET n = :n", n={"N": "2"}),
        ]
    )
    assert reasons(filled, put("never"), check("none")) == [NONE, FAILED]
    streams = boto3.client("dynamodbstreams", region_name="us-east-1")
    arn = filled.describe_table(TableName="hash")["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = streams.get_records(ShardIterator=iterator)["Records"]
    assert [(record["eventName"], record["dynamodb"]["Keys"]) for record in records] == [
        ("INSERT", key("new")),
        ("REMOVE", key("b")),
        ("MODIFY", key("a")),
    ]
