"""The legacy parameters: what they mean and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.keycond import BoundKey, SortCondition
from dqlmock.expressions.legacy import (
    attribute_updates,
    attributes_to_get,
    expected,
    filter_conditions,
    key_conditions,
)

S, N, B, BOOL, NULL = {"S": "x"}, {"N": "1"}, {"B": "eA=="}, {"BOOL": True}, {"NULL": True}
SS, NS = {"SS": ["a"]}, {"NS": ["1"]}
L: dict[str, Any] = {"L": []}
M: dict[str, Any] = {"M": {}}
ITEM: dict[str, Any] = {
    "x": S,
    "n": {"N": "5"},
    "l": {"L": [S]},
    "ss": SS,
    "nu": NULL,
}
INVALID = "One or more parameter values were invalid: "


def condition(operator: str, *operands: Any) -> dict[str, Any]:
    return {"ComparisonOperator": operator, "AttributeValueList": list(operands)}


@pytest.mark.parametrize(
    ("name", "operator", "operands", "holds"),
    [
        ("x", "EQ", (S,), True),
        ("n", "EQ", (N,), False),
        ("ss", "EQ", (SS,), True),
        ("n", "NE", (S,), True),
        ("ss", "NE", (SS,), False),
        ("q", "NE", (S,), True),
        ("n", "LT", ({"N": "10"},), True),
        ("n", "LE", ({"N": "5"},), True),
        ("n", "GT", ({"N": "5"},), False),
        ("n", "GE", ({"N": "5"},), True),
        ("n", "LT", (S,), False),
        ("q", "LT", (S,), False),
        ("n", "BETWEEN", ({"N": "5"}, {"N": "6"}), True),
        ("n", "BETWEEN", ({"N": "6"}, {"N": "7"}), False),
        ("n", "IN", ({"N": "4"}, {"N": "5"}), True),
        ("n", "IN", ({"N": "4"},), False),
        ("x", "BEGINS_WITH", ({"S": ""},), True),
        ("x", "BEGINS_WITH", ({"S": "y"},), False),
        ("l", "CONTAINS", (S,), True),
        ("ss", "CONTAINS", ({"S": "a"},), True),
        ("x", "CONTAINS", (N,), False),
        ("l", "NOT_CONTAINS", (N,), True),
        ("x", "NOT_CONTAINS", (S,), False),
        ("q", "NOT_CONTAINS", (S,), False),
        ("q", "NULL", (), True),
        ("nu", "NULL", (), False),
        ("nu", "NOT_NULL", (), True),
        ("q", "NOT_NULL", (), False),
    ],
)
def test_comparison_operators(
    name: str, operator: str, operands: tuple[Any, ...], holds: bool
) -> None:
    conditions = {name: condition(operator, *operands)}
    test = filter_conditions(conditions, None)
    assert test.attributes == {name}
    assert test(ITEM) is holds
    assert expected(conditions, None)(ITEM) is holds


@pytest.mark.parametrize(
    ("operator", "operands", "reason"),
    [
        *[
            (
                operator,
                operands,
                f"Invalid number of argument(s) for the {operator} ComparisonOperator",
            )
            for operator, operands in [
                ("EQ", ()),
                ("EQ", (S, S)),
                ("GE", ()),
                ("BETWEEN", (S,)),
                ("BETWEEN", (S, S, S)),
                ("IN", ()),
                ("NULL", (S,)),
                ("NOT_NULL", (S,)),
            ]
        ],
        *[
            (
                operator,
                operands,
                f"ComparisonOperator {operator} is not valid for {found} AttributeValue type",
            )
            for operator, operands, found in [
                ("LT", (SS,), "SS"),
                ("GE", (BOOL,), "BOOL"),
                ("IN", (BOOL,), "BOOL"),
                ("IN", (M,), "M"),
                ("BETWEEN", (NULL, NULL), "NULL"),
                ("CONTAINS", (SS,), "SS"),
                ("CONTAINS", (L,), "L"),
                ("NOT_CONTAINS", (M,), "M"),
                ("BEGINS_WITH", (N,), "N"),
            ]
        ],
        ("IN", (S, N), "AttributeValues inside AttributeValueList must be of same type"),
        ("BETWEEN", (S, N), "AttributeValues inside AttributeValueList must be of same type"),
    ],
)
def test_values_that_an_operator_does_not_take(
    operator: str, operands: tuple[Any, ...], reason: str
) -> None:
    conditions = {"x": condition(operator, *operands)}
    for take in (filter_conditions, expected):
        with pytest.raises(ValidationException) as caught:
            take(conditions, None)
        assert caught.value.message == INVALID + reason
        assert caught.value.family is Family.PARAMETERS
    with pytest.raises(ValidationException) as caught:
        key_conditions(conditions)
    assert caught.value.message == INVALID + reason


def test_bounds_in_the_wrong_order() -> None:
    conditions = {"x": condition("BETWEEN", {"N": "10"}, {"N": "9"})}
    with pytest.raises(ValidationException) as caught:
        filter_conditions(conditions, None)
    assert caught.value.message == (
        "The BETWEEN condition was provided a range where the lower bound is greater than the"
        " upper bound"
    )


def test_conditions_are_joined_by_and_unless_or_is_given() -> None:
    conditions = {"x": condition("EQ", S), "n": condition("EQ", N)}
    assert not filter_conditions(conditions, None)(ITEM)
    assert not filter_conditions(conditions, "AND")(ITEM)
    assert filter_conditions(conditions, "OR")(ITEM)
    assert filter_conditions({}, None)(ITEM)


@pytest.mark.parametrize(
    ("name", "members", "holds"),
    [
        ("x", {"Exists": False}, False),
        ("q", {"Exists": False}, True),
        ("x", {"Value": S}, True),
        ("x", {"Value": S, "Exists": True}, True),
        ("x", {"Value": N}, False),
        ("q", {"Value": S}, False),
        ("x", {"Value": S, "ComparisonOperator": "EQ"}, True),
        ("x", {"Value": S, "ComparisonOperator": "NE"}, False),
        ("q", {"ComparisonOperator": "NULL"}, True),
    ],
)
def test_members_of_expected(name: str, members: dict[str, Any], holds: bool) -> None:
    assert expected({name: members}, None)(ITEM) is holds


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({}, "Value must be provided when Exists is null"),
        ({"Exists": True}, "Value must be provided when Exists is true"),
        ({"Exists": False, "Value": S}, "Value cannot be used when Exists is false"),
        (
            {"Value": S, "AttributeValueList": [S]},
            "Value and AttributeValueList cannot be used together",
        ),
        (
            {"Exists": False, "AttributeValueList": [S]},
            "AttributeValueList can only be used with a ComparisonOperator",
        ),
        (
            {"Exists": False, "ComparisonOperator": "NULL"},
            "Exists and ComparisonOperator cannot be used together",
        ),
        (
            {"ComparisonOperator": "EQ"},
            "Value or AttributeValueList must be used with ComparisonOperator: EQ",
        ),
    ],
)
def test_members_of_expected_that_do_not_go_together(members: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationException) as caught:
        expected({"x": members}, None)
    assert caught.value.message == f"{INVALID}{reason} for Attribute: x"
    assert caught.value.family is Family.PARAMETERS


@pytest.mark.parametrize(
    ("operator", "operands", "sort"),
    [
        ("LT", (S,), SortCondition("<", (S,))),
        ("LE", (S,), SortCondition("<=", (S,))),
        ("GT", (S,), SortCondition(">", (S,))),
        ("GE", (S,), SortCondition(">=", (S,))),
        ("BETWEEN", (S, S), SortCondition("BETWEEN", (S, S))),
        ("BEGINS_WITH", (S,), SortCondition("begins_with", (S,))),
    ],
)
def test_key_conditions(operator: str, operands: tuple[Any, ...], sort: SortCondition) -> None:
    conditions = key_conditions({"sk": condition(operator, *operands), "pk": condition("EQ", S)})
    assert conditions.attributes == {"pk", "sk"}
    assert conditions.bind(["pk"], ["sk"]) == BoundKey((S,), (), sort)


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({}, "Conditions can be of length 1 or 2 only"),
        ({"pk": condition("GT", S)}, "Query key condition not supported"),
        (
            {"pk": condition("EQ", S), "sk": condition("NE", S)},
            "Attempted conditional constraint is not an indexable operation",
        ),
        (
            {"pk": condition("EQ", S), "sk": condition("IN", S)},
            "Attempted conditional constraint is not an indexable operation",
        ),
        ({"sk": condition("EQ", S)}, "Query condition missed key schema element: pk"),
    ],
)
def test_key_conditions_that_do_not_fit(conditions: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationException) as caught:
        key_conditions(conditions).bind(["pk"], ["sk"])
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("updates", "changes"),
    [
        ({}, {}),
        ({"x": {"Value": N}}, {"x": N}),
        ({"q": {"Action": "PUT", "Value": L}}, {"q": L}),
        ({"n": {"Action": "ADD", "Value": N}}, {"n": {"N": "6"}}),
        ({"q": {"Action": "ADD", "Value": N}}, {"q": N}),
        ({"ss": {"Action": "ADD", "Value": {"SS": ["b"]}}}, {"ss": {"SS": ["a", "b"]}}),
        ({"l": {"Action": "ADD", "Value": {"L": [N]}}}, {"l": {"L": [S, N]}}),
        ({"x": {"Action": "DELETE"}}, {"x": None}),
        ({"q": {"Action": "DELETE"}}, {}),
        ({"ss": {"Action": "DELETE", "Value": SS}}, {"ss": None}),
        ({"x": {"Value": N}, "n": {"Action": "ADD", "Value": N}}, {"x": N, "n": {"N": "6"}}),
    ],
)
def test_attribute_updates(updates: dict[str, Any], changes: dict[str, Any]) -> None:
    update = attribute_updates(updates)
    wanted = {name: value for name, value in {**ITEM, **changes}.items() if value is not None}
    assert update.apply(ITEM) == wanted
    assert update.roots == tuple(updates)


@pytest.mark.parametrize(
    ("update", "message"),
    [
        (
            {"Action": "PUT"},
            INVALID + "Only DELETE action is allowed when no attribute value is specified",
        ),
        ({}, INVALID + "Only DELETE action is allowed when no attribute value is specified"),
        (
            {"Action": "ADD", "Value": S},
            INVALID + "ADD action is not supported for the type S",
        ),
        (
            {"Action": "ADD", "Value": M},
            INVALID + "ADD action is not supported for the type M",
        ),
        (
            {"Action": "DELETE", "Value": N},
            INVALID + "DELETE action with value is not supported for the type N",
        ),
        ({"Action": "ADD", "Value": SS}, "Type mismatch for attribute to update"),
        ({"Action": "DELETE", "Value": NS}, "Type mismatch for attribute to update"),
    ],
)
def test_attribute_updates_that_are_refused(update: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationException) as caught:
        attribute_updates({"n": update}).apply(ITEM)
    assert caught.value.message == message


def test_attributes_to_get() -> None:
    projection = attributes_to_get(["x", "q", "a.b"])
    assert projection.apply({**ITEM, "a.b": B}) == {"x": S, "a.b": B}
    assert projection.roots == {"x", "q", "a.b"}
    with pytest.raises(ValidationException) as caught:
        attributes_to_get(["a", "b", "a"])
    assert caught.value.message == INVALID + "Duplicate value in attribute name: a"


def test_empty_names() -> None:
    for refuse in (
        lambda: expected({"": {"Exists": False}}, None),
        lambda: expected({"": condition("NULL")}, None),
        lambda: filter_conditions({"": condition("EQ", S)}, None),
        lambda: key_conditions({"": condition("EQ", S)}),
        lambda: attribute_updates({"": {"Action": "PUT"}}),
        lambda: attributes_to_get([""]),
    ):
        with pytest.raises(ValidationException) as refused:
            refuse()
        assert refused.value.message == "Empty attribute name"


def test_the_fault_of_a_condition_is_told_before_the_one_of_its_name() -> None:
    with pytest.raises(ValidationException, match="number of argument"):
        filter_conditions({"": condition("EQ")}, None)
