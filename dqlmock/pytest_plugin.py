"""The pytest plugin: fixtures and markers, no logic (that is in `dqlmock.fixtures.mocks`).

Loaded by pytest in every run of every project that has dqlmock installed, so it imports nothing but
pytest: the rest is loaded by the first fixture that is used. `-p no:dqlmock` keeps it out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dqlmock.fixtures.clients import Clients
    from dqlmock.mock import RunningMock

_MARKERS = (
    "dql(**options): run the test in a mock of DynamoDB with these options of dql_mock.",
    "dql_tables(*requests, **tables): run the test in a mock of DynamoDB that has these tables.",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--dql-advice`."""
    parser.getgroup("dqlmock").addoption(
        "--dql-advice",
        action="store_true",
        help="say at the end what a reviewer would say of the tests' calls to DynamoDB",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getoption("dql_advice"):
        from dqlmock.fixtures.advice import AdviceSummary  # only where it is asked for

        config.pluginmanager.register(AdviceSummary(), "dqlmock-advice")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Keep a session's mock out of tests that don't ask for it."""
    mocks = sys.modules.get("dqlmock.fixtures.mocks")  # loaded by the first fixture that is used
    if mocks is not None and not _is_marked(item):
        mocks.set_aside_for(item)


@pytest.fixture(scope="session")
def dql_options() -> Mapping[str, Any]:
    """Options of every mock that the fixtures start. Override it in a conftest.py."""
    return {}


@pytest.fixture(scope="session")
def dql_tables() -> Any:
    """Tables of every mock that the fixtures start. Override it in a conftest.py.

    A mapping of names to keys in short, `{"orders": "customer, placed:N"}`, or a list of
    CreateTable requests.
    """
    return ()


@pytest.fixture(scope="session")
def dql_clients() -> Clients:
    """boto3's clients and resources by region, made once: `dql_clients.client("eu-west-1")`."""
    from dqlmock.fixtures.clients import Clients  # boto3, once it is needed

    return Clients()


def _run(request: Any, options: Mapping[str, Any], tables: Any) -> Iterator[RunningMock]:
    from dqlmock.fixtures import mocks  # the mock, once it is needed

    mocks.enter_broader(request)
    node = request.node
    options = mocks.options_of(node.iter_markers("dql"), options)
    tables = mocks.tables_of(node.iter_markers("dql_tables"), tables)
    with mocks.forked(options, tables, lasts=request.scope != "function") as db:
        yield db
        advice = request.config.pluginmanager.get_plugin("dqlmock-advice")
        if advice is not None:
            advice.note_fork(db)


@pytest.fixture(scope="session")
def dql_session(request: Any, dql_options: Any, dql_tables: Any) -> Iterator[RunningMock]:
    """A running mock, to the end of the session; a test that asks for `dql` forks it."""
    yield from _run(request, dql_options, dql_tables)


@pytest.fixture(scope="package")
def dql_package(request: Any, dql_options: Any, dql_tables: Any) -> Iterator[RunningMock]:
    """A running mock, or a fork of the session's, to the end of the package."""
    yield from _run(request, dql_options, dql_tables)


@pytest.fixture(scope="module")
def dql_module(request: Any, dql_options: Any, dql_tables: Any) -> Iterator[RunningMock]:
    """A running mock, or a fork of a broader scope's, to the end of the module."""
    yield from _run(request, dql_options, dql_tables)


@pytest.fixture(scope="class")
def dql_class(request: Any, dql_options: Any, dql_tables: Any) -> Iterator[RunningMock]:
    """A running mock, or a fork of a broader scope's, to the end of the class."""
    yield from _run(request, dql_options, dql_tables)


@pytest.fixture
def dql(request: Any, dql_options: Any, dql_tables: Any) -> Iterator[RunningMock]:
    """A running mock, or a fork of a broader scope's, for one test."""
    yield from _run(request, dql_options, dql_tables)


@pytest.fixture
def dql_region(request: Any, dql: RunningMock, dql_options: Any) -> str:
    """The region of `dql_client` and `dql_resource`."""
    from dqlmock.fixtures import mocks  # loaded by `dql` already

    return mocks.region_of(mocks.options_of(request.node.iter_markers("dql"), dql_options))


@pytest.fixture
def dql_client(dql_region: str, dql_clients: Clients) -> Any:
    """boto3's DynamoDB client, on a mock. It is made once and shared: don't change it."""
    return dql_clients.client(dql_region)


@pytest.fixture
def dql_streams_client(dql_region: str, dql_clients: Clients) -> Any:
    """boto3's DynamoDB Streams client, on a mock. It is made once and shared: don't change it."""
    return dql_clients.client(dql_region, "dynamodbstreams")


@pytest.fixture
def dql_resource(dql_region: str, dql_clients: Clients) -> Any:
    """boto3's DynamoDB resource, on a mock. It is made once and shared: don't change it."""
    return dql_clients.resource(dql_region)


def _is_marked(node: Any) -> bool:
    return any(node.get_closest_marker(name) is not None for name in ("dql", "dql_tables"))


@pytest.fixture(scope="class", autouse=True)
def _dql_marked_class(request: Any) -> None:
    """Run a marked class in a mock, where it sets something up for all of its tests."""
    if request.cls is not None and _is_marked(request.node):
        from dqlmock.fixtures import mocks  # only where a marker asks for it

        if mocks.sets_class_up(request.cls):
            request.getfixturevalue("dql_class")


@pytest.fixture(autouse=True)
def _dql_marked(request: Any) -> None:
    """Run a marked test in a mock: unittest's can't ask for fixtures in arguments."""
    if _is_marked(request.node):
        request.getfixturevalue("dql")
