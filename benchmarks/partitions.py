"""Pages out of large partitions cost what pages out of small ones cost."""

from __future__ import annotations

from typing import Any

from benchmarks.fixtures import TABLE, client, create_table, line_item
from benchmarks.measure import best_us, line
from dqlmock import dql_mock

LIMIT = 1.2
SMALL, LARGE = 100, 100_000


def _fill(database: Any, partition: str, count: int) -> None:
    for number in range(count):
        item = {**line_item(partition, number), "customer": {"S": partition}}
        database.put_item(TableName=TABLE, Item=item)


def _query(database: Any, partition: str, index: bool) -> Any:
    name = "customer" if index else "pk"
    options = {"IndexName": "by_customer"} if index else {}
    return lambda: database.query(
        TableName=TABLE,
        KeyConditionExpression=f"{name} = :p AND sk >= :s",
        ExpressionAttributeValues={":p": {"S": partition}, ":s": {"S": "line#000050"}},
        Limit=10,
        **options,
    )


def main() -> None:
    print(f"A page of 10 items, {LARGE:,} items against {SMALL} (at most {LIMIT}x)")
    line("", f"{SMALL}", f"{LARGE:,}", "ratio")
    scans: dict[str, float] = {}
    for count in (SMALL, LARGE):
        with dql_mock():
            database = client()
            create_table(database)
            _fill(database, "large", count)
            if count == LARGE:
                _fill(database, "small", SMALL)
                for label, index in (("Query", False), ("Query on a GSI", True)):
                    best = best_us(
                        {
                            "small": _query(database, "small", index),
                            "large": _query(database, "large", index),
                        }
                    )
                    _report(label, best["small"], best["large"])
            best = best_us({"scan": lambda: database.scan(TableName=TABLE, Limit=10)})  # noqa: B023  # called within the loop
            scans["large" if count == LARGE else "small"] = best["scan"]
    _report("Scan", scans["small"], scans["large"])


def _report(label: str, small_us: float, large_us: float) -> None:
    line(label, f"{small_us:.0f} us", f"{large_us:.0f} us", f"{large_us / small_us:.3f}x")
