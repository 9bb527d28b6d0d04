"""Faults on purpose, as boto3's clients with their retries meet them."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from dqlmock import DqlmockError, UnfiredFault, dql_mock
from tests.testing.conftest import get, order, put, query

TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/orders"


def client_with(mode: str, attempts: int = 3) -> Any:
    config = Config(retries={"mode": mode, "total_max_attempts": attempts})
    return boto3.client("dynamodb", region_name="us-east-1", config=config)


@pytest.fixture(params=["legacy", "standard"])
def retrying(request: pytest.FixtureRequest, orders: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client that tries three times, without the waits between."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    return client_with(request.param)


def refused(call: Any, *args: Any, **parameters: Any) -> Any:
    with pytest.raises(ClientError) as caught:
        call(*args, **parameters)
    return caught.value.response


def test_a_throttled_call_is_retried(db: Any, retrying: Any) -> None:
    fault = db.faults.on("PutItem", table="orders").throttle(times=2)
    put(retrying, 1)
    assert (fault.came, fault.fired) == (3, 2)
    db.calls.to("PutItem").failed("ProvisionedThroughputExceededException").times(2)
    assert "Item" in get(retrying, 1)


def test_a_call_throttled_too_often_fails(db: Any, retrying: Any) -> None:
    db.faults.on("PutItem").throttle(times=3)
    response = refused(put, retrying, 1)
    assert response["Error"] == {
        "Code": "ProvisionedThroughputExceededException",
        "Message": (
            "The level of configured provisioned throughput for the table was exceeded. Consider "
            "increasing your provisioning level with the UpdateTable API."
        ),
    }
    assert response["ResponseMetadata"]["RetryAttempts"] == 2
    assert "Item" not in get(retrying, 1)


@pytest.mark.parametrize(
    ("code", "member", "reason"),
    [
        (
            "ProvisionedThroughputExceededException",
            "ThrottlingReasons",
            "TableWriteProvisionedThroughputExceeded",
        ),
        ("ThrottlingException", "throttlingReasons", "TableWriteKeyRangeThroughputExceeded"),
        ("RequestLimitExceeded", "ThrottlingReasons", "TableWriteAccountLimitExceeded"),
    ],
)
def test_throttling_says_why(db: Any, orders: Any, code: str, member: str, reason: str) -> None:
    db.faults.on("PutItem").throttle(code)
    response = refused(put, orders, 1)
    assert response["Error"]["Code"] == code
    assert db.calls[-1].answer[member] == [{"reason": reason, "resource": TABLE_ARN}]


def test_a_throttled_index_is_named_whether_read_or_written(db: Any, orders: Any) -> None:
    db.faults.on("Query", index="by_customer").throttle()
    refused(query, orders, "ada")
    index = {
        "reason": "IndexReadProvisionedThroughputExceeded",
        "resource": f"{TABLE_ARN}/index/by_customer",
    }
    assert db.calls[-1].answer["ThrottlingReasons"] == [index]
    db.faults.on("PutItem").throttle(index="by_customer", limit="KeyRangeThroughputExceeded")
    response = refused(put, orders, 1)
    assert "one or more global secondary indexes" in response["Error"]["Message"]
    index["reason"] = "IndexWriteKeyRangeThroughputExceeded"
    assert db.calls[-1].answer["ThrottlingReasons"] == [index]


def test_control_calls_are_throttled_by_their_rate(db: Any, orders: Any) -> None:
    db.faults.on("ListTables").throttle("ThrottlingException")
    assert refused(orders.list_tables)["Error"] == {
        "Code": "ThrottlingException",
        "Message": "Rate of requests exceeds the allowed throughput.",
    }
    with pytest.raises(DqlmockError, match="ListTables is throttled by ThrottlingException"):
        db.faults.on("ListTables").throttle()
    db.faults.clear()


def test_the_nth_call_of_a_key_meets_the_fault(db: Any, orders: Any) -> None:
    db.faults.on("GetItem", table="orders", key={"id": "1"}, nth=2).internal_error()
    get(orders, 1)
    get(orders, 2)
    get(orders, 2)
    assert refused(get, orders, 1)["ResponseMetadata"]["HTTPStatusCode"] == 500
    get(orders, 1)


def test_a_seed_says_which_calls_meet_a_fault(orders: Any) -> None:
    def failed(seed: int) -> list[bool]:
        with dql_mock() as db:
            before = len(db.calls)
            db.faults.on("GetItem", probability=0.5, seed=seed).internal_error()
            for number in range(30):
                with suppress(ClientError):
                    get(orders, number)
            return [call.is_error for call in list(db.calls)[before:]]

    assert failed(1) == failed(1) != failed(2)
    assert 5 < sum(failed(1)) < 25


def test_two_faults_for_one_call_both_count_it(db: Any, orders: Any) -> None:
    first = db.faults.on("GetItem").internal_error()
    second = db.faults.on("GetItem", nth=2).throttle()
    codes = [refused(get, orders, 1)["Error"]["Code"] for _ in range(2)]
    assert codes == ["InternalServerError", "ProvisionedThroughputExceededException"]
    assert (first.came, second.came) == (2, 2)


LOST = [
    ("timeout", ReadTimeoutError),
    ("connect_timeout", ConnectTimeoutError),
    ("drop", ConnectionClosedError),
    ("unreachable", EndpointConnectionError),
]


@pytest.mark.parametrize(("fault", "error"), LOST)
def test_a_lost_call_is_retried_as_a_real_one_is(
    db: Any, retrying: Any, fault: str, error: type[Exception]
) -> None:
    happens = getattr(db.faults.on("PutItem"), fault)(times=2)
    put(retrying, 1)
    assert happens.fired == 2
    assert db.calls.to("PutItem").failed(error.__name__).times(2)
    getattr(db.faults.on("PutItem"), fault)(times=3)
    with pytest.raises(error):
        put(retrying, 2)
    assert "Item" not in get(retrying, 2)


@pytest.mark.parametrize("fault", ["timeout", "drop", "internal_error"])
def test_a_write_may_have_taken_effect_though_the_client_heard_nothing(
    db: Any, retrying: Any, fault: str
) -> None:
    put(retrying, 1, count={"N": "0"})
    getattr(db.faults.on("UpdateItem"), fault)(after_write=True)
    retrying.update_item(
        TableName="orders",
        Key={"id": {"S": "1"}},
        UpdateExpression="ADD #c :one",
        ExpressionAttributeNames={"#c": "count"},
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    assert get(retrying, 1)["Item"]["count"] == {"N": "2"}
    assert db.capacity["orders"].write >= 6  # the lost write, too, was paid for


def test_a_token_keeps_a_transaction_from_happening_twice(db: Any, retrying: Any) -> None:
    put(retrying, 1, count={"N": "0"})
    db.faults.on("TransactWriteItems").timeout(after_write=True)
    update = {
        "TableName": "orders",
        "Key": {"id": {"S": "1"}},
        "UpdateExpression": "ADD #c :one",
        "ExpressionAttributeNames": {"#c": "count"},
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    retrying.transact_write_items(TransactItems=[{"Update": update}], ClientRequestToken="t" * 8)
    assert get(retrying, 1)["Item"]["count"] == {"N": "1"}
    db.calls.to("TransactWriteItems").times(2)


def test_an_outage_lasts_as_long_as_its_block(db: Any, orders: Any) -> None:
    with db.faults.outage() as outage:
        for _ in range(2):
            with pytest.raises(EndpointConnectionError):
                get(orders, 1)
    assert outage.fired == 2
    get(orders, 1)


def test_an_outage_of_one_region_leaves_the_others(db: Any, orders: Any) -> None:
    elsewhere = boto3.client("dynamodb", region_name="eu-west-1")
    with db.faults.outage(region="us-east-1"):
        assert elsewhere.list_tables()["TableNames"] == []
        with pytest.raises(EndpointConnectionError):
            orders.list_tables()


def test_a_delay_is_real_and_logged(db: Any, orders: Any) -> None:
    db.faults.on("GetItem").delay(0.05)
    started = time.perf_counter()
    get(orders, 1)
    assert time.perf_counter() - started >= 0.05
    assert db.calls[-1].duration_s >= 0.05
    get(orders, 1)
    assert db.calls[-1].duration_s < 0.05


def test_a_conflict_is_said_as_the_operation_says_it(db: Any, orders: Any) -> None:
    db.faults.on(table="orders", key={"id": "2"}).conflict(times=2)
    put(orders, 1)
    assert refused(put, orders, 2)["Error"] == {
        "Code": "TransactionConflictException",
        "Message": "Transaction is ongoing for the item",
    }
    puts = [{"Put": {"TableName": "orders", "Item": order(number)}} for number in (1, 2)]
    response = refused(orders.transact_write_items, TransactItems=puts)
    assert response["Error"] == {
        "Code": "TransactionCanceledException",
        "Message": (
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            "[None, TransactionConflict]"
        ),
    }
    assert response["CancellationReasons"] == [
        {"Code": "None"},
        {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item"},
    ]


def test_a_transaction_is_cancelled_for_any_reason(db: Any, orders: Any) -> None:
    puts = [{"Put": {"TableName": "orders", "Item": order(number)}} for number in range(3)]
    db.faults.on("TransactWriteItems").cancel("ThrottlingError", action=2)
    reasons = refused(orders.transact_write_items, TransactItems=puts)["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "None", "ThrottlingError"]
    db.faults.on("ExecuteTransaction").cancel()
    statements = [{"Statement": "DELETE FROM orders WHERE id = '1'"}]
    reasons = refused(orders.execute_transaction, TransactStatements=statements)
    assert [reason["Code"] for reason in reasons["CancellationReasons"]] == ["TransactionConflict"]


def test_a_full_item_collection(db: Any, orders: Any) -> None:
    db.faults.on("PutItem").item_collection_limit()
    assert refused(put, orders, 1)["Error"]["Code"] == "ItemCollectionSizeLimitExceededException"
    put(orders, 1)


def test_batches_are_left_partly_unprocessed(db: Any, orders: Any) -> None:
    db.faults.on("BatchWriteItem", table="orders").leave_unprocessed(2)
    entries = [{"PutRequest": {"Item": order(number)}} for number in range(3)]
    refused(orders.batch_write_item, RequestItems={"missing": entries, "orders": entries})
    db.faults.on("BatchWriteItem", table="orders").leave_unprocessed(2)
    response = orders.batch_write_item(RequestItems={"orders": entries})
    assert response["UnprocessedItems"] == {"orders": entries[1:]}
    assert orders.batch_write_item(RequestItems={"orders": entries})["UnprocessedItems"] == {}


def test_any_other_error(db: Any, orders: Any) -> None:
    db.faults.on("PutItem").error("ResourceInUseException", "Busy", status=400)
    assert refused(put, orders, 1)["Error"] == {"Code": "ResourceInUseException", "Message": "Busy"}
    with pytest.raises(DqlmockError, match="PutItem answers no 'Oops'"):
        db.faults.on("PutItem").error("Oops")
    with pytest.raises(DqlmockError, match="Whose error"):
        db.faults.on().error("Oops")
    db.faults.clear()


def test_a_fault_strikes_before_a_stub_answers(db: Any, orders: Any) -> None:
    db.faults.on("GetItem").internal_error()
    db.expect("GetItem").returns({"Item": order(9)})
    refused(get, orders, 1)
    assert get(orders, 1)["Item"]["id"] == {"S": "9"}


def test_a_fault_that_never_fired_is_an_error(orders: Any) -> None:
    mock = dql_mock()
    mock.start().faults.on("PutItem", table="orders", nth=2).internal_error()
    put(orders, 1)
    with pytest.raises(UnfiredFault) as caught:
        mock.stop()
    assert str(caught.value).splitlines() == [
        "A fault that was asked for never fired.",
        "  PutItem to orders from call 2 on: InternalServerError; such calls came once",
        "If that is fine, say so: db.faults.on(..., must_fire=False).",
    ]


def test_a_fault_may_be_allowed_not_to_fire(orders: Any) -> None:
    with dql_mock() as db:
        db.faults.on("PutItem", must_fire=False).throttle()
        db.faults.on("GetItem", probability=0.001).throttle()
        db.faults.on("Query").throttle().end()
        get(orders, 1)


def test_a_failing_test_says_what_failed_not_what_never_fired(orders: Any) -> None:
    def fail() -> None:
        with dql_mock() as db:
            db.faults.on("PutItem").throttle()
            raise KeyError

    with pytest.raises(KeyError):
        fail()


def test_a_fault_ends_with_its_block(db: Any, orders: Any) -> None:
    with db.faults.on("GetItem").internal_error(times=math.inf):
        refused(get, orders, 1)
    get(orders, 1)
    with pytest.raises(UnfiredFault), db.faults.on("GetItem").internal_error():
        pass


def test_what_happens_has_to_be_said() -> None:
    with (
        pytest.raises(UnfiredFault, match="PutItem: what happens was never said"),
        dql_mock() as db,
    ):
        db.faults.on("PutItem")


def test_nothing_stands_in_the_way_without_faults(db: Any, orders: Any) -> None:
    straight = db.front._first
    with db.faults.on("GetItem").internal_error():
        assert db.front._first != straight
        refused(get, orders, 1)
    assert db.front._first == straight


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda on: on("PutItems"), "no operation 'PutItems'"),
        (lambda on: on("PutItem", nth=0), "counted from 1"),
        (lambda on: on("PutItem", probability=1.5), "probability"),
        (lambda on: on(Limit=1), "Whose parameters"),
        (lambda on: on("PutItem").throttle("Slow"), "Nothing is throttled by 'Slow'"),
        (lambda on: on("PutItem").throttle(limit="Speed"), "no limit 'Speed'"),
        (lambda on: on("PutItem").cancel(), "can't happen to PutItem"),
        (lambda on: on("GetItem").conflict(), "can't happen to GetItem"),
        (lambda on: on("TransactWriteItems").cancel("Whim"), "isn't cancelled for 'Whim'"),
        (lambda on: on("BatchGetItem").leave_unprocessed(0), "At least one entry"),
        (lambda on: on("PutItem").delay(0), "A delay is more than 0"),
        (lambda on: on("PutItem").delay(61), "A delay is more than 0"),
        (lambda on: on("PutItem").throttle(times=0), "at least once"),
    ],
)
def test_a_slip_of_the_pen_is_refused(db: Any, ask: Any, said: str) -> None:
    with pytest.raises(DqlmockError, match=said):
        ask(db.faults.on)
    db.faults.clear()


def test_tiny_pages_find_code_that_reads_only_the_first(db: Any, orders: Any) -> None:
    for number in range(5):
        put(orders, number)
    with db.tiny_pages(2):
        first = query(orders, "ada")
        assert (first["Count"], "LastEvaluatedKey" in first) == (2, True)
        pages = list(orders.get_paginator("scan").paginate(TableName="orders"))
        assert [page["Count"] for page in pages] == [2, 2, 1]
        assert query(orders, "ada", Limit=1)["Count"] == 1
        assert query(orders, "ada", Limit=4)["Count"] == 2
        selected = orders.execute_statement(Statement="SELECT * FROM orders")
        assert (len(selected["Items"]), "NextToken" in selected) == (2, True)
        assert refused(query, orders, "ada", Limit=0)["Error"]["Code"] == "ValidationException"
    assert query(orders, "ada")["Count"] == 5
    assert db.calls[-1].parameters.get("Limit") is None


def test_tiny_pages_last_until_the_mock_is_left(db: Any, orders: Any) -> None:
    for number in range(3):
        put(orders, number)
    with dql_mock() as inner:
        inner.tiny_pages()
        assert query(orders, "ada")["Count"] == 1
    assert query(orders, "ada")["Count"] == 3
    with pytest.raises(DqlmockError, match="at least one"):
        db.tiny_pages(0)


def test_the_log_keeps_what_was_lost(db: Any, orders: Any) -> None:
    db.faults.on("PutItem").drop(after_write=True)
    with pytest.raises(ConnectionClosedError):
        put(orders, 1)
    call = db.calls.to("PutItem").failed("ConnectionClosedError").once()
    assert call.error_message == "after the call took effect"
    assert call.capacity.write == 2


def test_threads_share_the_count(db: Any, orders: Any) -> None:
    fault = db.faults.on("GetItem").internal_error(times=5)

    def fails(number: int) -> bool:
        try:
            get(orders, number)
        except ClientError:
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(fails, range(40))) == 5
    assert (fault.came, fault.fired) == (40, 5)


@pytest.mark.parametrize(
    "malformed",
    [
        {"TableName": "o/o"},
        {"ConditionExpression": "id ="},
        {"Item": {"id": {"N": "one"}}},
        {"ReturnValues": "ALL_NEW"},
    ],
)
def test_a_malformed_request_is_refused_not_throttled(
    db: Any, orders: Any, malformed: dict[str, Any]
) -> None:
    fault = db.faults.on("PutItem").throttle()
    parameters = {"TableName": "orders", "Item": order(1), **malformed}
    response = refused(orders.put_item, **parameters)
    assert response["Error"]["Code"] == "ValidationException"
    assert (fault.came, fault.fired) == (0, 0)
    assert db.calls[-1].response.status == 400
    response = refused(put, orders, 1)
    assert response["Error"]["Code"] == "ProvisionedThroughputExceededException"
    assert (fault.came, fault.fired) == (1, 1)


def test_a_request_that_the_table_would_refuse_is_throttled(db: Any, orders: Any) -> None:
    db.faults.on("PutItem").throttle()
    response = refused(orders.put_item, TableName="orders", Item={"no": {"S": "key"}})
    assert response["Error"]["Code"] == "ProvisionedThroughputExceededException"


def test_a_connection_is_dropped_whatever_it_carries(db: Any, orders: Any) -> None:
    client = client_with("standard", attempts=1)
    db.faults.on("PutItem").drop()
    with pytest.raises(ConnectionClosedError):
        client.put_item(TableName="orders", Item={"id": {"N": "one"}})
    after = db.faults.on("PutItem").drop(after_write=True)
    refused(client.put_item, TableName="orders", Item={"id": {"N": "one"}})
    assert after.came == 0  # what is refused takes no effect
    with pytest.raises(ConnectionClosedError):
        put(client, 1)


def test_a_statement_meets_a_fault_by_its_key(db: Any, orders: Any) -> None:
    put(orders, 1)
    read = "SELECT * FROM orders WHERE id = ?"
    db.faults.on("ExecuteStatement", key={"id": "1"}).throttle()
    orders.execute_statement(Statement=read, Parameters=[{"S": "2"}])
    refused(orders.execute_statement, Statement=read, Parameters=[{"S": "1"}])
    [reason] = db.calls[-1].answer["ThrottlingReasons"]
    assert reason["reason"] == "TableReadProvisionedThroughputExceeded"
    db.faults.on("ExecuteTransaction", key={"id": "2"}).conflict()
    writes = [{"Statement": f"UPDATE orders SET day = 'x' WHERE id = '{n}'"} for n in (1, 2)]
    response = refused(orders.execute_transaction, TransactStatements=writes)
    assert [each["Code"] for each in response["CancellationReasons"]] == [
        "None",
        "TransactionConflict",
    ]
    db.expect("ExecuteStatement", key={"id": "9"}).returns({"Items": [{"id": {"S": "stub"}}]})
    found = orders.execute_statement(Statement=read, Parameters=[{"S": "9"}])
    assert found["Items"] == [{"id": {"S": "stub"}}]


def test_a_statement_that_reads_an_index_is_throttled_there(db: Any, orders: Any) -> None:
    db.faults.on("ExecuteStatement", index="by_customer").throttle()
    read = """SELECT * FROM "orders"."by_customer" WHERE customer = 'ada'"""
    refused(orders.execute_statement, Statement=read)
    assert db.calls[-1].answer["ThrottlingReasons"] == [
        {
            "reason": "IndexReadProvisionedThroughputExceeded",
            "resource": f"{TABLE_ARN}/index/by_customer",
        }
    ]
    db.faults.on("ExecuteStatement").throttle()
    refused(orders.execute_statement, Statement="DELETE FROM orders WHERE id = '1'")
    [reason] = db.calls[-1].answer["ThrottlingReasons"]
    assert reason["reason"] == "TableWriteProvisionedThroughputExceeded"


def test_a_statement_of_a_batch_fails_and_the_others_run(db: Any, orders: Any) -> None:
    def batch(**more: Any) -> Any:
        entries = [
            {"Statement": "INSERT INTO orders VALUE {'id': ?}", "Parameters": [{"S": number}]}
            for number in "123"
        ]
        return orders.batch_execute_statement(Statements=entries, **more)

    db.faults.on("BatchExecuteStatement", key={"id": "2"}).fail_statement()
    answer = batch(ReturnConsumedCapacity="TOTAL")
    # As in github.com/boto/boto3/issues/3834.
    throttled = {
        "Error": {
            "Code": "ThrottlingError",
            "Message": (
                "Throughput exceeds the current capacity of your table or index. DynamoDB is "
                "automatically scaling your table or index so please try again shortly. If "
                "exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/"
                "amazondynamodb/latest/developerguide/bp-partition-key-design.html"
            ),
        },
        "TableName": "orders",
    }
    assert answer["Responses"] == [{"TableName": "orders"}, throttled, {"TableName": "orders"}]
    assert answer["ConsumedCapacity"] == [{"TableName": "orders", "CapacityUnits": 2.0}]
    assert db.calls[-1].capacity["orders"].write == 2
    assert [("Item" in get(orders, number)) for number in (1, 2, 3)] == [True, False, True]


def test_all_statements_of_a_batch_may_fail(db: Any, orders: Any) -> None:
    entries = [{"Statement": "SELECT * FROM orders WHERE id = '1'"}]
    fault = db.faults.on("BatchExecuteStatement")
    fault.fail_statement("InternalServerError", "of ours", statement=0)
    answer = orders.batch_execute_statement(Statements=entries)
    error = {"Code": "InternalServerError", "Message": "of ours"}
    assert answer["Responses"] == [{"Error": error, "TableName": "orders"}]
    db.faults.on("BatchExecuteStatement").fail_statement(statement=1)
    with pytest.raises(DqlmockError, match="has no action 1, but 1 of them"):
        orders.batch_execute_statement(Statements=entries)
    with pytest.raises(DqlmockError, match="doesn't fail with 'Oops'"):
        fault.fail_statement("Oops")
    with pytest.raises(DqlmockError, match="can't happen to PutItem"):
        db.faults.on("PutItem").fail_statement()
    db.faults.clear()
