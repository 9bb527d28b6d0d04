"""Expected calls and the answers a test gives them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from dqlmock import DqlmockError, UnmetExpectation, dql_mock, mock_dynamodb
from tests.testing.conftest import ORDERS, get, put, query


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "dynamodb", region_name="us-east-1", config=Config(retries={"max_attempts": 0})
    )


def test_a_stub_answers_once_and_the_engine_the_rest(db: Any, orders: Any) -> None:
    put(orders, 1, "bob")
    stub = db.expect("GetItem", table="orders", key={"id": "1"}).returns(
        {"Item": {"id": {"S": "1"}, "customer": {"S": "stubbed"}}}
    )
    assert "Item" not in get(orders, 2)
    assert not stub.is_met
    assert get(orders, 1)["Item"]["customer"] == {"S": "stubbed"}
    assert stub.is_met
    assert get(orders, 1)["Item"]["customer"] == {"S": "bob"}
    db.calls.to("GetItem").times(3)
    assert db.calls[-2].answer["Item"]["customer"] == {"S": "stubbed"}


def test_a_table_need_not_exist_for_a_stub(client: Any) -> None:
    with dql_mock() as db:
        db.expect("GetItem", table="orders").returns({})
        assert "Item" not in get(client, 1)


def test_several_answers_come_one_after_the_other(client: Any) -> None:
    with dql_mock() as db:
        stub = db.expect("Query").returns({"Count": 1}, {"Count": 2})
        assert [query(client, "ada")["Count"] for _ in range(2)] == [1, 2]
        with pytest.raises(ClientError):  # the third goes to the engine, which has no table
            query(client, "ada")
        assert (stub.came, stub.is_met) == (2, True)


def test_times_repeats_an_answer(client: Any) -> None:
    with dql_mock() as db:
        db.expect("Query").returns({"Count": 1}).times(3)
        assert [query(client, "ada")["Count"] for _ in range(3)] == [1, 1, 1]


def test_an_answer_can_be_made_from_the_request(client: Any) -> None:
    with dql_mock() as db:
        db.expect("GetItem").returns(lambda parameters: {"Item": parameters["Key"]})
        assert get(client, 7)["Item"] == {"id": {"S": "7"}}


def test_an_error_is_raised(client: Any) -> None:
    with dql_mock() as db:
        db.expect("PutItem").raises("ThrottlingException", "Slow down.")
        with pytest.raises(ClientError) as failure:
            put(client, 1)
        assert failure.value.response["Error"] == {
            "Code": "ThrottlingException",
            "Message": "Slow down.",
        }
        db.calls.failed("ThrottlingException").once()
        assert len(db.capacity) == 0


@pytest.mark.parametrize(
    ("code", "status"),
    [("ValidationException", 400), ("InternalServerError", 500), ("ServiceUnavailable", 503)],
)
def test_an_error_has_its_status(client: Any, code: str, status: int) -> None:
    with dql_mock() as db:
        db.expect("PutItem").raises(code, "text")
        with pytest.raises(ClientError) as failure:
            put(client, 1)
    response = failure.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert response["Error"] == {"Code": code, "Message": "text"}


def test_an_error_carries_its_fields(client: Any) -> None:
    reasons = [{"Code": "ConditionalCheckFailed", "Item": {"id": {"S": "1"}}}, {"Code": "None"}]
    with dql_mock() as db:
        db.expect("TransactWriteItems").raises(
            "TransactionCanceledException", "cancelled", CancellationReasons=reasons
        )
        with pytest.raises(ClientError) as failure:
            client.transact_write_items(
                TransactItems=[{"Delete": {"TableName": "t", "Key": {"id": {"S": "1"}}}}]
            )
    assert failure.value.response["CancellationReasons"] == reasons


def test_botocore_retries_what_it_would_retry_on_aws(db: Any, orders: Any) -> None:
    retrying = boto3.client(
        "dynamodb",
        region_name="us-east-1",
        config=Config(retries={"mode": "standard", "max_attempts": 2}),
    )
    db.expect("GetItem").raises("ThrottlingException")
    assert "Item" not in get(retrying, 1)
    db.calls.to("GetItem").times(2)


def test_a_call_can_be_expected_of_the_engine(db: Any, orders: Any) -> None:
    db.expect("PutItem", item={"customer": "ada"})
    put(orders, 1)
    assert "Item" in get(orders, 1)


@pytest.mark.parametrize("mock", [dql_mock, mock_dynamodb])
def test_an_unmet_expectation_fails_the_end_of_the_mock(mock: Any, client: Any) -> None:
    outer = mock()
    outer.start()
    with dql_mock() as db:
        client.create_table(**ORDERS)
        db.calls.clear()
        get(client, 2)
    db.expect("GetItem", table="orders", key={"id": "1"}).returns({})
    with pytest.raises(UnmetExpectation) as failure:
        outer.stop()
    lines = str(failure.value).splitlines()
    assert lines[:3] == [
        "What was expected is not what was called.",
        "  GetItem to orders with key={'id': '1'}: expected once, came never",
        "Called instead:",
    ]
    assert lines[3].startswith("  [0] GetItem orders Key={'id': '2'}")
    assert lines[4] == "        key {'id': '2'}, expected {'id': '1'}"
    with dql_mock() as db:  # nothing is left of it
        assert len(db.calls) == 0


def test_fewer_calls_than_expected(client: Any) -> None:
    def run() -> None:
        with dql_mock() as db:
            db.expect("Query").returns({"Count": 1}).times(2)
            query(client, "ada")

    with pytest.raises(UnmetExpectation, match="expected twice, came once"):
        run()


def test_an_exception_under_way_is_not_replaced() -> None:
    def run() -> None:
        with dql_mock() as db:
            db.expect("GetItem").returns({})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()


def test_an_expectation_ends_with_the_mock_it_was_made_in(client: Any) -> None:
    with dql_mock() as outer:
        outer.expect("GetItem").returns({})
        inner = dql_mock()
        inner.start().expect("PutItem").returns({})
        with pytest.raises(UnmetExpectation, match="PutItem"):
            inner.stop()
        get(client, 1)


def test_a_function_that_is_decorated_fails_too(client: Any) -> None:
    @mock_dynamodb
    def test() -> None:
        with dql_mock() as db:
            db.expect("GetItem").returns({})

    with pytest.raises(UnmetExpectation):
        test()


def test_always_is_met_by_none_and_by_many(client: Any) -> None:
    with dql_mock() as db:
        db.expect("GetItem").returns({}).always()
        db.expect("Query").returns({"Count": 0}).always()
        for _ in range(3):
            get(client, 1)


def test_any_order_unless_told(client: Any) -> None:
    with dql_mock() as db:
        db.expect("GetItem").returns({})
        db.expect("PutItem").returns({})
        put(client, 1)
        get(client, 1)


def test_in_order(client: Any) -> None:
    with dql_mock() as db:
        with db.in_order():
            db.expect("GetItem").returns({})
            db.expect("PutItem").returns({})
        get(client, 1)
        put(client, 1)


def test_out_of_order_is_told_at_once_and_at_the_end(client: Any) -> None:
    mock = dql_mock()
    db = mock.start()
    with db.in_order():
        db.expect("GetItem").returns({})
        db.expect("PutItem").returns({})
    db.expect("Query").returns({})
    query(client, "ada")
    expected = "PutItem came before its turn, after GetItem: expected once, came never"
    with pytest.raises(UnmetExpectation, match=expected):
        put(client, 1)
    get(client, 1)
    put(client, 1)
    with pytest.raises(UnmetExpectation, match=expected):
        mock.stop()


def test_an_order_inside_an_order_is_refused(db: Any) -> None:
    with db.in_order(), pytest.raises(DqlmockError, match="inside another"), db.in_order():
        pass


def test_expectations_can_be_checked_before_the_end(client: Any) -> None:
    with dql_mock() as db:
        db.expect("GetItem").returns({})
        with pytest.raises(UnmetExpectation, match="Nothing was called"):
            db.check_expectations()
        get(client, 1)
        db.check_expectations()


@pytest.mark.parametrize(
    ("operation", "answer", "message"),
    [
        ("GetItem", {"Itm": {}}, "GetItem has no member 'Itm'. Did you mean 'Item'?"),
        ("GetItem", {"Item": {"id": "1"}}, "GetItem.Item.id is an attribute value, so it is "),
        ("GetItem", {"Item": {"id": object()}}, "written as on the wire: {'S': 'text'}"),
        ("GetItem", {"Item": []}, "GetItem.Item is a dict, not []"),
        ("GetItem", [], "GetItem is a dict, not []"),
        ("Query", {"Items": {}}, "Query.Items is a list, not {}"),
        ("Query", {"Items": [{"id": 1}]}, "Query.Items[0].id is an attribute value"),
        ("Query", {"Count": "1"}, "Query.Count is a integer (int), not '1'"),
        ("Query", {"Count": True}, "Query.Count is a integer (int), not True"),
        ("ListTables", {"TableNames": [1]}, "ListTables.TableNames[0] is a string (str), not 1"),
    ],
)
def test_an_answer_that_dynamodb_could_not_give_is_refused(
    db: Any, operation: str, answer: Any, message: str
) -> None:
    expectation = db.expect(operation).always()
    with pytest.raises(DqlmockError) as failure:
        expectation.returns(answer)
    assert message in str(failure.value)


def test_an_answer_made_by_a_function_is_checked(client: Any) -> None:
    with dql_mock() as db:
        db.expect("GetItem").returns(lambda parameters: {"Itm": {}})
        with pytest.raises(DqlmockError, match="no member 'Itm'"):
            get(client, 1)


def test_binary_values_and_times_are_put_on_the_wire(client: Any) -> None:
    created = datetime(2026, 1, 1, tzinfo=timezone.utc)
    with dql_mock() as db:
        db.expect("GetItem").returns({"Item": {"b": {"B": b"\x00"}, "s": {"BS": [b"a"]}}})
        db.expect("DescribeTable").returns({"Table": {"CreationDateTime": created}})
        assert get(client, 1)["Item"] == {"b": {"B": b"\x00"}, "s": {"BS": [b"a"]}}
        described = client.describe_table(TableName="orders")["Table"]
        assert described["CreationDateTime"] == created


def test_an_error_that_the_operation_has_not_is_refused(db: Any) -> None:
    expectation = db.expect("GetItem").always()
    with pytest.raises(DqlmockError, match="Did you mean 'ThrottlingException'"):
        expectation.raises("ThrotlingException")
    with pytest.raises(DqlmockError, match="GetItem answers no 'ConditionalCheckFailedException'"):
        expectation.raises("ConditionalCheckFailedException")
    expectation.raises("KMSAccessDeniedException", status=400)
    db.expect("PutItem").always().raises("ConditionalCheckFailedException")


def test_expectations_are_checked_for_slips(db: Any) -> None:
    with pytest.raises(DqlmockError, match="no operation"):
        db.expect("Get")
    with pytest.raises(DqlmockError, match="no parameter"):
        db.expect("GetItem", Limit=1)
    with pytest.raises(DqlmockError, match="never"):
        db.expect("GetItem").always().times(0)


def test_a_stub_consumes_what_its_answer_says(client: Any) -> None:
    consumed = {
        "TableName": "orders",
        "CapacityUnits": 3.0,
        "GlobalSecondaryIndexes": {"by_customer": {"CapacityUnits": 2.0}},
    }
    with dql_mock() as db:
        db.expect("GetItem").returns({"ConsumedCapacity": consumed})
        db.expect("BatchWriteItem").returns({"ConsumedCapacity": [consumed]})
        get(client, 1)
        entry = {"DeleteRequest": {"Key": {"id": {"S": "1"}}}}
        client.batch_write_item(RequestItems={"orders": [entry]})
        orders = db.capacity["orders"]
    assert (orders.table.read, orders.indexes["by_customer"].read, orders.write) == (1.0, 2.0, 3.0)


def test_repr_shows_where_it_stands(db: Any) -> None:
    expectation = db.expect("GetItem", Key=...).always()
    assert repr(expectation) == (
        "<Expectation: GetItem with Key=...: expected any number of times, came never>"
    )
