"""BatchExecuteStatement through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.operations.tables import create_composite_table, create_hash_table


def execute(dynamodb: Any, *statements: Any, **options: Any) -> Any:
    entries = [s if isinstance(s, dict) else {"Statement": s} for s in statements]
    answer = dynamodb.batch_execute_statement(Statements=entries, **options)
    answer.pop("ResponseMetadata")
    return answer


def refusal(dynamodb: Any, *statements: Any) -> str:
    with pytest.raises(ClientError) as caught:
        execute(dynamodb, *statements)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


@pytest.fixture
def filled(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    create_composite_table(dynamodb)
    for key, number in (("a", "1"), ("b", "2")):
        dynamodb.put_item(TableName="hash", Item={"pk": {"S": key}, "v": {"N": number}})
    return dynamodb


def test_reads_answer_in_their_places(filled: Any) -> None:
    answer = execute(
        filled,
        "SELECT v FROM hash WHERE pk = 'b'",
        "SELECT * FROM hash WHERE pk = 'no'",
        {"Statement": "SELECT v FROM hash WHERE pk = ?", "Parameters": [{"S": "a"}]},
    )
    assert answer == {
        "Responses": [
            {"TableName": "hash", "Item": {"v": {"N": "2"}}},
            {"TableName": "hash"},
            {"TableName": "hash", "Item": {"v": {"N": "1"}}},
        ]
    }


def test_writes_answer_what_they_return(filled: Any) -> None:
    answer = execute(
        filled,
        "INSERT INTO hash VALUE {'pk': 'c'}",
        "UPDATE hash SET v = v + 1 WHERE pk = 'a' RETURNING ALL NEW *",
        "DELETE FROM hash WHERE pk = 'b'",
    )
    assert answer["Responses"] == [
        {"TableName": "hash"},
        {"TableName": "hash", "Item": {"pk": {"S": "a"}, "v": {"N": "2"}}},
        {"TableName": "hash"},
    ]


@pytest.mark.parametrize(
    ("statement", "code", "message", "names_table"),
    [
        (
            "INSERT INTO hash VALUE {'pk': 'a'}",
            "DuplicateItem",
            "Duplicate primary key exists in table",
            True,
        ),
        (
            "UPDATE hash SET v = 1 WHERE pk = 'b' AND v = 99",
            "ConditionalCheckFailed",
            "The conditional request failed",
            True,
        ),
        (
            "UPDATE hash SET v = 1 WHERE v = 2",
            "ValidationError",
            "Where clause does not contain a mandatory equality on all key attributes",
            False,
        ),
        (
            "UPDATE nowhere SET v = 1 WHERE pk = 'a'",
            "ResourceNotFound",
            "Requested resource not found",
            False,
        ),
        (
            "UPDATE hash SET v = ? WHERE pk = 'b'",
            "ValidationError",
            "Number of parameters in request and statement don't match.",
            False,
        ),
        (
            "UPDATE hash",
            "ValidationError",
            "Statement wasn't well formed, can't be processed: Expected data manipulation",
            False,
        ),
        (
            "EXISTS(SELECT * FROM hash WHERE pk = 'a' AND v = 1)",
            "ValidationError",
            "EXISTS can only be used in ExecuteTransaction write requests.",
            False,
        ),
    ],
)
def test_an_error_in_its_place_stops_no_other(
    filled: Any, statement: str, code: str, message: str, names_table: bool
) -> None:
    failed, done = execute(filled, statement, "INSERT INTO hash VALUE {'pk': 'c'}")["Responses"]
    assert failed == {
        "Error": {"Code": code, "Message": message},
        **({"TableName": "hash"} if names_table else {}),
    }
    assert done == {"TableName": "hash"}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM hash",
        "SELECT * FROM hash WHERE v = 1",
        "SELECT * FROM hash WHERE pk = 'a' AND v = 1",
        "SELECT * FROM hash WHERE pk IN ['a']",
        "SELECT * FROM composite WHERE pk = 'a'",
        "SELECT * FROM composite.global_keys WHERE g = 'g' AND sk = 's' AND pk = 'a'",
    ],
)
def test_only_single_items_are_read(filled: Any, statement: str) -> None:
    (answer,) = execute(filled, statement)["Responses"]
    assert answer["Error"]["Message"] == (
        "Select statements within BatchExecuteStatement must specify the primary key in the where "
        "clause."
    )


@pytest.mark.parametrize("asked", ["ALL_OLD", "NONE"])
def test_a_failed_condition_never_carries_the_item(filled: Any, asked: str) -> None:
    # Measured: nubo-db/dynoxide#184.
    statement = {
        "Statement": "UPDATE hash SET v = 1 WHERE pk = 'b' AND v = 99",
        "ReturnValuesOnConditionCheckFailure": asked,
    }
    (answer,) = execute(filled, statement)["Responses"]
    assert answer == {
        "TableName": "hash",
        "Error": {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"},
    }


class TestRefusedWrites:
    """What they cost, as nubo-db/dynoxide#188 measured it."""

    PAD = "x" * 2900

    def capacity(self, dynamodb: Any, *statements: str, of: str = "INDEXES") -> Any:
        return execute(dynamodb, *statements, ReturnConsumedCapacity=of).get("ConsumedCapacity")

    def test_they_count_in_the_total_alone(self, filled: Any) -> None:
        done, lost = "INSERT INTO hash VALUE {'pk': 'n'}", "UPDATE hash SET v = 1 WHERE pk = 'no'"
        assert self.capacity(filled, done, lost) == [
            {"TableName": "hash", "CapacityUnits": 2.0, "Table": {"CapacityUnits": 1.0}}
        ]

    def test_by_the_item_they_carry(self, filled: Any) -> None:
        lost = f"INSERT INTO hash VALUE {{'pk': 'a', 'pad': '{self.PAD}'}}"
        assert self.capacity(filled, "DELETE FROM hash WHERE pk = 'b'", lost, of="TOTAL") == [
            {"TableName": "hash", "CapacityUnits": 4.0}
        ]

    def test_by_the_item_that_stands_there(self, filled: Any) -> None:
        filled.put_item(TableName="hash", Item={"pk": {"S": "big"}, "pad": {"S": self.PAD}})
        lost = "INSERT INTO hash VALUE {'pk': 'big'}"
        assert self.capacity(filled, "DELETE FROM hash WHERE pk = 'b'", lost, of="TOTAL") == [
            {"TableName": "hash", "CapacityUnits": 4.0}
        ]

    def test_a_table_with_none_but_these_is_left_out(self, filled: Any) -> None:
        done = "INSERT INTO composite VALUE {'pk': 'n', 'sk': 's'}"
        lost = "INSERT INTO hash VALUE {'pk': 'a'}"
        capacity = self.capacity(filled, done, lost)
        assert [table["TableName"] for table in capacity] == ["composite"]
        assert self.capacity(filled, lost) is None

    def test_what_never_ran_costs_nothing(self, filled: Any) -> None:
        done, lost = "DELETE FROM hash WHERE pk = 'b'", "UPDATE hash SET pk = 'x' WHERE pk = 'a'"
        assert self.capacity(filled, done, lost, of="TOTAL") == [
            {"TableName": "hash", "CapacityUnits": 1.0}
        ]


