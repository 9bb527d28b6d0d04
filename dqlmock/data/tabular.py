"""Items from CSV: one on each row, the attributes in the columns.

Owns the head of the columns: `name`, or `name:N` with a type of DynamoDB's.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from dqlmock.data.contents import Contents, Item, Rows
from dqlmock.data.faults import DataFileError
from dqlmock.data.plain import to_wire

Convert = Callable[[str], dict[str, Any]]

_BOOLEANS: Final = {"true": True, "false": False}


def _boolean(text: str) -> dict[str, Any]:
    if text.lower() not in _BOOLEANS:
        raise ValueError("true or false")
    return {"BOOL": _BOOLEANS[text.lower()]}


def _document(text: str) -> dict[str, Any]:
    try:
        return to_wire(json.loads(text, parse_float=Decimal))
    except ValueError as error:
        raise ValueError("JSON") from error


_TYPES: Final[dict[str, Convert]] = {
    "S": lambda text: {"S": text},
    "N": lambda text: {"N": text.strip()},
    "B": lambda text: {"B": text.strip()},
    "BOOL": _boolean,
    "L": _document,
    "M": _document,
}


def read_csv(path: Path, text: str) -> Contents:
    """Return the items of a table that is called like the file. An empty cell is no attribute.

    A column without a type is text; but a key that the table has as a number or binary is that.

    Raises:
        DataFileError: A row isn't what the head says.
    """
    contents = Contents(path, lambda line: int(line))
    table = path.stem

    def items() -> Iterator[Item]:
        rows = _rows(path, text)
        columns = [_column(path, head) for _, head_row in islice(rows, 1) for head in head_row]
        untyped = frozenset(name for name, tag in columns if tag is None)
        for line, row in rows:
            if len(row) != len(columns):
                raise contents.fault(line, f"expected {len(columns)} columns, found {len(row)}")
            yield Item(table, _attributes(contents, columns, row, line), line, untyped)

    count = max(sum(1 for _ in _rows(path, text)) - 1, 0)
    contents.rows = Rows(count, items)
    return contents


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(io.StringIO(text), strict=True)
    try:
        for row in rows:
            if row:
                yield rows.line_num, row
    except csv.Error as error:
        raise DataFileError(path, rows.line_num, f"expected CSV: {error}") from error


def _column(path: Path, head: str) -> tuple[str, str | None]:
    name, _, tag = head.strip().partition(":")
    if not name or (tag and tag not in _TYPES):
        types = ", ".join(_TYPES)
        raise DataFileError(
            path, 1, f"expected a column like name or name:N (types: {types}), found {head!r}"
        )
    return name, tag or None


def _attributes(
    contents: Contents, columns: list[tuple[str, str | None]], row: list[str], line: int
) -> dict[str, Any]:
    attributes = {}
    for (name, tag), cell in zip(columns, row, strict=True):
        if cell:
            try:
                attributes[name] = _TYPES[tag or "S"](cell)
            except ValueError as error:
                raise contents.fault(
                    line, f"column {name}: expected {error}, found {cell!r}"
                ) from error
    return attributes
