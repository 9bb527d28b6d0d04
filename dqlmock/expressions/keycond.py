"""Key conditions: which partition a query reads, and which part of it.

Owns what a key condition may say, and how it fits the names of a key. Knows neither the types of
key attributes nor how keys are stored: that is the engine's.

Source: "Key condition expressions for the Query operation in DynamoDB"
(Query.KeyConditionExpressions); multi-attribute keys: GSI.DesignPattern.MultiAttributeKeys; the
errors' words are DynamoDB Local's where no other source is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.parse import invalid
from dqlmock.values.keys import SortOperator
from dqlmock.values.types import Attributes, AttributeValue

_MIRRORED: Final = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_UNINDEXABLE: Final = frozenset({"NULL", "NOT_NULL", "NE", "CONTAINS", "NOT_CONTAINS", "IN"})
_FEWEST_ALLOWED: Final = 2
_NOT_SUPPORTED: Final = "Query key condition not supported"

Reached: TypeAlias = Callable[[str], None]
"""The name of a key attribute, when it is its turn → nothing, or it raises."""

Compared: TypeAlias = Callable[[str, tuple[AttributeValue, ...]], None]
"""The name of a key attribute and what it is compared with → nothing, or it raises."""


def _nothing(*_: object) -> None:
    """Find no fault."""


@dataclass(slots=True)
class KeyCondition:
    """What a key condition says of one attribute.

    Args:
        path: Its document path; a key has only one step.
        operator: `"="`, `"<"`, `"<="`, `">"`, `">="`, `"BETWEEN"`, `"begins_with"`, or the name of
            a legacy operator that no key takes.
        operands: References to values of the request.
    """

    path: nodes.Path
    operator: str
    operands: tuple[str, ...]

    @property
    def attribute(self) -> str:
        """The attribute's name."""
        return str(self.path.steps[0])


@dataclass(slots=True)
class SortCondition:
    """The condition on the last sort key attribute that a query gives, if it isn't `=`.

    Args:
        operator: `"<"`, `"<="`, `">"`, `">="`, `"BETWEEN"` or `"begins_with"`; `"="` never, for
            equal sort keys stand in `BoundKey.sort_equal`.
        operands: One value, two for BETWEEN.
    """

    operator: SortOperator
    operands: tuple[AttributeValue, ...]


@dataclass(slots=True)
class BoundKey:
    """A key condition laid on a key.

    Args:
        partition: The values of all partition key attributes, in the key's order.
        sort_equal: The values of the first sort key attributes, as many as are given with `=`.
        sort: The condition on the sort key attribute behind these, if there is one.
    """

    partition: tuple[AttributeValue, ...]
    sort_equal: tuple[AttributeValue, ...]
    sort: SortCondition | None


class KeyConditions:
    """A key condition with the values of a request.

    Args:
        conditions: From `compile_key_condition`; no two of one attribute.
        values: Placeholder → canonical value.
    """

    __slots__ = ("_conditions", "_values", "attributes")

    def __init__(self, conditions: tuple[KeyCondition, ...], values: Attributes) -> None:
        self._conditions = conditions
        self._values = values
        self.attributes = frozenset(condition.attribute for condition in conditions)
        """Names of the attributes that are given."""

    def bind(
        self,
        partition: Sequence[str],
        sort: Sequence[str],
        reached: Reached = _nothing,
        compared: Compared = _nothing,
    ) -> BoundKey:
        """Lay the conditions on a key.

        AWS tells all faults of one key attribute before those of the next (dynalite's tests of
        Query recorded it).

        Args:
            partition: Names of the partition key attributes, 1 to 4.
            sort: Names of the sort key attributes, 0 to 4.
            reached: Called for each attribute in turn.
            compared: Called for each that has a condition, with an operator an index can answer.

        Returns:
            The values and the condition to look for.

        Raises:
            ValidationException: Family BARE. A partition key attribute is missing or not given
                with `=`, another attribute is given, sort key attributes are not given from the
                left, or one before the last is not given with `=`.

        >>> pk = KeyCondition(nodes.Path(("pk",)), "=", (":p",))
        >>> KeyConditions((pk,), {":p": {"S": "a"}}).bind(["pk"], ["sk"])
        BoundKey(partition=({'S': 'a'},), sort_equal=(), sort=None)
        """
        most = len(partition) + len(sort)
        if len(self._conditions) > max(most, _FEWEST_ALLOWED):
            raise ValidationException("Conditions can be of length 1 or 2 only")
        given = {condition.attribute: condition for condition in self._conditions}
        equal: list[AttributeValue] = []
        last: SortCondition | None = None
        for position, name in enumerate((*partition, *sort), start=1):
            reached(name)
            if len(given) > most:
                raise ValidationException(_NOT_SUPPORTED)
            if position > len(given) and position > len(partition):
                continue
            operator, operands = self._condition(given, name, compared)
            if operator == "=":
                equal.append(operands[0])
                continue
            if position < len(given) or position <= len(partition):
                raise ValidationException(_NOT_SUPPORTED)
            last = SortCondition(cast("SortOperator", operator), operands)
        return BoundKey(tuple(equal[: len(partition)]), tuple(equal[len(partition) :]), last)

    def _condition(
        self, given: dict[str, KeyCondition], name: str, compared: Compared
    ) -> tuple[str, tuple[AttributeValue, ...]]:
        condition = given.get(name)
        if condition is None:
            raise ValidationException(f"Query condition missed key schema element: {name}")
        if condition.operator in _UNINDEXABLE:
            raise ValidationException(
                "Attempted conditional constraint is not an indexable operation"
            )
        operands = tuple(self._values[operand] for operand in condition.operands)
        compared(name, operands)
        return condition.operator, operands


