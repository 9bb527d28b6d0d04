"""Calls by operation and status, how long they took, and what the tables hold.

Owns the counters and their text in Prometheus's exposition format 0.0.4
(https://prometheus.io/docs/instrumenting/exposition_formats/). Knows nothing of HTTP.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

BUCKETS_S = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
"""Upper bounds of the latency histogram."""


class _Histogram:
    __slots__ = ("counts", "total_s")

    def __init__(self) -> None:
        self.counts = [0] * (len(BUCKETS_S) + 1)
        self.total_s = 0.0


class Metrics:
    """Counts calls.

    Written by the thread of the server alone.

    Args:
        targets: The `X-Amz-Target`s that are told apart; any other is counted as "Unknown".

    >>> metrics = Metrics(["DynamoDB_20120810.PutItem"])
    >>> metrics.observe("DynamoDB_20120810.PutItem", 200, 0.0002)
    >>> next(line for line in metrics.lines() if line.startswith("dqlmock_operations_total"))
    'dqlmock_operations_total{operation="PutItem",status="200"} 1'
    """

    def __init__(self, targets: Iterable[str]) -> None:
        self._names = {target: target.rpartition(".")[2] for target in targets}
        self._calls: dict[tuple[str, int], int] = {}
        self._durations: dict[str, _Histogram] = {}

    def observe(self, target: str, status: int, duration_s: float) -> None:
        """Count one call.

        Args:
            target: The `X-Amz-Target` header.
            status: The HTTP status of the answer.
            duration_s: How long it took.
        """
        name = self._names.get(target, "Unknown")
        calls = self._calls
        calls[name, status] = calls.get((name, status), 0) + 1
        histogram = self._durations.get(name)
        if histogram is None:
            histogram = self._durations[name] = _Histogram()
        histogram.counts[bisect_left(BUCKETS_S, duration_s)] += 1
        histogram.total_s += duration_s

    def lines(self) -> Iterator[str]:
        """Yield the lines of the exposition."""
        yield "# HELP dqlmock_operations_total Calls answered."
        yield "# TYPE dqlmock_operations_total counter"
        for (name, status), number in sorted(self._calls.items()):
            yield f'dqlmock_operations_total{{operation="{name}",status="{status}"}} {number}'
        yield "# HELP dqlmock_operation_duration_seconds Time from request to answer."
        yield "# TYPE dqlmock_operation_duration_seconds histogram"
        for name, histogram in sorted(self._durations.items()):
            yield from _histogram_lines(name, histogram)


def _histogram_lines(name: str, histogram: _Histogram) -> Iterator[str]:
    metric, label = "dqlmock_operation_duration_seconds", f'operation="{name}"'
    bounds = [f"{bound:g}" for bound in BUCKETS_S] + ["+Inf"]
    sums = list(accumulate(histogram.counts))
    for bound, number in zip(bounds, sums, strict=True):
        yield f'{metric}_bucket{{{label},le="{bound}"}} {number}'
    yield f"{metric}_sum{{{label}}} {histogram.total_s:.6f}"
    yield f"{metric}_count{{{label}}} {sums[-1]}"


def gauge_lines(name: str, meaning: str, values: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Yield the lines of a gauge.

    Args:
        name: The metric.
        meaning: Its help text.
        values: Labels, as they stand between the braces, and values.

    >>> list(gauge_lines("items", "Items.", [('table="a"', 2)]))[-1]
    'items{table="a"} 2'
    """
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        yield f"{name}{{{labels}}} {value}"
