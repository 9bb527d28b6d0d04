"""Advice on partitions: one that takes most of the calls.

Owns the rule and its thresholds; it is explained on its page in docs/advice/.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from dqlmock.engine.schema import KeySchema, TableSchema
from dqlmock.testing.advice.observed import Observed, calls_of, place, said_values
from dqlmock.testing.advice.report import Advice
from dqlmock.testing.requests import Touch, touches

FEWEST_TOUCHES: Final = 100
"""A table's or an index's partitions are compared once so many items or queries were seen."""

HOT_SHARE: Final = 0.5
"""A partition is hot that takes at least so much of them."""

_Place: TypeAlias = tuple[str, str | None]


def hot_partitions(observed: Sequence[Observed]) -> Iterator[Advice]:
    """Yield advice on tables and indexes where one partition takes half of the calls, or more."""
    seen_in: dict[_Place, dict[str, list[Observed]]] = defaultdict(lambda: defaultdict(list))
    said: dict[tuple[_Place, str], str] = {}
    for seen in observed:
        for touch in touches(seen.operation, seen.parameters):
            for index, key in _partitions(touch, seen.index, seen.tables.get(touch.table)):
                at = touch.table, index
                partition = json.dumps([touch.key[name] for name in key.partition])
                seen_in[at][partition].append(seen)
                said.setdefault((at, partition), said_values(key, touch.key))
    for at, partitions in seen_in.items():
        total = sum(len(group) for group in partitions.values())
        partition, group = max(partitions.items(), key=lambda entry: len(entry[1]))
        if total >= FEWEST_TOUCHES and len(group) >= total * HOT_SHARE:
            yield _advice(at, said[at, partition], group, total)


def _advice(at: _Place, said: str, group: Sequence[Observed], total: int) -> Advice:
    table, index = at
    share = len(group) / total
    return Advice(
        "hot-partition",
        table,
        index,
        f"{len(group)} of {total} reads and writes of {place(table, index)} ({share:.0%}) went to "
        f"the partition {said}. A partition serves at most 3,000 read units and 1,000 write units "
        "a second, however large the table is.",
        calls_of(group),
        {"touches": len(group), "total": total},
    )


def _partitions(
    touch: Touch, read_index: str | None, schema: TableSchema | None
) -> Iterator[tuple[str | None, KeySchema]]:
    """Yield where a touch lands: in a partition of the table, of the index read, of those fed."""
    if schema is None:
        return
    if touch.kind == "query" and read_index is not None:
        index = schema.indexes.get(read_index)
        if index is not None and _has(touch.key, index.key):
            yield read_index, index.key
        return
    if _has(touch.key, schema.key):
        yield None, schema.key
    if touch.kind == "put":
        for index in schema.indexes.values():
            if index.is_global and _has(touch.key, index.key):
                yield index.name, index.key


def _has(attributes: Mapping[str, Any], key: KeySchema) -> bool:
    return all(name in attributes for name in key.partition)
