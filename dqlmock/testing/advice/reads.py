"""Advice on reads: scans, filters, limits and consistency.

Owns the rules and their thresholds; each is explained on its page in docs/advice/.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from dqlmock.testing.advice.filters import better_way, filter_of
from dqlmock.testing.advice.observed import Observed, calls_of, grouped, place
from dqlmock.testing.advice.report import Advice
from dqlmock.testing.requests import equated

FEWEST_ITEMS_FILTERED: Final = 20
"""A filter is judged once so many items were read for it."""

LEAST_SHARE_KEPT: Final = 0.5
"""A filter is wasteful that keeps less of what was read."""

FEWEST_QUERIES: Final = 10
"""So many queries of one form are taken for a loop."""

FEWEST_STRONG_READS: Final = 10
"""So many strongly consistent reads of one place are worth a word."""


def scans_instead_of_queries(observed: Sequence[Observed]) -> Iterator[Advice]:
    """Yield advice on scans whose filter names a key: a Query would read that alone."""
    scans = (
        ((seen.table, seen.index, way), seen)
        for seen in observed
        if seen.operation == "Scan" and (way := _way(seen)) is not None
    )
    for (table, index, way), group in grouped(scans):
        read, returned = _counts(group)
        yield Advice(
            "scan-instead-of-query",
            table,
            index,
            f"{_calls(len(group), 'Scan')} of {place(table, index)} read {_items(read)} to return "
            f"{returned}: {way} would read these alone.",
            calls_of(group),
            {"read": read, "returned": returned, "read_units": _units(group)},
        )


def wasteful_filters(observed: Sequence[Observed]) -> Iterator[Advice]:
    """Yield advice on filters that throw away most of what was read, and paid for."""
    filtered = (
        ((seen.operation, seen.table, seen.index, filter_of(seen.parameters)), seen)
        for seen in observed
        if seen.operation in ("Query", "Scan")
        and filter_of(seen.parameters) is not None
        and _way(seen) is None
    )
    for (operation, table, index, text), group in grouped(filtered):
        read, returned = _counts(group)
        if read < FEWEST_ITEMS_FILTERED or returned >= read * LEAST_SHARE_KEPT:
            continue
        yield Advice(
            "wasteful-filter",
            table,
            index,
            f"{_calls(len(group), operation)} of {place(table, index)} read {_items(read)} and the "
            f"filter '{text}' threw away {read - returned} of them ({1 - returned / read:.0%}): "
            f"they cost {_units(group):g} read units all the same. A key or an index on what is "
            "filtered would read less.",
            calls_of(group),
            {"read": read, "returned": returned, "read_units": _units(group)},
        )


def queries_without_limit(observed: Sequence[Observed]) -> Iterator[Advice]:
    """Yield advice on queries made over and over that may each return a whole partition."""
    queries = (
        ((seen.table, seen.index, _form(seen)), seen)
        for seen in observed
        if seen.operation == "Query" and _is_unlimited(seen)
    )
    for (table, index, _), group in grouped(queries):
        if len(group) < FEWEST_QUERIES:
            continue
        _, returned = _counts(group)
        yield Advice(
            "query-without-limit",
            table,
            index,
            f"The same Query of {place(table, index)} was made {len(group)} times without a Limit, "
            f"and returned {_items(returned)}: each reads up to 1 MB of its partition, which grows "
            "with the data. Give a Limit, or read what the loop needs at once.",
            calls_of(group),
            {"queries": len(group), "returned": returned, "read_units": _units(group)},
        )


def strongly_consistent_reads(observed: Sequence[Observed]) -> Iterator[Advice]:
    """Yield advice on reads that cost twice what they would cost eventually consistent."""
    strong = (
        ((seen.operation, seen.table, seen.index), seen)
        for seen in observed
        if seen.parameters.get("ConsistentRead") is True
    )
    for (operation, table, index), group in grouped(strong):
        if len(group) < FEWEST_STRONG_READS:
            continue
        units = _units(group)
        yield Advice(
            "strongly-consistent-reads",
            table,
            index,
            f"{_calls(len(group), 'strongly consistent ' + operation)} of {place(table, index)} "
            f"cost {units:g} read units; eventually consistent, they would cost {units / 2:g}.",
            calls_of(group),
            {"reads": len(group), "read_units": units},
        )


def _way(seen: Observed) -> str | None:
    if seen.operation != "Scan" or filter_of(seen.parameters) is None:
        return None
    return better_way(seen)


def _counts(group: Sequence[Observed]) -> tuple[int, int]:
    """Return how many items were read, and how many returned."""
    answers = [seen.call.answer for seen in group]
    return (
        sum(answer.get("ScannedCount", 0) for answer in answers),
        sum(answer.get("Count", 0) for answer in answers),
    )


def _form(query: Observed) -> str:
    text = query.parameters.get("KeyConditionExpression")
    conditions = text or ", ".join(sorted(query.parameters.get("KeyConditions", {})))
    return f"{conditions} / {filter_of(query.parameters)}"


def _is_unlimited(query: Observed) -> bool:
    if "Limit" in query.parameters or "ExclusiveStartKey" in query.parameters:
        return False
    if query.index is not None or query.schema is None:
        return True
    return not equated(query.parameters).keys() >= set(query.schema.key.names)


def _units(group: Sequence[Observed]) -> float:
    return sum(seen.read_units for seen in group)


def _calls(count: int, operation: str) -> str:
    return f"1 {operation}" if count == 1 else f"{count} calls to {operation}"


def _items(count: int) -> str:
    return "1 item" if count == 1 else f"{count} items"
