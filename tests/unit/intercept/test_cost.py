"""What importing, entering and leaving may cost: bounds far above what is measured."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from dqlmock.mock import mock_dynamodb
from tests.stub_door import StubDoor


def test_what_is_not_imported() -> None:
    program = (
        "import boto3, sys, dqlmock.mock; "
        "print(sorted({'moto', 'unittest', 'pytest', 'requests', 'asyncio'} & sys.modules.keys()))"
    )
    bare = "import boto3, sys; print(sorted({'unittest', 'asyncio'} & sys.modules.keys()))"
    loaded, without = (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        for code in (program, bare)
    )
    assert loaded == without


def test_what_a_mock_does_not_import() -> None:
    program = (
        "import boto3, sys, dqlmock; bare = set(sys.modules)\n"
        "with dqlmock.dql_mock(): boto3.client('dynamodb').list_tables()\n"
        "print(*(sys.modules.keys() - bare))"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    loaded = set(output.stdout.decode().split())
    assert "dqlmock.wire.dispatch" in loaded
    assert {"aiobotocore", "aiohttp", "asyncio", "httpx", "moto", "requests"}.isdisjoint(loaded)


@pytest.mark.usefixtures("doors")
def test_entering_and_leaving_is_cheap(doors: list[StubDoor]) -> None:
    best = float("inf")
    for _ in range(50):
        started = time.perf_counter()
        with mock_dynamodb():
            pass
        best = min(best, time.perf_counter() - started)
    assert best < 0.000_5