def test_reads_and_writes_do_not_mix(filled: Any) -> None:
    assert refusal(
        filled, "SELECT * FROM hash WHERE pk = 'a'", "DELETE FROM hash WHERE pk = 'b'"
    ) == (
        "ValidationException: Read and write requests together in the same batch is not supported."
    )


@pytest.mark.parametrize(
    "statements",
    [
        ("SELECT v FROM hash WHERE pk = 'a'", "SELECT pk FROM hash WHERE 'a' = pk"),
        ("INSERT INTO hash VALUE {'pk': 'n'}", "DELETE FROM hash WHERE pk = 'n'"),
    ],
)
def test_no_item_twice(filled: Any, statements: tuple[str, str]) -> None:
    message = "ValidationException: Provided list of item keys contains duplicates"
    assert refusal(filled, *statements) == message
    assert filled.scan(TableName="hash")["Count"] == 2


def test_an_item_twice_though_one_statement_would_fail(filled: Any) -> None:
    change = "UPDATE hash SET pk = 'n' WHERE pk = 'a'"
    message = "ValidationException: Provided list of item keys contains duplicates"
    assert refusal(filled, change, "DELETE FROM hash WHERE pk = 'a'") == message
    (answer,) = execute(filled, change)["Responses"]
    assert answer == {
        "Error": {
            "Code": "ValidationError",
            "Message": "One or more parameter values were invalid: Cannot update attribute pk. "
            "This attribute is part of the key",
        },
        "TableName": "hash",
    }


