"""Advice on items and batches: items near the limit, single calls that one batch would do.

Owns the rules and their thresholds; each is explained on its page in docs/advice/.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from dqlmock.engine.capacity import Consumed
from dqlmock.limits import ITEM_SIZE_BYTES, WRITE_UNIT_BYTES
from dqlmock.testing.advice.observed import Observed, calls_of, grouped
from dqlmock.testing.advice.report import Advice
from dqlmock.testing.requests import touches
from dqlmock.values.size import attributes_size_bytes

NEAR_LIMIT_BYTES: Final = ITEM_SIZE_BYTES * 3 // 4
"""An item of 300 KB or more is near the limit of 400 KB."""

FEWEST_IN_A_ROW: Final = 10
"""So many single calls in a row are taken for a batch that was not made."""

_BATCHES: Final = {
    "PutItem": ("BatchWriteItem", 25),
    "DeleteItem": ("BatchWriteItem", 25),
    "GetItem": ("BatchGetItem", 100),
}
_NOT_IN_BATCHES: Final = ("ConditionExpression", "Expected", "ReturnItemCollectionMetrics")


def large_items(observed: Sequence[Observed]) -> Iterator[Advice]:
    """Yield advice on items that are near 400 KB: the next attribute is refused."""
    large = (
        (table, (seen, size_bytes))
        for seen in observed
        for table, size_bytes in _written_sizes(seen)
        if size_bytes >= NEAR_LIMIT_BYTES
    )
    by_table: dict[str, list[tuple[Observed, int]]] = {}
    for table, written in large:
        by_table.setdefault(table, []).append(written)
    for table, group in by_table.items():
        largest = max(size_bytes for _, size_bytes in group)
        share = largest / ITEM_SIZE_BYTES
        yield Advice(
            "large-item",
            table,
            None,
            f"An item of {largest // 1024} KB was written to {table}, {share:.0%} of what an item "
            f"may have (400 KB): each write costs {-(-largest // WRITE_UNIT_BYTES)} write units, "
            "and an item that grows further is refused.",
            calls_of(seen for seen, _ in group),
            {"largest_bytes": largest, "writes": len(group)},
        )


def _written_sizes(seen: Observed) -> Iterator[tuple[str, int]]:
    # The body is never shorter than the items in it, so most calls need no measuring.
    if seen.operation == "UpdateItem":
        consumed = seen.call.spent().writes.values()
        yield seen.table, int(sum(map(_table_units, consumed)) * WRITE_UNIT_BYTES)
    elif len(seen.call.request.body) >= NEAR_LIMIT_BYTES:
        for touch in touches(seen.operation, seen.parameters):
            if touch.kind == "put":
                yield touch.table, attributes_size_bytes(touch.key)


def _table_units(consumed: Consumed) -> float:
    return consumed.table


def unbatched_calls(observed: Sequence[Observed]) -> Iterator[Advice]:
    """Yield advice on single reads or writes in a row that one batch would do."""
    for run in _runs(observed):
        if len(run) < FEWEST_IN_A_ROW:
            continue
        batch, most = _BATCHES[run[0].operation]
        count = -(-len(run) // most)
        operations = " and ".join(sorted({seen.operation for seen in run}))
        needed = f"one {batch}" if count == 1 else f"{count} calls to {batch}"
        yield Advice(
            "unbatched-calls",
            run[0].table,
            None,
            f"{len(run)} calls to {operations} in a row, of {', '.join(_tables(run))}: {needed} "
            f"would do, of up to {most} items. It costs as much, in {count} instead of {len(run)} "
            "round trips.",
            calls_of(run),
            {"calls": len(run), "batches": count},
        )


def _tables(run: Sequence[Observed]) -> list[str]:
    return list(dict.fromkeys(seen.table for seen in run))


def _runs(observed: Sequence[Observed]) -> Iterator[list[Observed]]:
    """Yield calls that follow each other, could go into one batch, and meet no item twice."""
    callers = (((seen.call.account, seen.call.region), seen) for seen in observed)
    for _, calls in grouped(callers):
        run: list[Observed] = []
        keys: set[Hashable] = set()
        for seen in calls:
            key = _item_of(seen)
            batch = _batch_of(seen)
            if run and (batch is None or batch != _batch_of(run[0]) or key in keys):
                yield run
                run, keys = [], set()
            if batch is not None:
                run.append(seen)
                keys.add(key)
        if run:
            yield run


def _batch_of(seen: Observed) -> str | None:
    """Return the operation that could do a call in a batch, None where none could."""
    if any(name in seen.parameters for name in _NOT_IN_BATCHES):
        return None
    if seen.parameters.get("ReturnValues", "NONE") != "NONE":
        return None
    batch = _BATCHES.get(seen.operation)
    return batch[0] if batch else None


def _item_of(seen: Observed) -> Hashable:
    for touch in touches(seen.operation, seen.parameters):
        names = touch.key if seen.schema is None else seen.schema.key.names
        return touch.table, json.dumps([touch.key.get(name) for name in names])
    return None
