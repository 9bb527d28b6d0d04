"""All rules over some calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from dqlmock.engine.database import Engine
from dqlmock.testing.advice.observed import Observed, observe
from dqlmock.testing.advice.partitions import hot_partitions
from dqlmock.testing.advice.reads import (
    queries_without_limit,
    scans_instead_of_queries,
    strongly_consistent_reads,
    wasteful_filters,
)
from dqlmock.testing.advice.report import Advice, AdviceReport
from dqlmock.testing.advice.writes import large_items, unbatched_calls
from dqlmock.testing.call import Call

Rule: TypeAlias = Callable[[Sequence[Observed]], Iterator[Advice]]

RULES: Final[tuple[Rule, ...]] = (
    scans_instead_of_queries,
    wasteful_filters,
    hot_partitions,
    large_items,
    queries_without_limit,
    unbatched_calls,
    strongly_consistent_reads,
)


def advise(calls: Sequence[Call], engine: Engine) -> AdviceReport:
    """Return what a reviewer would say of some calls.

    Args:
        calls: Oldest first.
        engine: Knows the tables' keys. Of a table that is gone by now, less can be said.
    """
    observed = observe(calls, engine)
    return AdviceReport([advice for rule in RULES for advice in rule(observed)], len(calls))
