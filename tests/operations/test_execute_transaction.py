"""ExecuteTransaction through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.operations.tables import create_composite_table, create_hash_table


def execute(dynamodb: Any, *statements: Any, **options: Any) -> Any:
    entries = [s if isinstance(s, dict) else {"Statement": s} for s in statements]
    answer = dynamodb.execute_transaction(TransactStatements=entries, **options)
    answer.pop("ResponseMetadata")
    return answer


def refused(dynamodb: Any, *statements: Any, **options: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        execute(dynamodb, *statements, **options)
    response: dict[str, Any] = caught.value.response
    return response


def values(dynamodb: Any) -> dict[str, str]:
    items = dynamodb.scan(TableName="hash")["Items"]
    return {item["pk"]["S"]: item["v"]["N"] for item in items}


@pytest.fixture
def filled(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    create_composite_table(dynamodb)
    for key, number in (("a", "1"), ("b", "2")):
        dynamodb.put_item(TableName="hash", Item={"pk": {"S": key}, "v": {"N": number}})
    return dynamodb


INSERT = "INSERT INTO hash VALUE {'pk': 'c', 'v': 3}"
UPDATE = "UPDATE hash SET v = v + 1 WHERE pk = 'a'"
DELETE = "DELETE FROM hash WHERE pk = 'b'"


def test_writes_happen_together(filled: Any) -> None:
    assert execute(filled, INSERT, UPDATE, DELETE) == {"Responses": []}
    assert values(filled) == {"a": "2", "c": "3"}


def test_reads_answer_in_their_places(filled: Any) -> None:
    answer = execute(
        filled,
        {"Statement": "SELECT v FROM hash WHERE pk = ?", "Parameters": [{"S": "b"}]},
        "SELECT * FROM hash WHERE pk = 'no'",
        "SELECT nope FROM hash WHERE pk = 'a'",
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["Responses"] == [{"Item": {"v": {"N": "2"}}}, {}, {"Item": {}}]
    assert answer["ConsumedCapacity"] == [
        {"TableName": "hash", "CapacityUnits": 6.0, "ReadCapacityUnits": 6.0}
    ]


@pytest.mark.parametrize(
    ("statement", "code", "message"),
    [
        (
            "INSERT INTO hash VALUE {'pk': 'b', 'v': 9}",
            "ValidationError",
            "Duplicate primary key exists in table",
        ),
        (
            "UPDATE hash SET v = 9 WHERE pk = 'b' AND v = 99",
            "ConditionalCheckFailed",
            "The conditional request failed",
        ),
        (
            "UPDATE hash SET v = 9 WHERE pk = 'nobody'",
            "ConditionalCheckFailed",
            "The conditional request failed",
        ),
        (
            "DELETE FROM hash WHERE pk = 'b' AND v = 99",
            "ConditionalCheckFailed",
            "The conditional request failed",
        ),
        (
            "EXISTS(SELECT * FROM hash WHERE pk = 'b' AND v = 99)",
            "ConditionalCheckFailed",
            "The conditional request failed",
        ),
        (
            "EXISTS(SELECT * FROM hash WHERE pk = 'nobody' AND v IS MISSING)",
            "ConditionalCheckFailed",
            "The conditional request failed",
        ),
        (
            "UPDATE hash SET v = 9 WHERE pk = 1",
            "ValidationError",
            "Key attribute's data type should match its data type in table's schema: Key pk",
        ),
        (
            "INSERT INTO hash VALUE {'v': 9}",
            "ValidationError",
            "Key attribute should be present in the item: Key pk",
        ),
    ],
)
def test_one_that_fails_cancels_all(filled: Any, statement: str, code: str, message: str) -> None:
    response = refused(filled, UPDATE, statement)
    assert response["Error"] == {
        "Code": "TransactionCanceledException",
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons "
        f"[None, {code}]",
    }
    assert response["CancellationReasons"] == [
        {"Code": "None"},
        {"Code": code, "Message": message},
    ]
    assert values(filled) == {"a": "1", "b": "2"}


def test_a_failed_condition_carries_the_item_where_asked(filled: Any) -> None:
    statement = {
        "Statement": "EXISTS(SELECT * FROM hash WHERE pk = 'b' AND v = 99)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    (reason,) = refused(filled, statement)["CancellationReasons"]
    assert reason["Item"] == {"pk": {"S": "b"}, "v": {"N": "2"}}


def test_exists_holds_or_not(filled: Any) -> None:
    execute(filled, "EXISTS(SELECT * FROM hash WHERE pk = 'b' AND v = 2)", UPDATE)
    assert values(filled) == {"a": "2", "b": "2"}


MIXED = (
    "ExecuteTransaction API does not support both read and write operations in the same request."
)
CANCELLED = (
    "Transaction cancelled, please refer cancellation reasons for specific reasons "
    "[None, ValidationError]"
)
NOT_SINGLE = (
    "Select statements within ExecuteTransaction must specify the primary key in the where clause."
)
NO_CONDITION = "EXISTS() must contain a single item read with additional condition"
BETWEEN = (
    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
    "lower bound operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}"
)
KEY_PATH = (
    "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: "
    "Key pk"
)
OVERLAP = (
    "Two document paths overlap with each other; must remove or rewrite one of these paths; "
    "path one: [v], path two: [v, x]"
)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SELECT * FROM hash", NOT_SINGLE),
        ("SELECT * FROM hash WHERE pk = 'a' AND v = 1", NOT_SINGLE),
        ("SELECT * FROM hash WHERE pk IN ['a']", NOT_SINGLE),
        ("SELECT * FROM hash WHERE pk = 'a' AND pk = 'b'", NOT_SINGLE),
        ("SELECT * FROM hash WHERE pk.x = 1", NOT_SINGLE),
        ("SELECT * FROM hash WHERE pk = 'a' AND v BETWEEN 5 AND 1", BETWEEN),
        ("SELECT * FROM nowhere.global_keys WHERE v BETWEEN 5 AND 1", BETWEEN),
        (
            "SELECT * FROM nowhere.global_keys",
            "Reads on indices are not supported within transactions.",
        ),
        (
            "SELECT * FROM composite.global_keys WHERE g = 'g'",
            "Reads on indices are not supported within transactions.",
        ),
    ],
)
def test_reads_that_are_refused(filled: Any, statement: str, message: str) -> None:
    error = refused(filled, "SELECT * FROM hash WHERE pk = 'b'", statement)["Error"]
    expected = f"Validation failed in TransactStatements[1]: {message}"
    assert error == {"Code": "ValidationException", "Message": expected}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("EXISTS(SELECT * FROM hash WHERE pk = 'b')", NO_CONDITION),
        ("EXISTS(SELECT * FROM hash WHERE v = 1)", NO_CONDITION),
        ("EXISTS(SELECT * FROM hash WHERE pk.x = 1)", KEY_PATH),
        ("UPDATE hash SET v = 1 WHERE pk = 'b' AND pk.x = 1", KEY_PATH),
        ("DELETE FROM hash WHERE pk.x = 1 RETURNING ALL OLD *", KEY_PATH),
        ("EXISTS(SELECT * FROM hash WHERE pk = 'b' AND v BETWEEN 5 AND 1)", BETWEEN),
        ("UPDATE hash SET v = 1 WHERE pk = 'b' AND v BETWEEN 5 AND 1", BETWEEN),
        ("DELETE FROM nowhere WHERE v BETWEEN 5 AND 1", BETWEEN),
        ("UPDATE hash SET v = 1, v.x = 2 WHERE pk = 'b' RETURNING ALL OLD *", OVERLAP),
        (
            "EXISTS(SELECT * FROM composite.global_keys WHERE v BETWEEN 5 AND 1)",
            "Operations on indices are not supported in transactions",
        ),
        (
            "DELETE FROM hash WHERE pk = 'b' RETURNING ALL NEW *",
            (
                "Invalid returning clause: RETURNING ALL NEW *. "
                "Only RETURNING ALL OLD * is allowed in DELETE statements."
            ),
        ),
        (
            "EXISTS(SELECT * FROM composite.global_keys WHERE g = 'g' AND sk = 's')",
            "Operations on indices are not supported in transactions",
        ),
        (
            "DELETE FROM hash WHERE pk = 'b' RETURNING ALL OLD *",
            "RETURNING clause is not supported in ExecuteTransaction.",
        ),
        (
            "UPDATE hash SET v = ? WHERE pk = 'b'",
            "Number of parameters in request and statement don't match.",
        ),
    ],
)
def test_writes_that_are_refused(filled: Any, statement: str, message: str) -> None:
    error = refused(filled, UPDATE, statement)["Error"]
    expected = f"Validation failed in TransactStatements[1]: {message}"
    assert error == {"Code": "ValidationException", "Message": expected}
    assert values(filled) == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("statements", "code", "message"),
    [
        (
            (UPDATE, "SELECT * FROM hash WHERE pk = 'b'"),
            "ValidationException",
            MIXED,
        ),
        (
            (UPDATE, "DELETE FROM hash WHERE pk = 'a'"),
            "ValidationException",
            "Transaction request cannot include multiple operations on one item",
        ),
        (
            (UPDATE, "DELETE FROM hash"),
            "TransactionCanceledException",
            CANCELLED,
        ),
        (
            (UPDATE, "DELETE hash"),
            "ValidationException",
            "Statement wasn't well formed, can't be processed: Expected FROM after DELETE",
        ),
        (
            (UPDATE, "DELETE FROM nowhere WHERE pk = 'a' RETURNING ALL OLD *"),
            "ResourceNotFoundException",
            "Requested resource not found",
        ),
        (
            ("DELETE FROM nowhere WHERE pk = 'a'", "UPDATE hash SET v = foo(1) WHERE pk = 'b'"),
            "ResourceNotFoundException",
            "Requested resource not found",
        ),
        (
            ("SELECT * FROM hash WHERE pk = 'a'", "UPDATE hash SET v = foo(1) WHERE pk = 'b'"),
            "ValidationException",
            MIXED,
        ),
        (
            ("SELECT * FROM hash WHERE foo(v)", UPDATE, "garbage"),
            "ValidationException",
            MIXED,
        ),
    ],
)
def test_transactions_that_are_refused(
    filled: Any, statements: tuple[str, ...], code: str, message: str
) -> None:
    assert refused(filled, *statements)["Error"] == {"Code": code, "Message": message}
    assert values(filled) == {"a": "1", "b": "2"}


def test_a_token_is_done_once(filled: Any) -> None:
    options = {"ClientRequestToken": "token", "ReturnConsumedCapacity": "TOTAL"}
    first = execute(filled, UPDATE, **options)
    assert first["ConsumedCapacity"][0]["WriteCapacityUnits"] == 2.0
    again = execute(filled, UPDATE, **options)
    assert again["ConsumedCapacity"][0]["ReadCapacityUnits"] == 2.0
    assert values(filled)["a"] == "2"
    other = refused(filled, DELETE, **options)
    assert other["Error"]["Code"] == "IdempotentParameterMismatchException"
    assert other["Error"]["Message"] == (
        "Specified idempotent token was used with different request parameters within the "
        "idempotency window"
    )


def test_a_transaction_has_1_to_100_statements(filled: Any) -> None:
    selects = [f"SELECT * FROM hash WHERE pk = '{number}'" for number in range(101)]
    assert len(execute(filled, *selects[:100])["Responses"]) == 100
    assert "less than or equal to 100" in refused(filled, *selects)["Error"]["Message"]
    assert "greater than or equal to 1" in refused(filled)["Error"]["Message"]


@pytest.mark.parametrize("marks", ["?", "1", "?, w = ?"])
def test_a_parameter_that_is_no_value(filled: Any, marks: str) -> None:
    statement = {
        "Statement": f"UPDATE hash SET v = {marks} WHERE pk = 'b'",
        "Parameters": [{"SS": []}],
    }
    error = refused(filled, UPDATE, statement)["Error"]
    message = "One or more parameter values were invalid: An string set  may not be empty"
    assert error == {"Code": "ValidationException", "Message": message}
    assert values(filled) == {"a": "1", "b": "2"}


PREFIX = "Validation failed in TransactStatements[1]: "


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE hash SET v = foo(1) WHERE pk = 'b'", PREFIX + "Unrecognized function: foo"),
        ("UPDATE hash AS h SET v = 1 WHERE pk = 'b'", PREFIX + "Aliasing is not supported"),
        (
            "INSERT INTO hash VALUE {'pk': 'c', 'v': <<>>}",
            PREFIX + "Empty bags are not supported at 1:41:2",
        ),
        (
            "UPDATE hash",
            "Statement wasn't well formed, can't be processed: Expected data manipulation",
        ),
        ("DROP TABLE hash", "Unsupported operation: DropTable"),
    ],
)
def test_what_is_well_formed_but_not_supported_is_named(
    filled: Any, statement: str, message: str
) -> None:
    error = refused(filled, UPDATE, statement)["Error"]
    assert error == {"Code": "ValidationException", "Message": message}
    assert values(filled) == {"a": "1", "b": "2"}


def test_a_bad_parameter_is_the_request_s_fault(filled: Any) -> None:
    statements = [
        {"Statement": "SELECT * FROM hash WHERE pk = 'a'", "Parameters": [{}]},
        {"Statement": "SELECT * FROM nope WHERE pk = 'a'"},
    ]
    with pytest.raises(ClientError) as raised:
        filled.execute_transaction(TransactStatements=statements)
    assert raised.value.response["Error"]["Message"] == (
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
    )


@pytest.mark.parametrize(
    "others",
    [
        [{"Statement": "SELECT * FROM hash WHERE foo(v) = 1"}],
        [{"Statement": "garbage"}],
        [{"Statement": UPDATE}],
    ],
)
def test_statements_are_looked_at_with_their_parameters_in_turn(filled: Any, others: Any) -> None:
    bad = {"Statement": "SELECT * FROM hash WHERE foo(v) = 1", "Parameters": [{}]}
    assert refused(filled, bad, *others)["Error"] == {
        "Code": "ValidationException",
        "Message": "Supplied AttributeValue is empty, must contain exactly one of the supported "
        "datatypes",
    }
