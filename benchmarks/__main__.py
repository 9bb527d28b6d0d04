"""Run all benchmarks, or those named: `python -m benchmarks calls partitions`."""

from __future__ import annotations

import sys

from benchmarks import (
    abuse,
    aio,
    calls,
    data,
    engine,
    memory,
    partitions,
    server,
    start,
    streams,
    whole_test,
)

BENCHMARKS = {
    "calls": calls.main,
    "aio": aio.main,
    "partitions": partitions.main,
    "start": start.main,
    "whole_test": whole_test.main,
    "data": data.main,
    "engine": engine.main,
    "memory": memory.main,
    "streams": streams.main,
    "server": server.main,
    "abuse": abuse.main,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHMARKS:
        BENCHMARKS[name]()
        print()