class DeferredKeyCondition:
    """A key condition that is compiled when it is asked for, once.

    Args:
        tree: As for `compile_key_condition`.
    """

    __slots__ = ("_compiled", "_tree")

    def __init__(self, tree: nodes.Condition) -> None:
        self._tree = tree
        self._compiled: tuple[KeyCondition, ...] | None = None

    def compiled(self) -> tuple[KeyCondition, ...]:
        """Return what `compile_key_condition` makes of it.

        Raises:
            ValidationException: It holds what a key condition may not hold.
        """
        if self._compiled is None:
            self._compiled = compile_key_condition(self._tree)
        return self._compiled


def compile_key_condition(tree: nodes.Condition) -> tuple[KeyCondition, ...]:
    """Return what a key condition says of each attribute.

    Args:
        tree: Placeholders of names replaced, checked as a condition.

    Returns:
        One condition for each attribute, in the order in which they are written.

    Raises:
        ValidationException: It holds what a key condition may not hold.

    >>> compile_key_condition(nodes.Comparison("<", nodes.Value(":v"), nodes.Path(("sk",))))
    (KeyCondition(path=Path(steps=('sk',)), operator='>', operands=(':v',)),)
    """
    conditions: dict[str, KeyCondition] = {}
    for leaf in _leaves(tree):
        condition = _key_condition(leaf)
        if condition.attribute in conditions:
            raise _refused("KeyConditionExpressions must only contain one condition per key")
        conditions[condition.attribute] = condition
    return tuple(conditions.values())


def _leaves(tree: nodes.Condition) -> list[nodes.Condition]:
    """The conditions joined by AND, parentheses or not."""
    if not isinstance(tree, nodes.And):
        return [tree]
    return [leaf for condition in tree.conditions for leaf in _leaves(condition)]


def _key_condition(leaf: nodes.Condition) -> KeyCondition:
    match leaf:
        case nodes.Comparison(operator) if operator != "<>":
            return _compared(leaf)
        case nodes.Between():
            return _with_path_first("BETWEEN", nodes.children(leaf))
        case nodes.Call("begins_with"):
            return _with_path_first("begins_with", leaf.arguments)
        case _:
            raise _error(f"Invalid operator used in KeyConditionExpression: {_operator(leaf)}")


def _operator(leaf: nodes.Condition) -> str:
    match leaf:
        case nodes.Call():
            return leaf.function
        case nodes.Or():
            return "OR"
        case nodes.Not():
            return "NOT"
        case nodes.Membership():
            return "IN"
        case _:
            return "<>"


_IN_CONDITION: Final = "Invalid condition in KeyConditionExpression"


def _compared(leaf: nodes.Comparison) -> KeyCondition:
    path = _only_path((leaf.left, leaf.right))
    if isinstance(leaf.left, nodes.Value):
        return KeyCondition(path, _MIRRORED[leaf.operator], (leaf.left.name,))
    return KeyCondition(path, leaf.operator, _names((leaf.right,)))


def _with_path_first(operator: str, operands: Sequence[nodes.Node]) -> KeyCondition:
    if not isinstance(operands[0], nodes.Path):
        raise _error(
            f"{_IN_CONDITION}: {operator} operator must have the key attribute as its first operand"
        )
    return KeyCondition(_only_path(operands), operator, _names(operands[1:]))


def _only_path(operands: Sequence[nodes.Node]) -> nodes.Path:
    """Check operands in the order in which they are written, as dynalite's tests recorded."""
    found: nodes.Path | None = None
    for operand in operands:
        if isinstance(operand, nodes.Call):
            raise _error("KeyConditionExpressions cannot contain nested operations")
        if not isinstance(operand, nodes.Path):
            continue
        if found is not None:
            raise _error(f"{_IN_CONDITION}: Multiple attribute names used in one condition")
        if len(operand.steps) > 1:
            raise _refused("KeyConditionExpressions cannot have conditions on nested attributes")
        found = operand
    if found is None:
        raise _error(f"{_IN_CONDITION}: No key attribute specified")
    return found


def _names(operands: Sequence[nodes.Node]) -> tuple[str, ...]:
    return tuple(operand.name for operand in operands if isinstance(operand, nodes.Value))


def _refused(reason: str) -> ValidationException:
    # Has the parameter's name in 2026, had none in 2024: ExtendDB/extenddb#195 and nubo-db/dynoxide
    # 0.11.2 (nested attributes), aws-amplify/amplify-category-api#3531 (two conditions of one key).
    return invalid("KeyConditionExpression", reason)


def _error(reason: str) -> ValidationException:
    return ValidationException(reason, Family.EXPRESSION)
