"""What a call costs: read and write units for a table and each of its indexes.

Owns the arithmetic of capacity units
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
Knows neither items nor how the answer is laid out on the wire.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dqlmock.limits import READ_UNIT_BYTES, WRITE_UNIT_BYTES

TRANSACTIONAL_FACTOR = 2
"""Transactional reads and writes cost twice: one to prepare, one to commit."""


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
        """Add another write's or read's units, multiplied.

        >>> consumed = Consumed(1.0)
        >>> consumed.add(Consumed(1.0, glob={"by_day": 1.0}), factor=TRANSACTIONAL_FACTOR)
        >>> consumed
        Consumed(table=3.0, local={}, glob={'by_day': 2.0})
        """
        self.table += other.table * factor
        for name, units in other.local.items():
            self.local[name] = self.local.get(name, 0.0) + units * factor
        for name, units in other.glob.items():
            self.glob[name] = self.glob.get(name, 0.0) + units * factor
