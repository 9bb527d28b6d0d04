"""A whole engine in one file, and back: lines of JSON, packed where the name ends in `.gz`.

The first line says what the file is, and how far the clock was advanced. Then comes each table: a
line of its keys and settings, and its items, one on a line, as they are stored. So does each
stream with its records, and a line for the idempotency tokens of each account and region.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, Final

from dqlmock.data.faults import DataFileError
from dqlmock.data.settings import schema_from, settings_from
from dqlmock.engine import ttl
from dqlmock.engine.database import Database, Engine
from dqlmock.engine.keys import primary_key
from dqlmock.engine.shards import Record
from dqlmock.engine.streams import Stream
from dqlmock.engine.table import Table
from dqlmock.engine.tokens import Claim
from dqlmock.engine.write import put
from dqlmock.errors import DqlmockError
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

_FORMAT: Final = {"dqlmock": "dump", "version": 2}
_RECORD: Final = b'{"shard":"%s","sequence":%d,"created_s":%d,"event":"%s","by_service":%s'


def dump(engine: Engine, path: Path) -> None:
    """Write an engine's tables, streams and tokens to a file.

    Backups, exports, imports and the records sent to Kinesis are left out.

    Args:
        engine: Whose.
        path: Written anew. Packed if it ends in `.gz`.

    Raises:
        DqlmockError: A table is being created, changed or deleted.
    """
    with engine.held_still():
        tables = [(database, table) for database, table in _tables(engine)]
        for _, table in tables:
            _check_at_rest(table)
        with _open(path, "w") as file:
            advanced_s = engine.clock.advanced.total_seconds()
            file.write(_line({**_FORMAT, "advanced_s": advanced_s}))
            for database, table in tables:
                file.writelines(_table_lines(database, table))
            for database in engine.databases():
                for stream in database.streams.all():
                    file.writelines(_stream_lines(database, stream))
                if tokens := database.tokens.done():
                    uses = [
                        (*key, claim.request.decode(), claim.done_s, claim.sizes)
                        for key, claim in tokens
                    ]
                    file.write(_line({**_place(database), "tokens": uses}))


def _check_at_rest(table: Table) -> None:
    indexes = table.settings.indexes.values()
    if table.settings.status != "ACTIVE" or any(index.status != "ACTIVE" for index in indexes):
        raise DqlmockError(
            f"The table {table.name!r} is {table.settings.status}, or an index of it is: let "
            "the change end before a dump (db.clock.advance)"
        )


def _place(database: Database) -> dict[str, str]:
    return {"account": database.account, "region": database.region}


def _table_lines(database: Database, table: Table) -> Iterator[bytes]:
    items = list(table.items())
    yield _line(
        {
            **_place(database),
            "schema": asdict(table.schema),
            "settings": asdict(table.settings),
            "items": len(items),
        }
    )
    for _, item in items:
        yield item.encoded + b"\n"


def _stream_lines(database: Database, stream: Stream) -> Iterator[bytes]:
    shards = [(shard.shard_id, shard.records()) for shard in stream.shards()]
    count = sum(len(records) for _, records in shards)
    yield _line({**_place(database), "stream": stream.facts(), "records": count})
    for shard_id, records in shards:
        for record in records:
            yield _record_line(shard_id, record)


def _record_line(shard_id: str, record: Record) -> bytes:
    by_service = b"true" if record.by_service else b"false"
    event = record.event.encode()
    facts = shard_id.encode(), record.sequence, record.created_s, event, by_service
    images = (("keys", record.keys), ("old", record.old), ("new", record.new))
    parts = [b'"%s":%s' % (name.encode(), item.encoded) for name, item in images if item]
    return b",".join([_RECORD % facts, *parts]) + b"}\n"


def restore(engine: Engine, path: Path) -> None:
    """Put what a file holds in the place of all there is.

    Args:
        engine: Whose.
        path: A file that `dump` wrote.

    Raises:
        DataFileError: It isn't one; nothing is changed.
    """
    with engine.savepoint() as savepoint, _open(path, "r") as file:
        lines = _Lines(path, file)
        head = lines.next()
        if not isinstance(head, dict) or not _FORMAT.items() <= head.items():
            raise lines.fault(f"expected a dump of dqlmock, version {_FORMAT['version']}")
        engine.reset()
        engine.clock.put_at(timedelta(seconds=head["advanced_s"]))
        while (head := lines.next()) is not None:
            _restore_part(engine, lines, head)
        savepoint.keep()


def _restore_part(engine: Engine, lines: _Lines, head: Any) -> None:
    try:
        database = engine.database(head["account"], head["region"])
        if "stream" in head:
            stream = Stream.of_facts(head["stream"], database.clock, database.journal)
        elif "tokens" in head:
            for operation, token, request, done_s, sizes in head["tokens"]:
                claim = Claim(request.encode(), done_s, tuple(sizes))
                database.tokens.put_back((operation, token), claim)
            return
        else:
            schema, settings = schema_from(head["schema"]), settings_from(head["settings"])
        count = head["records" if "stream" in head else "items"]
    except (KeyError, TypeError, ValueError) as error:
        raise lines.fault("expected a table, a stream or tokens") from error
    if "stream" in head:
        _restore_stream(database, stream, lines, count)
    else:
        _restore_table(database, Table(schema, settings, database.journal), lines, count)


def _restore_table(database: Database, table: Table, lines: _Lines, count: int) -> None:
    settings = table.settings
    with database.lock:
        database.add(table)
        settings.transition = None
        for index in settings.indexes.values():
            index.transition = None
    for _ in range(count):
        attributes = lines.next()
        if not isinstance(attributes, dict):
            raise lines.fault(f"expected an item: the table has {count}")
        put(table, primary_key(table.schema, attributes), attributes, _stored(attributes), None)
    with database.lock:
        database.replicate(table)
        if settings.time_to_live is not None and settings.time_to_live.enabled:
            ttl.enable(table, settings.time_to_live.attribute, database.clock)


def _restore_stream(database: Database, stream: Stream, lines: _Lines, count: int) -> None:
    for _ in range(count):
        line = lines.next()
        try:
            stream.put_back(line["shard"], _record(line))
        except (KeyError, TypeError) as error:
            raise lines.fault(f"expected a record: the stream has {count}") from error
    database.streams.add(stream)
    if stream.closed_s is None:
        with database.lock:
            database.find(stream.table_name).follow_stream(stream)


def _record(line: Mapping[str, Any]) -> Record:
    old, new = (_stored(line[name]) if name in line else None for name in ("old", "new"))
    keys, event, by_service = _stored(line["keys"]), line["event"], line["by_service"]
    record = Record(keys, old, new, event, by_service=by_service)
    record.sequence, record.created_s = line["sequence"], line["created_s"]
    return record


def _stored(attributes: Attributes) -> StoredItem:
    return StoredItem.of(attributes, attributes_size_bytes(attributes))


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
        except (ValueError, OSError, EOFError, zlib.error) as error:
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
