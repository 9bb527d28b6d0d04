"""From a clause and a request's values to the keys that are read or written.

Owns the key ranges of a SELECT and the key of an UPDATE or DELETE, with the checks of their values.
What a clause says of a key, whatever the values, is `access`'s. The errors' words are DynamoDB
Local's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from dqlmock.engine.keys import check_condition_value, requested_key
from dqlmock.engine.schema import TableSchema
from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.partiql.access import Access, Bound, Pin, equality, leaves_of
from dqlmock.values.keys import KeyRange, encode_key_value, partition_prefix, storage_key
from dqlmock.values.types import Attributes, AttributeValue


@dataclass(frozen=True, slots=True)
class Reads:
    """What a SELECT reads.

    Args:
        ranges: The key ranges, in the order in which they are read.
        reverse: Whether each is read from its end.
        is_scattered: Whether they are in several partitions.
    """

    ranges: tuple[KeyRange, ...]
    reverse: bool
    is_scattered: bool


def plan_reads(schema: TableSchema, access: Access, values: Attributes) -> Reads:
    """Return what a SELECT reads.

    Args:
        schema: The table's schema.
        access: How the clause gets at the key of what is read.
        values: What the clause refers to.

    Raises:
        ValidationException: A key attribute is compared with a value of another type, or an empty
            one.
    """
    planner = _Planner(schema, values)
    for name, reference in access.compared:
        planner.check_compared(name, reference)
    if access.partition is None:
        return Reads((KeyRange.everything(),), access.reverse, is_scattered=False)
    partitions = planner.combinations(access.partition)
    if access.descending is not None:
        partitions.sort(key=_encoded, reverse=access.descending)
    sorts = planner.combinations(access.sort)
    if len(sorts) > 1:
        sorts.sort(key=_encoded, reverse=access.reverse)
    bounds = [planner.bound(bound) for bound in access.bounds]
    prefixes = (partition_prefix(*partition) for partition in partitions)
    starts = (storage_key(prefix, *sort) for prefix in prefixes for sort in sorts)
    found = (_range(start, bounds) for start in starts)
    ranges = tuple(r for r in found if r.start < r.stop)
    return Reads(ranges, access.reverse, len(partitions) > 1)


def item_key(schema: TableSchema, access: Access, values: Attributes) -> bytes:
    """Return the storage key of the one item that a clause pins.

    Raises:
        ValidationException: A key attribute is compared with a value that can't be a key.
    """
    key: dict[str, AttributeValue] = {}
    for name, references in (*(access.partition or ()), *access.sort):
        value = values[references[0].name]
        check_key_type(schema, name, value)
        key[name] = value
    return requested_key(schema, key)


class _Planner:
    """The values of one request, checked against a schema."""

    def __init__(self, schema: TableSchema, values: Attributes) -> None:
        self._schema = schema
        self._values = values

    def combinations(self, pins: Sequence[Pin]) -> list[tuple[AttributeValue, ...]]:
        """Return each way to combine the values of pinned attributes, none twice."""
        return list(product(*[self._distinct(pin) for pin in pins]))

    def _distinct(self, pin: Pin) -> list[AttributeValue]:
        values = [self._value(pin.name, reference) for reference in pin.values]
        if len(values) == 1:
            return values
        return list({encode_key_value(value): value for value in values}.values())

    def bound(self, bound: Bound) -> tuple[Bound, list[AttributeValue]]:
        """Return a comparison with its values."""
        return bound, [self._value(bound.name, reference) for reference in bound.values]

    def _value(self, name: str, reference: nodes.Value) -> AttributeValue:
        value = self._values[reference.name]
        check_key_type(self._schema, name, value)
        check_condition_value(self._schema, None, name, value)
        return value

    def check_compared(self, name: str, reference: nodes.Value) -> None:
        """Check a value that a key attribute is compared with, but that pins nothing."""
        if self._schema.types[name] not in self._values[reference.name]:
            raise ValidationException(
                "One or more parameter values were invalid: "
                "Condition parameter type does not match schema type"
            )


def _encoded(values: tuple[AttributeValue, ...]) -> list[bytes]:
    return [encode_key_value(value) for value in values]


def _range(start: bytes, bounds: Iterable[tuple[Bound, list[AttributeValue]]]) -> KeyRange:
    found = KeyRange.partition(start)
    for bound, operands in bounds:
        other = KeyRange.sort(start, bound.operator, *operands)
        found = KeyRange(max(found.start, other.start), min(found.stop, other.stop))
    return found


def pins_whole_key(schema: TableSchema, where: nodes.Condition | None) -> bool:
    """Tell whether a clause compares every attribute of the table's key with `=`."""
    pinned = {pair[0] for pair in map(equality, leaves_of(where)) if pair is not None}
    return pinned.issuperset(schema.key.names)


