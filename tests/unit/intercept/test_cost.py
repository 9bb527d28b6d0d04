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


@pytest.mark.usefixtures("doors")
def test_entering_and_leaving_is_cheap(doors: list[StubDoor]) -> None:
    best = float("inf")
    for _ in range(50):
        started = time.perf_counter()
        with mock_dynamodb():
            pass
        best = min(best, time.perf_counter() - started)
    assert best < 0.000_5
