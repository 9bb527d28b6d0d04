"""The parameters that expressions replaced: Expected, filters, KeyConditions, AttributeUpdates.

Owns what these parameters may say, and turns them into the nodes that expressions are parsed into,
so that both mean the same. The shapes of the parameters are checked already. All that is wrong with
one attribute's member, its values too, is told before anything of the next (dynalite, DynamoDB
Local).

Source: "Legacy DynamoDB conditional parameters" (LegacyConditionalParameters); the errors' words
are DynamoDB Local's where no other source is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, TypeAlias

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.compile import Filter, Test, compile_condition
from dqlmock.expressions.functions import ORDERED_TYPES, ordered, type_of
from dqlmock.expressions.keycond import KeyCondition, KeyConditions
from dqlmock.expressions.projection import Projection
from dqlmock.expressions.update import Update, compile_update
from dqlmock.values.canonical import canonical_value, check_attribute_name
from dqlmock.values.types import AttributeValue

Condition: TypeAlias = Mapping[str, Any]
"""`{"ComparisonOperator": "EQ", "AttributeValueList": [value]}`; in Expected Value, Exists too."""

_INVALID: Final = "One or more parameter values were invalid: "
_COMPARATORS: Final = {"EQ": "=", "NE": "<>", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
_KEY_OPERATORS: Final = {
    **{name: sign for name, sign in _COMPARATORS.items() if name != "NE"},
    "BETWEEN": "BETWEEN",
    "BEGINS_WITH": "begins_with",
}
_ARGUMENTS: Final = {"NULL": 0, "NOT_NULL": 0, "BETWEEN": 2}
_SEARCHED_TYPES: Final = ORDERED_TYPES | {"BOOL", "NULL"}
_TYPES: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(("LT", "LE", "GT", "GE", "BETWEEN", "IN"), ORDERED_TYPES),
    **dict.fromkeys(("CONTAINS", "NOT_CONTAINS"), _SEARCHED_TYPES),
    "BEGINS_WITH": frozenset({"S", "B"}),
}
_ADD_TYPES: Final = frozenset({"N", "SS", "NS", "BS", "L"})
_DELETE_TYPES: Final = frozenset({"SS", "NS", "BS"})


@lru_cache(maxsize=256)
def _compiled(conditions: tuple[nodes.Condition, ...], operator: str | None) -> Test:
    return compile_condition(nodes.Or(conditions) if operator == "OR" else nodes.And(conditions))


class _Values:
    """Gives each value of a legacy parameter a name, as ExpressionAttributeValues would."""

    def __init__(self) -> None:
        self.named: dict[str, AttributeValue] = {}

    def name(self, value: AttributeValue) -> nodes.Value:
        """Keep a value, and return the reference to it."""
        name = f":{len(self.named)}"
        self.named[name] = value
        return nodes.Value(name)


def expected(
    expected: Mapping[str, Condition], operator: str | None, *, any_depth: bool = False
) -> Filter:
    """Return what Expected means.

    Args:
        expected: Attribute name → condition.
        operator: ConditionalOperator.
        any_depth: Take values that nest deeper than an attribute may.

    Raises:
        ValidationException: Members that exclude or require each other, a value that no attribute
            could have, or one that the comparison operator doesn't take.

    >>> expected({"pk": {"Exists": False}}, None)({})
    True
    """
    values = _Values()
    conditions = tuple(
        _expectation(name, condition, values, any_depth=any_depth)
        for name, condition in expected.items()
    )
    return Filter(_compiled(conditions, operator), values.named, frozenset(expected))


def filter_conditions(
    conditions: Mapping[str, Condition],
    operator: str | None,
) -> Filter:
    """Return what QueryFilter or ScanFilter means.

    Args:
        conditions: Attribute name → condition.
        operator: ConditionalOperator.

    Returns:
        A predicate; its `attributes` are the names that a QueryFilter may not share with the key.

    Raises:
        ValidationException: A condition has too many or too few values, or of a wrong type, or one
            that no attribute could have.

    >>> is_new = {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "new"}]}
    >>> filter_conditions({"status": is_new}, None)({"status": {"S": "new"}})
    True
    """
    values = _Values()
    tests = tuple(
        _comparison(name, _canonical(condition), values) for name, condition in conditions.items()
    )
    return Filter(_compiled(tests, operator), values.named, frozenset(conditions))


def key_conditions(conditions: Mapping[str, Condition]) -> KeyConditions:
    """Return what KeyConditions means.

    Args:
        conditions: Attribute name → condition.

    Raises:
        ValidationException: There is none, or one has too many or too few values, of a wrong type
            or such as no attribute could have. What no key takes is reported when the conditions
            are bound.

    >>> pk = {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "a"}]}
    >>> key_conditions({"pk": pk}).bind(["pk"], []).partition
    ({'S': 'a'},)
    """
    if not conditions:
        raise ValidationException("Conditions can be of length 1 or 2 only")
    values = _Values()
    compiled = []
    for name, given in conditions.items():
        condition = _canonical(given)
        operator, operands = _checked_operator(condition), _operands(condition)
        check_attribute_name(name)
        compiled.append(
            KeyCondition(
                nodes.Path((name,)),
                _KEY_OPERATORS.get(operator, operator),
                tuple(values.name(operand).name for operand in operands),
            )
        )
    return KeyConditions(tuple(compiled), values.named)


def attribute_updates(updates: Mapping[str, Mapping[str, Any]]) -> Update:
    """Return what AttributeUpdates means.

    Args:
        updates: Attribute name → Action (PUT where there is none) and Value.

    Raises:
        ValidationException: An action without the value it needs, or with one of a wrong type, or
            such as no attribute could have.

    >>> attribute_updates({"n": {"Action": "ADD", "Value": {"N": "1"}}}).apply({"n": {"N": "1"}})
    {'n': {'N': '2'}}
    """
    values = _Values()
    sections = tuple(_section(name, _canonical(update), values) for name, update in updates.items())
    return Update(compile_update(nodes.UpdateTree(sections), legacy=True), values.named)


def attributes_to_get(names: Sequence[str]) -> Projection:
    """Return what AttributesToGet means.

    Raises:
        ValidationException: A name is given twice, or is empty.

    >>> attributes_to_get(["a"]).apply({"a": {"S": "x"}, "b": {"S": "y"}})
    {'a': {'S': 'x'}}
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise _invalid(f"Duplicate value in attribute name: {name}")
        seen.add(name)
        if not name:  # one that is too long is taken (DynamoDB Local)
            check_attribute_name(name)
    return Projection(tuple(nodes.Path((name,)) for name in names))


