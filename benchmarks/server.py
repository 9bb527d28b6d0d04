"""Requests per second over HTTP: dqlmock beside dynalite, moto's server and DynamoDB Local.

The load comes from wrk (`apt-get install wrk`), one thread of it, over loopback. Each server runs
by itself; the rounds alternate between them, and the best of each counts. Beside the requests per
second stands what one costs the server's process in CPU time: it tells servers apart even where
other work on the machine makes the rates meaningless.

What isn't installed is left out, with a word. The others are found through the environment:

- `DYNALITE`: the directory whose `node_modules` holds dynalite (`npm install dynalite`).
- `MOTO_SERVER`: the `moto_server` command (`pip install 'moto[server]'`), else that of `PATH`.
- `DYNAMODB_LOCAL`: the directory of DynamoDBLocal.jar, or of `lib/` with its jars.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from benchmarks.fixtures import ITEM, KEY, TABLE, line_item
from benchmarks.measure import line

GOALS = {"PutItem": 1.5, "GetItem": 1.5, "UpdateItem": 2.0, "Query": 2.0}
"""Requests per second at 16 connections, against dynalite's."""

START_LIMIT_S, MEMORY_LIMIT_MB = 0.4, 60

HEADERS = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": (
        "AWS4-HMAC-SHA256 Credential=AKIABENCHMARK/20260101/us-east-1/dynamodb/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=" + "0" * 64
    ),
    "User-Agent": "Boto3/1.40 md/Botocore#1.40 ua/2.1 os/linux lang/python",
    "amz-sdk-invocation-id": "00000000-0000-0000-0000-000000000000",
    "amz-sdk-request": "attempt=1",
}

CALLS: dict[str, dict[str, Any]] = {
    "PutItem": {"TableName": TABLE, "Item": ITEM},
    "GetItem": {"TableName": TABLE, "Key": KEY},
    "UpdateItem": {
        "TableName": TABLE,
        "Key": KEY,
        "UpdateExpression": "SET pieces = pieces + :one, #status = :status",
        "ConditionExpression": "attribute_exists(pk) AND pieces < :most",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {
            ":one": {"N": "1"},
            ":most": {"N": "100000000000"},
            ":status": {"S": "PAID"},
        },
    },
    "Query": {
        "TableName": TABLE,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": "ten"}},
    },
}


class Running(NamedTuple):
    """A server under load."""

    name: str
    port: int
    pid: int


class Measured(NamedTuple):
    """Requests per second, and CPU time of the server's process for each, in microseconds."""

    rate: float
    cpu_us: float


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _commands(port: int) -> Iterator[tuple[str, list[str], str | None]]:
    """Yield name, command and working directory of each server that is installed."""
    here = [sys.executable, "-m", "dqlmock", "server", "--port", str(port)]
    yield "dqlmock", here, None
    dynalite = Path(os.environ.get("DYNALITE", ".")) / "node_modules" / "dynalite" / "cli.js"
    if dynalite.exists():
        options = ["--port", str(port), "--createTableMs", "0", "--deleteTableMs", "0"]
        yield "dynalite", ["node", str(dynalite), *options], None
    moto = os.environ.get("MOTO_SERVER") or shutil.which("moto_server")
    if moto:
        yield "moto", [moto, "--port", str(port)], None
    local = os.environ.get("DYNAMODB_LOCAL")
    if local:
        main = "com.amazonaws.services.dynamodbv2.local.main.ServerRunner"
        java = ["java", "-Djava.library.path=lib", "-cp", "DynamoDBLocal.jar:lib/*", main]
        yield "DynamoDB Local", [*java, "-inMemory", "-port", str(port)], local


