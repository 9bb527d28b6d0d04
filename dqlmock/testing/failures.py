"""How it reads when calls are not what a test expected.

Owns the text: what was expected, what came, and of the calls that came the nearest ones first, each
with what tells it from the expected one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from dqlmock.testing.call import Call

_MOST_SHOWN: Final = 10


def times(count: int) -> str:
    """Return a number of times in words.

    >>> times(1), times(3)
    ('once', '3 times')
    """
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


@dataclass(frozen=True)
class Wanted:
    """What was looked for.

    Args:
        said: How it reads: `"Query to orders"`.
        operation: The operation it names, None for any.
        differences: How a call differs from it; nothing for a call that matches.
    """

    said: str
    operation: str | None
    differences: Callable[[Call], Sequence[str]]

    def distance(self, call: Call) -> tuple[bool, int]:
        """Return how far a call is from it, for sorting."""
        is_other = self.operation is not None and call.operation != self.operation
        return is_other, len(self.differences(call))


def count_failure(
    wanted: Wanted, expected: str, found: Sequence[Call], calls: Sequence[Call]
) -> str:
    """Return the message for calls that came too often or too seldom.

    Args:
        wanted: What was asked for.
        expected: How often: `"exactly once"`.
        found: The calls that match.
        calls: All calls.
    """
    lines = [f"{wanted.said}: expected {expected}, found {times(len(found))}."]
    if found:
        return "\n".join([*lines, *_listed(found, calls, None)])
    return "\n".join([*lines, *called_instead(wanted, calls)])


def called_instead(wanted: Wanted, calls: Sequence[Call]) -> list[str]:
    """Return lines that show what was called instead, what comes nearest first.

    Args:
        wanted: What was expected.
        calls: All calls.
    """
    if not calls:
        return ["Nothing was called."]
    nearest = sorted(calls, key=wanted.distance)
    order = ", the nearest first" if len(nearest) > 1 else ""
    return [f"Called instead{order}:", *_listed(nearest, calls, wanted)]


def _listed(shown: Sequence[Call], calls: Sequence[Call], wanted: Wanted | None) -> list[str]:
    numbers = {id(call): number for number, call in enumerate(calls)}
    lines = []
    for call in shown[:_MOST_SHOWN]:
        lines.append(f"  [{numbers[id(call)]}] {call}")
        if wanted is not None and not wanted.distance(call)[0]:
            lines.extend(f"        {difference}" for difference in wanted.differences(call))
    if len(shown) > _MOST_SHOWN:
        lines.append(f"  ... and {len(shown) - _MOST_SHOWN} more")
    return lines
