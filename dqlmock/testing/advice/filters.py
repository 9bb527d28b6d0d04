"""What a filter equates: the attributes a Query could have been made on.

Owns the reading of FilterExpression and its legacy forms. Requests that were refused don't come
here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dqlmock.engine.schema import KeySchema
from dqlmock.expressions import nodes
from dqlmock.expressions.parse import parse
from dqlmock.expressions.resolve import resolve
from dqlmock.testing.advice.observed import Observed

_LEGACY = ("ScanFilter", "QueryFilter")


def filter_of(parameters: Mapping[str, Any]) -> str | None:
    """Return what tells the filter of a Query or Scan from others, None where there is none.

    >>> filter_of({"ScanFilter": {"b": {}, "a": {}}}), filter_of({"Limit": 1})
    ('a, b', None)
    """
    text: str | None = parameters.get("FilterExpression")
    if text is not None:
        return text
    for name in _LEGACY:
        if parameters.get(name):
            return ", ".join(sorted(parameters[name]))
    return None


def equated_by_filter(parameters: Mapping[str, Any]) -> frozenset[str]:
    """Return the attributes that every item which passes the filter has one given value of.

    >>> sorted(equated_by_filter({
    ...     "FilterExpression": "#c = :c AND day = :d AND (size(x) = :n OR y = :d)",
    ...     "ExpressionAttributeNames": {"#c": "customer"},
    ... }))
    ['customer', 'day']
    """
    text = parameters.get("FilterExpression")
    if text is None:
        return frozenset(_equated_by_legacy(parameters))
    tree: Any = parse("FilterExpression", text)
    tree = resolve(tree, parameters.get("ExpressionAttributeNames", {}))
    return frozenset(_equated(tree))


def _equated(condition: nodes.Condition) -> Iterator[str]:
    if isinstance(condition, nodes.And):
        for part in condition.conditions:
            yield from _equated(part)
    elif isinstance(condition, nodes.Comparison) and condition.operator == "=":
        sides = {type(condition.left): condition.left, type(condition.right): condition.right}
        path = sides.get(nodes.Path)
        if isinstance(path, nodes.Path) and nodes.Value in sides and len(path.steps) == 1:
            yield str(path.steps[0])


def _equated_by_legacy(parameters: Mapping[str, Any]) -> Iterator[str]:
    if parameters.get("ConditionalOperator") == "OR":
        return
    for parameter in _LEGACY:
        for name, condition in parameters.get(parameter, {}).items():
            if condition.get("ComparisonOperator") == "EQ":
                yield name


def better_way(scan: Observed) -> str | None:
    """Return how what a Scan looks for could be read by its key, None where it can't.

    Args:
        scan: A Scan with a filter.
    """
    if scan.schema is None:
        return None
    equated = equated_by_filter(scan.parameters)
    key = scan.schema.key
    if equated.issuperset(key.names):
        return f"GetItem with {_named(key.names)}"
    if equated.issuperset(key.partition):
        return f"a Query on {_named(key.partition)}"
    for index in scan.schema.indexes.values():
        if index.name != scan.index and _serves(index.key, equated):
            return f"a Query of the index {index.name} on {_named(index.key.partition)}"
    own = scan.schema.indexes.get(scan.index or "")
    if own is not None and _serves(own.key, equated):
        return f"a Query of the index {own.name} on {_named(own.key.partition)}"
    return None


def _serves(key: KeySchema, equated: frozenset[str]) -> bool:
    return equated.issuperset(key.partition)


def _named(names: tuple[str, ...]) -> str:
    return " and ".join(names)
