"""Writing what all servers agree on, word for word, as cases of `tests/cases/`."""

from __future__ import annotations

import json
from collections import defaultdict
from http import HTTPStatus
from pathlib import Path
from typing import Any

from differential.bench import Bench
from differential.broken import Call
from differential.compare import Outcome, known, verdict
from differential.given import ITEMS, OWN, TABLES
from differential.servers import REGION, Mock, Remote


class Recorder:
    """Collects cases.

    Args:
        servers: The others.
    """

    def __init__(self, servers: list[Remote]) -> None:
        self._servers = servers
        self._cases: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._fresh: Bench | None = None

    def add(self, call: Call, ours: Outcome, theirs: list[Outcome]) -> None:
        """Keep a call if a server answers as the mock does, and what differs is known as wrong."""
        if (
            ours.status not in (HTTPStatus.OK, HTTPStatus.BAD_REQUEST)
            or call.setting.name != OWN.name
        ):
            return
        agreeing = []
        rows = known()
        for server, their in zip(self._servers, theirs, strict=True):
            if their == ours:
                agreeing.append(f"{server.name} {server.version}")
            elif their.code != "UnknownOperationException" and (
                verdict(rows, server.name, call, ours, their)[0] != "theirs wrong"
            ):
                return
        if agreeing and self._is_repeatable(call, ours):
            self._keep(call, ours, " and ".join(agreeing))

    def _is_repeatable(self, call: Call, ours: Outcome) -> bool:
        """Tell whether a new mock answers so too: none of the calls before has a part in it."""
        bench = self._fresh or Bench(Mock())
        bench.prepare(OWN)
        self._fresh = bench if ours.status == HTTPStatus.BAD_REQUEST else None
        return bench.ask(call.operation, call.request) == ours

    def _keep(self, call: Call, ours: Outcome, agreeing: str) -> None:
        self._cases[call.operation].append(
            {
                "name": call.name,
                "source": f"{agreeing}: the same answer (make differential)",
                "operation": call.operation,
                "request": call.request,
                **_expected(ours),
            }
        )

    def write(self, directory: Path) -> int:
        """Write a file for each operation in place of those there; return the number of cases."""
        for old in directory.glob("agreed_*.json"):
            old.unlink()
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
