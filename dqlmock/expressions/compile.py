"""Conditions to closures.

Owns how a condition is evaluated. A closure takes the request's values and the item's attributes,
so that one compiled condition serves every request with the same text and names.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from dqlmock.expressions import functions, nodes
from dqlmock.expressions.paths import Reader, path_reader
from dqlmock.values.types import Attributes, AttributeValue

Test: TypeAlias = Callable[[Attributes, Attributes], bool]
"""(values of the request, attributes of the item) → whether the condition holds."""

_HOLDS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Filter:
    """A condition with the values it compares, called with an item's attributes.

    Args:
        test: The condition.
        values: What it refers to.
        attributes: Names of the attributes that it is about.

    >>> adult = nodes.Comparison(">=", nodes.Path(("age",)), nodes.Value(":n"))
    >>> is_adult = Filter(compile_condition(adult), {":n": {"N": "18"}}, frozenset({"age"}))
    >>> is_adult({"age": {"N": "20"}}), is_adult({})
    (True, False)
    """

    __slots__ = ("_test", "_values", "attributes")

    def __init__(self, test: Test, values: Attributes, attributes: frozenset[str]) -> None:
        self._test = test
        self._values = values
        self.attributes = attributes

    def __call__(self, attributes: Attributes) -> bool:
        """Tell whether the condition holds for an item."""
        return self._test(self._values, attributes)


def compile_condition(condition: nodes.Condition) -> Test:
    """Return the closure that evaluates a condition.

    Args:
        condition: Placeholders of names replaced, checked, so no deeper than 300 operators.

    Returns:
        A function of the request's values and an item's attributes. A missing item is an item
        without attributes.

    >>> adult = nodes.Comparison(">=", nodes.Path(("age",)), nodes.Value(":n"))
    >>> compile_condition(adult)({":n": {"N": "18"}}, {"age": {"N": "20"}})
    True
    """
    return _test(condition)


def _test(condition: nodes.Condition) -> Test:
    match condition:
        case nodes.Comparison("="):
            return _equal(operand_reader(condition.left), operand_reader(condition.right))
        case nodes.Comparison("<>"):
            # A missing attribute is unequal to everything (DynamoDB Local).
            return _negated(_equal(operand_reader(condition.left), operand_reader(condition.right)))
        case nodes.Comparison():
            return _ordered(
                operand_reader(condition.left),
                operand_reader(condition.right),
                _HOLDS[condition.operator],
            )
        case nodes.Between():
            return _between(*map(operand_reader, nodes.children(condition)))
        case nodes.Membership():
            return _membership(
                operand_reader(condition.operand),
                tuple(map(operand_reader, condition.choices)),
            )
        case nodes.Call():
            return _predicate(condition)
        case nodes.Not():
            return _not(condition)
        case nodes.And():
            return _all(tuple(map(_test, condition.conditions)))
        case nodes.Or():
            return _any(tuple(map(_test, condition.conditions)))


def operand_reader(operand: Any) -> Reader:
    """Return the closure that reads an operand of a condition: a path, a value or `size`.

    >>> operand_reader(nodes.Call("size", (nodes.Path(("a",)),)))({}, {"a": {"S": "xy"}})
    {'N': '2'}
    """
    if isinstance(operand, nodes.Path):
        return path_reader(operand.steps)
    if isinstance(operand, nodes.Value):
        name = operand.name
        return lambda values, attributes: values[name]
    sized = operand_reader(operand.arguments[0])
    return lambda values, attributes: functions.size(sized(values, attributes))


def _equal(left: Reader, right: Reader) -> Test:
    def test(values: Attributes, attributes: Attributes) -> bool:
        value = left(values, attributes)
        return value is not None and value == right(values, attributes)

    return test


def _ordered(left: Reader, right: Reader, holds: Callable[[Any, Any], bool]) -> Test:
    def test(values: Attributes, attributes: Attributes) -> bool:
        pair = functions.ordered(left(values, attributes), right(values, attributes))
        return pair is not None and holds(*pair)

    return test


def _between(value: Reader, low: Reader, high: Reader) -> Test:
    return lambda values, attributes: functions.is_between(
        value(values, attributes), low(values, attributes), high(values, attributes)
    )


def _membership(operand: Reader, choices: tuple[Reader, ...]) -> Test:
    def test(values: Attributes, attributes: Attributes) -> bool:
        value = operand(values, attributes)
        if value is None:
            return False
        return any(value == choice(values, attributes) for choice in choices)

    return test


def _predicate(call: nodes.Call) -> Test:
    first = operand_reader(call.arguments[0])
    if call.function == "attribute_exists":
        return lambda values, attributes: first(values, attributes) is not None
    if call.function == "attribute_not_exists":
        return lambda values, attributes: first(values, attributes) is None
    second = operand_reader(call.arguments[1])
    meaning = _MEANINGS[call.function]
    return lambda values, attributes: meaning(first(values, attributes), second(values, attributes))


def _has_type(value: AttributeValue | None, name: AttributeValue | None) -> bool:
    return value is not None and name is not None and name["S"] in value


_MEANINGS: Final[dict[str, Callable[[AttributeValue | None, AttributeValue | None], bool]]] = {
    "attribute_type": _has_type,
    "begins_with": functions.begins_with,
    "contains": functions.contains,
}


def _not(condition: nodes.Not) -> Test:
    negations, inner = 1, condition.condition
    while isinstance(inner, nodes.Not):
        negations, inner = negations + 1, inner.condition
    test = _test(inner)
    return _negated(test) if negations % 2 else test


def _negated(test: Test) -> Test:
    return lambda values, attributes: not test(values, attributes)


def _all(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 2:
        first, second = tests
        return lambda values, attributes: first(values, attributes) and second(values, attributes)
    return lambda values, attributes: all(test(values, attributes) for test in tests)


def _any(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 2:
        first, second = tests
        return lambda values, attributes: first(values, attributes) or second(values, attributes)
    return lambda values, attributes: any(test(values, attributes) for test in tests)
