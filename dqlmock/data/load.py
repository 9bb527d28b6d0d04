"""Loading: what files hold is put into an engine, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from dqlmock.data.contents import Contents, Item, Place
from dqlmock.data.plain import is_wire_item, to_wire
from dqlmock.data.read import find_files, read
from dqlmock.data.tables import Definition, create_table
from dqlmock.engine import ttl
from dqlmock.engine.database import Database, Engine
from dqlmock.engine.lifecycle import TableDelays
from dqlmock.engine.settings import TimeToLive
from dqlmock.engine.table import Table
from dqlmock.errors import DqlmockError, DynamoDBError, ResourceNotFoundException
from dqlmock.operations.writing import put_item
from dqlmock.shapes.attributes import decode_attributes

Progress: TypeAlias = Callable[[int, int], object]
"""Called now and then with the items loaded so far, and with all there are."""

_STEP = 1000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded.

    Args:
        tables: How many were created.
        items: How many were put.
    """

    tables: int
    items: int


def load(
    engine: Engine,
    paths: Iterable[str | Path],
    account: str,
    region: str,
    progress: Progress | None = None,
) -> Loaded:
    """Load files, all of them or none: first their tables, then their items.

    A table that is there already stays, if it has the keys that the file says.

    Args:
        engine: Where.
        paths: Files, and directories of files.
        account: Twelve digits.
        region: `"eu-west-1"`.
        progress: Is told how far it is.

    Raises:
        DataFileError: A file isn't what it should be, or DynamoDB would refuse what it holds.
        DqlmockError: There is no such file, or an extra is missing that reads it.
    """
    files = [read(path) for path in find_files(paths)]
    return load_contents(engine, files, account, region, progress)


def load_contents(
    engine: Engine,
    files: Sequence[Contents],
    account: str,
    region: str,
    progress: Progress | None = None,
) -> Loaded:
    """Load files that are read already, as `load` does.

    Raises:
        DataFileError: A file isn't what it should be, or DynamoDB would refuse what it holds.
    """
    total = sum(map(len, files))
    done = 0
    database = engine.database(account, region)
    with engine.savepoint() as savepoint:
        created = sum(_create_tables(database, contents) for contents in files)
        for contents in files:
            for item in contents:
                _put(database, contents, item)
                done += 1
                if progress is not None and (done % _STEP == 0 or done == total):
                    progress(done, total)
        savepoint.keep()
    return Loaded(created, done)


def _create_tables(database: Database, contents: Contents) -> int:
    engine, created = database.engine, 0
    delays, engine.delays = engine.delays, TableDelays()
    try:
        for request, place in contents.tables:
            created += _create_at(database, contents, request, place)
    finally:
        engine.delays = delays
    return created


def _create_at(database: Database, contents: Contents, request: Definition, place: Place) -> bool:
    try:
        return _create(database, request)
    except DqlmockError as error:
        raise contents.fault(place, str(error)) from error


def _create(database: Database, request: Definition) -> bool:
    name = request["TableName"]
    members = {key: value for key, value in request.items() if key != "TimeToLiveSpecification"}
    if name in database.names():
        there = database.table(name).schema.key.names
        if list(there) != [key["AttributeName"] for key in request["KeySchema"]]:
            raise DqlmockError(f"The table {name!r} is there already, with the keys {there}")
        return False
    create_table(database.engine, members, database.account, database.region)
    specification = request.get("TimeToLiveSpecification")
    if specification and specification.get("Enabled"):
        _enable_ttl(database, name, specification["AttributeName"])
    return True


def _enable_ttl(database: Database, name: str, attribute: str) -> None:
    with database.lock:
        table, now_s = database.find(name), database.clock.now_s()
        table.settings.time_to_live = TimeToLive(True, attribute, now_s, now_s)
        ttl.enable(table, attribute, database.clock)


def _put(database: Database, contents: Contents, item: Item) -> None:
    try:
        table = database.table(item.table)
        put_item(table, _in_wire_form(table, item))
    except ResourceNotFoundException as error:
        reason = f"expected a table {item.table!r}: declare it in a file, or create it before"
        raise contents.fault(item.place, reason) from error
    except DynamoDBError as error:
        raise contents.fault(item.place, error.message or error.code) from error
    except ValueError as error:
        raise contents.fault(item.place, str(error)) from error


def _in_wire_form(table: Table, item: Item) -> Mapping[str, Any]:
    attributes = item.attributes
    if not is_wire_item(attributes, table.schema.key.partition[0]):
        return {str(name): to_wire(value) for name, value in attributes.items()}
    if item.untyped:
        types = table.schema.types
        keys = types.keys() & attributes.keys() & item.untyped
        attributes = {**attributes, **{name: {types[name]: attributes[name]["S"]} for name in keys}}
    return decode_attributes(attributes)
