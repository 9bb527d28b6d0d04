"""Everything that an engine remembers, laid out to be compared; and its invariants."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database, Engine
from dqlmock.engine.expiry import Expiries
from dqlmock.engine.streams import Stream
from dqlmock.engine.table import Table
from dqlmock.storage.protocol import Keyspace
from dqlmock.values.keys import KeyRange


def state_of(engine: Engine) -> dict[str, Any]:
    """Return all that requests can tell apart, and what decides later answers."""
    return {
        "clock": engine.clock._offset_s,
        "delays": engine.delays,
        "batches": repr(engine.batches._orders),
        "in progress": dict(engine.contention._in_progress),
        "databases": {
            place: state
            for place, database in engine._databases.items()
            if any((state := _database(database)).values())
        },
    }


def check(engine: Engine) -> None:
    """Raise AssertionError where a store or an order contradicts itself, or an index its table."""
    for database in engine._databases.values():
        for table in database._tables.values():
            table.keyspace._check()
            for index in table.indexes.values():
                index.keyspace._check()
            if table.expiries is not None:
                table.expiries._check()


def _database(database: Database) -> dict[str, Any]:
    return {
        "tables": {name: _table(table) for name, table in database._tables.items()},
        "streams": {arn: _stream(stream) for arn, stream in database.streams._streams.items()},
        "backups": {backup.arn: backup.name for backup in database.backups.all(0)},
        "kinesis": {arn: list(kept) for arn, kept in database.kinesis._kept.items()},
        "exports": dict(database.exports._transfers),
        "imports": dict(database.imports._transfers),
        "tokens": {
            token: (use.request, use.done_s) for token, use in database.tokens._uses.items()
        },
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "schema": table.schema,
        "settings": repr(table.settings),
        "items": _items(table.keyspace),
        "size": table.keyspace.size_bytes(),
        "indexes": {name: _items(index.keyspace) for name, index in table.indexes.items()},
        "stream": table.stream and table.stream.arn,
        "expiries": table.expiries and _expiries(table.expiries),
        "replication": table.replication and table.replication.destinations,
        "is followed": table.is_followed,
        "conflicts": dict(table._conflicts),
    }


def _items(keyspace: Keyspace) -> list[Any]:
    if not len(keyspace):
        return []
    return keyspace.read(KeyRange.everything(), limit=len(keyspace))


def _expiries(expiries: Expiries) -> Any:
    """Return expiries, and those of them that are late: overwritten ones don't count."""
    late = [entry for entry in expiries._late if expiries.is_at(entry[2], entry[1])]
    return expiries.attribute, dict(expiries._expiry), late


def _stream(stream: Stream) -> Any:
    shards = [
        (
            shard.shard_id,
            shard.parent_id,
            shard.last_sequence,
            shard.closed_s,
            shard.trimmed_sequence,
            [(record.sequence, record.event) for record in shard._records[shard._head :]],
        )
        for shard in stream._shards.values()
    ]
    opened = [shard.shard_id for shard in stream._open]
    return stream._sequence, stream.closed_s, stream._settled_s, shards, opened
