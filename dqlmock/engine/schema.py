"""What a table's keys and indexes are called, and which types they have.

Owns key schemas and projections as immutable facts. Knows no items and no requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class ProjectionType(Enum):
    """Which attributes an index holds beside the keys."""

    ALL = "ALL"
    KEYS_ONLY = "KEYS_ONLY"
    INCLUDE = "INCLUDE"


@dataclass(frozen=True, slots=True)
class KeySchema:
    """The key attributes of a table or an index, in order.

    Args:
        partition: Names of the HASH attributes: one, or up to four for a global secondary index.
        sort: Names of the RANGE attributes: none or one, or up to four for a global index.

    >>> KeySchema(("pk",), ("sk",)).names
    ('pk', 'sk')
    """

    partition: tuple[str, ...]
    sort: tuple[str, ...] = ()
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """All key attributes, partition first."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", self.partition + self.sort)


@dataclass(frozen=True, slots=True)
class IndexSchema:
    """A secondary index: its keys and what it projects.

    Args:
        name: `IndexName`.
        key: The index's own key attributes.
        is_global: A global secondary index; otherwise a local one.
        projection: Which attributes it holds.
        non_key_attributes: The attributes an INCLUDE projection adds.
    """

    name: str
    key: KeySchema
    is_global: bool
    projection: ProjectionType
    non_key_attributes: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """How AWS's messages call it."""
        return "Global secondary index" if self.is_global else "Local secondary index"


@dataclass(frozen=True, slots=True)
class TableSchema:
    """The keys of a table and of its indexes.

    Args:
        key: The table's primary key.
        types: The type tag (`S`, `N`, `B`) of every attribute that is part of a key.
        indexes: Secondary indexes by name. Kept in the order of their names: of several indexes
            that refuse an item AWS tells the first (github.com/nubo-db/dynoxide, captured in 2026).
    """

    key: KeySchema
    types: Mapping[str, str]
    indexes: Mapping[str, IndexSchema]

    def __post_init__(self) -> None:
        object.__setattr__(self, "indexes", dict(sorted(self.indexes.items())))

    def projected_names(self, index: IndexSchema) -> frozenset[str] | None:
        """Return the attributes an index holds, or None for all of them."""
        if index.projection is ProjectionType.ALL:
            return None
        return frozenset(self.key.names + index.key.names + index.non_key_attributes)
