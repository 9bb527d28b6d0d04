"""The envelope and the two wordings, by operation, family and region."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from dqlmock import DqlmockError, dql_mock
from dqlmock.errors import ConstraintViolations, Family, ValidationException, Violation
from dqlmock.wire.wording import word
from tests.conftest import unchecked_client

OLDER, NEWEST = "me-central-1", "us-east-1"
EMPTY_NAME = Violation("tableName", "", "Member must have length greater than or equal to 1")
BAD_CAPACITY = Violation(
    "returnConsumedCapacity",
    "X",
    "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]",
)
BAD_RETURN_VALUES = Violation(
    "returnValues", "X", "Member must satisfy enum value set: [ALL_NEW, NONE]"
)
NO_NAME = Violation("tableName", None, "Member must not be null")
LOW_LIMIT = Violation("limit", "0", "Member must have value greater than or equal to 1")


def test_bare_messages_are_never_enveloped() -> None:
    error = ValidationException("Bare")
    assert word(error, "PutItem", NEWEST) == "Bare"
    assert word(error, "PutItem", OLDER) == "Bare"


@pytest.mark.parametrize(
    "family", [Family.VALUE, Family.NESTING, Family.EXPRESSION, Family.PARAMETERS]
)
@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem"])
def test_enveloped_families(operation: str, family: Family) -> None:
    error = ValidationException("Text", family, older="Older text")
    assert word(error, operation, NEWEST) == "1 validation error detected: Text"
    assert word(error, operation, OLDER) == "Older text"
    assert word(error, operation, "xx-unlisted-1") == "1 validation error detected: Text"


@pytest.mark.parametrize("operation", ["GetItem", "Query", "Scan"])
def test_expressions_of_other_operations_have_not_moved(operation: str) -> None:
    error = ValidationException("Text", Family.EXPRESSION)
    assert word(error, operation, NEWEST) == "Text"


def test_an_empty_table_name_is_reported_alone_in_the_newest_wording() -> None:
    error = ConstraintViolations([BAD_CAPACITY, EMPTY_NAME])
    assert word(error, "PutItem", NEWEST) == (
        "1 validation error detected: Value at 'TableName' failed to satisfy constraint: "
        "Member must have length greater than or equal to 1"
    )
    assert word(error, "PutItem", OLDER) == (
        "2 validation errors detected: Value 'X' at 'returnConsumedCapacity' failed to satisfy "
        "constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; Value '' at "
        "'tableName' failed to satisfy constraint: Member must have length greater than or equal "
        "to 1"
    )


def test_update_item_stops_at_return_values() -> None:
    error = ConstraintViolations([BAD_CAPACITY, BAD_RETURN_VALUES])
    text = (
        "Failed to satisfy constraint: Member must satisfy enum value set: "
        "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
    )
    assert word(error, "UpdateItem", NEWEST) == f"1 validation error detected: {text}"
    assert word(error, "DeleteItem", NEWEST) == (
        "2 validation errors detected: Value 'X' at 'returnConsumedCapacity' failed to satisfy "
        f"constraint: Member must satisfy enum value set: [INDEXES, TOTAL, NONE]; {text}"
    )


def test_an_absent_member_is_null_in_both_wordings() -> None:
    expected = (
        "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: "
        "Member must not be null"
    )
    error = ConstraintViolations([NO_NAME])
    assert word(error, "PutItem", NEWEST) == word(error, "PutItem", OLDER) == expected


@pytest.mark.parametrize(
    ("operation", "region", "newest"),
    [
        ("Query", "me-central-1", True),
        ("Scan", "us-east-1", False),
        ("Scan", "eu-west-2", True),
        ("CreateTable", "us-east-1", False),
    ],
)
def test_a_limit_that_is_too_low(operation: str, region: str, newest: bool) -> None:
    where = "Value at 'Limit'" if newest else "Value '0' at 'limit'"
    assert word(ConstraintViolations([LOW_LIMIT]), operation, region) == (
        f"1 validation error detected: {where} failed to satisfy constraint: "
        "Member must have value greater than or equal to 1"
    )


@pytest.mark.parametrize("region", [OLDER, NEWEST])
def test_the_wording_can_be_told(region: str) -> None:
    error = ValidationException("Text", Family.EXPRESSION)
    assert word(error, "PutItem", region, "newest") == "1 validation error detected: Text"
    assert word(error, "PutItem", region, "older") == "Text"
    assert word(error, "GetItem", region, "newest") == "Text"


def test_a_mock_can_be_told_its_wording() -> None:
    def message(**options: Any) -> str:
        with dql_mock(**options):
            client = unchecked_client("us-east-1")
            with pytest.raises(ClientError) as refused:
                client.put_item(TableName="", Item={})
            return str(refused.value.response["Error"]["Message"])

    assert "Value at 'TableName'" in message()
    assert "Value '' at 'tableName'" in message(wording="older")
    with pytest.raises(DqlmockError, match="wording"):
        message(wording="oldest")


def test_a_moved_text_without_an_envelope() -> None:
    error = ValidationException("Short", Family.START_KEY, older="Short: long")
    assert word(error, "Scan", "eu-west-2") == "Short"
    assert word(error, "Scan", "us-east-1") == "Short: long"
