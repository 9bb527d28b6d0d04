"""From a WHERE clause to the keys that are read: GetItem, Query or Scan.

Owns which conditions pin a key, and the key ranges that they come to. The whole clause remains the
filter of what is read, unless the ranges say all of it.

Source: "PartiQL select statements for DynamoDB" (ql-reference.select): an equality or IN condition
on the partition key, also several joined by OR, keeps a SELECT from being a full table scan. The
errors' words are DynamoDB Local's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Final, NamedTuple, cast

from dqlmock.engine.keys import check_condition_value, requested_key
from dqlmock.engine.schema import KeySchema, TableSchema
from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.partiql.nodes import SortKey
from dqlmock.values.keys import (
    KeyRange,
    SortOperator,
    encode_key_value,
    partition_prefix,
    storage_key,
)
from dqlmock.values.types import Attributes, AttributeValue

_MIRRORED: Final = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MOST_RANGES: Final = 10_000
"""100 partition keys by 100 sort keys; key attributes past that are left to the filter."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What a SELECT reads.

    Args:
        ranges: The key ranges, in the order in which they are read.
        reverse: Whether each is read from its end.
        is_exact: Every item in the ranges meets the clause: there is nothing left to filter.
    """

    ranges: tuple[KeyRange, ...]
    reverse: bool
    is_exact: bool


def plan_reads(
    schema: TableSchema,
    key: KeySchema,
    where: nodes.Condition | None,
    order: Sequence[SortKey],
    values: Attributes,
) -> Reads:
    """Plan what a SELECT reads.

    Args:
        schema: The table's schema.
        key: The key that orders what is read: the table's or an index's.
        where: The condition, checked, if there is one.
        order: The keys of ORDER BY.
        values: What the condition refers to.

    Raises:
        ValidationException: A key attribute is compared with a value of another type or an empty
            one, or ORDER BY doesn't fit the key.
    """
    leaves = leaves_of(where)
    _check_order(key, leaves, order)
    descending = {sort_key.name: sort_key.descending for sort_key in reversed(order)}
    reverse = any(descending.get(name, False) for name in key.sort)
    pins = _Pins(schema, values)
    ranges: Iterable[KeyRange] = (KeyRange.everything(),)
    partitions = pins.combinations(key.partition, leaves)
    if len(partitions[0]) == len(key.partition):
        if len(partitions) > 1 and key.partition[0] in descending:
            partitions.sort(key=_encoded, reverse=descending[key.partition[0]])
        sort_part = _SortPart.of(pins, key.sort, leaves, reverse=reverse)
        prefixes = (partition_prefix(*partition) for partition in partitions)
        ranges = [r for prefix in prefixes for r in sort_part.ranges(prefix)]
    else:
        pins.used.clear()
    _check_others(schema, key, [leaf for leaf in leaves if id(leaf) not in pins.used], values)
    return Reads(tuple(ranges), reverse, len(pins.used) == len(leaves))


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


class _Choices(NamedTuple):
    """The values that a condition leaves to an attribute."""

    values: tuple[nodes.Value, ...]
    is_exact: bool
    """The condition says nothing else."""


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


def equality(condition: nodes.Condition) -> tuple[str, nodes.Value] | None:
    """Return the attribute and the value of `attribute = value`, either way round."""
    match condition:
        case nodes.Comparison("=", nodes.Path((str(name),)), nodes.Value() as value):
            return name, value
        case nodes.Comparison("=", nodes.Value() as value, nodes.Path((str(name),))):
            return name, value
        case _:
            return None


class _Pins:
    """Which conditions are used as key conditions, and their values.

    Args:
        schema: The table's schema.
        values: What the conditions refer to.
    """

    def __init__(self, schema: TableSchema, values: Attributes) -> None:
        self.schema = schema
        self.values = values
        self.used: set[int] = set()

    def combinations(
        self, names: Sequence[str], leaves: Iterable[nodes.Condition]
    ) -> list[tuple[AttributeValue, ...]]:
        """Return the values of the first attributes that are pinned, each way to combine them."""
        pinned: list[list[AttributeValue]] = []
        for name in names:
            found = self._pinned(name, leaves)
            if found is None or prod(map(len, pinned)) * len(found) > _MOST_RANGES:
                break
            pinned.append(found)
        return list(product(*pinned))

    def _pinned(self, name: str, leaves: Iterable[nodes.Condition]) -> list[AttributeValue] | None:
        for leaf in leaves:
            choices = _choices(leaf, name)
            if choices is not None:
                if choices.is_exact:
                    self.used.add(id(leaf))
                values = [self.key_value(name, value) for value in choices.values]
                return list({encode_key_value(value): value for value in values}.values())
        return None

    def key_value(self, name: str, reference: nodes.Value) -> AttributeValue:
        """Return a value that a key attribute is compared with, checked."""
        value = self.values[reference.name]
        check_key_type(self.schema, name, value)
        check_condition_value(self.schema, None, name, value)
        return value


@dataclass(frozen=True, slots=True)
class _SortPart:
    """What is said of the sort key, alike in every partition.

    Args:
        combinations: Values of the sort key attributes that are pinned.
        conditions: Comparisons of the attribute behind these.
    """

    combinations: tuple[tuple[AttributeValue, ...], ...]
    conditions: tuple[tuple[SortOperator, tuple[AttributeValue, ...]], ...]

    @classmethod
    def of(
        cls,
        pins: _Pins,
        names: Sequence[str],
        leaves: Sequence[nodes.Condition],
        *,
        reverse: bool,
    ) -> _SortPart:
        combinations = pins.combinations(names, leaves)
        if len(combinations) > 1:
            combinations.sort(key=_encoded, reverse=reverse)
        part = cls(tuple(combinations), ())
        count = len(combinations[0])
        if count == len(names):
            return part
        conditions = []
        for leaf in leaves:
            compared = _range_condition(leaf, names[count])
            if compared is not None:
                operator, references = compared
                operands = tuple(pins.key_value(names[count], value) for value in references)
                conditions.append((operator, operands))
                pins.used.add(id(leaf))
        return replace(part, conditions=tuple(conditions))

    def ranges(self, prefix: bytes) -> Iterable[KeyRange]:
        """Yield the key ranges in the partition of a prefix."""
        for combination in self.combinations:
            start = storage_key(prefix, *combination)
            found = KeyRange.partition(start)
            for operator, operands in self.conditions:
                other = KeyRange.sort(start, operator, *operands)
                found = KeyRange(max(found.start, other.start), min(found.stop, other.stop))
            if found.start < found.stop:
                yield found


def _encoded(values: tuple[AttributeValue, ...]) -> list[bytes]:
    return [encode_key_value(value) for value in values]


def _range_condition(
    leaf: nodes.Condition, name: str
) -> tuple[SortOperator, tuple[nodes.Value, ...]] | None:
    match leaf:
        case nodes.Comparison(operator, nodes.Path((only,)), nodes.Value() as value):
            matched = only == name and operator in _MIRRORED
            return (cast("SortOperator", operator), (value,)) if matched else None
        case nodes.Comparison(operator, nodes.Value() as value, nodes.Path((only,))):
            matched = only == name and operator in _MIRRORED
            return (cast("SortOperator", _MIRRORED[operator]), (value,)) if matched else None
        case nodes.Between(nodes.Path((only,)), nodes.Value() as low, nodes.Value() as high):
            return ("BETWEEN", (low, high)) if only == name else None
        case nodes.Call("begins_with", (nodes.Path((only,)), nodes.Value() as value)):
            return ("begins_with", (value,)) if only == name else None
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
    for sort_key in order:
        if sort_key.name not in key.names:
            raise ValidationException(
                f"Variable reference {sort_key.name} in ORDER BY clause must be part of the "
                "primary key"
            )
    partition = nodes.Path((key.partition[0],))
    if not any(
        partition in nodes.children(leaf) or _choices(leaf, key.partition[0]) for leaf in leaves
    ):
        raise ValidationException(
            "Must have at least one non-optional hash key condition in WHERE clause when using "
            "ORDER BY clause."
        )


def _check_others(
    schema: TableSchema, key: KeySchema, leaves: Iterable[nodes.Condition], values: Attributes
) -> None:
    """Check what the other conditions say of key attributes."""
    for leaf in leaves:
        for node in nodes.post_order(leaf):
            if isinstance(node, nodes.Path):
                _check_scalar(key, node)
            elif isinstance(node, nodes.Comparison | nodes.Between | nodes.Membership):
                _check_compared(schema, key, node, values)


def _check_scalar(key: KeySchema, path: nodes.Path) -> None:
    if len(path.steps) > 1 and path.steps[0] in key.names:
        raise ValidationException(
            "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
            f"allowed: Key: {path.steps[0]}"
        )


def _check_compared(
    schema: TableSchema, key: KeySchema, node: nodes.Node, values: Attributes
) -> None:
    operands = nodes.children(node)
    names = [p.steps[0] for p in operands if isinstance(p, nodes.Path) and p.steps[0] in key.names]
    for name in names:
        for operand in operands:
            if isinstance(operand, nodes.Value):
                tag = schema.types[str(name)]
                if tag not in values[operand.name]:
                    raise ValidationException(
                        "One or more parameter values were invalid: "
                        "Condition parameter type does not match schema type"
                    )


def pins_whole_key(schema: TableSchema, where: nodes.Condition | None) -> bool:
    """Tell whether a clause compares every attribute of the table's key with `=`."""
    pinned = {pair[0] for pair in map(equality, leaves_of(where)) if pair is not None}
    return pinned.issuperset(schema.key.names)


