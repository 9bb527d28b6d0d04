"""`mock_dynamodb` and `dql_mock`: starting, stopping, nesting and decorating.

Owns the mocks that are running. Knows neither what is patched nor how a call is answered.

One thread has one running mock: entering another inside it joins the first, and the state goes when
the last is left. Threads that enter mocks of their own have states of their own. A thread that
enters none shares the one mock that runs; see `dqlmock.intercept.switchboard`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from dqlmock.clock import Clock
from dqlmock.decorate import decorate
from dqlmock.errors import DqlmockError
from dqlmock.intercept import activation
from dqlmock.intercept.switchboard import Door, Line, board
from dqlmock.options import Options, names

if TYPE_CHECKING:
    from datetime import timedelta

    from dqlmock.data.load import Loaded
    from dqlmock.engine.database import Engine
    from dqlmock.engine.savepoints import Savepoint
    from dqlmock.testing.advice.report import AdviceReport
    from dqlmock.testing.calls import CallLog
    from dqlmock.testing.capacity import Capacity
    from dqlmock.testing.expectations import Expectation
    from dqlmock.testing.faults import Faults
    from dqlmock.testing.observer import Observer

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_lock = threading.Lock()
_running: list[RunningMock] = []


def _start(clock: Clock, **options: Any) -> tuple[Engine, Door]:
    """Return a new engine and the door to it.

    The pipe is loaded here, by the first mock: `import dqlmock` stands at the top of every test
    module, also of those that are only collected (docs/decisions/0006).
    """
    from dqlmock.engine.database import Engine
    from dqlmock.wire.dispatch import Pipe

    engine = Engine(clock, **options)
    return engine, Pipe(engine).answer


def _observe(door: Door) -> Observer:
    """Return what stands in front of a door. Loaded with the first mock, as the pipe is."""
    from dqlmock.testing.observer import Observer

    return Observer(door)


class RunningMock:
    """A mock that is running: the `db` of `with dql_mock() as db`.

    Args:
        options: Those of the first who entered.

    Attributes:
        engine: The state.
        clock: The engine's time; `db.clock.advance(timedelta(hours=1))` moves it.
        calls: The calls answered so far (docs/what-happened.md).
        front: What stands in front of the engine.
    """

    def __init__(self, options: Options) -> None:
        self.clock = Clock()
        self.engine, door = _start(self.clock, **options.engine)
        self._observer = _observe(door)
        self.calls: CallLog = self._observer.calls
        self.front = self._observer.front
        self._options = options
        self._entered = 0
        self._line = Line(self.front.answer, options.account)

    @property
    def account(self) -> str:
        """The account of callers whose access key isn't twelve digits."""
        return self._options.account

    @property
    def thread(self) -> int:
        """The identifier of the thread that entered the mock."""
        return self._line.thread

    @property
    def capacity(self) -> Capacity:
        """What all calls so far consumed, by table and index, reads and writes apart.

        `db.capacity["orders"].read`; those calls count, too, that the log has forgotten.
        """
        return self.calls.capacity()

    def expect(
        self,
        operation: str,
        *,
        table: str | None = None,
        index: str | None = None,
        key: Mapping[str, Any] | None = None,
        item: Mapping[str, Any] | None = None,
        region: str | None = None,
        **parameters: Any,
    ) -> Expectation:
        """Expect a call, once unless told otherwise; `returns` and `raises` answer it.

        A call that is not expected is answered by the engine. An expectation lasts until the mock
        is left in which it was made, and raises `UnmetExpectation` there if it was not met, unless
        another exception is under way.

        Args:
            operation: The API operation: `"GetItem"`.
            table: The table's name. Tables need not exist for a stub.
            index: The index that is read.
            key: The key of an item that is read or written; part of it is enough.
            item: Some attributes of an item that is put.
            region: The region called.
            parameters: By name, as `db.calls.with_` takes them.

        Raises:
            DqlmockError: DynamoDB has no such operation, or the operation no such parameter.

        >>> import boto3
        >>> with dql_mock() as db:
        ...     _ = db.expect("GetItem", table="orders").returns({"Item": {"id": {"S": "1"}}})
        ...     client = boto3.client("dynamodb", "eu-west-1")
        ...     client.get_item(TableName="orders", Key={"id": {"S": "1"}})["Item"]
        {'id': {'S': '1'}}
        """
        return self._observer.expect(
            operation, (table, index, key, item, region, parameters), depth=self._entered
        )

    def in_order(self) -> AbstractContextManager[None]:
        """Expect the calls that are expected inside in the order in which they are written.

        `with db.in_order():`. A call that comes before its turn raises `UnmetExpectation`.
        """
        return self._observer.expectations.in_order()

    def check_expectations(self) -> None:
        """Check now that what is expected has come.

        Raises:
            UnmetExpectation: It has not.
        """
        self._observer.expectations.check(self.calls)

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose, until the mock is left in which it was asked for.

        A fault that never fired raises `UnfiredFault` there (docs/faults.md).

        >>> import boto3
        >>> with dql_mock() as db:
        ...     fault = db.faults.on("ListTables").internal_error(times=2)
        ...     names = boto3.client("dynamodb", "eu-west-1").list_tables()["TableNames"]
        >>> names, fault.fired, len(db.calls)
        ([], 2, 3)
        """
        return self._observer.faults(self.engine, self._entered)

    def tiny_pages(self, most: int = 1) -> AbstractContextManager[None]:
        """Let every page of Query, Scan and a SELECT end after so many items, or Limit if smaller.

        Code that forgets `LastEvaluatedKey` is found out. It lasts until the mock is left, or for a
        block: `with db.tiny_pages(2):`.
        """
        return self._observer.tiny_pages(most, self._entered)

    def lag(
        self,
        *,
        writes: int | None = None,
        delay: timedelta | None = None,
        seed: int | None = None,
    ) -> AbstractContextManager[None]:
        """Let reads without ConsistentRead, and all reads of global indexes, see the past.

        Until the mock is left, or for a block. Without arguments they see nothing new until
        `settle()`; otherwise they lag by so many `writes`, or by a `delay` of the mock's clock,
        with a `seed` by anything up to that.

        Raises:
            DqlmockError: The arguments make no sense, or reads lag already.
        """
        return self._observer.lag(self.engine, (writes, delay, seed), self._entered)

    def settle(self) -> None:
        """Let all reads see what has been written so far, whatever `lag` says."""
        self._observer.settle()

    def advice(self) -> AdviceReport:
        """Return what a reviewer would say of the calls so far (docs/advice/).

        `print(db.advice())` shows it as text; `.to_json()` gives it as JSON.
        """
        return self._observer.advice(self.engine)

    def savepoint(self) -> Savepoint:
        """Open a savepoint: `with db.savepoint():` takes back at its end all that was done in it.

        That is items, indexes, streams, tables and their settings, Time to Live, tags, tokens of
        transactions, and the clock. The log of calls stays. Savepoints nest.
        """
        return self.engine.savepoint()

    def rollback(self) -> None:
        """Take back everything since the newest savepoint, which stays open.

        Raises:
            DqlmockError: No savepoint is open.
        """
        self.engine.rollback()

    def load(self, *paths: str | Path, region: str | None = None) -> Loaded:
        """Load tables and items from files and directories of files, all of them or none.

        YAML, JSON, DynamoDB JSON, CSV, CloudFormation's templates and Terraform's files; see
        docs/data.md.

        Args:
            paths: `"fixtures/"`.
            region: Where to; by default that of the environment.

        Raises:
            DataFileError: A file isn't what it should be: its name, the line, what was expected.
            DqlmockError: There is no such file, or an extra is missing that reads it.
        """
        from dqlmock.data.load import load  # reads formats by optional dependencies

        return load(self.engine, paths, self.account, region or os.environ["AWS_DEFAULT_REGION"])

    def dump(self, path: str | Path) -> None:
        """Write everything there is to one file: tables, items, streams, tokens, of all accounts.

        Raises:
            DqlmockError: A table is being created, changed or deleted.
        """
        from dqlmock.data.dump import dump  # loaded by who dumps

        dump(self.engine, Path(path))

    def restore(self, path: str | Path) -> None:
        """Put everything in the place of what there is that a file of `dump` holds.

        Raises:
            DataFileError: It is no such file; nothing is changed.
        """
        from dqlmock.data.dump import restore  # loaded by who restores

        restore(self.engine, Path(path))

    def sweep_ttl(self) -> int:
        """Delete every item that has expired, as DynamoDB does sooner or later.

        Returns:
            How many items were deleted.
        """
        return self.engine.sweep_ttl()

    def split_shard(self, stream_arn: str, shard_id: str) -> tuple[str, str]:
        """Split an open shard of a stream; changes that follow go to its two children.

        Returns:
            The ids of the children.

        Raises:
            DqlmockError: There is no such stream, or no such shard that is open.
        """
        return self.engine.split_shard(stream_arn, shard_id)

    def _join(self, options: Options) -> None:
        if options.engine and options.engine != self._options.engine:
            raise DqlmockError(
                f"A mock is running already, and its engine can't be changed: {options.engine}. "
                "Give the engine's options to the outermost mock."
            )
        self._entered += 1
        self._line.let_through(options.passthrough)

    def _leave(self, options: Options) -> DqlmockError | None:
        self._line.hold_back(options.passthrough)
        unmet = self._observer.end(self._entered)
        self._entered -= 1
        if not self._entered:
            board.disconnect(self._line)
            _running.remove(self)
            if board.idle:
                activation.uninstall()
        return unmet


def running_here() -> RunningMock | None:
    """Return the mock that this thread has entered, None where it has entered none."""
    thread = threading.get_ident()
    return next((mock for mock in list(_running) if mock.thread == thread), None)


def _enter(options: Options) -> RunningMock:
    """Join the mock of this thread, or start one."""
    with _lock:
        mock = running_here()
        if mock is None:
            mock = RunningMock(options)
            if board.idle:
                activation.install(options.region)
            board.connect(mock._line)
            _running.append(mock)
        mock._join(options)
        return mock


def _exit(mock: RunningMock, options: Options) -> DqlmockError | None:
    with _lock:
        return mock._leave(options)


class _Enterable:
    """What `MockDynamoDB` and `DqlMock` have in common: they are entered and left, repeatedly."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._entries: list[RunningMock] = []

    def start(self) -> RunningMock:
        """Enter the mock; every `start` needs a `stop`."""
        mock = _enter(self._options)
        self._entries.append(mock)
        return mock

    def stop(self) -> None:
        """Leave the mock.

        Raises:
            DqlmockError: It was not started, or stopped as often already.
            UnmetExpectation: A call that was expected did not come.
            UnfiredFault: A fault that was asked for never fired.
        """
        unmet = self._stop()
        if unmet is not None:
            raise unmet

    def _stop(self) -> DqlmockError | None:
        if not self._entries:
            raise DqlmockError("This mock is not running: stop() without start()")
        thread = threading.get_ident()
        here = [mock for mock in self._entries if mock.thread == thread]
        mock = (here or self._entries)[-1]
        self._entries.remove(mock)
        return _exit(mock, self._options)

    def _end(self, error: BaseException | None) -> None:
        unmet = self._stop()
        if unmet is not None and error is None:
            raise unmet

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end(error)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end(error)