def says_more_than_key(schema: TableSchema, where: nodes.Condition | None) -> bool:
    """Tell whether a clause says anything but what the attributes of the table's key are."""
    pairs = map(equality, leaves_of(where))
    return any(pair is None or pair[0] not in schema.key.names for pair in pairs)


def reads_one_item(schema: TableSchema, where: nodes.Condition | None, values: Attributes) -> bool:
    """Tell whether a clause gives every attribute of the table's key one value, and no more."""
    key: dict[str, AttributeValue] = {}
    for pair in map(equality, leaves_of(where)):
        if pair is None or pair[0] not in schema.key.names:
            return False
        value = values[pair[1].name]
        if key.setdefault(pair[0], value) != value:
            return False
    return len(key) == len(schema.key.names)


def pinned_key(
    schema: TableSchema, where: nodes.Condition | None, values: Attributes
) -> tuple[Attributes, bytes]:
    """Return the key of the one item that an UPDATE or DELETE is about.

    Returns:
        Its attributes and its storage key.

    Raises:
        ValidationException: The clause looks into a key attribute, doesn't compare each with `=`,
            or compares one with several values, or with one that can't be a key.
    """
    check_scalar_operands(schema, where)
    key: dict[str, AttributeValue] = {}
    for leaf in leaves_of(where):
        pair = equality(leaf)
        if pair is None or pair[0] not in schema.key.names:
            continue
        name, value = pair[0], values[pair[1].name]
        if key.setdefault(name, value) != value:
            raise ValidationException(
                f"Multiple conditions on same key {name}. "
                "Only single item Update/Insert/Delete are supported"
            )
    if len(key) < len(schema.key.names):
        raise ValidationException(
            "Where clause does not contain a mandatory equality on all key attributes"
        )
    for name, value in key.items():
        check_key_type(schema, name, value)
    return key, requested_key(schema, key)


_TESTS: Final = frozenset({"attribute_type", "begins_with", "contains"})


def check_scalar_operands(schema: TableSchema, where: nodes.Condition | None) -> None:
    """Check that a clause doesn't compare what is in a key attribute with values.

    In a NOT or OR, and compared with another path, that is told later, and by a colon more
    (DynamoDB Local).

    Raises:
        ValidationException: It does.
    """
    for leaf in leaves_of(where):
        _check_scalar(schema, leaf)


def _check_scalar(schema: TableSchema, leaf: nodes.Condition) -> None:
    if isinstance(leaf, nodes.Call) and leaf.function not in _TESTS:
        return
    match [node for node in nodes.children(leaf) if not isinstance(node, nodes.Value)]:
        case [nodes.Path((str(name), _, *_))] if name in schema.key.names:
            raise ValidationException(
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are "
                f"not allowed: Key {name}"
            )


def check_key_type(schema: TableSchema, name: str, value: AttributeValue) -> None:
    """Check the type of a key attribute's value.

    Raises:
        ValidationException: It is another one than the schema's.
    """
    if schema.types[name] not in value:
        raise ValidationException(
            f"Key attribute's data type should match its data type in table's schema: Key {name}"
        )
