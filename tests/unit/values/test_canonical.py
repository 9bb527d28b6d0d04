"""Values become canonical, or are refused in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import Family, ValidationException
from dqlmock.values.canonical import canonical_attributes, canonical_value

INVALID = "One or more parameter values were invalid: "
EMPTY = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
SEVERAL = (
    "Supplied AttributeValue has more than one datatypes set, "
    "must contain exactly one of the supported datatypes"
)
NOT_NUMERIC = "The parameter cannot be converted to a numeric value: x"
TOO_DEEP = (
    "Nesting Levels have exceeded supported limits: "
    "Attributes in the item have nested levels beyond supported limit"
)


def refusal(value: dict[str, Any]) -> ValidationException:
    with pytest.raises(ValidationException) as refused:
        canonical_value(value)
    return refused.value


def nested(levels: int, leaf: dict[str, Any], tag: str = "M") -> dict[str, Any]:
    for _ in range(levels):
        leaf = {"M": {"n": leaf}} if tag == "M" else {"L": [leaf]}
    return leaf


@pytest.mark.parametrize(
    "value",
    [
        {"S": ""},
        {"S": "é"},
        {"N": "1.5"},
        {"B": ""},
        {"B": "AAE="},
        {"BOOL": False},
        {"NULL": True},
        {"SS": [""]},
        {"SS": ["Z", "a", "é", "\uffff", "\U0001f600"]},
        {"NS": ["-2", "-1.5", "0", "9", "10"]},
        {"BS": ["", "AA==", "YQ==", "/w=="]},
        {"L": []},
        {"M": {}},
        {"L": [{"M": {"a": {"N": "1"}}}, {"S": "x"}]},
    ],
)
def test_a_canonical_value_comes_back_as_it_is(value: dict[str, Any]) -> None:
    assert canonical_value(value) is value
    assert canonical_attributes({"a": value})["a"] is value


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        ({"N": "1.0"}, {"N": "1"}),
        ({"SS": ["b", "a", ""]}, {"SS": ["", "a", "b"]}),
        ({"SS": ["\U0001f600", "\uffff"]}, {"SS": ["\uffff", "\U0001f600"]}),
        ({"NS": ["10", "9", "-1", "0.50"]}, {"NS": ["-1", "0.5", "9", "10"]}),
        ({"BS": ["/w==", "YQ==", "AA=="]}, {"BS": ["AA==", "YQ==", "/w=="]}),
        ({"L": [{"S": "a"}, {"N": "01"}]}, {"L": [{"S": "a"}, {"N": "1"}]}),
        (
            {"M": {"a": {"S": "x"}, "b": {"L": [{"N": "1E1"}]}, "c": {"N": "1"}}},
            {"M": {"a": {"S": "x"}, "b": {"L": [{"N": "10"}]}, "c": {"N": "1"}}},
        ),
    ],
)
def test_what_is_not_canonical_is_copied(value: dict[str, Any], canonical: object) -> None:
    given = repr(value)
    assert canonical_value(value) == canonical
    assert canonical_attributes({"a": value}) == {"a": canonical}
    assert repr(value) == given


def test_only_what_changes_is_copied() -> None:
    kept = {"L": [{"S": "a"}]}
    item: dict[str, Any] = {"M": {"number": {"N": "01"}, "kept": kept}}
    result = canonical_value(item)
    assert result["M"]["kept"] is kept
    assert list(result["M"]) == ["number", "kept"]


def test_attributes_keep_their_order() -> None:
    attributes: dict[str, Any] = {"b": {"N": "01"}, "a": {"S": "x"}, "c": {"NS": ["2", "1"]}}
    assert list(canonical_attributes(attributes)) == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({}, EMPTY),
        ({"L": [{}]}, EMPTY),
        ({"M": {"a": {}}}, EMPTY),
        ({"S": "a", "N": "1"}, SEVERAL),
        ({"S": "a", "BOOL": True}, SEVERAL),
        ({"L": [{"S": "a", "N": "1"}]}, SEVERAL),
        ({"SS": []}, INVALID + "An string set  may not be empty"),
        ({"NS": []}, INVALID + "An number set  may not be empty"),
        ({"BS": []}, INVALID + "Binary sets should not be empty"),
        ({"NS": ["1", "1.0"]}, "Input collection contains duplicates"),
        ({"NS": ["1", "x"]}, NOT_NUMERIC),
        ({"N": "x"}, NOT_NUMERIC),
        (
            {"NULL": False},
            INVALID + "Null attribute value types must have the value of true",
        ),
    ],
)
def test_values_that_break_a_rule_are_refused(value: dict[str, Any], message: str) -> None:
    error = refusal(value)
    assert (error.message, error.family, error.older) == (message, Family.VALUE, None)
    with pytest.raises(ValidationException) as refused:
        canonical_attributes({"good": {"S": "a"}, "bad": value})
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("value", "message", "older"),
    [
        (
            {"SS": ["a", "a"]},
            'Input collection ["a", "a"] contains duplicates.',
            "Input collection [a, a] contains duplicates.",
        ),
        (
            {"SS": ["b", "", "a", ""]},
            'Input collection ["b", "", "a", ""] contains duplicates.',
            "Input collection [b, , a, ] contains duplicates.",
        ),
        (
            {"BS": ["", ""]},
            'Input collection ["",""]of type BS contains duplicates.',
            "Input collection [, ]of type BS contains duplicates.",
        ),
        (
            {"BS": ["Yg==", "Yg=="]},
            'Input collection ["Yg==","Yg=="]of type BS contains duplicates.',
            "Input collection [Yg==, Yg==]of type BS contains duplicates.",
        ),
    ],
)
def test_duplicates_are_worded_by_region(value: dict[str, Any], message: str, older: str) -> None:
    error = refusal(value)
    assert (error.message, error.older) == (INVALID + message, INVALID + older)
    assert error.family is Family.VALUE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"N": "x", "SS": []}, INVALID + "An string set  may not be empty"),
        ({"NS": [], "N": "x"}, NOT_NUMERIC),
        ({"BS": [], "NS": []}, INVALID + "An number set  may not be empty"),
        ({"NULL": False, "L": [{}]}, EMPTY),
        ({"L": [{"N": "x"}], "M": {"a": {}}}, EMPTY),
        (
            {"NULL": False, "S": "a"},
            INVALID + "Null attribute value types must have the value of true",
        ),
    ],
)
def test_a_broken_member_goes_before_several_members(value: dict[str, Any], message: str) -> None:
    assert refusal(value).message == message


@pytest.mark.parametrize("tag", ["M", "L"])
@pytest.mark.parametrize(
    ("levels", "leaf"), [(31, {"S": "leaf"}), (31, {"SS": ["a"]}), (30, {"L": []}), (30, {"M": {}})]
)
def test_values_nest_to_32_levels(levels: int, leaf: dict[str, Any], tag: str) -> None:
    value = nested(levels, leaf, tag)
    assert canonical_value(value) is value
    assert canonical_attributes({"a": value})["a"] is value
    error = refusal(nested(levels + 1, leaf, tag))
    assert (error.message, error.family) == (TOO_DEEP, Family.NESTING)


def test_deep_nesting_is_refused_without_recursing_into_it() -> None:
    assert refusal(nested(100_000, {"N": "x"}, "L")).family is Family.NESTING


def test_the_first_broken_rule_in_the_document_is_reported() -> None:
    deep = nested(40, {"S": "leaf"})
    assert refusal({"L": [{"N": "x"}, deep]}).message == NOT_NUMERIC
    assert refusal({"L": [deep, {"N": "x"}]}).message == TOO_DEEP


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Empty attribute name"),
        ("n" * 65_536, "Attribute name is too large, must be less than 65536 bytes"),
        ("é" * 32_768, "Attribute name is too large, must be less than 65536 bytes"),
    ],
    ids=["empty", "ascii", "two bytes each"],
)
def test_names_that_no_attribute_can_have(name: str, message: str) -> None:
    for attributes in (
        {name: {"S": "x"}},
        {"a": {"M": {name: {"S": "x"}}}},
        {"a": {"L": [{"M": {name: {"S": "x"}}}]}},
    ):
        with pytest.raises(ValidationException) as refused:
            canonical_attributes(attributes)
        assert refused.value.message == message
        assert refused.value.family is Family.VALUE


@pytest.mark.parametrize("name", ["n", "n" * 65_535, "é" * 32_767 + "n", "\ud83d" * 5_500])
def test_names_up_to_65535_bytes(name: str) -> None:
    attributes: dict[str, Any] = {name: {"M": {name: {"S": "x"}}}}
    assert canonical_attributes(attributes) == attributes


def test_the_fault_of_a_value_is_told_before_the_one_of_its_name() -> None:
    with pytest.raises(ValidationException, match="numeric value"):
        canonical_attributes({"": {"N": "x"}})
