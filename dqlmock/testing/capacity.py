"""Capacity units of many calls: by table and index, reads and writes apart.

Owns the sums. What one call consumed is reckoned by the engine's arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from dqlmock.engine.capacity import Consumed, Spent
from dqlmock.testing.requests import WRITES, table_name


@dataclass(frozen=True, slots=True)
class Units:
    """Capacity units, to the half unit.

    Args:
        read: Read units: strongly consistent reads of 4 KB.
        write: Write units: writes of 1 KB.
    """

    read: float = 0.0
    write: float = 0.0


NO_UNITS = Units()


@dataclass(frozen=True)
class TableCapacity:
    """What calls consumed of one table.

    Args:
        table: Of the table itself.
        indexes: By index name; an index that consumed nothing gives zero units.
    """

    table: Units = NO_UNITS
    indexes: Mapping[str, Units] = field(default_factory=lambda: _Zeros())

    @property
    def read(self) -> float:
        """Read units of the table and all of its indexes."""
        return self.table.read + sum(units.read for units in self.indexes.values())

    @property
    def write(self) -> float:
        """Write units of the table and all of its indexes."""
        return self.table.write + sum(units.write for units in self.indexes.values())


class _Zeros(dict[str, Units]):
    def __missing__(self, name: str) -> Units:
        return NO_UNITS


class Capacity(Mapping[str, TableCapacity]):
    """What calls consumed, by table name; a table that consumed nothing gives zero units.

    Tables of one name in several regions or accounts are added up: narrow the calls down with
    `db.calls.to(region=...)` to tell them apart.

    Args:
        units: Units by table and index; None stands for the table itself.

    >>> capacity = Capacity({("orders", None): Units(2.5, 1), ("orders", "by_day"): Units(0, 2)})
    >>> capacity.read, capacity.write, capacity["orders"].indexes["by_day"].write
    (2.5, 3, 2)
    >>> print(capacity)
               read  write
    orders      2.5    3.0
      table     2.5    1.0
      by_day    0.0    2.0
    """

    def __init__(self, units: Mapping[tuple[str, str | None], Units]) -> None:
        names = sorted({table for table, _ in units})
        self._tables = {
            name: TableCapacity(
                units.get((name, None), NO_UNITS),
                _Zeros(
                    {
                        index: spent
                        for (table, index), spent in units.items()
                        if table == name and index is not None
                    }
                ),
            )
            for name in names
        }

    @property
    def read(self) -> float:
        """Read units of all tables and indexes."""
        return sum(table.read for table in self._tables.values())

    @property
    def write(self) -> float:
        """Write units of all tables and indexes."""
        return sum(table.write for table in self._tables.values())

    def as_dict(self) -> dict[str, Any]:
        """Return the units as JSON takes them."""
        return {
            name: {
                "table": _as_dict(table.table),
                "indexes": {index: _as_dict(units) for index, units in table.indexes.items()},
            }
            for name, table in self._tables.items()
        }

    def __getitem__(self, name: str) -> TableCapacity:
        return self._tables.get(name) or TableCapacity()

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __str__(self) -> str:
        rows = [("", "read", "write")]
        for name, table in self._tables.items():
            rows.append((name, f"{table.read:.1f}", f"{table.write:.1f}"))
            if table.indexes:
                parts = {"table": table.table, **table.indexes}
                rows.extend(
                    (f"  {part}", f"{units.read:.1f}", f"{units.write:.1f}")
                    for part, units in parts.items()
                )
        if len(self._tables) > 1:
            rows.append(("total", f"{self.read:.1f}", f"{self.write:.1f}"))
        width = max(len(name) for name, _, _ in rows)
        return "\n".join(f"{name:<{width}} {read:>6} {write:>6}" for name, read, write in rows)

    def __repr__(self) -> str:
        return f"<Capacity: {self.read} read, {self.write} written>"


def _as_dict(units: Units) -> dict[str, float]:
    return {"read": units.read, "write": units.write}


class Tally:
    """A running sum of what calls consumed.

    >>> tally = Tally()
    >>> tally.add(Spent(reads={"orders": Consumed(0.5)}))
    >>> tally.capacity()["orders"].read
    0.5
    """

    def __init__(self) -> None:
        self._reads: _Sums = {}
        self._writes: _Sums = {}

    def add(self, spent: Spent) -> None:
        """Add what one call consumed."""
        for name, consumed in spent.reads.items():
            _add(self._reads, table_name(name), consumed)
        for name, consumed in spent.writes.items():
            _add(self._writes, table_name(name), consumed)

    def capacity(self) -> Capacity:
        """Return the sum so far."""
        places = dict.fromkeys([*self._reads, *self._writes])
        return Capacity(
            {
                place: Units(self._reads.get(place, 0.0), self._writes.get(place, 0.0))
                for place in places
            }
        )

    def copy(self) -> Tally:
        """Return a sum that goes on from here by itself."""
        copied = Tally()
        copied._reads, copied._writes = dict(self._reads), dict(self._writes)
        return copied


_Sums: TypeAlias = dict[tuple[str, str | None], float]
"""Units by table and index."""


def _add(sums: _Sums, table: str, consumed: Consumed) -> None:
    if consumed.table:
        place: tuple[str, str | None] = (table, None)
        sums[place] = sums.get(place, 0.0) + consumed.table
    for by_index in (consumed.local, consumed.glob):
        for index, units in by_index.items():
            place = (table, index)
            sums[place] = sums.get(place, 0.0) + units


def spent_by_answer(operation: str, answer: Mapping[str, Any]) -> Spent:
    """Return what an answer itself says was consumed: a stub's, which no engine has metered.

    >>> spent_by_answer("GetItem", {"ConsumedCapacity": {"TableName": "t", "CapacityUnits": 1.0}})
    Spent(reads={'t': Consumed(table=1.0, local={}, glob={})}, writes={})
    """
    listed = answer.get("ConsumedCapacity", [])
    by_table = {
        entry["TableName"]: _consumed(entry)
        for entry in (listed if isinstance(listed, list) else [listed])
        if "TableName" in entry
    }
    return Spent(writes=by_table) if operation in WRITES else Spent(reads=by_table)


def _consumed(entry: Mapping[str, Any]) -> Consumed:
    total = entry.get("CapacityUnits", 0.0)
    local = _by_index(entry.get("LocalSecondaryIndexes", {}))
    glob = _by_index(entry.get("GlobalSecondaryIndexes", {}))
    return Consumed(total - sum(local.values()) - sum(glob.values()), local, glob)


def _by_index(listed: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {name: entry.get("CapacityUnits", 0.0) for name, entry in listed.items()}
