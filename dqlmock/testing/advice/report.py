"""Advice as objects, as text and as JSON.

Owns `Advice`, `AdviceReport` and the summary over many tests. Knows no rule.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any, Final, overload

from dqlmock.testing.call import Call

_WIDTH: Final = 100


@dataclass(frozen=True)
class Advice:
    """One thing a reviewer would say.

    Args:
        kind: What it is about, which names its page too: `"wasteful-filter"`.
        table: The table.
        index: The index, None for the table itself.
        text: One or two sentences.
        calls: The calls it is about.
        figures: What the text counts, by name.
    """

    kind: str
    table: str
    index: str | None
    text: str
    calls: tuple[Call, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """The page that says how it is found and when to ignore it."""
        return f"docs/advice/{self.kind}.md"

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON takes it; of the calls, how many."""
        return {
            "kind": self.kind,
            "table": self.table,
            "index": self.index,
            "text": self.text,
            "calls": len(self.calls),
            "figures": dict(self.figures),
            "page": self.page,
        }

    def __str__(self) -> str:
        return "\n".join(wrap(f"{self.kind}: {self.text}", _WIDTH, subsequent_indent="  "))


class AdviceReport(Sequence[Advice]):
    """All that there is to say of some calls; nothing is falsy.

    Args:
        advice: What is to be said.
        calls: How many calls were looked at.

    >>> report = AdviceReport([Advice("large-item", "orders", None, "An item has 390 KB.")], 3)
    >>> print(report)
    large-item: An item has 390 KB.
      (docs/advice/large-item.md)
    >>> print(AdviceReport([], 3))
    Nothing to say of 3 calls.
    """

    def __init__(self, advice: Sequence[Advice], calls: int) -> None:
        self._advice = tuple(advice)
        self.calls = calls

    def of(self, kind: str) -> list[Advice]:
        """Return the advice of one kind."""
        return [advice for advice in self._advice if advice.kind == kind]

    def as_dicts(self) -> list[dict[str, Any]]:
        """Return the advice as JSON takes it."""
        return [advice.as_dict() for advice in self._advice]

    def to_json(self) -> str:
        """Return the advice as JSON text: a list of objects."""
        return json.dumps(self.as_dicts(), indent=2)

    @overload
    def __getitem__(self, index: int) -> Advice: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Advice, ...]: ...
    def __getitem__(self, index: int | slice) -> Advice | tuple[Advice, ...]:
        return self._advice[index]

    def __len__(self) -> int:
        return len(self._advice)

    def __str__(self) -> str:
        if not self._advice:
            return f"Nothing to say of {self.calls} {'call' if self.calls == 1 else 'calls'}."
        return "\n".join(f"{advice}\n  ({advice.page})" for advice in self._advice)

    def __repr__(self) -> str:
        return f"<AdviceReport: {len(self)} on {self.calls} calls>"


def summary(reports: Mapping[str, AdviceReport]) -> list[str]:
    """Return lines that sum up the advice of many tests, what concerns most tests first.

    Args:
        reports: By the name of the test.

    >>> report = AdviceReport([Advice("large-item", "orders", None, "An item has 390 KB.")], 3)
    >>> summary({"test_a": report, "test_b": report})
    ['2 tests: large-item: An item has 390 KB. [test_a, ...] (docs/advice/large-item.md)']
    """
    grouped: dict[tuple[str, str, str | None], list[tuple[str, Advice]]] = {}
    for test, report in reports.items():
        for advice in report:
            place = advice.kind, advice.table, advice.index
            grouped.setdefault(place, []).append((test, advice))
    by_tests = sorted(grouped.values(), key=lambda told: -len(_tests(told)))
    return [_summed_up(told) for told in by_tests]


def _tests(told: Sequence[tuple[str, Advice]]) -> list[str]:
    return list(dict.fromkeys(test for test, _ in told))


def _summed_up(told: Sequence[tuple[str, Advice]]) -> str:
    tests = _tests(told)
    test, advice = told[0]
    count = "1 test" if len(tests) == 1 else f"{len(tests)} tests"
    more = ", ..." if len(tests) > 1 else ""
    return f"{count}: {advice.kind}: {advice.text} [{test}{more}] ({advice.page})"