def says_more_than_key(schema: TableSchema, where: nodes.Condition | None) -> bool:
    """Tell whether a clause says anything but what the attributes of the table's key are."""
    pairs = map(equality, leaves_of(where))
    return any(pair is None or pair[0] not in schema.key.names for pair in pairs)


def pinned_key(
    schema: TableSchema, where: nodes.Condition | None, values: Attributes
) -> tuple[Attributes, bytes]:
    """Return the key of the one item that an UPDATE or DELETE is about.

    Returns:
        Its attributes and its storage key.

    Raises:
        ValidationException: The clause doesn't compare every key attribute with `=`, or compares
            one with several values, or with one that can't be a key.
    """
    key: dict[str, AttributeValue] = {}
    if not pins_whole_key(schema, where):
        raise ValidationException(
            "Where clause does not contain a mandatory equality on all key attributes"
        )
    for pair in map(equality, leaves_of(where)):
        if pair is None or pair[0] not in schema.key.names:
            continue
        name, value = pair[0], values[pair[1].name]
        if key.setdefault(name, value) != value:
            raise ValidationException(
                f"Multiple conditions on same key {name}. "
                "Only single item Update/Insert/Delete are supported"
            )
    for name, value in key.items():
        check_key_type(schema, name, value)
    return key, requested_key(schema, key)


def check_key_type(schema: TableSchema, name: str, value: AttributeValue) -> None:
    """Check the type of a key attribute's value.

    Raises:
        ValidationException: It is another one than the schema's.
    """
    if schema.types[name] not in value:
        raise ValidationException(
            f"Key attribute's data type should match its data type in table's schema: Key {name}"
        )
