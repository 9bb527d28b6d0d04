"""Cost of MemoryKeyspace: microseconds for each call, bytes for each item.

Run `python -m benchmarks.storage [items]`; a million items by default.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from dqlmock.storage.memory import MemoryKeyspace
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.keys import KeyRange, partition_prefix

PAGE_BYTES = 4096


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_BYTES


def report(label: str, call: Callable[[bytes], object], keys: Iterable[bytes]) -> None:
    calls = 0
    start = time.perf_counter()
    for key in keys:
        call(key)
        calls += 1
    print(f"{label:24} {(time.perf_counter() - start) / calls * 1e6:8.2f} us")


def main(items: int) -> None:
    keyspace = MemoryKeyspace()
    before = resident_bytes()
    start = time.perf_counter()
    for number in range(items):
        item = StoredItem(b"%0200d" % number, 1000 + number % 500)
        keyspace.put(partition_prefix({"S": f"user#{number}"}), item)
    seconds, used = time.perf_counter() - start, resident_bytes() - before
    print(f"{'build':24} {seconds / items * 1e6:8.2f} us")
    print(f"{'memory':24} {used / items:8.0f} bytes/item")

    names = random.Random(1).sample(range(items), min(items, 50_000))
    keys = [partition_prefix({"S": f"user#{number}"}) for number in names]
    everything = KeyRange.everything()
    report("get", keyspace.get, keys)
    report("replace", lambda key: keyspace.put(key, item), keys)
    report("delete", keyspace.delete, keys)
    report("insert", lambda key: keyspace.put(key, item), keys)
    for limit in (1, 10, 100, 1000):
        some = keys[:2000]
        report(f"read {limit}", lambda key: keyspace.read(everything.after(key), limit=limit), some)  # noqa: B023  # called at once


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
