"""The requests of `tests/cases/`, sent to the tables of this comparison."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from differential.broken import Call

_CASES = Path(__file__).parents[1] / "tests" / "cases"


def stored() -> Iterator[Call]:
    """Yield the request of every case but those recorded here.

    A case's own tables are spelt as `users`, where its key fits no table: that is a request too.
    """
    for path in sorted(_CASES.glob("*.json")):
        if path.stem.startswith("agreed_"):
            continue
        for spec in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            yield Call(f"{path.stem}: {spec['name']}", spec["operation"], spec["request"])
