"""Capacity of calls that didn't ask for it: the same as of those that did."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dqlmock.testing.capacity import Capacity, TableCapacity, Units
from tests.operations.tables import create_composite_table
from tests.testing.conftest import get, put, query

KB = 1000


def _item(sk: str = "a", **more: Any) -> dict[str, Any]:
    return {"pk": {"S": "p"}, "sk": {"S": sk}, **more}


def _everything(client: Any, **asked: str) -> list[Any]:
    """Make calls of every kind, and return what they say they consumed."""
    table = {"TableName": "composite", **asked}
    text = {"S": "x" * 1500}
    indexed: Any = {"l": {"N": "1"}, "g": {"S": "g"}, "extra": text}
    key = {"pk": {"S": "p"}, "sk": {"S": "a"}}
    partition = {
        "KeyConditionExpression": "pk = :p",
        "ExpressionAttributeValues": {":p": {"S": "p"}},
    }
    answers = [
        client.put_item(**table, Item=_item(**indexed)),
        client.put_item(**table, Item=_item(**indexed, other={"N": "1"})),
        client.put_item(**table, Item=_item("b", **indexed, big={"S": "x" * 9 * KB})),
        client.update_item(
            **table,
            Key=key,
            UpdateExpression="SET g = :g",
            ExpressionAttributeValues={":g": {"S": "h"}},
        ),
        client.get_item(**table, Key=key),
        client.get_item(**table, Key=key, ConsistentRead=True, ProjectionExpression="pk"),
        client.get_item(**table, Key={"pk": {"S": "p"}, "sk": {"S": "none"}}),
        client.query(**table, **partition),
        client.query(**table, **partition, ConsistentRead=True, FilterExpression="extra > :p"),
        client.query(**table, **partition, IndexName="local"),
        client.query(**table, **partition, IndexName="local", Select="ALL_ATTRIBUTES"),
        client.scan(**table, IndexName="global_all"),
        client.scan(**table, Select="COUNT"),
        client.delete_item(**table, Key=key),
        client.delete_item(**table, Key=key),
    ]
    return [answer.get("ConsumedCapacity") for answer in answers]


def test_calls_that_do_not_ask_consume_what_those_that_ask_are_told(db: Any, dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    told = _everything(dynamodb, ReturnConsumedCapacity="INDEXES")
    for item in dynamodb.scan(TableName="composite")["Items"]:
        dynamodb.delete_item(TableName="composite", Key={n: item[n] for n in ("pk", "sk")})
    db.calls.clear()
    assert _everything(dynamodb) == [None] * len(told)

    for call, consumed in zip(db.calls, told, strict=True):
        capacity = call.capacity["composite"]
        units = "write" if "Item" in call.operation and call.operation != "GetItem" else "read"
        assert getattr(call.capacity, units) == consumed["CapacityUnits"], str(call)
        assert getattr(capacity.table, units) == consumed["Table"]["CapacityUnits"]
        for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
            for name, index in consumed.get(kind, {}).items():
                assert getattr(capacity.indexes[name], units) == index["CapacityUnits"]
    assert db.capacity.read + db.capacity.write == sum(c["CapacityUnits"] for c in told)


def _together(client: Any, **asked: str) -> list[Any]:
    """Make batches, transactions and statements, and return what they say they consumed."""
    key = {"pk": {"S": "p"}, "sk": {"S": "a"}}
    keyed = {"TableName": "composite", "Key": key}
    put_b = {"PutRequest": {"Item": _item("b", g={"S": "g"}, extra={"S": "x" * 5000})}}
    put_a = {"TableName": "composite", "Item": _item(g={"S": "g"})}
    update = {"UpdateExpression": "SET g = :g", "ExpressionAttributeValues": {":g": {"S": "h"}}}
    where = "FROM composite WHERE pk = 'p'"
    select_a = f"SELECT * {where} AND sk = 'a'"
    update_a = "UPDATE composite SET g = 'i' WHERE pk = 'p' AND sk = 'a'"
    token = f"token-{len(asked)}"
    answers = [
        client.batch_write_item(RequestItems={"composite": [put_b]}, **asked),
        client.batch_get_item(RequestItems={"composite": {"Keys": [key]}}, **asked),
        client.transact_write_items(TransactItems=[{"Put": put_a}], **asked),
        client.transact_write_items(
            TransactItems=[{"Update": {**keyed, **update}}], ClientRequestToken=token, **asked
        ),
        client.transact_write_items(
            TransactItems=[{"Update": {**keyed, **update}}], ClientRequestToken=token, **asked
        ),
        client.transact_get_items(TransactItems=[{"Get": keyed}], **asked),
        client.execute_statement(Statement=f"SELECT * {where}", **asked),
        client.execute_statement(Statement=select_a, ConsistentRead=True, **asked),
        client.execute_statement(Statement=update_a, **asked),
        client.batch_execute_statement(Statements=[{"Statement": select_a}], **asked),
        client.batch_execute_statement(Statements=[{"Statement": update_a}], **asked),
        client.execute_transaction(TransactStatements=[{"Statement": select_a}], **asked),
        client.execute_transaction(TransactStatements=[{"Statement": update_a}], **asked),
    ]
    return [answer.get("ConsumedCapacity") for answer in answers]


READS = [False, True, False, False, True, True, True, True, False, True, False, True, False]


def test_batches_transactions_and_statements_are_metered(db: Any, dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    told = _together(dynamodb, ReturnConsumedCapacity="INDEXES")
    for sk in ("a", "b"):
        dynamodb.delete_item(TableName="composite", Key={"pk": {"S": "p"}, "sk": {"S": sk}})
    db.calls.clear()
    assert _together(dynamodb) == [None] * len(told)
    for call, consumed, reads in zip(db.calls, told, READS, strict=True):
        (entry,) = consumed if isinstance(consumed, list) else [consumed]
        units = "read" if reads else "write"
        other = "write" if reads else "read"
        assert getattr(call.capacity["composite"], units) == entry["CapacityUnits"], str(call)
        assert getattr(call.capacity, other) == 0
        for name, index in entry.get("GlobalSecondaryIndexes", {}).items():
            spent = call.capacity["composite"].indexes[name]
            assert getattr(spent, units) == index["CapacityUnits"]
        assert call.tables == ("composite",)


def test_totals_tell_tables_indexes_reads_and_writes_apart(db: Any, orders: Any) -> None:
    put(orders, 1)
    get(orders, 1)
    get(orders, 1, ConsistentRead=True)
    query(orders, "ada")
    assert db.capacity["orders"].table == Units(read=1.5, write=1.0)
    assert db.capacity["orders"].indexes["by_customer"] == Units(read=0.5, write=1.0)
    assert (db.capacity["orders"].read, db.capacity["orders"].write) == (2.0, 2.0)
    assert db.calls.to("GetItem").capacity()["orders"] == TableCapacity(Units(read=1.5))
    assert list(db.capacity) == ["orders"]
    assert "users" not in db.capacity
    assert db.capacity["users"].read == db.capacity["orders"].indexes["none"].read == 0
    assert repr(db.capacity) == "<Capacity: 2.0 read, 2.0 written>"
    assert json.loads(json.dumps(db.capacity.as_dict())) == {
        "orders": {
            "table": {"read": 1.5, "write": 1.0},
            "indexes": {"by_customer": {"read": 0.5, "write": 1.0}},
        }
    }


def test_a_table_named_by_its_arn_is_the_same_table(db: Any, orders: Any) -> None:
    arn = orders.describe_table(TableName="orders")["Table"]["TableArn"]
    orders.get_item(TableName=arn, Key={"id": {"S": "1"}})
    get(orders, 1)
    assert db.capacity["orders"].read == 1.0
    db.calls.to("GetItem", table="orders").times(2)


@pytest.mark.parametrize(
    ("stored_kb", "put_kb", "units"), [(0, 0, 1.0), (0, 2, 3.0), (4, 2, 5.0), (2, 4, 5.0)]
)
def test_a_put_whose_condition_fails_is_charged(
    db: Any, orders: Any, stored_kb: int, put_kb: int, units: float
) -> None:
    condition = "attribute_exists(nothing)"
    if stored_kb:
        put(orders, 1, text={"S": "x" * stored_kb * 1024})
    db.calls.clear()
    with pytest.raises(ClientError):
        orders.put_item(
            TableName="orders",
            Item={"id": {"S": "1"}, "text": {"S": "x" * put_kb * 1024}},
            ConditionExpression=condition,
        )
    assert db.capacity["orders"].write == units
    assert db.capacity["orders"].indexes == {}


def test_an_update_and_a_delete_whose_condition_fails_are_charged(db: Any, orders: Any) -> None:
    put(orders, 1, text={"S": "x" * 1500})
    failing = {
        "TableName": "orders",
        "Key": {"id": {"S": "1"}},
        "ConditionExpression": "attribute_not_exists(id)",
    }
    for action in (orders.delete_item, orders.update_item):
        with pytest.raises(ClientError):
            action(**failing)
        assert db.calls[-1].capacity["orders"] == TableCapacity(Units(write=2.0))


def test_a_call_that_is_refused_consumes_nothing(db: Any, orders: Any) -> None:
    with pytest.raises(ClientError):
        get(orders, "")
    assert (db.capacity.read, len(db.capacity)) == (0.0, 0)


def test_the_log_keeps_no_item_alive(db: Any, orders: Any) -> None:
    put(orders, 1)
    get(orders, 1)
    query(orders, "ada")
    for call in db.calls.to(table="orders").with_(lambda call: call.operation != "CreateTable"):
        assert "StoredItem" not in repr(call.response.meter)


def test_several_tables_read_as_a_table() -> None:
    capacity = Capacity({("a", None): Units(1.0), ("b", None): Units(0, 2.5)})
    assert str(capacity) == (
        "        read  write\na        1.0    0.0\nb        0.0    2.5\ntotal    1.0    2.5"
    )
