"""Real clients against a running server: `make test-clients`.

One test a client. What it needs is installed into `tests/clients/.cache`, which git ignores; a
client whose toolchain isn't on the machine is skipped, with what is missing. A suite is a program
that prints "ok <section>" for each section it ran, told by the environment where the server
listens and which sections the server can answer.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dqlmock import ServerProcess
from dqlmock.operations.registry import OPERATIONS, STREAM_OPERATIONS

HERE = Path(__file__).parent
CACHE = HERE / ".cache"
SECTIONS = {
    "tables": "CreateTable",
    "items": "PutItem",
    "pages": "Query",
    "transactions": "TransactWriteItems",
    "partiql": "ExecuteStatement",
    "streams": "GetRecords",
}
"""Each section, and the operation without which it can't run."""


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with ServerProcess() as running:
        yield running


@pytest.fixture
def endpoint_url(server: ServerProcess) -> str:
    subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import sys, urllib.request as r; "
                "r.urlopen(r.Request(sys.argv[1] + '/_dqlmock/reset', method='POST'))"
            ),
            server.endpoint_url,
        ],
        check=True,
    )
    return server.endpoint_url


def need(program: str) -> str:
    """Return the path of a program, or skip the test."""
    found = shutil.which(program)
    if found is None and program == "cargo":
        found = shutil.which(Path.home() / ".cargo" / "bin" / "cargo")
    if found is None and program == "go":
        found = shutil.which("/usr/local/go/bin/go")
    if found is None:
        pytest.skip(f"{program} is not installed on this machine")
    return found


def prepare(command: list[str], cwd: Path, **environment: str) -> None:
    """Run a command that installs or builds."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        pytest.fail(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")


def run(command: list[str], cwd: Path, endpoint_url: str, without: tuple[str, ...] = ()) -> None:
    """Run a suite, and check that it ran all sections that the server can answer."""
    able = [
        name
        for name, operation in SECTIONS.items()
        if operation in {**OPERATIONS, **STREAM_OPERATIONS} and name not in without
    ]
    environment = {
        **os.environ,
        "DQLMOCK_ENDPOINT": endpoint_url,
        "DQLMOCK_FEATURES": ",".join(able),
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    ran = re.findall(r"ok (\w+)$", done.stdout, re.MULTILINE)  # Maven puts colours before some
    assert ran == able


def virtual_environment(name: str, *packages: str) -> Path:
    """Return the programs of a virtual environment that has some packages."""
    home = CACHE / name
    if not (home / ".ready").exists():
        prepare([sys.executable, "-m", "venv", str(home)], HERE)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        prepare([*pip, "--disable-pip-version-check", *packages], HERE)
        (home / ".ready").touch()
    return home / "bin"


def test_boto3(endpoint_url: str) -> None:
    python = virtual_environment("boto3", "boto3") / "python"
    run([str(python), "boto3_suite.py"], HERE / "python", endpoint_url)


def test_aioboto3(endpoint_url: str) -> None:
    python = virtual_environment("aioboto3", "aioboto3") / "python"
    run([str(python), "aioboto3_suite.py"], HERE / "python", endpoint_url)


def test_pynamodb(endpoint_url: str) -> None:
    python = virtual_environment("pynamodb", "pynamodb") / "python"
    suite = [str(python), "pynamodb_suite.py"]
    run(suite, HERE / "python", endpoint_url, without=("partiql", "streams"))


def test_aws_cli(endpoint_url: str) -> None:
    bash = need("bash")
    aws = virtual_environment("awscli", "awscli") / "aws"
    run(["env", f"AWS_CLI={aws}", bash, "suite.sh"], HERE / "awscli", endpoint_url)


def test_javascript_v3(endpoint_url: str) -> None:
    npm, node = need("npm"), need("node")
    home = CACHE / "javascript"
    shutil.copytree(HERE / "javascript", home, dirs_exist_ok=True)
    prepare([npm, "ci", "--no-audit", "--no-fund"], home, npm_config_cache=str(CACHE / "npm"))
    run([node, "suite.mjs"], home, endpoint_url)


def test_go_v2(endpoint_url: str) -> None:
    go = need("go")
    suite = CACHE / "go" / "suite"
    prepare(
        [go, "build", "-o", str(suite), "."],
        HERE / "go",
        GOPATH=str(CACHE / "go" / "gopath"),
        GOCACHE=str(CACHE / "go" / "build"),
        GOFLAGS="-modcacherw",
    )
    run([str(suite)], HERE, endpoint_url)


def test_java_2(endpoint_url: str) -> None:
    need("java")
    maven = need("mvn")
    home = CACHE / "java"
    shutil.copytree(HERE / "java", home, dirs_exist_ok=True)
    quiet = [maven, "-q", "-B", f"-Dmaven.repo.local={CACHE / 'm2'}"]
    prepare([*quiet, "compile"], home)
    run([*quiet, "compile", "exec:java"], home, endpoint_url)


def test_rust(endpoint_url: str) -> None:
    cargo = need("cargo")
    environment = {
        "CARGO_HOME": str(CACHE / "cargo"),
        "CARGO_TARGET_DIR": str(CACHE / "rust"),
    }
    prepare([cargo, "build", "--quiet", "--locked"], HERE / "rust", **environment)
    run([str(CACHE / "rust" / "debug" / "dqlmock-client")], HERE, endpoint_url)
