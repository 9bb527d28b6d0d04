"""Updates: what the new item is, what is refused against an item, and what is left alone."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.request import Expressions
from dqlmock.expressions.update import Update

ITEM: dict[str, Any] = {
    "pk": {"S": "p"},
    "a": {"S": "A"},
    "n": {"N": "5"},
    "l": {"L": [{"S": "l0"}, {"S": "l1"}, {"S": "l2"}]},
    "m": {"M": {"x": {"N": "1"}, "ss": {"SS": ["p", "q"]}, "l": {"L": [{"N": "1"}]}}},
    "ss": {"SS": ["p", "q"]},
    "ns": {"NS": ["2", "10"]},
    "bs": {"BS": ["AQ=="]},
    "nu": {"NULL": True},
}
VALUES: dict[str, Any] = {
    ":s": {"S": "x"},
    ":n": {"N": "1"},
    ":tenth": {"N": "0.1"},
    ":l": {"L": [{"S": "z"}]},
    ":m": {"M": {"k": {"S": "x"}}},
    ":ss": {"SS": ["p", "r"]},
    ":pq": {"SS": ["p", "q"]},
    ":ns": {"NS": ["3", "20"]},
    ":bs": {"BS": ["AA==", "AQ=="]},
}
L0, L1, L2, X, ONE = {"S": "l0"}, {"S": "l1"}, {"S": "l2"}, {"S": "x"}, {"N": "1"}
GONE = None


def update(text: str) -> Update:
    return Expressions(None, VALUES).update(text)


def map_with(**changes: Any) -> Any:
    members = {**ITEM["m"]["M"], **changes}
    return {"M": {key: value for key, value in members.items() if value is not GONE}}


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        # SET
        ("SET x = :s", {"x": X}),
        ("SET x = :s, y = :n", {"x": X, "y": ONE}),
        ("SET a = a", {}),
        ("SET x = n + :n", {"x": {"N": "6"}}),
        ("SET x = n - :tenth", {"x": {"N": "4.9"}}),
        ("SET x = :n - n", {"x": {"N": "-4"}}),
        ("SET n = n + n", {"n": {"N": "10"}}),
        ("SET x = (n) + (:n)", {"x": {"N": "6"}}),
        ("SET x = (n + :n)", {"x": {"N": "6"}}),
        ("SET x = if_not_exists(x, :n) + :n", {"x": {"N": "2"}}),
        ("SET n = if_not_exists(n, :n) + :n", {"n": {"N": "6"}}),
        ("SET x = if_not_exists(q, if_not_exists(r, :n))", {"x": ONE}),
        ("SET x = if_not_exists(q.r, :s)", {"x": X}),
        ("SET x = list_append(l, :l)", {"x": {"L": [L0, L1, L2, {"S": "z"}]}}),
        ("SET x = list_append(:l, l)", {"x": {"L": [{"S": "z"}, L0, L1, L2]}}),
        ("SET x = list_append(if_not_exists(q, :l), :l)", {"x": {"L": [{"S": "z"}] * 2}}),
        ("SET x = l[1]", {"x": L1}),
        # Nested paths
        ("SET m.x = m.x + :n", {"m": map_with(x={"N": "2"})}),
        ("SET m.y = :s", {"m": map_with(y=X)}),
        ("SET m.l[0] = :s", {"m": map_with(l={"L": [X]})}),
        ("SET m.l[4] = :s, m.y = :n", {"m": map_with(l={"L": [ONE, X]}, y=ONE)}),
        ("SET l[1] = :s", {"l": {"L": [L0, X, L2]}}),
        ("SET l[5] = :s", {"l": {"L": [L0, L1, L2, X]}}),
        ("SET l[9] = :n, l[7] = :s", {"l": {"L": [L0, L1, L2, X, ONE]}}),
        # Everything is read before anything is written.
        ("SET x = n, n = :s", {"x": {"N": "5"}, "n": X}),
        ("SET l[0] = l[1], l[1] = l[0]", {"l": {"L": [L1, L0, L2]}}),
        ("SET l = list_append(l, :l), x = l[0]", {"l": {"L": [L0, L1, L2, {"S": "z"}]}, "x": L0}),
        ("REMOVE m SET x = m.x", {"m": GONE, "x": ONE}),
        # REMOVE
        ("REMOVE a", {"a": GONE}),
        ("REMOVE q", {}),
        ("REMOVE a, nu", {"a": GONE, "nu": GONE}),
        ("REMOVE m.x", {"m": map_with(x=GONE)}),
        ("REMOVE m.q", {}),
        ("REMOVE l[1]", {"l": {"L": [L0, L2]}}),
        ("REMOVE l[0], l[1]", {"l": {"L": [L2]}}),
        ("REMOVE l[0], l[2]", {"l": {"L": [L1]}}),
        ("REMOVE l[0], l[1], l[2]", {"l": {"L": []}}),
        ("REMOVE l[9]", {}),
        # Indexes are those of the old list, whatever the other sections do.
        ("SET l[0] = :s REMOVE l[1]", {"l": {"L": [X, L2]}}),
        ("SET l[1] = :s REMOVE l[0]", {"l": {"L": [X, L2]}}),
        ("SET l[5] = :s REMOVE l[0]", {"l": {"L": [L1, L2, X]}}),
        ("SET l[3] = :n, l[9] = :s REMOVE l[0], l[2]", {"l": {"L": [L1, ONE, X]}}),
        # ADD
        ("ADD n :n", {"n": {"N": "6"}}),
        ("ADD q :n", {"q": ONE}),
        ("ADD ss :ss", {"ss": {"SS": ["p", "q", "r"]}}),
        ("ADD ss :pq", {}),
        ("ADD ns :ns", {"ns": {"NS": ["2", "3", "10", "20"]}}),
        ("ADD bs :bs", {"bs": {"BS": ["AA==", "AQ=="]}}),
        ("ADD q :ss", {"q": {"SS": ["p", "r"]}}),
        ("ADD m.x :n", {"m": map_with(x={"N": "2"})}),
        ("ADD m.y :n", {"m": map_with(y=ONE)}),
        ("ADD m.ss :ss", {"m": map_with(ss={"SS": ["p", "q", "r"]})}),
        ("ADD l[5] :n", {"l": {"L": [L0, L1, L2, ONE]}}),
        # DELETE
        ("DELETE ss :ss", {"ss": {"SS": ["q"]}}),
        ("DELETE ss :pq", {"ss": GONE}),
        ("DELETE m.ss :pq", {"m": map_with(ss=GONE)}),
        ("DELETE q :ss", {}),
        ("DELETE m.q :ss", {}),
        ("DELETE l[9] :ss", {}),
        # All together, in any order
        (
            "delete ss :ss add n :n remove a, l set x = :s",
            {"ss": {"SS": ["q"]}, "n": {"N": "6"}, "a": GONE, "l": GONE, "x": X},
        ),
    ],
)
def test_the_new_item(text: str, changes: dict[str, Any]) -> None:
    before = copy.deepcopy(ITEM)
    expected = {name: value for name, value in {**ITEM, **changes}.items() if value is not GONE}
    assert update(text).apply(ITEM) == expected
    assert before == ITEM


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("SET x = :s", {"x": X}),
        ("ADD n :n", {"n": ONE}),
        ("ADD n :ss", {"n": {"SS": ["p", "r"]}}),
        ("DELETE n :ss", {}),
        ("REMOVE n", {}),
    ],
)
def test_a_missing_item_is_made(text: str, item: dict[str, Any]) -> None:
    assert update(text).apply({}) == item


INVALID_PATH = "The document path provided in the update expression is invalid for update"
ABSENT = "The provided expression refers to an attribute that does not exist in the item"
WRONG_TYPE = "An operand in the update expression has an incorrect data type"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        *[
            (text, INVALID_PATH)
            for text in (
                "SET q.r = :s",
                "SET a.b = :s",
                "SET a[0] = :s",
                "SET m[0] = :s",
                "SET l.x = :s",
                "SET m.q.r = :s",
                "SET l[9].a = :s",
                "SET x[0] = :s",
                "REMOVE q.r",
                "REMOVE a.b",
                "REMOVE m[0]",
                "REMOVE l.x",
                "ADD q.r :n",
                "ADD a.b :n",
                "DELETE q.r :ss",
                # The path of an action is looked at before its value.
                "SET a.b = zz",
            )
        ],
        *[
            (text, ABSENT)
            for text in (
                "SET x = q",
                "SET x = q.r",
                "SET x = a.b",
                "SET x = l[9]",
                "SET x = x",
                "SET x = q + :n",
                "SET x = zz + a",
                "SET x = list_append(zz, a)",
                "SET x = if_not_exists(q, w)",
                "SET x = if_not_exists(a, w)",
                # SET is computed before ADD, wherever it is written.
                "ADD a :n SET x = zz",
            )
        ],
        *[
            (text, WRONG_TYPE)
            for text in (
                "SET x = a + :n",
                "SET x = nu - :n",
                "SET x = a + zz",
                "SET x = list_append(l, a)",
                "SET x = list_append(l, if_not_exists(q, :n))",
                "SET x = if_not_exists(x, l) + :n",
                "ADD a :n",
                "ADD n :ss",
                "ADD ss :n",
                "ADD ss :ns",
                "ADD l[0] :n",
                "DELETE ss :ns",
                "DELETE n :ss",
                "DELETE l[0] :ss",
            )
        ],
    ],
)
def test_an_update_that_does_not_fit_the_item(text: str, message: str) -> None:
    with pytest.raises(ValidationException) as caught:
        update(text).apply(ITEM)
    assert caught.value.message == message
    assert caught.value.family is Family.BARE


def test_what_is_not_touched_is_shared() -> None:
    updated = update("SET m.y = :s, l[0] = :s").apply(ITEM)
    assert updated["ss"] is ITEM["ss"]
    assert updated["m"]["M"]["l"] is ITEM["m"]["M"]["l"]
    assert updated["l"]["L"][1] is ITEM["l"]["L"][1]


def test_roots_stand_in_the_order_in_which_they_are_written() -> None:
    expressions = Expressions({"#p": "pk"}, VALUES)
    touched = expressions.update("REMOVE m.x, z SET #p = :s, m.y = n + :n ADD b :n")
    assert touched.roots == ("m", "z", "pk", "b")


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("SET n = :s", {"n": {"N": "5"}}, {"n": X}),
        ("SET x = :s", {}, {"x": X}),
        ("REMOVE a", {"a": {"S": "A"}}, {}),
        ("SET m.x = :s", {"m": {"M": {"x": ONE}}}, {"m": {"M": {"x": X}}}),
        ("REMOVE m.x", {"m": {"M": {"x": ONE}}}, {}),
        (
            "SET l[0] = :s, l[2] = :n",
            {"l": {"L": [L0, L2]}},
            {"l": {"L": [X, ONE]}},
        ),
        ("SET l[9] = :s", {}, {}),
        ("ADD n :n", {"n": {"N": "5"}}, {"n": {"N": "6"}}),
        ("DELETE ss :pq", {"ss": {"SS": ["p", "q"]}}, {}),
    ],
)
def test_touched_parts(text: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    changed = update(text)
    assert changed.touched(ITEM) == old
    assert changed.touched(changed.apply(ITEM)) == new


def test_a_sum_out_of_range_is_refused() -> None:
    big: dict[str, Any] = {"a": {"N": "9" * 38}}
    with pytest.raises(ValidationException, match="38"):
        Expressions(None, {":v": {"N": "0.1"}}).update("SET a = a + :v").apply(big)