def _canonical(condition: Condition, *, any_depth: bool = False) -> dict[str, Any]:
    members = dict(condition)
    if "Value" in members:
        members["Value"] = canonical_value(members["Value"], any_depth=any_depth)
    if "AttributeValueList" in members:
        members["AttributeValueList"] = [
            canonical_value(value, any_depth=any_depth) for value in members["AttributeValueList"]
        ]
    return members


def _expectation(
    name: str, given: Condition, values: _Values, *, any_depth: bool
) -> nodes.Condition:
    _check_members(name, given)
    condition = _canonical(given, any_depth=any_depth)
    if condition.get("ComparisonOperator") is not None:
        return _comparison(name, condition, values)
    check_attribute_name(name)
    path = nodes.Path((name,))
    if condition.get("Exists") is False:
        return nodes.Call("attribute_not_exists", (path,))
    return nodes.Comparison("=", path, values.name(condition["Value"]))


def _check_members(name: str, condition: Condition) -> None:
    for broken, reason in _member_rules(condition):
        if broken:
            raise _invalid(f"{reason} for Attribute: {name}")


def _member_rules(condition: Condition) -> Iterator[tuple[bool, str]]:
    operator, exists = condition.get("ComparisonOperator"), condition.get("Exists")
    value = condition.get("Value") is not None
    listed = condition.get("AttributeValueList") is not None
    if operator is not None:
        yield exists is not None, "Exists and ComparisonOperator cannot be used together"
    yield value and listed, "Value and AttributeValueList cannot be used together"
    if operator is not None:
        yield (
            _ARGUMENTS.get(operator) != 0 and not value and not listed,
            f"Value or AttributeValueList must be used with ComparisonOperator: {operator}",
        )
        return
    yield listed, "AttributeValueList can only be used with a ComparisonOperator"
    yield exists is False and value, "Value cannot be used when Exists is false"
    shown = "null" if exists is None else "true"
    yield exists is not False and not value, f"Value must be provided when Exists is {shown}"


