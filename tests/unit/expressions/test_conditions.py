"""What conditions mean, against one item that has every type."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.expressions.request import Expressions

ITEM: dict[str, Any] = {
    "s": {"S": "abc"},
    "ab": {"S": "ab"},
    "x": {"S": "x"},
    "e": {"S": "😀é"},
    "n": {"N": "5"},
    "ten": {"N": "10"},
    "one": {"N": "1"},
    "two": {"N": "2"},
    "three": {"N": "3"},
    "b": {"B": "AQL/"},
    "b1": {"B": "AQ=="},
    "bt": {"BOOL": True},
    "nu": {"NULL": True},
    "ss": {"SS": ["a", "b"]},
    "ns": {"NS": ["1", "2"]},
    "bs": {"BS": ["eA=="]},
    "l": {"L": [{"S": "x"}, {"N": "1"}, {"L": []}]},
    "el": {"L": []},
    "m": {"M": {"k": {"S": "v"}, "j": {"N": "1"}}},
}
VALUES: dict[str, Any] = {
    ":s": {"S": "abc"},
    ":n": {"N": "5"},
    ":one": {"N": "1"},
    ":x": {"S": "x"},
    ":ab": {"S": "ab"},
    ":a": {"S": "a"},
    ":empty": {"S": ""},
    ":el": {"L": []},
    ":ss": {"SS": ["a", "b"]},
    ":nu": {"NULL": True},
    ":b1": {"B": "AQ=="},
    ":bx": {"B": "eA=="},
    ":S": {"S": "S"},
    ":NULL": {"S": "NULL"},
}


@pytest.mark.parametrize(
    "text",
    [
        # Equality: type and content; a missing attribute is unequal to everything.
        "s = :s",
        "ss = :ss",
        "nu = :nu",
        "el = :el",
        "m.j = l[1]",
        "s <> :n",
        "m <> l",
        "absent <> :s",
        "absent <> gone",
        "NOT absent = :s",
        # Order: numbers by value, text by UTF-8, binaries by byte.
        "n < ten",
        "n <= :n",
        "ten > n",
        "ab < s",
        "e > :s",
        "b > b1",
        "m.j >= l[1]",
        "NOT n < :s",
        "NOT absent < :s",
        # BETWEEN and IN.
        "n BETWEEN :one AND ten",
        "s BETWEEN :ab AND :x",
        "one BETWEEN :one AND :one",
        "NOT absent BETWEEN one AND n",
        "s IN (:ab, :s)",
        "one IN (size(l[0]))",
        # size
        "size(s) = three",
        "size(e) = three",
        "size(b) = three",
        "size(ss) = two",
        "size(l) = three",
        "size(m) = two",
        "size(:s) = three",
        "size(n) <> one",
        "size(bt) <> one",
        "size(absent) <> one",
        "size(ab) BETWEEN two AND three",
        # contains and begins_with
        "contains(s, :ab)",
        "contains(s, :empty)",
        "contains(:s, ab)",
        "contains(b, :b1)",
        "contains(ss, :a)",
        "contains(ns, :one)",
        "contains(bs, :bx)",
        "contains(l, :x)",
        "contains(l, :one)",
        "contains(l, :el)",
        "begins_with(s, :ab)",
        "begins_with(s, :empty)",
        "begins_with(s, ab)",
        "begins_with(b, :b1)",
        # attribute functions and paths
        "attribute_exists(m.k)",
        "attribute_exists(l[2])",
        "attribute_not_exists(l[3])",
        "attribute_not_exists(s.k)",
        "attribute_not_exists(absent)",
        "attribute_type(s, :S)",
        "attribute_type(nu, :NULL)",
        # Precedence
        "NOT s = :x OR n = :n",
        "s = :s OR n = :one AND n = :one",
        "NOT NOT s = :s",
        "s = :s AND n = :n AND one = :one",
        "s = :x OR n = :one OR one = :one",
    ],
)
def test_holds(text: str) -> None:
    assert Expressions(None, VALUES).condition(text)(ITEM) is True


@pytest.mark.parametrize(
    "text",
    [
        "s = :n",
        "absent = :s",
        "absent = gone",
        "absent = :nu",
        "absent < :s",
        "n < :s",
        "bt < nu",
        "ss < ns",
        "e < x",
        "n > ten",
        "b < b1",
        "one >= two",
        "n BETWEEN :one AND s",
        "n BETWEEN one AND absent",
        "absent BETWEEN one AND n",
        "s IN (n, absent)",
        "absent IN (gone)",
        "size(e) = two",
        "size(n) > one",
        "size(bt) = one",
        "size(absent) = one",
        "contains(s, :one)",
        "contains(n, :n)",
        "contains(ss, :ss)",
        "contains(m, :s)",
        "contains(l, :nu)",
        "contains(s, absent)",
        "contains(absent, :s)",
        "begins_with(n, :ab)",
        "begins_with(s, n)",
        "begins_with(s, :b1)",
        "begins_with(absent, :ab)",
        "attribute_exists(s.k)",
        "attribute_exists(m[0])",
        "attribute_not_exists(s)",
        "attribute_type(absent, :S)",
        "NOT s = :s",
        "NOT (s = :s OR n = :one)",
        "(s = :s OR n = :one) AND n = :one",
    ],
)
def test_does_not_hold(text: str) -> None:
    assert Expressions(None, VALUES).condition(text)(ITEM) is False


def test_a_missing_item_is_an_item_without_attributes() -> None:
    expressions = Expressions(None, None)
    assert expressions.condition("attribute_not_exists(pk)")({})
    assert not expressions.condition("attribute_exists(pk)")({})


def test_names_behind_placeholders_are_taken_as_they_are() -> None:
    expressions = Expressions({"#a": "x.y", "#b": "#b"}, {":v": {"S": "1"}})
    holds = expressions.condition("#a = :v AND m.#b = :v")
    assert holds({"x.y": {"S": "1"}, "m": {"M": {"#b": {"S": "1"}}}})
