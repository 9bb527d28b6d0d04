"""Writing what all servers agree on, word for word, as cases of `tests/cases/`."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from differential.broken import Call
from differential.compare import Outcome
from differential.given import ITEMS, TABLES
from differential.servers import REGION


class Recorder:
    """Collects cases.

    Args:
        servers: The names and versions of the others.
    """

    def __init__(self, servers: list[str]) -> None:
        self._servers = servers
        self._cases: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def add(self, call: Call, ours: Outcome, theirs: list[Outcome], body: Any) -> None:
        """Keep a call if every server that has the operation answers as the mock does."""
        agreeing = [
            name for name, their in zip(self._servers, theirs, strict=True) if their == ours
        ]
        built = [their for their in theirs if their.code != "UnknownOperationException"]
        if not agreeing or len(agreeing) != len(built) or ours.status not in (200, 400):
            return
        self._cases[call.operation].append(
            {
                "name": call.name,
                "source": f"{' and '.join(agreeing)} answer so (make differential)",
                "operation": call.operation,
                "request": call.request,
                **_expected(ours),
            }
        )

    def write(self, directory: Path) -> int:
        """Write a file for each operation; return the number of cases."""
        for operation, cases in self._cases.items():
            lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
            head = json.dumps({"door": "raw", "region": REGION, "tables": TABLES, "items": ITEMS})
            text = f'{head[:-1]}, "cases": [\n{lines}\n]}}\n'
            path = directory / f"agreed_{operation}.json"
            path.write_text(text, encoding="utf-8")
        return sum(map(len, self._cases.values()))


def _expected(ours: Outcome) -> dict[str, Any]:
    if ours.code:
        return {"error": {"code": ours.code, "message": ours.message}}
    return {"answer": ours.body}