def _call(port: int, operation: str, parameters: Mapping[str, Any]) -> bytes:
    headers = {**HEADERS, "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
    request = Request(f"http://127.0.0.1:{port}/", json.dumps(parameters).encode(), headers)
    with urlopen(request, timeout=5) as answer:
        body: bytes = answer.read()
        return body


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("it doesn't start")
        time.sleep(0.005)


def _answers(port: int) -> bool:
    try:
        _call(port, "ListTables", {})
    except HTTPError as error:
        raise RuntimeError(f"{error.status}: {error.read()!r}") from error
    except (URLError, OSError):
        return False
    return True


@contextmanager
def _running(name: str, command: list[str], directory: str | None, port: int) -> Iterator[Running]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=directory, stdout=quiet, stderr=quiet)
    try:
        _wait(port, process)
        _seed(port)
        yield Running(name, port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _seed(port: int) -> None:
    definitions = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")]
    schema = [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    _call(
        port,
        "CreateTable",
        {
            "TableName": TABLE,
            "AttributeDefinitions": definitions,
            "KeySchema": schema,
            "BillingMode": "PAY_PER_REQUEST",
        },
    )
    while b'"ACTIVE"' not in _call(port, "DescribeTable", {"TableName": TABLE}):
        time.sleep(0.05)
    for number in range(10):
        item = line_item("ten", number)
        _call(port, "PutItem", {"TableName": TABLE, "Item": item})
    _call(port, "PutItem", {"TableName": TABLE, "Item": ITEM})


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _load(server: Running, operation: str, connections: int, seconds: int) -> Measured:
    headers = {**HEADERS, "X-Amz-Target": f"DynamoDB_20120810.{operation}"}
    script = ["wrk.method = 'POST'", f"wrk.body = [[{json.dumps(CALLS[operation])}]]"]
    script += [f"wrk.headers[{name!r}] = {value!r}" for name, value in headers.items()]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write("\n".join(script))
        file.flush()
        before_s = _cpu_s(server.pid)
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", file.name]
        url = f"http://127.0.0.1:{server.port}/"
        report = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in report or "Socket errors" in report:
        raise RuntimeError(f"{server.name} failed:\n{report}")
    requests = int(re.findall(r"(\d+) requests in", report)[0])
    rate = float(re.findall(r"Requests/sec:\s*([\d.]+)", report)[0])
    return Measured(rate, (_cpu_s(server.pid) - before_s) / max(requests, 1) * 1e6)


def _measure(servers: list[Running], connections: int, rounds: int, seconds: int) -> None:
    for operation in CALLS:  # compilers just in time have had their time then
        for server in servers:
            _load(server, operation, connections, 1)
    print(f"Requests per second at {connections} connections, and CPU time of the server for each")
    line("", *(server.name for server in servers))
    for operation in CALLS:
        best = {server.name: Measured(0.0, float("inf")) for server in servers}
        for _ in range(rounds):
            for server in servers:
                found, known = _load(server, operation, connections, seconds), best[server.name]
                best[server.name] = Measured(
                    max(found.rate, known.rate), min(found.cpu_us, known.cpu_us)
                )
        line(operation, *(f"{best[server.name].rate:,.0f}" for server in servers))
        line("  CPU", *(f"{best[server.name].cpu_us:.0f} us" for server in servers))
        _compare(operation, best)


def _compare(operation: str, best: Mapping[str, Measured]) -> None:
    if "dynalite" in best:
        ours, theirs = best["dqlmock"], best["dynalite"]
        goal = f"at least {GOALS[operation]}x"
        by_rate, by_cpu = ours.rate / theirs.rate, theirs.cpu_us / ours.cpu_us
        line("  against dynalite", f"{by_rate:.2f}x", f"CPU {by_cpu:.2f}x", goal)


class Started(NamedTuple):
    """Seconds from command to first answer, those of CPU among them, and the memory then."""

    taken_s: float
    cpu_s: float
    memory_mb: float


def _start(command: list[str], port: int) -> Started:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        taken_s = time.perf_counter() - started
        status = Path(f"/proc/{process.pid}/status").read_text()
        memory_mb = int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024
        return Started(taken_s, _cpu_s(process.pid), memory_mb)
    finally:
        process.terminate()
        process.wait()


def _starting() -> None:
    port = _free_port()
    command = next(_commands(port))[1]
    results = [_start(command, port) for _ in range(6)]
    print("Starting the server")
    best = min(results)
    cpu = f"CPU {best.cpu_s:.2f} s"
    line("command to first answer", f"{best.taken_s:.2f} s", cpu, f"at most {START_LIMIT_S} s")
    line("idle memory", f"{best.memory_mb:.0f} MB", f"at most {MEMORY_LIMIT_MB} MB")


def main(rounds: int = 2, seconds: int = 2) -> None:
    _starting()
    if shutil.which("wrk") is None:
        print("wrk is not installed: no load is measured")
        return
    names = [name for name, _, _ in _commands(0)]
    for name in ("dynalite", "moto", "DynamoDB Local"):
        if name not in names:
            print(f"{name} is left out: not installed (see the docstring of benchmarks/server.py)")
    for connections in (1, 16):
        with _all_running() as servers:
            _measure(servers, connections, rounds, seconds)


@contextmanager
def _all_running() -> Iterator[list[Running]]:
    with ExitStack() as stack:
        servers = []
        for number in range(len(list(_commands(0)))):
            port = _free_port()
            name, command, directory = list(_commands(port))[number]
            try:
                servers.append(stack.enter_context(_running(name, command, directory, port)))
            except (RuntimeError, OSError) as error:
                print(f"{name} is left out: {error}")
        yield servers


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=2)
    arguments = parser.parse_args()
    main(arguments.rounds, arguments.seconds)
