"""The trees that statements are parsed into: immutable, shared by every request.

Owns the statements, and what their expressions have beside the nodes of `dqlmock.expressions`.
There, values are references; here a literal is such a reference, which carries its value, and so
is a parameter, which carries its position.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dqlmock.expressions import nodes
from dqlmock.values.types import AttributeValue


@dataclass(frozen=True, slots=True)
class Literal(nodes.Value):
    """A value that stands in the statement.

    Args:
        name: A reference that no other value of the statement has: `":17"`, after its place.
        value: The value, canonical.
    """

    value: AttributeValue


@dataclass(frozen=True, slots=True)
class Parameter(nodes.Value):
    """A question mark.

    Args:
        name: `"?0"`.
        position: Which one, from 0.
    """

    position: int


@dataclass(frozen=True, slots=True)
class Missing(nodes.Value):
    """The word MISSING where a value should stand."""

    place: str


@dataclass(frozen=True, slots=True)
class Unsupported(nodes.Value):
    """A list or a map with something in it that is no literal.

    Args:
        name: A reference, as literals have.
        what: How AWS calls it.
        keys: The keys and indexes that lead to it, the outermost first.
        place: Where it stands.
    """

    what: str
    keys: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class SortKey:
    """One key of ORDER BY."""

    name: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A SELECT statement.

    Args:
        table: The table's name.
        index: The index's name, if one is read.
        columns: Their paths; None for `*`.
        where: The condition, if there is one.
        order: The keys of ORDER BY.
    """

    table: str
    index: str | None
    columns: tuple[nodes.Path, ...] | None
    where: nodes.Condition | None
    order: tuple[SortKey, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """An EXISTS statement: a condition of a transaction."""

    select: Select


@dataclass(frozen=True, slots=True)
class Insert:
    """An INSERT statement.

    Args:
        table: The table's name.
        members: The item's attributes, in the order in which they are written.
    """

    table: str
    members: tuple[tuple[str, Literal | Parameter], ...]


@dataclass(frozen=True, slots=True)
class SetArgument:
    """A parameter that has to be a set: the second argument of SET_ADD or SET_DELETE.

    Args:
        function: `"SET_ADD"` or `"SET_DELETE"`.
        value: The parameter.
        place: Where the function's first argument stands.
    """

    function: str
    value: Parameter
    place: str


@dataclass(frozen=True, slots=True)
class Update:
    """An UPDATE statement.

    Args:
        table: The table's name.
        tree: What is changed.
        sets: Parameters that have to be sets.
        where: The condition, if there is one.
        returning: `"ALL OLD"`, `"MODIFIED NEW"`, …, or None.
    """

    table: str
    tree: nodes.UpdateTree
    sets: tuple[SetArgument, ...]
    where: nodes.Condition | None
    returning: str | None


@dataclass(frozen=True, slots=True)
class Delete:
    """A DELETE statement."""

    table: str
    where: nodes.Condition | None
    returning: str | None


Statement: TypeAlias = Select | Insert | Update | Delete | Exists
