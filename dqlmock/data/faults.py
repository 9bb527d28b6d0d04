"""What is wrong with a file of data, and where."""

from __future__ import annotations

from pathlib import Path

from dqlmock.errors import DqlmockError


class DataFileError(DqlmockError):
    """A file can't be loaded; nothing was.

    Args:
        path: The file.
        line: Where, counted from 1; None where no line can be named.
        reason: What was expected, or what DynamoDB says.

    >>> str(DataFileError(Path("orders.csv"), 3, "expected a number, found 'x'"))
    "orders.csv, line 3: expected a number, found 'x'"
    """

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        place = str(path) if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason
