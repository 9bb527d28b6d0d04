"""What pytest's fixtures do: a mock for a scope, forked from the one around it.

Owns which options and tables a scope has. The outermost scope starts a mock; one inside it opens a
savepoint, so it begins with what the outer one has and leaves it as it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import TestCase

from dqlmock.data.tables import Definition, create_table, definition
from dqlmock.errors import DqlmockError
from dqlmock.mock import RunningMock, dql_mock, running_here

_REGION = "AWS_DEFAULT_REGION"
_SCOPES = ("session", "package", "module", "class", "function")
_SCOPED_MOCKS = ("dql_session", "dql_package", "dql_module", "dql_class")


def options_of(markers: Iterable[Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a mock.

    Args:
        markers: `@pytest.mark.dql(...)`, the closest first.
        defaults: What holds where no marker says otherwise.

    Raises:
        DqlmockError: A marker has an argument without a name.
    """
    options: dict[str, Any] = {}
    for marker in markers:
        if marker.args:
            raise DqlmockError(f"The marker dql takes options by name: {marker.args!r} has none")
        options = {**marker.kwargs, **options}
    return {**defaults, **options}


def tables_of(markers: Iterable[Any], declared: Any = ()) -> list[Definition]:
    """Return the tables that are declared, the farthest marker's first.

    Args:
        markers: `@pytest.mark.dql_tables(...)`, the closest first: CreateTable requests, and tables
            in short by name, `orders="customer, placed:N"`.
        declared: The same as a mapping by name, or as a list of CreateTable requests.
    """
    if isinstance(declared, Mapping):
        found = [definition(name, keys) for name, keys in declared.items()]
    else:
        found = [_whole(request) for request in declared]
    for marker in reversed(list(markers)):
        found += [_whole(request) for request in marker.args]
        found += [definition(name, keys) for name, keys in marker.kwargs.items()]
    return found


def _whole(request: Any) -> Definition:
    if not isinstance(request, Mapping) or "TableName" not in request:
        raise DqlmockError(f"A table is declared by a CreateTable request, not by {request!r}")
    return definition(request["TableName"], request)


@contextmanager
def forked(options: Mapping[str, Any], tables: Iterable[Definition]) -> Iterator[RunningMock]:
    """Run a mock for a scope, or fork the one that runs.

    Args:
        options: Those of `dql_mock`. A region given here is that of the environment, too.
        tables: Created where they aren't there yet.

    Yields:
        The running mock, inside a savepoint: `db.rollback()` goes back to the scope's beginning.

    Raises:
        DqlmockError: The options aren't those of the mock that runs, or scopes were left in
            another order than they were entered.
    """
    outer = running_here()
    with _region(options.get("region")), dql_mock(**options) as db:
        if outer is not None:
            db.calls.clear()
        before = db.savepoint()
        _create(db, tables, region_of(options))
        beginning = db.savepoint()
        yield db
        if not beginning.is_open:
            raise DqlmockError(
                "A fixture of dqlmock is left after one that it stands in. Ask for the broader one "
                "(dql_session, dql_module) in an argument, not by request.getfixturevalue()"
            )
        if outer is not None:
            before.rollback()
            before.keep()


def _create(db: RunningMock, tables: Iterable[Definition], region: str) -> None:
    there = db.engine.database(db.account, region).names()
    for table in tables:
        if table["TableName"] not in there:
            create_table(db.engine, table, db.account, region)


@contextmanager
def _region(region: str | None) -> Iterator[None]:
    if region is None:
        yield
        return
    before = os.environ.get(_REGION)
    os.environ[_REGION] = region
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_REGION, None)
        else:
            os.environ[_REGION] = before


def region_of(options: Mapping[str, Any]) -> str:
    """Return the region that fixtures and code under test have while a mock runs."""
    return options.get("region") or os.environ[_REGION]


def enter_broader(request: Any) -> None:
    """Enter the broader scopes that tests of a scope ask for, before the scope itself.

    pytest enters a scope when the first test asks for it, which may be after a test that only asked
    for a narrower one. But a fork can't stand around what it was forked from; and what a fixture of
    the session writes while a fork of the module is open would be gone with the module.

    Args:
        request: pytest's `request`, of a fixture that is being set up.
    """
    broader = _SCOPES[: _SCOPES.index(request.scope)]
    if request.scope == "function":
        return  # the broader fixtures of one test are set up first, by pytest
    wanted: dict[str, int] = {}
    for item in request.session.items:
        if request.node in item.listchain():
            fixtures = item._fixtureinfo.name2fixturedefs  # pytest shows it nowhere else
            for name in item.fixturenames:
                scope = fixtures[name][-1].scope if name in fixtures else "function"
                if scope in broader and _needs_mock(name, fixtures):
                    wanted[name] = broader.index(scope)
    for name in sorted(wanted, key=wanted.__getitem__):
        request.getfixturevalue(name)


def _needs_mock(name: str, fixtures: Mapping[str, Any]) -> bool:
    if name in _SCOPED_MOCKS:
        return True
    definitions = fixtures.get(name, ())
    if any(each.params for each in definitions):
        return False  # what it is called with is not known ahead of its tests
    return any(
        argument != name and _needs_mock(argument, fixtures)
        for each in definitions
        for argument in each.argnames
    )


def sets_class_up(cls: type) -> bool:
    """Tell whether a class has a set-up for all of its tests, unittest's or pytest's.

    >>> class TestOrders:
    ...     def setup_class(cls): ...
    >>> sets_class_up(TestOrders)
    True
    """
    if issubclass(cls, TestCase):
        return cls.setUpClass.__func__ is not TestCase.setUpClass.__func__  # type: ignore[attr-defined]  # of a class method
    return hasattr(cls, "setup_class")
