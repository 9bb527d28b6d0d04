"""The door: names, values, what is left unused, and what is kept between requests."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.plans import PLANS_KEPT, prepare
from dqlmock.expressions.request import Expressions

TEXT: dict[str, Any] = {"S": "x"}


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({}, "ExpressionAttributeNames must not be empty"),
        (
            {"foo": "a"},
            'ExpressionAttributeNames contains invalid key: Syntax error; key: "foo"',
        ),
        ({"#": "a"}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#"'),
        ({"#a-b": "a"}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b"'),
        ({"#é": "a"}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#é"'),
        ({":a": "a"}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: ":a"'),
        ({"#a\n": "a"}, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "#a\n"'),
        (
            {"": "a"},
            (
                "ExpressionAttributeNames contains invalid key:"
                " The expression attribute map contains an empty key;"
            ),
        ),
        (
            {"#" + "a" * 255: "b"},
            (
                "ExpressionAttributeNames contains invalid key:"
                " The expression attribute map contains a key that is too long; size of key: 256"
            ),
        ),
        (
            {"#a": ""},
            "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a",
        ),
        ({"#a": "é" * 32_768}, "Attribute name is too large, must be less than 65536 bytes"),
    ],
)
def test_malformed_names(names: dict[str, str], message: str) -> None:
    for _ in range(2):  # an error is not kept as an answer
        with pytest.raises(ValidationException) as caught:
            Expressions(names, None)
        assert caught.value.message == message
        assert caught.value.family is Family.EXPRESSION


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "ExpressionAttributeValues must not be empty"),
        (
            {"foo": TEXT},
            'ExpressionAttributeValues contains invalid key: Syntax error; key: "foo"',
        ),
        ({":": TEXT}, 'ExpressionAttributeValues contains invalid key: Syntax error; key: ":"'),
        (
            {":" + "a" * 255: TEXT},
            (
                "ExpressionAttributeValues contains invalid key:"
                " The expression attribute map contains a key that is too long;"
            ),
        ),
        ({"#a": TEXT}, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "#a"'),
    ],
)
def test_malformed_keys_of_values(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationException) as caught:
        Expressions(None, values)
    assert caught.value.message == message


def test_the_longest_key_and_name_are_accepted() -> None:
    longest = "#" + "a" * 254
    expressions = Expressions({longest: "b" * 65_535}, None)
    expressions.projection(longest)
    expressions.finish()


def test_unused_names_are_reported_before_unused_values() -> None:
    expressions = Expressions({"#a": "a", "#b": "b", "#c": "c"}, {":v": TEXT, ":x": TEXT})
    expressions.condition("#b = :v")
    with pytest.raises(ValidationException) as caught:
        expressions.finish()
    assert caught.value.message == (
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#c, #a}"
    )
    assert caught.value.family is Family.EXPRESSION


def test_unused_values() -> None:
    expressions = Expressions(None, {":v": TEXT, ":unused": TEXT})
    expressions.update("SET attr1 = :v")
    with pytest.raises(ValidationException) as caught:
        expressions.finish()
    assert caught.value.message == (
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}"
    )


def test_all_expressions_of_a_request_count_as_use() -> None:
    expressions = Expressions({"#a": "a", "#b": "b"}, {":p": TEXT, ":f": TEXT})
    expressions.key_condition("pk = :p")
    expressions.filter("#a = :f")
    expressions.projection("#b")
    expressions.finish()


def test_the_parameter_is_named_in_the_error() -> None:
    with pytest.raises(ValidationException, match=r"^Invalid FilterExpression: An expression"):
        Expressions(None, {":v": TEXT}).filter("#missing = :v")


def test_a_text_is_parsed_once() -> None:
    assert prepare("UpdateExpression", "SET z1 = :v") is prepare("UpdateExpression", "SET z1 = :v")


def test_plans_are_bounded_and_still_right_when_dropped() -> None:
    for number in range(2 * PLANS_KEPT):
        name = f"attribute{number}"
        expressions = Expressions({"#n": name}, {":v": TEXT})
        assert expressions.condition("#n = :v")({name: TEXT})
