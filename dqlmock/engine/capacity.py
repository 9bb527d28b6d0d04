"""What a call costs: read and write units for a table and each of its indexes.

Owns the arithmetic of capacity units
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
Knows neither items nor how the answer is laid out on the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from dqlmock.limits import READ_UNIT_BYTES, WRITE_UNIT_BYTES

TRANSACTIONAL_FACTOR = 2
"""Transactional reads and writes cost a table twice: one to prepare, one to commit. What a write
costs an index stays the same (measured: nubo-db/dynoxide#188)."""


def read_units(size_bytes: int, *, strong: bool) -> float:
    """Return the units a read of `size_bytes` consumes.

    Args:
        size_bytes: The item's size, or the sum over a page of Query or Scan; 0 when nothing was
            found.
        strong: Strongly consistent; an eventually consistent read costs half.

    Returns:
        Units, never below the charge for one step.

    >>> read_units(4097, strong=True), read_units(0, strong=False)
    (2.0, 0.5)
    """
    steps = -(-size_bytes // READ_UNIT_BYTES) or 1
    return float(steps) if strong else steps / 2


def write_units(size_bytes: int) -> float:
    """Return the units a write of an item of `size_bytes` consumes: 1 KB steps, at least one.

    >>> write_units(1025), write_units(0)
    (2.0, 1.0)
    """
    return float(-(-size_bytes // WRITE_UNIT_BYTES) or 1)


def index_write_units(old_bytes: int | None, new_bytes: int | None, *, moved: bool) -> float:
    """Return the units an index consumes for one write to its table.

    Args:
        old_bytes: Size of the entry before, None where the item was not in the index.
        new_bytes: Size of the entry after, None where it isn't in the index any more.
        moved: The entry's key changed: the old entry is deleted, the new one put.

    >>> index_write_units(100, 2000, moved=False), index_write_units(100, 2000, moved=True)
    (2.0, 3.0)
    """
    if old_bytes is None:
        return 0.0 if new_bytes is None else write_units(new_bytes)
    if new_bytes is None:
        return write_units(old_bytes)
    if moved:
        return write_units(old_bytes) + write_units(new_bytes)
    return write_units(max(old_bytes, new_bytes))


@dataclass(slots=True)
class Consumed:
    """Units consumed by one call on one table.

    Args:
        table: Units of the table itself.
        local: Units by local secondary index.
        glob: Units by global secondary index.
    """

    table: float = 0.0
    local: dict[str, float] = field(default_factory=dict)
    glob: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """Units of the table and all of its indexes together."""
        return self.table + sum(self.local.values()) + sum(self.glob.values())

    def add(self, other: Consumed, *, factor: float = 1.0) -> None:
        """Add another write's or read's units, those of the table multiplied.

        >>> consumed = Consumed(1.0)
        >>> consumed.add(Consumed(1.0, glob={"by_day": 1.0}), factor=TRANSACTIONAL_FACTOR)
        >>> consumed
        Consumed(table=3.0, local={}, glob={'by_day': 1.0})
        """
        self.table += other.table * factor
        for name, units in other.local.items():
            self.local[name] = self.local.get(name, 0.0) + units
        for name, units in other.glob.items():
            self.glob[name] = self.glob.get(name, 0.0) + units


IndexSizes: TypeAlias = tuple[str, bool, int | None, int | None, bool]
"""A write's effect on an index: name, whether it is global, bytes before and after, moved."""


def written_units(item_bytes: int, indexes: Iterable[IndexSizes] = ()) -> Consumed:
    """Return the units of one write, by table and index.

    Args:
        item_bytes: The larger of the item's sizes before and after.
        indexes: One entry for each index whose content changed.

    >>> written_units(1500, [("by_day", True, None, 100, True)])
    Consumed(table=2.0, local={}, glob={'by_day': 1.0})
    """
    consumed = Consumed(write_units(item_bytes))
    for name, is_global, old_bytes, new_bytes, moved in indexes:
        units = index_write_units(old_bytes, new_bytes, moved=moved)
        (consumed.glob if is_global else consumed.local)[name] = units
    return consumed


@dataclass(frozen=True, slots=True)
class Spent:
    """What one call consumed, by table as the request calls it; reads and writes apart.

    Args:
        reads: Read units by table.
        writes: Write units by table.
    """

    reads: Mapping[str, Consumed] = field(default_factory=dict)
    writes: Mapping[str, Consumed] = field(default_factory=dict)


Meter: TypeAlias = Callable[[], Spent]
"""Reckons what a call consumed, from the sizes it left behind: nothing is reckoned unless asked."""


def refused_write(table_name: str, old_bytes: int, new_bytes: int) -> Spent:
    """Return what a write consumes whose condition does not hold.

    It costs what it would have cost the table, by the larger of the item that stands there and
    the one that was to replace it, and the indexes nothing
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).

    >>> refused_write("orders", 0, 1500).writes
    {'orders': Consumed(table=2.0, local={}, glob={})}
    """
    return Spent(writes={table_name: written_units(max(old_bytes, new_bytes))})
