"""A server that has a process to itself: run by the command, or started from Python.

Owns signals, the ready file and the subprocess. Knows no arguments of a command line.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

from dqlmock.errors import DqlmockError
from dqlmock.server.loops import new_event_loop
from dqlmock.server.options import ServerOptions
from dqlmock.server.service import GRACE_S, Service
from dqlmock.server.startable import Startable

_START_S = 30.0


def serve(options: ServerOptions, ready_file: Path | None = None) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is in flight.

    Once connections are accepted the endpoint is printed, and written to `ready_file`, which
    is removed in the end.

    Raises:
        OSError: The address can't be bound.
    """
    loop = new_event_loop()
    try:
        loop.run_until_complete(_serve(options, ready_file))
    finally:
        loop.close()


async def _serve(options: ServerOptions, ready_file: Path | None) -> None:
    service = Service(options)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    endpoint_url = await service.listen()
    gc.freeze()  # what is loaded by now stays
    gc.enable()
    print(f"dqlmock server listening on {endpoint_url}", flush=True)
    if ready_file is not None:
        _write_at_once(ready_file, endpoint_url)
    try:
        await service.run()
    finally:
        if ready_file is not None:
            ready_file.unlink(missing_ok=True)


def _write_at_once(path: Path, text: str) -> None:
    """Write a file so that who waits for it never sees it half written."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(f"{text}\n")
    partial.replace(path)


class ServerProcess(Startable):
    """DynamoDB over HTTP, in a process of its own.

    Started by `with` or `start()`; it accepts connections when either returns. Takes the options
    of `dqlmock.Server`; its engine and its knobs are reached over HTTP only (docs/server.md).

    Args:
        port: 0 takes a free one.
        host: The address to bind to.
        region: The region of the health check, and of a shared database.
        account: The account of callers whose access key isn't twelve digits.
        shared_db: All accounts and regions meet in one.
        admin: Answer under `/_dqlmock/`.
        wording: Word errors as AWS did before or after its rollout of 2026, whatever the region.

    Attributes:
        endpoint_url: `"http://127.0.0.1:49152"`, empty until it is started.

    Raises:
        DqlmockError: An option makes no sense.
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
        self._process: subprocess.Popen[str] | None = None
        self.endpoint_url = ""

    @property
    def pid(self) -> int:
        """The process's id.

        Raises:
            DqlmockError: The server is not running.
        """
        return self._running().pid

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise DqlmockError("This server is not running: use it in a with statement")
        return self._process

    def start(self) -> ServerProcess:
        """Start the process, and wait until it accepts connections.

        Raises:
            DqlmockError: It is running already, or it ended at once: its words are in the text.
        """
        if self._process is not None:
            raise DqlmockError("This server is running already")
        with tempfile.TemporaryDirectory() as directory:
            ready_file = Path(directory) / "endpoint"
            process = subprocess.Popen(
                [*_command(self._options), "--ready-file", str(ready_file)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            self.endpoint_url = _wait_for(ready_file, process)
        self._process = process
        return self

    def _stop(self) -> None:
        process, self._process = self._running(), None
        process.terminate()
        try:
            process.communicate(timeout=GRACE_S * 2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _command(options: ServerOptions) -> list[str]:
    command = [sys.executable, "-m", "dqlmock", "server"]
    command += ["--host", options.host, "--port", str(options.port)]
    command += ["--region", options.region, "--account", options.account]
    if options.shared_db:
        command.append("--shared-db")
    if not options.admin:
        command.append("--no-admin")
    if options.wording:
        command += ["--wording", options.wording]
    return command


def _wait_for(ready_file: Path, process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + _START_S
    while not ready_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            _, words = process.communicate()
            raise DqlmockError(f"The server did not start: {words.strip() or 'it said nothing'}")
        time.sleep(0.005)
    return ready_file.read_text().strip()
