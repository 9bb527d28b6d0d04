"""How the benchmarks measure: alternating rounds, the best of each, ratios between them."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping

Call = Callable[[], object]


def best_us(calls: Mapping[str, Call], *, rounds: int = 15, repeats: int = 200) -> dict[str, float]:
    """Return the best mean duration of each call, in microseconds.

    The calls take turns round by round, so that a slow moment of the machine meets all of them.
    """
    best = dict.fromkeys(calls, float("inf"))
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, call in calls.items():
                started = time.perf_counter()
                for _ in range(repeats):
                    call()
                mean_us = (time.perf_counter() - started) / repeats * 1e6
                best[name] = min(best[name], mean_us)
    finally:
        gc.enable()
    return best


def line(label: str, *cells: str) -> None:
    print(f"  {label:<34}" + "".join(f"{cell:>14}" for cell in cells))
