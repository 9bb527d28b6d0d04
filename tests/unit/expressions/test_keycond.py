"""Key conditions: what they may say, and how they are laid on a key."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import ValidationException
from dqlmock.expressions.keycond import BoundKey, KeyConditions, SortCondition
from dqlmock.expressions.request import Expressions

VALUES: dict[str, Any] = {
    ":p": {"S": "p"},
    ":s": {"S": "x"},
    ":hi": {"S": "z"},
    ":n": {"N": "1"},
}
P, S, HI = ({"S": text} for text in ("p", "x", "z"))


def take(text: str) -> KeyConditions:
    return Expressions({"#k": "pk"}, VALUES).key_condition(text)()


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("pk = :p", None),
        ("#k = :p", None),
        (":p = pk", None),
        ("(pk) = (:p)", None),
        ("pk = :p AND sk < :s", SortCondition("<", (S,))),
        ("pk = :p AND sk <= :s", SortCondition("<=", (S,))),
        ("sk > :s AND pk = :p", SortCondition(">", (S,))),
        ("(pk = :p) AND (sk >= :s)", SortCondition(">=", (S,))),
        (":s < sk AND pk = :p", SortCondition(">", (S,))),
        (":s >= sk AND pk = :p", SortCondition("<=", (S,))),
        ("(pk = :p AND (sk BETWEEN :s AND :hi))", SortCondition("BETWEEN", (S, HI))),
        ("begins_with(sk, :s) AND pk = :p", SortCondition("begins_with", (S,))),
    ],
)
def test_a_condition_on_a_simple_key(text: str, sort: SortCondition | None) -> None:
    assert take(text).bind(["pk"], ["sk"]) == BoundKey((P,), (), sort)


def test_an_equal_sort_key() -> None:
    conditions = take("sk = :s AND pk = :p")
    assert conditions.attributes == {"pk", "sk"}
    assert conditions.bind(["pk"], ["sk"]) == BoundKey((P,), (S,), None)


MISSED = "Query condition missed key schema element: {}"
NOT_SUPPORTED = "Query key condition not supported"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sk = :s", MISSED.format("pk")),
        ("x = :s", MISSED.format("pk")),
        ("x = :s AND y = :p", MISSED.format("pk")),
        ("pk = :p AND x = :s", MISSED.format("sk")),
        ("pk = :p AND begins_with(x, :s)", MISSED.format("sk")),
        ("pk > :p", NOT_SUPPORTED),
        ("pk > :p AND sk = :s", NOT_SUPPORTED),
        ("pk BETWEEN :p AND :s", NOT_SUPPORTED),
        ("begins_with(pk, :p)", NOT_SUPPORTED),
        ("pk = :p AND sk = :s AND x = :s", "Conditions can be of length 1 or 2 only"),
    ],
)
def test_a_condition_that_does_not_fit_the_key(text: str, message: str) -> None:
    with pytest.raises(ValidationException) as caught:
        take(text).bind(["pk"], ["sk"])
    assert caught.value.message == message


def test_a_key_without_sort_attributes() -> None:
    assert take("pk = :p").bind(["pk"], []) == BoundKey((P,), (), None)
    with pytest.raises(ValidationException, match=NOT_SUPPORTED):
        take("pk = :p AND sk = :s").bind(["pk"], [])


INVALID = "Invalid KeyConditionExpression: KeyConditionExpressions "
NESTED = f"{INVALID}cannot have conditions on nested attributes"
TWICE = f"{INVALID}must only contain one condition per key"
IN_CONDITION = "Invalid condition in KeyConditionExpression: "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pk = :p OR sk = :s", "Invalid operator used in KeyConditionExpression: OR"),
        (
            "pk = :p AND (sk = :s OR sk = :hi)",
            "Invalid operator used in KeyConditionExpression: OR",
        ),
        ("NOT pk = :p", "Invalid operator used in KeyConditionExpression: NOT"),
        ("pk = :p AND sk <> :s", "Invalid operator used in KeyConditionExpression: <>"),
        ("pk = :p AND sk IN (:s)", "Invalid operator used in KeyConditionExpression: IN"),
        (
            "pk = :p AND contains(sk, :s)",
            "Invalid operator used in KeyConditionExpression: contains",
        ),
        (
            "pk = :p AND attribute_exists(sk)",
            "Invalid operator used in KeyConditionExpression: attribute_exists",
        ),
        ("pk = :p AND sk > :s AND sk < :hi", TWICE),
        ("pk = :p AND pk = :s", TWICE),
        (
            "pk = :p AND size(sk) = :n",
            "KeyConditionExpressions cannot contain nested operations",
        ),
        ("pk.a = :p", NESTED),
        ("pk = :p AND sk[0] = :s", NESTED),
        ("pk = :p AND :s < sk.a", NESTED),
        ("pk = :p AND begins_with(sk.a, :s)", NESTED),
        ("pk = :p AND x.y BETWEEN :s AND :s", NESTED),
        ("pk.a = sk", NESTED),
        ("pk = sk.a", IN_CONDITION + "Multiple attribute names used in one condition"),
        ("pk = sk", IN_CONDITION + "Multiple attribute names used in one condition"),
        (
            "pk = :p AND sk BETWEEN x AND :s",
            IN_CONDITION + "Multiple attribute names used in one condition",
        ),
        (":p = :s", IN_CONDITION + "No key attribute specified"),
        (
            "pk = :p AND begins_with(:s, sk)",
            IN_CONDITION + "begins_with operator must have the key attribute as its first operand",
        ),
        (
            ":s BETWEEN sk AND sk",
            IN_CONDITION + "BETWEEN operator must have the key attribute as its first operand",
        ),
        (
            "if_not_exists(pk, :p)",
            (
                "Invalid KeyConditionExpression: The function is not allowed in a condition"
                " expression; function: if_not_exists"
            ),
        ),
        ("", "Invalid KeyConditionExpression: The expression can not be empty;"),
    ],
)
def test_what_a_key_condition_may_not_say(text: str, message: str) -> None:
    with pytest.raises(ValidationException) as caught:
        take(text)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("text", "equal", "sort"),
    [
        ("b = :s AND a = :p", (), None),
        ("a = :p AND b = :s AND x = :hi", (HI,), None),
        ("a = :p AND b = :s AND x > :hi", (), SortCondition(">", (HI,))),
        ("a = :p AND b = :s AND y > :hi AND x = :p", (P,), SortCondition(">", (HI,))),
        ("a = :p AND b = :s AND y = :hi AND x = :p", (P, HI), None),
    ],
)
def test_a_key_of_several_attributes(
    text: str, equal: tuple[Any, ...], sort: SortCondition | None
) -> None:
    assert take(text).bind(["a", "b"], ["x", "y"]) == BoundKey((P, S), equal, sort)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = :p", MISSED.format("b")),
        ("a = :p AND b > :s", NOT_SUPPORTED),
        ("a = :p AND b = :s AND y = :hi", MISSED.format("x")),
        ("a = :p AND b = :s AND x > :s AND y = :hi", NOT_SUPPORTED),
        ("a = :p AND b = :s AND x = :s AND q = :hi", MISSED.format("y")),
    ],
)
def test_a_condition_that_does_not_fit_a_key_of_several_attributes(text: str, message: str) -> None:
    with pytest.raises(ValidationException) as caught:
        take(text).bind(["a", "b"], ["x", "y"])
    assert caught.value.message == message
