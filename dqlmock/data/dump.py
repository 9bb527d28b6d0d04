"""A whole engine in one file, and back: lines of JSON, packed where the name ends in `.gz`.

The first line says what the file is; then comes each table: a line of its keys and settings, and
its items, one on a line, as they are stored.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

from dqlmock.data.faults import DataFileError
from dqlmock.data.settings import schema_from, settings_from
from dqlmock.engine import ttl
from dqlmock.engine.database import Database, Engine
from dqlmock.engine.keys import primary_key
from dqlmock.engine.table import Table
from dqlmock.engine.write import put
from dqlmock.errors import DqlmockError
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.size import attributes_size_bytes

_FORMAT: Final = {"dqlmock": "dump", "version": 1}


def dump(engine: Engine, path: Path) -> None:
    """Write all tables, their settings and items to a file.

    Args:
        engine: Whose.
        path: Written anew. Packed if it ends in `.gz`.

    Raises:
        DqlmockError: A table is being created, changed or deleted.
    """
    tables = [(database, table) for database, table in _tables(engine)]
    for _, table in tables:
        if table.settings.status != "ACTIVE" or any(
            index.status != "ACTIVE" for index in table.settings.indexes.values()
        ):
            raise DqlmockError(
                f"The table {table.name!r} is {table.settings.status}, or an index of it is: let "
                "the change end before a dump (db.clock.advance)"
            )
    with _open(path, "w") as file:
        file.write(_line(_FORMAT))
        for database, table in tables:
            items = list(table.items())
            head = {
                "account": database.account,
                "region": database.region,
                "schema": asdict(table.schema),
                "settings": asdict(table.settings),
                "items": len(items),
            }
            file.write(_line(head))
            file.writelines(item.encoded + b"\n" for _, item in items)


def restore(engine: Engine, path: Path) -> None:
    """Put the tables of a file in the place of those there are. Streams begin anew.

    Args:
        engine: Whose.
        path: A file that `dump` wrote.

    Raises:
        DataFileError: It isn't one; nothing is changed.
    """
    with engine.savepoint() as savepoint, _open(path, "r") as file:
        lines = _Lines(path, file)
        if lines.next() != _FORMAT:
            raise lines.fault("expected a dump of dqlmock, version 1")
        engine.reset()
        while (head := lines.next()) is not None:
            _restore_table(engine, lines, head)
        savepoint.keep()


def _restore_table(engine: Engine, lines: _Lines, head: Any) -> None:
    try:
        database = engine.database(head["account"], head["region"])
        schema, count = schema_from(head["schema"]), head["items"]
        settings = settings_from(head["settings"])
    except (KeyError, TypeError, ValueError) as error:
        raise lines.fault("expected the keys and settings of a table") from error
    stream, settings.stream = settings.stream, None
    table = Table(schema, settings, database.journal)
    with database.lock:
        database.add(table)
        settings.transition = None
        for index in settings.indexes.values():
            index.transition = None
    for _ in range(count):
        attributes = lines.next()
        if not isinstance(attributes, dict):
            raise lines.fault(f"expected an item: the table has {count}")
        item = StoredItem.of(attributes, attributes_size_bytes(attributes))
        put(table, primary_key(schema, attributes), attributes, item, None)
    with database.lock:
        if settings.time_to_live is not None and settings.time_to_live.enabled:
            ttl.enable(table, settings.time_to_live.attribute, database.clock)
        if stream is not None and stream.enabled:
            database.enable_stream(table, stream.view_type, 0.0)


class _Lines:
    """The lines of a file, decoded; knows which one it is at."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._lines = iter(file)
        self._number = 0

    def next(self) -> Any:
        """Return the next line, None at the end of the file."""
        self._number += 1
        try:
            line = next(self._lines, None)
            return None if line is None else json.loads(line.decode("utf-8", "surrogatepass"))
        except (ValueError, OSError, EOFError) as error:
            raise self.fault("expected a line of a dump") from error

    def fault(self, reason: str) -> DataFileError:
        return DataFileError(self._path, self._number, reason)


def _tables(engine: Engine) -> Iterator[tuple[Database, Table]]:
    for database in engine.databases():
        for name in database.names():
            with database.lock:
                yield database, database.find(name)


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    return value.value  # projection types are the only values that JSON has no form for


def _open(path: Path, mode: str) -> IO[bytes]:
    if path.suffix == ".gz":
        return gzip.open(path, f"{mode}b", 3)  # type: ignore[return-value]  # a GzipFile reads and writes bytes
    return path.open(f"{mode}b")