NO_VALUE = "One or more parameter values were invalid: An string set  may not be empty"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hash SET v = ? WHERE pk = 'b'",
        "UPDATE hash SET v = 1 WHERE pk = 'b'",
        "UPDATE hash SET v = ?, w = ? WHERE pk = 'b'",
        "UPDATE nowhere SET v = ? WHERE pk = 'b'",
    ],
)
def test_a_parameter_that_is_no_value_refuses_the_batch(filled: Any, statement: str) -> None:
    bad = {"Statement": statement, "Parameters": [{"SS": []}]}
    deletion = "DELETE FROM hash WHERE pk = 'a'"
    assert refusal(filled, deletion, bad) == f"ValidationException: {NO_VALUE}"
    assert filled.scan(TableName="hash")["Count"] == 2
    garbage = {**bad, "Statement": "garbage ?"}
    done, failed = execute(filled, deletion, garbage)["Responses"]
    assert done == {"TableName": "hash"}
    assert "wasn't well formed" in failed["Error"]["Message"]


def test_capacity_by_table(filled: Any) -> None:
    filled.put_item(TableName="hash", Item={"pk": {"S": "big"}, "t": {"S": "x" * 4096}})
    answer = execute(
        filled,
        "SELECT * FROM hash WHERE pk = 'a'",
        {"Statement": "SELECT * FROM hash WHERE pk = 'big'", "ConsistentRead": True},
        "SELECT * FROM composite WHERE pk = 'a' AND sk = 'b'",
        ReturnConsumedCapacity="TOTAL",
    )
    assert answer["ConsumedCapacity"] == [
        {"TableName": "hash", "CapacityUnits": 2.5},
        {"TableName": "composite", "CapacityUnits": 0.5},
    ]


def test_a_batch_has_1_to_25_statements(filled: Any) -> None:
    selects = [f"SELECT * FROM hash WHERE pk = '{number}'" for number in range(26)]
    assert len(execute(filled, *selects[:25])["Responses"]) == 25
    assert "less than or equal to 25" in refusal(filled, *selects)
    assert refusal(filled) == (
        "ValidationException: 1 validation error detected: Value '[]' at 'statements' failed to "
        "satisfy constraint: Member must have length greater than or equal to 1"
    )


def test_a_bad_parameter_is_the_request_s_fault(filled: Any) -> None:
    bad = {"Statement": "SELECT * FROM hash WHERE pk = 'a'", "Parameters": [{"SS": []}]}
    assert refusal(filled, "SELECT * FROM nope WHERE pk = 'a'", bad) == (
        "ValidationException: One or more parameter values were invalid: An string set  may not "
        "be empty"
    )
    bad["Statement"] = "SELEC"
    assert "Error" in execute(filled, bad)["Responses"][0]


NOT_SINGLE = (
    "Select statements within BatchExecuteStatement must specify the primary key in the where "
    "clause."
)
BEGINS_WITH_NUMBER = (
    "Incorrect operand type for operator or function; operator or function: begins_with, "
    "operand type: N"
)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "SELECT * FROM hash WHERE pk = 'a' AND pk = 'b'",
            NOT_SINGLE,
        ),
        (
            "SELECT * FROM composite.global_keys WHERE begins_with(v, 1)",
            BEGINS_WITH_NUMBER,
        ),
    ],
)
def test_reads_that_are_refused(filled: Any, statement: str, message: str) -> None:
    twice = "SELECT v FROM hash WHERE pk = 'a' AND pk = 'a'"
    read, failed = execute(filled, twice, statement)["Responses"]
    assert read["Item"] == {"v": {"N": "1"}}
    assert failed == {"Error": {"Code": "ValidationError", "Message": message}}


@pytest.mark.parametrize("condition", ["pk = 'a' AND v = 1", "foo(v) = 1"])
@pytest.mark.parametrize("other", ["SELECT v FROM hash WHERE pk = 'b'", "DELETE FROM hash"])
def test_exists_fails_in_its_place(filled: Any, condition: str, other: str) -> None:
    exists = {
        "Statement": f"EXISTS(SELECT * FROM hash WHERE {condition})",
        "Parameters": [{"SS": []}],
    }
    failed, done = execute(filled, exists, other)["Responses"]
    message = "EXISTS can only be used in ExecuteTransaction write requests."
    assert failed == {"Error": {"Code": "ValidationError", "Message": message}}
    assert done == execute(filled, other)["Responses"][0]


def test_what_is_not_supported_has_a_kind_and_parameters(filled: Any) -> None:
    statement = "SELECT v FROM hash WHERE foo(v) = 1"
    mixed = "ValidationException: Read and write requests together in the same batch is not "
    assert refusal(filled, statement, "DELETE FROM hash WHERE pk = 'b'") == f"{mixed}supported."
    bad = {"Statement": statement, "Parameters": [{"SS": []}]}
    assert refusal(filled, bad, "DELETE FROM hash") == f"ValidationException: {NO_VALUE}"
    assert execute(filled, statement)["Responses"] == [
        {"Error": {"Code": "ValidationError", "Message": "Unrecognized function: foo"}}
    ]
