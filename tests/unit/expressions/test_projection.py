"""Projections: which parts of an item come out."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.expressions.request import Expressions

ITEM: dict[str, Any] = {
    "pk": {"S": "p"},
    "a": {"M": {"b": {"S": "bb"}, "c": {"S": "cc"}, "d": {"M": {"e": {"S": "ee"}}}}},
    "l": {"L": [{"M": {"x": {"S": "x0"}, "y": {"S": "y0"}}}, {"S": "l1"}, {"S": "l2"}]},
}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("pk", {"pk": {"S": "p"}}),
        ("pk, q", {"pk": {"S": "p"}}),
        ("a", {"a": ITEM["a"]}),
        ("a.b, a.c", {"a": {"M": {"b": {"S": "bb"}, "c": {"S": "cc"}}}}),
        ("a.d.e, pk", {"a": {"M": {"d": {"M": {"e": {"S": "ee"}}}}}, "pk": {"S": "p"}}),
        ("l[0].x, l[0].y", {"l": {"L": [{"M": {"x": {"S": "x0"}, "y": {"S": "y0"}}}]}}),
        ("l[2], l[1]", {"l": {"L": [{"S": "l1"}, {"S": "l2"}]}}),
        ("l[1], l[0].y", {"l": {"L": [{"M": {"y": {"S": "y0"}}}, {"S": "l1"}]}}),
        ("l[2], l[9]", {"l": {"L": [{"S": "l2"}]}}),
        ("q", {}),
        ("q.r.s", {}),
        ("a.q", {}),
        ("a.b.c", {}),
        ("a[0]", {}),
        ("l.x", {}),
        ("l[9]", {}),
        ("l[1].x", {}),
    ],
)
def test_parts_of_an_item(text: str, parts: dict[str, Any]) -> None:
    assert Expressions(None, None).projection(text).apply(ITEM) == parts


def test_paths_and_roots() -> None:
    projection = Expressions({"#a": "x.y"}, None).projection("l[0].x, #a, l[1]")
    assert projection.paths == (("l", 0, "x"), ("x.y",), ("l", 1))
    assert projection.roots == {"l", "x.y"}