class MockDynamoDB(_Enterable):
    """What `mock_dynamodb()` returns: a context manager, a decorator, and `start` and `stop`."""

    def __call__(self, target: Decorated) -> Decorated:
        """Decorate a function or a test class; see `mock_dynamodb`."""
        return decorate(target, lambda: MockDynamoDB(self._options))

    def __enter__(self) -> MockDynamoDB:
        self.start()
        return self

    async def __aenter__(self) -> MockDynamoDB:
        return self.__enter__()


class DqlMock(_Enterable):
    """What `dql_mock()` returns: a context manager that gives the running mock."""

    def __enter__(self) -> RunningMock:
        return self.start()

    async def __aenter__(self) -> RunningMock:
        return self.start()


@overload
def mock_dynamodb(target: Decorated, /) -> Decorated: ...
@overload
def mock_dynamodb(
    *,
    passthrough: Collection[str] = ...,
    region: str = ...,
    account: str = ...,
    **engine_options: Any,
) -> MockDynamoDB: ...
def mock_dynamodb(
    target: Callable[..., Any] | None = None,
    /,
    *,
    passthrough: Collection[str] = (),
    region: str = "us-east-1",
    account: str = "123456789012",
    **engine_options: Any,
) -> Any:
    """Mock DynamoDB: a decorator, with or without parentheses, or a context manager.

    Decorates functions, coroutines, generator functions (beneath `@pytest.fixture`), pytest's and
    unittest's classes. Each test of a class has an empty DynamoDB of its own, and `setUp`,
    `setup_method` and the like run inside it; a class with `setUpClass` or `setup_class` has one
    DynamoDB from there to the end of the class.

    Args:
        target: What to decorate, where there are no parentheses.
        passthrough: Clients whose calls may leave the process, with real credentials: `("s3",)`.
        region: The region where neither the environment nor the client names one.
        account: The account of callers whose access key isn't twelve digits.
        engine_options: Options of the engine, by name.

    Returns:
        The decorated function or class, or a `MockDynamoDB`.

    Raises:
        DqlmockError: An option makes no sense.

    >>> import boto3
    >>> with mock_dynamodb():
    ...     boto3.client("dynamodb").list_tables()["TableNames"]
    []
    """
    options = Options(names(passthrough), region, account, engine_options)
    mock = MockDynamoDB(options)
    return mock if target is None else mock(target)


def dql_mock(
    *,
    passthrough: Collection[str] = (),
    region: str = "us-east-1",
    account: str = "123456789012",
    **engine_options: Any,
) -> DqlMock:
    """Mock DynamoDB and get hold of the mock.

    `with dql_mock() as db:` or `async with dql_mock() as db:`.

    Args:
        passthrough: Clients whose calls may leave the process, with real credentials: `("s3",)`.
        region: The region where neither the environment nor the client names one.
        account: The account of callers whose access key isn't twelve digits.
        engine_options: Options of the engine, by name.

    Returns:
        A context manager that gives a `RunningMock`.

    Raises:
        DqlmockError: An option makes no sense.

    >>> import boto3
    >>> with dql_mock() as db:
    ...     _ = boto3.client("dynamodb").list_tables()
    ...     db.calls[0].operation
    'ListTables'
    """
    return DqlMock(Options(names(passthrough), region, account, engine_options))
