"""What it costs to import the package, and to enter and leave the mock."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import best_us, line
from dqlmock import dql_mock

IMPORT_LIMIT_MS, ENTER_LIMIT_MS = 40, 0.5

_PROGRAM = """
import time
import boto3
started = time.perf_counter()
from dqlmock import dql_mock, mock_dynamodb
print((time.perf_counter() - started) * 1e3)
"""


def _import_ms() -> float:
    return min(
        float(
            subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, check=True).stdout
        )
        for _ in range(5)
    )


def _enter_and_leave() -> None:
    with dql_mock():
        pass


def main() -> None:
    print("Starting")
    line("import after boto3", f"{_import_ms():.1f} ms", f"at most {IMPORT_LIMIT_MS} ms")
    _enter_and_leave()
    best = best_us({"enter": _enter_and_leave}, rounds=5, repeats=100)
    line("enter and leave", f"{best['enter'] / 1e3:.3f} ms", f"at most {ENTER_LIMIT_MS} ms")
