"""Loading 100,000 items from files, and a dump of them and back."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import line
from dqlmock import dql_mock

LIMIT_S = 3
_ITEMS = 100_000
_NOTE = "x" * 100


def _timed(name: str, work: Callable[[], object]) -> None:
    started = time.perf_counter()
    work()
    line(name, f"{time.perf_counter() - started:.2f} s", f"at most {LIMIT_S} s")


def _write(directory: Path) -> None:
    (directory / "wire.json").write_text('{"wire": {"keys": "pk, sk:N"}}')
    (directory / "plain.json").write_text('{"plain": {"keys": "pk, sk:N"}}')
    (directory / "csv.json").write_text('{"csv": {"keys": "pk, sk:N"}}')
    wire = '{"Item":{"pk":{"S":"p%d"},"sk":{"N":"%d"},"note":{"S":"%s"},"price":{"N":"12.5"}}}\n'
    plain = '{"pk":"p%d","sk":%d,"note":"%s","price":12.5}\n'
    for path, pattern in (("wire.jsonl", wire), ("plain.jsonl", plain)):
        rows = (pattern % (number % 1000, number, _NOTE) for number in range(_ITEMS))
        (directory / path).write_text("".join(rows))
    rows = (f"p{number % 1000},{number},{_NOTE},12.5\n" for number in range(_ITEMS))
    (directory / "csv.csv").write_text("pk,sk,note,price:N\n" + "".join(rows))


def main() -> None:
    print(f"Data in and out: {_ITEMS:,} items")
    with tempfile.TemporaryDirectory() as name, dql_mock() as db:
        directory = Path(name)
        _write(directory)
        for kind, suffix in (("wire", "jsonl"), ("plain", "jsonl"), ("csv", "csv")):
            files = (directory / f"{kind}.json", directory / f"{kind}.{suffix}")
            _timed(f"load, {kind}", lambda files=files: db.load(*files))  # type: ignore[misc]  # a lambda's default has no type
            db.engine.reset()
        db.load(directory / "wire.json", directory / "wire.jsonl")
        _timed("dump", lambda: db.dump(directory / "all.dql"))
        _timed("restore", lambda: db.restore(directory / "all.dql"))
