"""What a million items of 200 bytes take."""

from __future__ import annotations

import resource
import subprocess
import sys
import time

from benchmarks.measure import line

ITEMS = 1_000_000
AIM_GB = 1.0


def _fill() -> None:
    from dqlmock.clock import Clock
    from dqlmock.engine.database import Engine
    from dqlmock.operations import create_table, put_item

    database = Engine(Clock()).database("123456789012", "us-east-1")
    create_table.run(
        database,
        {
            "TableName": "items",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        },
    )
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    for number in range(ITEMS):
        item = {
            "pk": {"S": f"item#{number:012d}"},
            "customer": {"S": "customer#0000042"},
            "pieces": {"N": str(number % 1000)},
            "status": {"S": "SHIPPED"},
            "note": {"S": "x" * 130},
        }
        put_item.run(database, {"TableName": "items", "Item": item})
    elapsed_s = time.perf_counter() - started
    table = database.table("items")
    after_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mean_bytes = table.keyspace.size_bytes() / len(table.keyspace)
    print(mean_bytes, (after_kb - before_kb) / 1024**2, elapsed_s)


def main() -> None:
    print(f"{ITEMS:,} items (aim: at most {AIM_GB} GB)")
    program = [sys.executable, "-c", "from benchmarks.memory import _fill; _fill()"]
    output = subprocess.run(program, capture_output=True, check=True, text=True).stdout
    mean_bytes, memory_gb, elapsed_s = map(float, output.split())
    line("memory", f"{memory_gb:.2f} GB", f"{memory_gb * 1024**3 / ITEMS:.0f} B/item")
    line("put", f"{ITEMS / elapsed_s:,.0f}/s", f"{mean_bytes:.0f} B each")
