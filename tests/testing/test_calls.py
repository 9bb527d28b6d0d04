"""The call log: what is kept, filters and assertions."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import boto3
import pytest
import time_machine
from botocore.exceptions import ClientError
from freezegun import freeze_time

from dqlmock import DqlmockError, dql_mock
from dqlmock.testing.calls import CallLog, Calls
from dqlmock.wire.messages import WireRequest, WireResponse
from tests.testing.conftest import ORDERS, get, order, put, query


def _fails_twice(client: Any) -> None:
    for _ in range(2):
        with pytest.raises(ClientError):
            client.put_item(
                TableName="orders", Item=order(1), ConditionExpression="attribute_not_exists(id)"
            )


def test_a_call_tells_what_came_in_and_what_went_out(db: Any, orders: Any) -> None:
    put(orders, 1)
    get(orders, 1)
    call = db.calls[-1]
    assert (call.operation, call.tables, call.index) == ("GetItem", ("orders",), None)
    assert call.parameters["Key"] == {"id": {"S": "1"}}
    assert call.answer["Item"]["customer"] == {"S": "ada"}
    assert (call.error_code, call.error_message, call.is_error) == (None, None, False)
    assert (call.region, len(call.account)) == ("us-east-1", 12)
    assert 0 < call.duration_s < 60


def test_a_call_tells_its_error(db: Any, orders: Any) -> None:
    with pytest.raises(ClientError):
        get(orders, "")
    call = db.calls[-1]
    assert call.is_error
    assert call.error_code == "ValidationException"
    assert "empty string value" in call.error_message
    assert repr(call) == "<Call GetItem in us-east-1: ValidationException>"
    assert str(call).startswith("GetItem orders Key={'id': ''} → ValidationException: One or more")


def test_durations_are_real_while_time_stands_still(db: Any, orders: Any) -> None:
    later = datetime.now() + timedelta(days=1)
    with freeze_time(later):
        get(orders, 1)
        assert datetime.now() == later
    with time_machine.travel(later, tick=False):
        get(orders, 1)
    assert all(call.duration_s > 0 for call in db.calls.to("GetItem").times(2))


@pytest.mark.parametrize(
    ("filtered", "expected"),
    [
        (lambda calls: calls.to("GetItem"), 2),
        (lambda calls: calls.to("GetItem", key={"id": "1"}), 1),
        (lambda calls: calls.to("GetItem", key={"id": {"S": "1"}}), 1),
        (lambda calls: calls.to(key={"id": "1"}), 4),
        (lambda calls: calls.to("PutItem", item={"n": 1}), 1),
        (lambda calls: calls.to("PutItem", item={"n": {"N": "1.0"}}), 1),
        (lambda calls: calls.to("PutItem", item={"n": 2}), 0),
        (lambda calls: calls.to("Query", key={"customer": "ada"}), 1),
        (lambda calls: calls.to("Query", key={"customer": "bob"}), 0),
        (lambda calls: calls.to(index="by_customer"), 1),
        (lambda calls: calls.to("Query", table="orders", Limit=5), 1),
        (lambda calls: calls.to("Query").with_(Limit=...), 1),
        (lambda calls: calls.to("Query").with_(Limit=None), 0),
        (lambda calls: calls.to("GetItem").with_(ConsistentRead=None), 1),
        (lambda calls: calls.to("GetItem").with_(ConsistentRead=True), 1),
        (lambda calls: calls.to("Query").with_(Limit=lambda limit: limit > 4), 1),
        (lambda calls: calls.to("Query").with_(Limit=lambda limit: limit > 5), 0),
        (lambda calls: calls.to("Query").with_(Limit=mock.ANY), 1),
        (lambda calls: calls.to("PutItem").with_(Item={"id": "1", "n": mock.ANY}), 1),
        (lambda calls: calls.to("Query").with_(ExpressionAttributeValues={":c": "ada"}), 1),
        (lambda calls: calls.with_(lambda call: call.operation.endswith("Item")), 5),
        (lambda calls: calls.to("PutItem").failed("ConditionalCheckFailedException"), 2),
        (lambda calls: calls.to("PutItem").failed("ThrottlingException"), 0),
        (lambda calls: calls.failed(), 2),
        (lambda calls: calls.to("PutItem").succeeded(), 1),
        (lambda calls: calls.to(region="us-east-1"), 7),
        (lambda calls: calls.to(region="eu-west-1"), 0),
        (lambda calls: calls.to(table="order"), 0),
    ],
)
def test_filters(db: Any, orders: Any, filtered: Any, expected: int) -> None:
    put(orders, 1, n={"N": "1"})
    get(orders, 1)
    get(orders, 2, ConsistentRead=True)
    query(orders, "ada", Limit=5)
    _fails_twice(orders)
    calls: Calls = filtered(db.calls)
    assert len(calls.times(expected)) == expected
    with pytest.raises(AssertionError):
        calls.times(expected + 1)


def test_batches_and_transactions_are_found_by_table_and_key() -> None:
    log = CallLog()
    for target, body in [
        ("BatchGetItem", b'{"RequestItems": {"a": {"Keys": [{"pk": {"S": "1"}}]}, "b": {}}}'),
        (
            "BatchWriteItem",
            b"""{"RequestItems": {"a": [
                {"PutRequest": {"Item": {"pk": {"S": "1"}, "n": {"N": "2"}}}},
                {"DeleteRequest": {"Key": {"pk": {"S": "3"}}}}
            ]}}""",
        ),
        (
            "TransactWriteItems",
            b"""{"TransactItems": [
                {"Update": {
                    "TableName": "arn:aws:dynamodb:eu-west-1:111122223333:table/a",
                    "Key": {"pk": {"S": "1"}}
                }},
                {"ConditionCheck": {"TableName": "b", "Key": {"pk": {"S": "1"}}}}
            ]}""",
        ),
    ]:
        request = WireRequest(f"DynamoDB_20120810.{target}", body, "1" * 12, "eu-west-1")
        log.keep(request, WireResponse(200, {}, b"{}"), 0.1)
    assert [len(log.to(table=name)) for name in ("a", "b", "c")] == [3, 2, 0]
    assert [len(log.to(table="a", key={"pk": key})) for key in ("1", "2", "3")] == [3, 0, 1]
    assert len(log.to(table="b", key={"pk": "1"})) == 1
    assert len(log.to(item={"n": 2})) == 1


def test_legacy_key_conditions_are_found_by_key(db: Any, orders: Any) -> None:
    condition = {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "1"}]}
    orders.query(TableName="orders", KeyConditions={"id": condition})
    db.calls.to("Query", key={"id": "1"}).once()
    db.calls.to("Query", key={"id": "2"}).never()


def test_a_slip_of_the_pen_is_refused(db: Any) -> None:
    with pytest.raises(DqlmockError, match="no operation 'GetItems'"):
        db.calls.to("GetItems")
    with pytest.raises(DqlmockError, match="no parameter 'Filter'"):
        db.calls.to("Query").with_(Filter="a = :a")
    with pytest.raises(DqlmockError, match="Did you mean 'Limit'"):
        db.calls.to("Query", Limits=1)


def test_assertions_hold_and_fail(db: Any, orders: Any) -> None:
    get(orders, 1)
    get(orders, 2)
    gets = db.calls.to("GetItem")
    assert len(gets.times(2)) == len(gets.at_least(2)) == len(gets.at_most(2)) == 2
    assert db.calls.to("GetItem", key={"id": "2"}).once() is db.calls[-1]
    db.calls.to("Scan").never()
    for fails in (
        gets.once,
        gets.never,
        lambda: gets.times(3),
        lambda: gets.at_least(3),
        lambda: gets.at_most(1),
        db.calls.to("Scan").once,
    ):
        with pytest.raises(AssertionError):
            fails()


def test_a_filter_can_be_made_before_its_calls(db: Any, orders: Any) -> None:
    gets = db.calls.to("GetItem")
    assert (len(gets), str(gets)) == (0, "no calls")
    get(orders, 1)
    assert [call.operation for call in gets] == ["GetItem"]
    assert gets[0] is gets[0:1][0]
    assert repr(gets) == "<Calls: 1 of GetItem>"


def test_a_failure_shows_the_nearest_calls_first(db: Any, orders: Any) -> None:
    put(orders, 1)
    get(orders, 2)
    with pytest.raises(AssertionError) as failure:
        db.calls.to("GetItem", table="orders", key={"id": "1"}, ConsistentRead=True).once()
    lines = str(failure.value).splitlines()
    said = "GetItem to orders with key={'id': '1'}, ConsistentRead=True"
    assert lines[0] == f"{said}: expected exactly once, found never."
    assert lines[1] == "Called instead, the nearest first:"
    assert lines[2].startswith("  [2] GetItem orders Key={'id': '2'} → no item, 0.5 RCU, ")
    assert lines[3:5] == [
        "        key {'id': '2'}, expected {'id': '1'}",
        "        ConsistentRead is not given, expected True",
    ]
    assert lines[5].startswith("  [0] CreateTable orders ")
    assert lines[6].startswith("  [1] PutItem orders Item=")
    assert len(lines) == 7


def test_a_failure_shows_what_came_too_often(db: Any, orders: Any) -> None:
    for number in range(12):
        get(orders, number)
    with pytest.raises(AssertionError) as failure:
        db.calls.to("GetItem").never()
    lines = str(failure.value).splitlines()
    assert lines[0] == "GetItem: expected never, found 12 times."
    assert lines[1].startswith("  [1] GetItem orders Key={'id': '0'}")
    assert (len(lines), lines[-1]) == (12, "  ... and 2 more")


def test_a_failure_without_any_call() -> None:
    with dql_mock() as db, pytest.raises(AssertionError, match="Nothing was called"):
        db.calls.to("GetItem").once()


def test_a_query_reads_in_one_line(db: Any, orders: Any) -> None:
    put(orders, 1, n={"N": "1"})
    query(orders, "ada", FilterExpression="n > :n", values={":n": {"N": "1"}})
    assert str(db.calls[-1]).startswith(
        "Query orders (by_customer) KeyConditionExpression='customer = :c' FilterExpression="
        "'n > :n' :c='ada' :n=1 → 0 of 1 item, 0.5 RCU, "
    )


def test_the_oldest_calls_are_forgotten_and_their_capacity_is_not(db: Any, orders: Any) -> None:
    db.calls.limit = 3
    put(orders, 1)
    for number in range(5):
        get(orders, number)
    assert len(db.calls) == 3
    assert db.calls.forgotten == {"CreateTable": 1, "PutItem": 1, "GetItem": 2}
    assert (db.capacity.read, db.capacity["orders"].table.write) == (2.5, 1.0)
    db.calls.to("Scan").never()
    assert len(db.calls.to("GetItem").at_least(3)) == 3
    for unsure in (
        db.calls.to("PutItem").never,
        db.calls.to("GetItem").capacity,
        lambda: db.calls.to("GetItem").times(3),
        lambda: db.calls.to("GetItem").at_least(4),
        db.calls.failed().never,
    ):
        with pytest.raises(DqlmockError, match="has forgotten"):
            unsure()
    db.calls.clear()
    assert (len(db.calls), db.capacity.read) == (0, 0.0)
    db.calls.to("PutItem").never()


def test_bodies_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dqlmock.testing.calls.BODIES_KEPT_BYTES", 1000)
    log = CallLog()
    request = WireRequest("DynamoDB_20120810.PutItem", b"x" * 300, "1" * 12, "eu-west-1")
    for _ in range(5):
        log.keep(request, WireResponse(200, {}, b"{}"), 0.1)
    assert len(log) == 3
    huge = WireRequest("DynamoDB_20120810.PutItem", b"x" * 3000, "1" * 12, "eu-west-1")
    log.keep(huge, WireResponse(200, {}, b"{}"), 0.1)
    assert [call.request for call in log] == [huge]
    assert (log[0].parameters, log[0].tables) == ({}, ())


def test_threads_lose_no_call() -> None:
    with dql_mock() as db:
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(**ORDERS)

        def work() -> None:
            for number in range(20):
                put(client, number)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    db.calls.to("PutItem", table="orders").times(80)
    assert db.capacity["orders"].table.write == 80.0


STATEMENTS = [
    ("SELECT * FROM orders WHERE id = '1'", []),
    ("SELECT * FROM orders WHERE id = ? AND day > '2026'", ["1"]),
    ("""UPDATE orders SET customer = ? WHERE id = ?""", ["bob", "1"]),
    ("INSERT INTO orders VALUE {'id': ?, 'customer': 'ada'}", ["1"]),
    ("DELETE FROM orders WHERE '1' = id", []),
]


def executed(client: Any, statement: str, values: list[str]) -> dict[str, Any]:
    parameters = [{"S": value} for value in values]
    return {"Statement": statement, **({"Parameters": parameters} if parameters else {})}


@pytest.mark.parametrize(("statement", "values"), STATEMENTS)
def test_a_statement_is_found_by_its_key(
    db: Any, orders: Any, statement: str, values: list[str]
) -> None:
    entry = executed(orders, statement, values)
    other = {"Statement": "SELECT * FROM orders WHERE id = '2'"}
    with suppress(ClientError):  # a condition that fails is a call as well
        orders.execute_statement(**entry)
    orders.execute_statement(**other)
    orders.batch_execute_statement(Statements=[entry])
    orders.batch_execute_statement(Statements=[other])
    for operation in ("ExecuteStatement", "BatchExecuteStatement"):
        db.calls.to(operation, table="orders", key={"id": "1"}).once()
        db.calls.to(operation, key={"id": "3"}).never()
    with suppress(ClientError):
        orders.execute_transaction(TransactStatements=[entry])
    db.calls.to("ExecuteTransaction", key={"id": "1"}).once()
    db.calls.to("ExecuteTransaction", key={"id": "2"}).never()


def test_a_statement_is_found_by_its_item_and_its_index(db: Any, orders: Any) -> None:
    orders.execute_statement(Statement="INSERT INTO orders VALUE {'id': '1', 'customer': 'ada'}")
    orders.execute_statement(
        Statement="""SELECT * FROM "orders"."by_customer" WHERE customer = 'ada'"""
    )
    db.calls.to("ExecuteStatement", item={"customer": "ada"}).once()
    db.calls.to("ExecuteStatement", item={"customer": "bob"}).never()
    assert db.calls.to("ExecuteStatement", index="by_customer").once().index == "by_customer"
    with pytest.raises(AssertionError, match="index by_customer, expected by_day"):
        db.calls.to("ExecuteStatement", index="by_day").once()


def test_a_log_begins_anew_and_is_put_back(db: Any, orders: Any) -> None:
    db.calls.limit = 2
    put(orders, 1)
    put(orders, 2)
    before = list(db.calls), db.capacity["orders"].write, dict(db.calls.forgotten)
    put_back = db.calls.set_aside()
    assert (len(db.calls), db.capacity.write, db.calls.forgotten) == (0, 0, {})
    put(orders, 3)
    assert db.capacity["orders"].table.write == 1
    put_back()
    assert (list(db.calls), db.capacity["orders"].write, dict(db.calls.forgotten)) == before
