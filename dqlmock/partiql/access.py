"""What a WHERE clause says of a key: which attributes it pins, and which comparisons it leaves.

Owns the part of planning that needs no values: it is done once for a statement and a key. Which
keys are read for a request's values is `plan`'s.

Source: "PartiQL select statements for DynamoDB" (ql-reference.select): an equality or IN condition
on the partition key, also several joined by OR, keeps a SELECT from being a full table scan. The
errors' words are DynamoDB Local's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias, cast

from dqlmock.engine.schema import KeySchema
from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.limits import STATEMENT_PARTITIONS
from dqlmock.partiql.nodes import SortKey
from dqlmock.values.keys import SortOperator

MOST_RANGES: Final = 10_000
"""100 partition keys by 100 sort keys; what else is pinned is left to the filter."""

_MIRRORED: Final = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

Values: TypeAlias = "tuple[nodes.Value, ...]"


class Pin(NamedTuple):
    """The values that are left to a key attribute."""

    name: str
    values: Values


class Bound(NamedTuple):
    """A comparison of the sort key attribute behind those that are pinned."""

    name: str
    operator: SortOperator
    values: Values


@dataclass(frozen=True, slots=True)
class Access:
    """How a clause gets at a key.

    Args:
        partition: The partition key's attributes; None where not all of them are pinned, so that
            everything is read.
        sort: The first attributes of the sort key, as many as are pinned.
        bounds: What is said of the attribute behind these.
        compared: Key attributes and the values they are compared with otherwise.
        descending: The order of partitions that ORDER BY asks for; None for none.
        reverse: Whether sort keys are read from their end.
        is_exact: The pins and bounds are all that the clause says.
        is_item: They pin one item, and the clause says nothing else.
        is_keyed: Each attribute of the partition key has an `=` or IN of its own, not within OR.
        stray: The first key of ORDER BY that is none of the key; None for none.
    """

    partition: tuple[Pin, ...] | None
    sort: tuple[Pin, ...]
    bounds: tuple[Bound, ...]
    compared: tuple[tuple[str, nodes.Value], ...]
    descending: bool | None
    reverse: bool
    is_exact: bool
    is_item: bool
    is_keyed: bool
    stray: str | None

    def check_order(self) -> None:
        """Check that ORDER BY names attributes of the key alone.

        Told last of all that is wrong with a statement, but for its token (DynamoDB Local).

        Raises:
            ValidationException: It doesn't.
        """
        if self.stray is not None:
            raise ValidationException(
                f"Variable reference {self.stray} in ORDER BY clause must be part of the primary "
                "key"
            )


def access_to(
    key: KeySchema, where: nodes.Condition | None, order: Sequence[SortKey] = ()
) -> Access:
    """Return how a clause gets at a key.

    Args:
        key: The key of what is read: a table's or an index's.
        where: The condition, checked, if there is one.
        order: The keys of ORDER BY.

    Raises:
        ValidationException: There is ORDER BY, but nothing is said of the partition key; or the
            clause gives a partition key too many values.
    """
    leaves = leaves_of(where)
    _check_order(key, leaves, order)
    _check_partitions(key, leaves)
    used: set[int] = set()
    partition = _pins(key.partition, leaves, used, 1)
    whole = len(partition) == len(key.partition)
    sort: tuple[Pin, ...] = ()
    bounds: tuple[Bound, ...] = ()
    if whole:
        sort = _pins(key.sort, leaves, used, _combinations(partition))
        if len(sort) < len(key.sort):
            bounds = tuple(_bounds(key.sort[len(sort)], leaves, used))
    else:
        used.clear()
    descending = {sort_key.name: sort_key.descending for sort_key in reversed(order)}
    is_exact = len(used) == len(leaves)
    pinned = [*partition, *sort]
    return Access(
        partition if whole else None,
        sort,
        bounds,
        tuple(_compared(key, (leaf for leaf in leaves if id(leaf) not in used))),
        descending.get(key.partition[0]),
        any(descending.get(name, False) for name in key.sort),
        is_exact,
        is_exact and len(leaves) == len(pinned) == len(key.names) and _combinations(pinned) == 1,
        whole and all(_is_keyed(name, leaves) for name in key.partition),
        next((each.name for each in order if each.name not in key.names), None),
    )


def _is_keyed(name: str, leaves: Iterable[nodes.Condition]) -> bool:
    return any(
        _choices(leaf, name)
        for leaf in leaves
        if isinstance(leaf, nodes.Comparison | nodes.Membership)
    )


def leaves_of(where: nodes.Condition | None) -> list[nodes.Condition]:
    """Return the conditions of a clause that are joined by AND, parentheses or not."""
    pending = [] if where is None else [where]
    leaves: list[nodes.Condition] = []
    while pending:
        condition = pending.pop()
        if isinstance(condition, nodes.And):
            pending.extend(reversed(condition.conditions))
        else:
            leaves.append(condition)
    return leaves


def equality(condition: nodes.Condition) -> tuple[str, nodes.Value] | None:
    """Return the attribute and the value of `attribute = value`, either way round."""
    match condition:
        case nodes.Comparison("=", nodes.Path((str(name),)), nodes.Value() as value):
            return name, value
        case nodes.Comparison("=", nodes.Value() as value, nodes.Path((str(name),))):
            return name, value
        case _:
            return None


class _Choices(NamedTuple):
    """The values that a condition leaves to an attribute, and whether it says nothing else."""

    values: Values
    is_exact: bool


def _choices(condition: nodes.Condition, name: str) -> _Choices | None:
    """Return the values that an attribute must have one of, None where that isn't said."""
    match condition:
        case nodes.Comparison():
            pinned = equality(condition)
            return _Choices((pinned[1],), True) if pinned and pinned[0] == name else None
        case nodes.Membership(nodes.Path((only,)), choices) if only == name:
            values = tuple(choice for choice in choices if isinstance(choice, nodes.Value))
            return _Choices(values, True) if len(values) == len(choices) else None
        case nodes.Or():
            return _all_choices([_choices(branch, name) for branch in condition.conditions])
        case nodes.And():
            found = (_choices(branch, name) for branch in condition.conditions)
            return next((_Choices(c.values, False) for c in found if c is not None), None)
        case _:
            return None


