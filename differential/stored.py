"""The requests of `tests/cases/`, each on the tables and items of its file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from differential.broken import Call
from differential.given import Setting

_CASES = Path(__file__).parents[1] / "tests" / "cases"


def stored() -> Iterator[Call]:
    """Yield the request of every case but those recorded here."""
    for path in sorted(_CASES.glob("*.json")):
        if path.stem.startswith("agreed_"):
            continue
        content = json.loads(path.read_text(encoding="utf-8"))
        setting = Setting(path.stem, content.get("tables", []), content.get("items", {}))
        for spec in content["cases"]:
            given = tuple((step["operation"], step["request"]) for step in spec.get("given", ()))
            name = f"{path.stem}: {spec['name']}"
            yield Call(name, spec["operation"], expanded(spec["request"]), setting, given)


def expanded(value: Any) -> Any:
    """Return a value of a case with every long text written out.

    >>> expanded({"S": {"repeat": "ab", "times": 2}})
    {'S': 'abab'}
    """
    if isinstance(value, list):
        return [expanded(member) for member in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"repeat", "times"}:
        return value["repeat"] * value["times"]
    return {name: expanded(member) for name, member in value.items()}
