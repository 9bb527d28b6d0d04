"""`mock_dynamodb` and `dql_mock`: starting, stopping, nesting and decorating.

Owns the mocks that are running. Knows neither what is patched nor how a call is answered.

One thread has one running mock: entering another inside it joins the first, and the state goes when
the last is left. Threads that enter mocks of their own have states of their own. A thread that
enters none shares the one mock that runs; see `dqlmock.intercept.switchboard`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from dqlmock.clock import Clock
from dqlmock.controls import Controls
from dqlmock.decorate import decorate
from dqlmock.errors import DqlmockError
from dqlmock.intercept import activation
from dqlmock.intercept.switchboard import Door, Line, board
from dqlmock.options import Options, names

if TYPE_CHECKING:
    from dqlmock.engine.database import Engine
    from dqlmock.testing.observer import Observer

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_lock = threading.Lock()
_running: list[RunningMock] = []
_at_end: list[Callable[[RunningMock], object]] = []


def _start(clock: Clock, **options: Any) -> tuple[Engine, Door]:
    """Return a new engine and the door to it.

    The pipe is loaded here, by the first mock: `import dqlmock` stands at the top of every test
    module, also of those that are only collected (docs/decisions/0006).
    """
    from dqlmock.engine.database import Engine
    from dqlmock.intercept.objects import open_s3
    from dqlmock.wire.dispatch import Pipe

    engine = Engine(clock, **options)
    engine.open_objects = open_s3
    return engine, Pipe(engine).answer


def _observe(door: Door) -> Observer:
    """Return what stands in front of a door. Loaded with the first mock, as the pipe is."""
    from dqlmock.testing.observer import Observer

    return Observer(door)


class RunningMock(Controls):
    """A mock that is running: the `db` of `with dql_mock() as db`.

    Args:
        options: Those of the first who entered.

    Attributes:
        is_background: It runs for tests that ask for it, while others run, too.
        is_aside: One that doesn't is running: whoever enters a mock now doesn't join.
    """

    def __init__(self, options: Options) -> None:
        self._engine, door = _start(Clock(), **options.engine)
        self._observer = _observe(door)
        self._options = options
        self.is_background = self.is_aside = False
        self._line = Line(self.front.answer, options.account)

    @property
    def engine(self) -> Engine:
        """The state."""
        return self._engine

    @property
    def observer(self) -> Observer:
        """What stands between callers and the engine."""
        return self._observer

    @property
    def account(self) -> str:
        """The account of callers whose access key isn't twelve digits."""
        return self._options.account

    @property
    def depth(self) -> int:
        """How often it is entered by now: mocks that nest are one."""
        return self._entered

    @property
    def thread(self) -> int:
        """The identifier of the thread that entered the mock."""
        return self._line.thread

    def _home_region(self) -> str:
        return os.environ["AWS_DEFAULT_REGION"]

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
        if self._entered == 1:
            for listener in _at_end:
                listener(self)
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
    here = (mock for mock in reversed(_running) if mock.thread == thread and not mock.is_aside)
    return next(here, None)


def set_background_aside(*, aside: bool) -> None:
    """Let mocks in the background be joined, or have mocks of their own started beside them."""
    for mock in _running:
        mock.is_aside = aside and mock.is_background


def at_each_end(listener: Callable[[RunningMock], object]) -> Callable[[], None]:
    """Have something called with each mock that ends, while all of it is still there.

    Returns:
        What ends that.
    """
    _at_end.append(listener)
    return lambda: _at_end.remove(listener)


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