def _all_choices(branches: list[_Choices | None]) -> _Choices | None:
    found = [branch for branch in branches if branch is not None]
    if len(found) < len(branches):
        return None
    values = tuple(value for branch in found for value in branch.values)
    return _Choices(values, all(branch.is_exact for branch in found))


def _pins(
    names: Sequence[str], leaves: Sequence[nodes.Condition], used: set[int], combinations: int
) -> tuple[Pin, ...]:
    """Return the pins of the first attributes, as long as they don't combine in too many ways."""
    pins: list[Pin] = []
    for name in names:
        found = _pin(name, leaves)
        if found is None:
            break
        leaf, choices = found
        combinations *= len(choices.values)
        if combinations > MOST_RANGES:
            break
        if choices.is_exact:
            used.add(id(leaf))
        pins.append(Pin(name, choices.values))
    return tuple(pins)


def _pin(name: str, leaves: Iterable[nodes.Condition]) -> tuple[nodes.Condition, _Choices] | None:
    for leaf in leaves:
        choices = _choices(leaf, name)
        if choices is not None:
            return leaf, choices
    return None


def _combinations(pins: Iterable[Pin]) -> int:
    count = 1
    for pin in pins:
        count *= len(pin.values)
    return count


def _bounds(name: str, leaves: Iterable[nodes.Condition], used: set[int]) -> Iterable[Bound]:
    for leaf in leaves:
        bound = _bound(leaf, name)
        if bound is not None:
            used.add(id(leaf))
            yield bound


def _bound(leaf: nodes.Condition, name: str) -> Bound | None:
    match leaf:
        case nodes.Comparison(operator, nodes.Path((only,)), nodes.Value() as value):
            matched = only == name and operator in _MIRRORED
            return Bound(name, cast("SortOperator", operator), (value,)) if matched else None
        case nodes.Comparison(operator, nodes.Value() as value, nodes.Path((only,))):
            if only != name or operator not in _MIRRORED:
                return None
            return Bound(name, cast("SortOperator", _MIRRORED[operator]), (value,))
        case nodes.Between(nodes.Path((only,)), nodes.Value() as low, nodes.Value() as high):
            return Bound(name, "BETWEEN", (low, high)) if only == name else None
        case nodes.Call("begins_with", (nodes.Path((only,)), nodes.Value() as value)):
            return Bound(name, "begins_with", (value,)) if only == name else None
        case _:
            return None


def _check_order(
    key: KeySchema, leaves: Sequence[nodes.Condition], order: Sequence[SortKey]
) -> None:
    if not order:
        return
    if not leaves:
        raise ValidationException(
            "Must have WHERE clause in the statement when using ORDER BY clause."
        )
    name = key.partition[0]
    partition = nodes.Path((name,))
    if not any(partition in nodes.children(leaf) or _choices(leaf, name) for leaf in leaves):
        raise ValidationException(
            "Must have at least one non-optional hash key condition in WHERE clause when using "
            "ORDER BY clause."
        )


def _check_partitions(key: KeySchema, leaves: Iterable[nodes.Condition]) -> None:
    """Check how many values IN gives an attribute of the partition key.

    AWS documents the rule, but nobody quotes its words for it: the general ones stand in.
    """
    paths = {nodes.Path((name,)) for name in key.partition}
    lists = [
        leaf for leaf in leaves if isinstance(leaf, nodes.Membership) and leaf.operand in paths
    ]
    if any(len(leaf.choices) > STATEMENT_PARTITIONS for leaf in lists):
        raise ValidationException("One or more parameter values were invalid")


def _compared(
    key: KeySchema, leaves: Iterable[nodes.Condition]
) -> Iterable[tuple[str, nodes.Value]]:
    """Yield the values that key attributes are compared with in the other conditions."""
    for leaf in leaves:
        for node in nodes.post_order(leaf):
            if isinstance(node, nodes.Comparison | nodes.Between | nodes.Membership):
                operands = nodes.children(node)
                paths = [operand for operand in operands if isinstance(operand, nodes.Path)]
                names = {str(path.steps[0]) for path in paths if len(path.steps) == 1}
                values = [operand for operand in operands if isinstance(operand, nodes.Value)]
                for name in names.intersection(key.names):
                    yield from ((name, value) for value in values)
