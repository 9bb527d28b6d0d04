"""The command, and `ServerProcess`: signals, ready file, ports."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dqlmock import DqlmockError, ServerProcess, cli
from tests.operations.tables import create_hash_table
from tests.server.conftest import client_of
from tests.server.raw import RawClient, call, request


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dqlmock", "server", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def endpoint_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(r"dqlmock server listening on (http://127\.0\.0\.1:\d+)\n", line)
    assert found, line
    return found[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_finish_what_is_in_flight(number: int, tmp_path: Path) -> None:
    ready_file = tmp_path / "ready"
    process = start("--ready-file", str(ready_file))
    endpoint_url = endpoint_of(process)
    deadline = time.monotonic() + 5
    while not ready_file.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert ready_file.read_text() == f"{endpoint_url}\n"
    with RawClient(endpoint_url) as idle, RawClient(endpoint_url) as busy:
        assert idle.ask(call("ListTables")).status == 200
        data = call("ListTables")
        busy.send(data[:-1])
        assert idle.ask(request("GET", "/_dqlmock/ready")).json == {"status": "ready"}
        os.kill(process.pid, number)
        assert idle.is_closed()
        response = busy.ask(data[-1:])
        assert (response.status, response.headers["connection"]) == (200, "close")
    output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")
    assert not ready_file.exists()


def test_a_taken_port(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["server", "--port", str(port)]) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.startswith("dqlmock server: ")
        assert str(port) in shown.err
        assert "in use" in shown.err
        with pytest.raises(DqlmockError, match="in use"):
            ServerProcess(port).start()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "65536"], "A port lies between 0 and 65535: 65536"),
        (["--account", "12"], "An account has twelve digits: '12'"),
        (["--port", "0", "--host", "no.such.host.invalid"], ""),
    ],
)
def test_what_cannot_be_served(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["server", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"dqlmock server: {words}")
    assert gc.isenabled()


def test_help_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["server", "--help"])
    assert exit_.value.code == 0
    shown = capsys.readouterr().out
    names = "host port region shared-db ready-file no-admin wording"
    for name in names.split():
        assert f"--{name}" in shown


def test_a_process_from_python(process: ServerProcess) -> None:
    client = client_of(process.endpoint_url)
    create_hash_table(client, "process")
    assert client.list_tables()["TableNames"] == ["process"]
    assert process.pid != os.getpid()
    with pytest.raises(DqlmockError, match="running already"):
        process.start()


def test_a_process_that_does_not_run() -> None:
    process = ServerProcess()
    with pytest.raises(DqlmockError, match="not running"):
        process.stop()


def test_options_reach_the_process() -> None:
    with ServerProcess(region="eu-west-1", shared_db=True, admin=False) as server:
        create_hash_table(client_of(server.endpoint_url, account="111122223333"))
        other: Any = client_of(server.endpoint_url, region="ap-south-1")
        table = other.describe_table(TableName="hash")["Table"]
        assert table["TableArn"] == "arn:aws:dynamodb:eu-west-1:123456789012:table/hash"
        with RawClient(server.endpoint_url) as raw:
            response = raw.ask(request("GET", "/"))
            assert response.body == b"healthy: dynamodb.eu-west-1.amazonaws.com "


def test_the_server_loads_no_client_library() -> None:
    program = (
        "import sys, dqlmock.server; "
        "print([m for m in ('botocore', 'boto3', 'urllib3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_without_the_extra() -> None:
    program = (
        "import sys; sys.modules['httptools'] = None\n"
        "from dqlmock import cli; sys.exit(cli.main(['server']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2
    assert "pip install 'dqlmock[server]'" in done.stderr
