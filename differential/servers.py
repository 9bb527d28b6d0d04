"""The servers that are compared: the mock, DynamoDB Local from Maven Central, dynalite from npm.

Owns how they are fetched (into the git-ignored `differential/.cache/`), started on loopback ports
of their own, asked, and stopped. A server that can't be had raises `Unavailable` with the reason.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError
from dqlmock.operations.registry import STREAM_OPERATIONS
from dqlmock.wire.dispatch import Pipe
from dqlmock.wire.messages import WireRequest

CACHE: Final = Path(__file__).parent / ".cache"
REGION: Final = "me-central-1"
"""A region that gives the wording of May 2026: the others know no newer one."""

ACCOUNT: Final = "111111111111"
NOT_ANSWERED: Final = 501
"""The status for what the mock says it can't answer."""

_DYNAMODB_LOCAL: Final = "2.6.1"
_DYNALITE: Final = "4.0.0"
_FETCH_TIMEOUT_S: Final = 300
_START_TIMEOUT_S: Final = 60.0


class Unavailable(Exception):
    """A server can't be had here; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the status, and the body as it was sent."""

    status: int
    body: str


class Mock:
    """The mock, asked through its pipe."""

    name = "dqlmock"

    def __init__(self, region: str = REGION) -> None:
        self._answer = Pipe(Engine(Clock())).answer
        self._region = region

    def send(self, target: str, body: str) -> Answer:
        try:
            response = self._answer(WireRequest(target, body.encode(), ACCOUNT, self._region))
        except DqlmockError as misuse:
            return Answer(NOT_ANSWERED, str(misuse))
        return Answer(response.status, response.body.decode())

    def stop(self) -> None:
        pass


@dataclass
class Remote:
    """A server that listens on loopback."""

    name: str
    version: str
    command: Callable[[int], list[str]]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it, once more where it has died of a request.

        Raises:
            Unavailable: It doesn't answer.
        """
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._connection = None
        silent = subprocess.DEVNULL
        command = self.command(self.port)
        self.process = subprocess.Popen(
            command, cwd=CACHE, stdin=silent, stdout=silent, stderr=silent
        )
        deadline = time.monotonic() + _START_TIMEOUT_S
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.is_alive():
                return
            time.sleep(0.2)
        self.stop()
        raise Unavailable(f"did not answer on port {self.port}")

    def is_alive(self) -> bool:
        return self.send(target("ListTables"), "{}").status == 200

    def send(self, target: str, body: str) -> Answer:
        """Send a request, once more over a new connection if the old one was closed."""
        return self._try(target, body) or self._try(target, body) or Answer(0, "no answer")

    def _try(self, target: str, body: str) -> Answer | None:
        connection = self._connection or http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=20
        )
        self._connection = connection
        try:
            connection.request("POST", "/", body.encode(), _headers(target))
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())
        except (http.client.HTTPException, OSError):
            self._connection = None
            connection.close()
            return None

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _headers(target: str) -> dict[str, str]:
    return {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": target,
        "X-Amz-Date": "20261001T000000Z",
        "Authorization": (
            f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20261001/{REGION}/dynamodb/aws4_request, "
            "SignedHeaders=host;x-amz-date, Signature=0"
        ),
    }


def dynamodb_local() -> Remote:
    """Start DynamoDB Local; fetch it first where it isn't in the cache.

    Raises:
        Unavailable: Java or Maven is missing, or it doesn't start.
    """
    java = _tool("java")
    libraries = CACHE / f"dynamodb-local-{_DYNAMODB_LOCAL}"
    if not libraries.exists():
        pom = CACHE / "pom.xml"
        CACHE.mkdir(exist_ok=True)
        pom.write_text(_POM.format(version=_DYNAMODB_LOCAL), encoding="utf-8")
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={libraries}"]
        _fetch([_tool("mvn"), "-q", "-f", str(pom), *goal])
    runner = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"
    options = [f"-Djava.library.path={libraries}", "-cp", f"{libraries}/*", runner, "-inMemory"]
    return _start(
        "DynamoDB Local", _DYNAMODB_LOCAL, lambda port: [java, *options, "-port", str(port)]
    )


def dynalite() -> Remote:
    """Start dynalite; fetch it first where it isn't in the cache.

    Raises:
        Unavailable: Node or npm is missing, or it doesn't start.
    """
    node = _tool("node")
    script = CACHE / "node_modules" / "dynalite" / "cli.js"
    if not script.exists():
        CACHE.mkdir(exist_ok=True)
        package = f"dynalite@{_DYNALITE}"
        _fetch([_tool("npm"), "install", "--silent", "--prefix", str(CACHE), package])
    delays = ["--createTableMs", "0", "--deleteTableMs", "0", "--updateTableMs", "0"]
    return _start(
        "dynalite", _DYNALITE, lambda port: [node, str(script), "--port", str(port), *delays]
    )


OTHERS: Final[dict[str, Callable[[], Remote]]] = {
    "DynamoDB Local": dynamodb_local,
    "dynalite": dynalite,
}

_POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>dqlmock</groupId><artifactId>differential</artifactId><version>1</version><dependencies>
<dependency><groupId>com.amazonaws</groupId><artifactId>DynamoDBLocal</artifactId>
<version>{version}</version></dependency></dependencies></project>
"""


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Unavailable(f"{name} is not installed")
    return path


def _fetch(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, timeout=_FETCH_TIMEOUT_S, capture_output=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise Unavailable(f"could not be fetched: {error}") from error


def _start(name: str, version: str, command: Callable[[int], list[str]]) -> Remote:
    remote = Remote(name, version, command)
    remote.start()
    return remote


def call(server: Mock | Remote, operation: str, request: Any) -> tuple[int, Any]:
    """Call an operation; return the status and the body as JSON, or text where it is none."""
    answer = server.send(target(operation), json.dumps(request))
    try:
        return answer.status, json.loads(answer.body)
    except ValueError:
        return answer.status, answer.body


def service(operation: str) -> str:
    """Return botocore's name of the service that an operation is of.

    >>> service("ListStreams"), service("ListTables")
    ('dynamodbstreams', 'dynamodb')
    """
    return "dynamodbstreams" if operation in STREAM_OPERATIONS else "dynamodb"


def target(operation: str) -> str:
    """Return the X-Amz-Target of an operation.

    >>> target("ListStreams")
    'DynamoDBStreams_20120810.ListStreams'
    """
    prefix = "DynamoDBStreams" if operation in STREAM_OPERATIONS else "DynamoDB"
    return f"{prefix}_20120810.{operation}"
