"""`Server`: a server in a thread of this process.

Owns the thread and its event loop.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Literal

from dqlmock.controls import Controls
from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError
from dqlmock.server.loops import new_event_loop
from dqlmock.server.options import ServerOptions
from dqlmock.server.service import Service
from dqlmock.server.startable import Startable

if TYPE_CHECKING:
    from dqlmock.testing.observer import Observer


class Server(Startable, Controls):
    """DynamoDB over HTTP, in a thread of this process.

    Started by `with` or `start()`; it accepts connections when either returns. It has the knobs of
    `dql_mock`: `server.faults`, `server.lag()`, `server.calls` and the others, which all clients
    feel.

    Args:
        port: 0 takes a free one.
        host: The address to bind to.
        region: The region of the health check, and of a shared database.
        account: The account of callers whose access key isn't twelve digits.
        shared_db: All accounts and regions meet in one.
        admin: Answer under `/_dqlmock/`.
        wording: Word errors as AWS did before or after its rollout of 2026, whatever the region.

    Raises:
        DqlmockError: An option makes no sense.

    >>> from urllib.request import urlopen
    >>> with Server(port=0) as server:
    ...     urlopen(server.endpoint_url).read()
    b'healthy: dynamodb.us-east-1.amazonaws.com '
    """

    def __init__(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        region: str = "us-east-1",
        account: str = "123456789012",
        shared_db: bool = False,
        admin: bool = True,
        wording: Literal["older", "newest"] | None = None,
    ) -> None:
        self._options = ServerOptions(host, port, region, account, shared_db, admin, wording)
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop
        self._service: Service
        self._endpoint_url = ""

    @property
    def endpoint_url(self) -> str:
        """`"http://127.0.0.1:49152"`.

        Raises:
            DqlmockError: The server is not running.
        """
        self._check_is_running()
        return self._endpoint_url

    @property
    def db(self) -> Engine:
        """The engine: `server.db.reset()`, `server.db.clock.advance(...)`.

        Raises:
            DqlmockError: The server is not running.
        """
        self._check_is_running()
        return self._service.engine

    @property
    def engine(self) -> Engine:
        """The same as `db`."""
        return self.db

    @property
    def observer(self) -> Observer:
        """What stands between callers and the engine.

        Raises:
            DqlmockError: The server is not running.
        """
        self._check_is_running()
        return self._service.observer

    @property
    def account(self) -> str:
        """The account of callers whose access key isn't twelve digits."""
        return self._options.account

    def _home_region(self) -> str:
        return self._options.region

    def _check_is_running(self) -> None:
        if self._thread is None:
            raise DqlmockError("This server is not running: use it in a with statement")

    def start(self) -> Server:
        """Listen, and serve from a thread.

        Raises:
            DqlmockError: It is running already.
            OSError: The address can't be bound.
        """
        if self._thread is not None:
            raise DqlmockError("This server is running already")
        listening: Future[str] = Future()
        thread = threading.Thread(
            target=self._run, args=(listening,), name="dqlmock-server", daemon=True
        )
        thread.start()
        try:
            self._endpoint_url = listening.result()
        except BaseException:  # what the thread hands over as it ends: it is over in a moment
            thread.join()
            raise
        self._thread = thread
        return self

    def _stop(self) -> DqlmockError | None:
        self._check_is_running()
        thread, self._thread = self._thread, None
        assert thread is not None
        self._loop.call_soon_threadsafe(self._service.stop)
        thread.join()
        return self._service.observer.end(0)

    def _run(self, listening: Future[str]) -> None:
        self._loop = new_event_loop()
        try:
            self._loop.run_until_complete(self._serve(listening))
        finally:
            self._loop.close()

    async def _serve(self, listening: Future[str]) -> None:
        self._service = Service(self._options)
        _ = self._service.observer  # the log has all calls
        try:
            endpoint_url = await self._service.listen()
        except OSError as error:
            listening.set_exception(error)
            return
        listening.set_result(endpoint_url)
        await self._service.run()
