"""Which mock a call belongs to.

Owns the list of the mocks that are running and the choice between them. Knows neither botocore nor
the engine: a mock is a door, an account, and the services that it lets through.

One mock running, which is nearly always so: every call of the process is its, from any thread. More
than one (each thread has entered a mock of its own): a call belongs to the mock of its thread, then
to the mock of its context (`asyncio.to_thread` copies the context). A thread that has neither is
refused, for a guess would show it another test's data.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection
from contextvars import ContextVar
from typing import TypeAlias

from dqlmock.errors import DqlmockError
from dqlmock.wire.messages import WireRequest, WireResponse

Door: TypeAlias = Callable[[WireRequest], WireResponse]
"""The way into the pipe."""


class Line:
    """One running mock, as the interceptors see it.

    Args:
        door: Answers the calls.
        account: The account of callers whose access key doesn't name one.

    >>> line = Line(lambda request: WireResponse(200, {}, b"{}"), "123456789012")
    >>> line.let_through(["s3"])
    >>> line.passthrough
    frozenset({'s3'})
    """

    def __init__(self, door: Door, account: str) -> None:
        self.door = door
        self.account = account
        self.thread = threading.get_ident()
        self.passthrough: frozenset[str] = frozenset()
        self._let_through: Counter[str] = Counter()

    def let_through(self, services: Collection[str]) -> None:
        """Let requests to these services leave, until `hold_back` is called as often."""
        self._let_through.update(services)
        self.passthrough = frozenset(+self._let_through)

    def hold_back(self, services: Collection[str]) -> None:
        """Undo one `let_through`."""
        self._let_through.subtract(services)
        self.passthrough = frozenset(+self._let_through)


class Switchboard:
    """The running mocks, and the choice between them.

    `connect` and `disconnect` are called under the lock of whoever starts mocks; reading needs
    none, for the tuple is replaced, never changed.
    """

    def __init__(self) -> None:
        self.only: Line | None = None
        """The running mock if exactly one runs: callers try `only or pick()`."""
        self._all: tuple[Line, ...] = ()
        self._lines: tuple[Line, ...] = ()
        self._of_context: ContextVar[Line | None] = ContextVar("dqlmock_line", default=None)

    @property
    def idle(self) -> bool:
        """Whether no mock runs."""
        return not self._lines

    def connect(self, line: Line) -> None:
        """Begin to send calls to a mock, in the place of those that its thread runs already."""
        self._replace((*self._all, line))
        self._of_context.set(line)

    def disconnect(self, line: Line) -> None:
        """Send no more calls to a mock."""
        self._replace(tuple(other for other in self._all if other is not line))

    def _replace(self, lines: tuple[Line, ...]) -> None:
        self._all = lines
        newest = {line.thread: line for line in lines}
        self._lines = lines = tuple(newest.values())
        self.only = lines[0] if len(lines) == 1 else None

    def pick(self) -> Line | None:
        """Return the mock that a call made here belongs to; None while no mock runs.

        Raises:
            DqlmockError: Several threads run mocks, and the caller is inside none of them.
        """
        lines = self._lines
        if len(lines) < 2:
            return lines[0] if lines else None
        thread = threading.get_ident()
        for line in lines:
            if line.thread == thread:
                return line
        of_context = self._of_context.get()
        if of_context in lines:
            return of_context
        raise DqlmockError(
            f"{len(lines)} mocks of DynamoDB are running in different threads, and this thread has "
            "entered none of them, so whose data it means can't be told. Enter one mock around all "
            "the threads, or run the thread's work in a copy of the context "
            "(contextvars.copy_context().run)."
        )


board = Switchboard()
"""The switchboard of this process: botocore's classes are one per process, too."""
