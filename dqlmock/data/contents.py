"""What a file of data holds: tables and items, each with the place it stands at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from dqlmock.data.faults import DataFileError
from dqlmock.data.tables import Definition

Place: TypeAlias = Any
"""Where something stands: a line, or the path to it within a document."""


class Item(NamedTuple):
    """An item that is to be put.

    Args:
        table: `TableName`.
        attributes: Plain values, or wire form.
        place: Where it stands.
        untyped: Attributes that are text only for want of a type: keys have that of their table.
    """

    table: str
    attributes: Mapping[str, Any]
    place: Place
    untyped: frozenset[str] = frozenset()


class Rows(NamedTuple):
    """Items that are read as they are put, and not kept: a file may hold very many.

    Args:
        total: How many there are.
        read: Yields them. Raises DataFileError at one that is none.
    """

    total: int
    read: Callable[[], Iterator[Item]]


_NO_ROWS: Final = Rows(0, lambda: iter(()))


@dataclass(slots=True)
class Contents:
    """All that one file holds.

    Args:
        path: The file.
        line_of: From a place to its line.
        tables: CreateTable requests, with a TimeToLiveSpecification where there is one; and where
            each stands.
        items: In the order of the file.
        rows: Those of a file that holds one on each line.
    """

    path: Path
    line_of: Callable[[Place], int | None]
    tables: list[tuple[Definition, Place]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    rows: Rows = _NO_ROWS

    def __len__(self) -> int:
        return len(self.items) + self.rows.total

    def __iter__(self) -> Iterator[Item]:
        return chain(self.items, self.rows.read())

    def fault(self, place: Place, reason: str) -> DataFileError:
        """Return the error for something that is wrong at a place."""
        return DataFileError(self.path, self.line_of(place), reason)

    def add_items(self, table: str, items: Any, path: tuple[Any, ...]) -> None:
        """Add a list of items, also as BatchWriteItem has it.

        Raises:
            DataFileError: It is no list of items.
        """
        if not isinstance(items, list):
            raise self.fault(path, f"expected a list of items of table {table!r}")
        for number, item in self._each_item(items, path):
            if not isinstance(item, Mapping):
                raise self.fault((*path, number), f"expected an item, found {item!r}")
            self.items.append(Item(table, item, (*path, number)))

    def _each_item(self, items: list[Any], path: tuple[Any, ...]) -> Iterator[tuple[int, Any]]:
        for number, item in enumerate(items):
            yield number, item["PutRequest"]["Item"] if _is_put(item) else item


def _is_put(item: Any) -> bool:
    if not isinstance(item, Mapping) or list(item) != ["PutRequest"]:
        return False
    return isinstance(item["PutRequest"], Mapping) and "Item" in item["PutRequest"]
