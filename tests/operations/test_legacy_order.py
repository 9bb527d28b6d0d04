"""The order in which faults of the legacy parameters are told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import refusal
from tests.operations.tables import create_hash_table

ONE = {"n": {"ComparisonOperator": "NULL"}}
TWO = {**ONE, "m": {"ComparisonOperator": "NULL"}}
FEW = "ConditionalOperator can only be used when Filter or Expected has two or more elements"
NONE = "ConditionalOperator cannot be used without Filter or Expected"
KEY = {"pk": {"S": "a"}}
BY_KEY = {"pk": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}}

CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("put_item", {"Item": KEY}, "Expected"),
    ("update_item", {"Key": KEY}, "Expected"),
    ("delete_item", {"Key": KEY}, "Expected"),
    ("query", {"KeyConditions": BY_KEY}, "QueryFilter"),
    ("scan", {}, "ScanFilter"),
]


@pytest.mark.parametrize(("method", "members", "parameter"), CALLS, ids=lambda value: str(value))
def test_two_conditions_are_needed(
    dynamodb: Any, method: str, members: dict[str, Any], parameter: str
) -> None:
    create_hash_table(dynamodb)
    call = getattr(dynamodb, method)
    request = {"TableName": "hash", **members, "ConditionalOperator": "OR"}
    assert refusal(call, **request)[1] == NONE
    assert refusal(call, **request, **{parameter: ONE})[1] == FEW
    call(**request, **{parameter: TWO})


@pytest.mark.parametrize(
    ("method", "members", "message"),
    [
        ("put_item", {"Item": {"pk": {"S": ""}}, "Expected": ONE}, "empty string value. Key: pk"),
        ("query", {"KeyConditions": {}, "QueryFilter": ONE}, "Conditions can be of length 1 or 2"),
        ("scan", {"IndexName": "nope", "ScanFilter": ONE}, "does not have the specified index"),
    ],
)
def test_keys_and_indexes_come_first(
    dynamodb: Any, method: str, members: dict[str, Any], message: str
) -> None:
    create_hash_table(dynamodb)
    request = {"TableName": "hash", "ConditionalOperator": "AND", **members}
    assert message in refusal(getattr(dynamodb, method), **request)[1]


@pytest.mark.parametrize(
    ("operator", "values", "message"),
    [
        ("LE", [{"N": "1"}], "Condition parameter type does not match schema type"),
        ("LE", [{"S": "a"}], "Query key condition not supported"),
        ("BETWEEN", [{"N": "1"}, {"N": "2"}], "Condition parameter type does not match schema"),
        ("BETWEEN", [{"S": "a"}, {"S": "b"}], "Query key condition not supported"),
        ("NE", [{"S": "a"}], "Attempted conditional constraint is not an indexable operation"),
        ("NE", [{"N": "1"}], "Attempted conditional constraint is not an indexable operation"),
        ("NOT_NULL", [], "Attempted conditional constraint is not an indexable operation"),
    ],
)
def test_types_of_key_conditions_come_before_operators(
    dynamodb: Any, operator: str, values: list[Any], message: str
) -> None:
    create_hash_table(dynamodb)
    condition = {"ComparisonOperator": operator, "AttributeValueList": values}
    request = {"TableName": "hash", "KeyConditions": {"pk": condition}}
    assert message in refusal(dynamodb.query, **request)[1]
