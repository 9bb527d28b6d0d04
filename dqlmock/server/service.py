"""A listening socket, the engine behind it, and how both come to rest.

Owns the life of a server on an event loop: listening, the sweep for dead connections, the graceful
stop. Knows neither threads nor processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.intercept.objects import open_s3
from dqlmock.server.admin import Admin
from dqlmock.server.connection import Connection
from dqlmock.server.front import Front
from dqlmock.server.knobs import Knobs
from dqlmock.server.metrics import Metrics
from dqlmock.server.options import ServerOptions
from dqlmock.wire.dispatch import TARGETS, Pipe

if TYPE_CHECKING:
    from dqlmock.testing.observer import Observer

IDLE_S: Final = 300.0
"""How long a connection may rest between two requests."""

STALLED_S: Final = 30.0
"""How long a client may leave a request half sent, or an answer half read."""

GRACE_S: Final = 5.0
"""How long a stop waits for what is in flight."""

_SWEEP_S = 5.0
_BACKLOG = 1024


class Service:
    """A server on an event loop.

    Args:
        options: How it is run.

    Attributes:
        engine: The state.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        self.engine = Engine(Clock(), wording=options.wording)
        self.engine.open_objects = open_s3
        metrics = Metrics(TARGETS)
        knobs = Knobs(self.engine, lambda: self.observer)
        admin = Admin(self.engine, metrics, knobs, lambda: not self._stop.is_set())
        self._pipe = Pipe(self.engine)
        self._observer: Observer | None = None
        self._front = Front(
            self._pipe.answer,
            metrics,
            admin.respond if options.admin else None,
            account=options.account,
            region=options.region,
            shared=options.shared_db,
        )
        self._connections: set[Connection] = set()
        self._stop = asyncio.Event()
        self._listener: asyncio.Server

    @property
    def observer(self) -> Observer:
        """What stands between callers and the engine, from the first look at it on."""
        if self._observer is None:
            from dqlmock.testing.observer import Observer  # loaded by who asks for it

            self._observer = Observer(self._pipe.answer)
            self._front.door = self._observer.front.answer
        return self._observer

    async def listen(self) -> str:
        """Accept connections.

        Returns:
            The endpoint: `"http://127.0.0.1:8000"`.

        Raises:
            OSError: The address can't be bound: the port is taken, the host unknown.
        """
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(
            lambda: Connection(self._front.respond, self._connections, loop.time),
            self._options.host,
            self._options.port,
            backlog=_BACKLOG,
        )
        port = self._listener.sockets[0].getsockname()[1]
        host = self._options.host
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def stop(self) -> None:
        """Make `run` finish. From the loop's own thread."""
        self._stop.set()

    async def run(self) -> None:
        """Serve until `stop` is called, then finish what is in flight and close."""
        while not self._stop.is_set():
            await _within(self._stop.wait(), _SWEEP_S)
            self._sweep(asyncio.get_running_loop().time())
        self._listener.close()
        for connection in list(self._connections):
            connection.close()
        await _within(self._all_closed(), GRACE_S)
        for connection in list(self._connections):
            connection.abort()
        await asyncio.sleep(0)  # the loop closes them in its next turn

    def _sweep(self, now_s: float) -> None:
        for connection in list(self._connections):
            silent_s = now_s - connection.last_read_s
            if connection.is_idle:
                if silent_s > IDLE_S:
                    connection.close()
            elif silent_s > STALLED_S:
                connection.abort()

    async def _all_closed(self) -> None:
        while self._connections:
            await asyncio.sleep(0.005)


async def _within(waiting: Coroutine[Any, Any, object], timeout_s: float) -> None:
    task = asyncio.ensure_future(waiting)
    await asyncio.wait((task,), timeout=timeout_s)
    if not task.done():
        task.cancel()
