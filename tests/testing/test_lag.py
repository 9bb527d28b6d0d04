"""Eventual consistency, as boto3's clients see it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dqlmock import DqlmockError, dql_mock
from tests.testing.conftest import get, order, put, query


def customers(client: Any, **more: Any) -> list[str]:
    items = client.scan(TableName="orders", **more)["Items"]
    return sorted(f"{item['id']['S']} {item['customer']['S']}" for item in items)


def test_reads_see_nothing_new_until_all_is_settled(db: Any, orders: Any) -> None:
    put(orders, 1)
    put(orders, 2)
    with db.lag():
        put(orders, 1, "bob")
        put(orders, 3)
        orders.delete_item(TableName="orders", Key={"id": {"S": "2"}})
        assert get(orders, 1)["Item"]["customer"] == {"S": "ada"}
        assert get(orders, 1, ConsistentRead=True)["Item"]["customer"] == {"S": "bob"}
        assert "Item" not in get(orders, 3)
        assert "Item" in get(orders, 2)
        assert customers(orders) == ["1 ada", "2 ada"]
        assert customers(orders, ConsistentRead=True) == ["1 bob", "3 ada"]
        db.settle()
        assert customers(orders) == ["1 bob", "3 ada"]
        put(orders, 4)
        assert "Item" not in get(orders, 4)
    assert "Item" in get(orders, 4)


def test_a_global_index_lags_behind_its_table(db: Any, orders: Any) -> None:
    put(orders, 1)
    db.lag()
    put(orders, 1, "bob")
    put(orders, 2)
    assert "Item" in get(orders, 2, ConsistentRead=True)
    assert [item["id"]["S"] for item in query(orders, "ada")["Items"]] == ["1"]
    assert query(orders, "bob")["Items"] == []
    db.settle()
    assert [item["id"]["S"] for item in query(orders, "ada")["Items"]] == ["2"]
    assert [item["id"]["S"] for item in query(orders, "bob")["Items"]] == ["1"]


def test_pages_of_the_past_are_complete_and_in_order(db: Any, orders: Any) -> None:
    for number in range(10, 20):
        put(orders, number)
    db.lag()
    for number in (5, 12, 15, 25):
        put(orders, number, "bob")
    for forward in (True, False):
        found: list[str] = []
        start: dict[str, Any] = {}
        while True:
            page = query(orders, "ada", Limit=3, ScanIndexForward=forward, **start)
            found += [item["id"]["S"] for item in page["Items"]]
            if "LastEvaluatedKey" not in page:
                break
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}
        expected = [str(number) for number in range(10, 20)]
        assert found == (expected if forward else expected[::-1])


def test_conditions_and_updates_see_the_present(db: Any, orders: Any) -> None:
    db.lag()
    put(orders, 1, count={"N": "1"})
    response = orders.update_item(
        TableName="orders",
        Key={"id": {"S": "1"}},
        UpdateExpression="ADD #c :one",
        ConditionExpression="#c = :one",
        ExpressionAttributeNames={"#c": "count"},
        ExpressionAttributeValues={":one": {"N": "1"}},
        ReturnValues="UPDATED_NEW",
    )
    assert response["Attributes"] == {"count": {"N": "2"}}
    found = orders.transact_get_items(
        TransactItems=[{"Get": {"TableName": "orders", "Key": {"id": {"S": "1"}}}}]
    )
    assert found["Responses"][0]["Item"]["count"] == {"N": "2"}
    assert "Item" not in get(orders, 1)


def test_reads_lag_by_writes(db: Any, orders: Any) -> None:
    db.lag(writes=2)
    for number in range(5):
        put(orders, number)
    assert [number for number in range(5) if "Item" in get(orders, number)] == [0, 1, 2]
    assert query(orders, "ada")["Count"] == 3


def test_reads_lag_by_the_clock(db: Any, orders: Any) -> None:
    db.lag(delay=timedelta(minutes=1))
    put(orders, 1)
    assert "Item" not in get(orders, 1)
    db.clock.advance(timedelta(minutes=1))
    put(orders, 2)
    assert "Item" in get(orders, 1)
    assert "Item" not in get(orders, 2)


def test_a_seed_says_how_far_each_read_lags(db: Any, orders: Any) -> None:
    def seen(seed: int) -> list[int]:
        with db.lag(writes=5, seed=seed):
            for number in range(10):
                put(orders, number)
            counts = [len(customers(orders)) for _ in range(20)]
        for number in range(10):
            orders.delete_item(TableName="orders", Key={"id": {"S": str(number)}})
        return counts

    first = seen(1)
    assert first == seen(1) != seen(2)
    assert set(first) == {5, 6, 7, 8, 9, 10}


def test_batches_and_statements_lag_as_they_say(db: Any, orders: Any) -> None:
    db.lag()
    put(orders, 1)
    keys = [{"id": {"S": "1"}}]

    def batch(**more: Any) -> Any:
        response = orders.batch_get_item(RequestItems={"orders": {"Keys": keys, **more}})
        return response["Responses"]["orders"]

    assert batch() == []
    assert batch(ConsistentRead=True) == [order(1)]
    statement = "SELECT * FROM orders WHERE id = '1'"
    assert orders.execute_statement(Statement=statement)["Items"] == []
    strong = orders.execute_statement(Statement=statement, ConsistentRead=True)
    assert strong["Items"] == [order(1)]


def test_what_a_savepoint_takes_back_was_never_written(db: Any, orders: Any) -> None:
    put(orders, 1, "ada")
    db.lag()
    with db.savepoint():
        put(orders, 1, "bob")
        put(orders, 2)
        assert customers(orders) == ["1 ada"]
    assert customers(orders) == customers(orders, ConsistentRead=True) == ["1 ada"]
    put(orders, 1, "eve")
    assert customers(orders) == ["1 ada"]


def test_tables_made_later_lag_too(db: Any, dynamodb: Any) -> None:
    db.lag()
    dynamodb.create_table(
        TableName="later",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName="later", Item={"id": {"S": "1"}})
    assert dynamodb.scan(TableName="later")["Count"] == 0
    assert dynamodb.scan(TableName="later", ConsistentRead=True)["Count"] == 1


def test_nothing_is_left_of_it_when_it_ends(db: Any, orders: Any) -> None:
    table = db.engine.tables("orders")[0]
    kept = table.keyspace
    with dql_mock() as inner:
        inner.lag()
        put(orders, 1)
        assert table.keyspace is not kept
    assert table.keyspace is kept
    assert "Item" in get(orders, 1)
    db.settle()


@pytest.mark.parametrize(
    "reach",
    [
        {"writes": 1, "delay": timedelta(1)},
        {"writes": 0},
        {"delay": timedelta(0)},
        {"seed": 1},
    ],
)
def test_a_slip_of_the_pen_is_refused(db: Any, reach: dict[str, Any]) -> None:
    with pytest.raises(DqlmockError):
        db.lag(**reach)
    with db.lag(), pytest.raises(DqlmockError, match="lag already"):
        db.lag()


def test_a_local_index_and_what_it_fetches_lag_alike(db: Any, dynamodb: Any) -> None:
    dynamodb.create_table(
        TableName="days",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("id", "hour", "kind")
        ],
        KeySchema=[
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "hour", "KeyType": "RANGE"},
        ],
        LocalSecondaryIndexes=[
            {
                "IndexName": "by_kind",
                "KeySchema": [
                    {"AttributeName": "id", "KeyType": "HASH"},
                    {"AttributeName": "kind", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )

    def write(text: str, kind: str) -> dict[str, Any]:
        item = {"id": "1", "hour": "2", "kind": kind, "text": text}
        wired = {name: {"S": value} for name, value in item.items()}
        dynamodb.put_item(TableName="days", Item=wired)
        return wired

    def found(**more: Any) -> Any:
        return dynamodb.query(
            TableName="days",
            IndexName="by_kind",
            KeyConditionExpression="id = :i",
            ExpressionAttributeValues={":i": {"S": "1"}},
            Select="ALL_ATTRIBUTES",
            **more,
        )["Items"]

    old = write("old", "a")
    db.lag()
    new = write("new", "b")
    assert found() == [old]
    assert found(ConsistentRead=True) == [new]


def test_a_change_to_no_index_lags_in_none(db: Any, orders: Any) -> None:
    put(orders, 1)
    db.lag(writes=1)
    put(orders, 2)
    put(orders, 3, "bob")
    assert [item["id"]["S"] for item in query(orders, "ada")["Items"]] == ["1", "2"]
    assert query(orders, "bob")["Items"] == []


def test_statements_of_a_batch_lag_as_they_say(db: Any, orders: Any) -> None:
    put(orders, 1)
    db.lag()
    put(orders, 1, "bob")
    put(orders, 2)

    def batch(*numbers: int, **more: Any) -> Any:
        text = "SELECT * FROM orders WHERE id = ?"
        entries = [
            {"Statement": text, "Parameters": [{"S": str(number)}], **more} for number in numbers
        ]
        answer = orders.batch_execute_statement(Statements=entries)
        return [response.get("Item") for response in answer["Responses"]]

    assert batch(1, 2) == [order(1), None]
    assert batch(1, 2, ConsistentRead=True) == [order(1, "bob"), order(2)]
    update = "UPDATE orders SET day = 'x' WHERE id = '1' AND customer = 'bob'"
    answer = orders.batch_execute_statement(Statements=[{"Statement": update}])
    assert answer["Responses"] == [{"TableName": "orders"}]  # writes see the present
    db.settle()
    assert batch(1) == [{**order(1, "bob"), "day": {"S": "x"}}]