def _checked_operator(condition: Condition) -> str:
    operator: str = condition["ComparisonOperator"]
    operands = _operands(condition)
    wanted = _ARGUMENTS.get(operator, 1)
    if len(operands) != wanted and not (operator == "IN" and operands):
        raise _invalid(f"Invalid number of argument(s) for the {operator} ComparisonOperator")
    allowed = _TYPES.get(operator)
    types = [type_of(operand) for operand in operands]
    for found in types:
        if allowed is not None and found not in allowed:
            raise _invalid(
                f"ComparisonOperator {operator} is not valid for {found} AttributeValue type"
            )
    if len(set(types)) > 1:
        raise _invalid("AttributeValues inside AttributeValueList must be of same type")
    if operator == "BETWEEN":
        _check_bounds(*operands)
    return operator


def _check_bounds(low: AttributeValue, high: AttributeValue) -> None:
    pair = ordered(low, high)
    if pair is not None and pair[0] > pair[1]:
        raise ValidationException(
            "The BETWEEN condition was provided a range where the lower bound is greater than the"
            " upper bound"
        )


def _operands(condition: Condition) -> list[AttributeValue]:
    value: AttributeValue | None = condition.get("Value")
    return [value] if value is not None else list(condition.get("AttributeValueList") or ())


def _comparison(name: str, condition: Condition, values: _Values) -> nodes.Condition:
    operator = _checked_operator(condition)
    check_attribute_name(name)
    path = nodes.Path((name,))
    named = tuple(map(values.name, _operands(condition)))
    if operator in _COMPARATORS:
        return nodes.Comparison(_COMPARATORS[operator], path, named[0])
    return _CONDITIONS[operator](path, named)


def _not_contains(path: nodes.Path, operands: tuple[nodes.Value, ...]) -> nodes.Condition:
    # A missing attribute doesn't pass, unlike NOT contains(a, :v) (DynamoDB Local).
    return nodes.And(
        (
            nodes.Call("attribute_exists", (path,)),
            nodes.Not(nodes.Call("contains", (path, *operands))),
        )
    )


_CONDITIONS: Final[dict[str, Callable[[nodes.Path, tuple[nodes.Value, ...]], nodes.Condition]]] = {
    "BETWEEN": lambda path, operands: nodes.Between(path, *operands),
    "IN": nodes.Membership,
    "NULL": lambda path, operands: nodes.Call("attribute_not_exists", (path,)),
    "NOT_NULL": lambda path, operands: nodes.Call("attribute_exists", (path,)),
    "BEGINS_WITH": lambda path, operands: nodes.Call("begins_with", (path, *operands)),
    "CONTAINS": lambda path, operands: nodes.Call("contains", (path, *operands)),
    "NOT_CONTAINS": _not_contains,
}


def _section(name: str, update: Mapping[str, Any], values: _Values) -> nodes.Section:
    check_attribute_name(name)
    path = nodes.Path((name,))
    action, value = update.get("Action") or "PUT", update.get("Value")
    if value is None:
        if action != "DELETE":
            raise _invalid("Only DELETE action is allowed when no attribute value is specified")
        return nodes.Section("REMOVE", (nodes.RemoveAction(path),))
    if action == "ADD":
        _check_update_type("ADD action is", value, _ADD_TYPES)
        return nodes.Section("ADD", (nodes.AddAction(path, values.name(value)),))
    if action == "DELETE":
        _check_update_type("DELETE action with value is", value, _DELETE_TYPES)
        return nodes.Section("DELETE", (nodes.DeleteAction(path, values.name(value)),))
    return nodes.Section("SET", (nodes.SetAction(path, values.name(value)),))


def _check_update_type(what: str, value: AttributeValue, allowed: frozenset[str]) -> None:
    found = type_of(value)
    if found not in allowed:
        # The letter, not the word that update expressions have: dynalite recorded it of AWS.
        raise _invalid(f"{what} not supported for the type {found}")


def _invalid(reason: str) -> ValidationException:
    # The rules of Expected's members are enveloped since 2026 (floci issue 2126, checked on AWS);
    # that the other rules of these parameters moved with them is inferred.
    return ValidationException(_INVALID + reason, Family.PARAMETERS)
