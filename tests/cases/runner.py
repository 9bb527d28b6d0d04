"""Cases as data: given tables and items, a request, its answer or its error.

A file holds `tables` (CreateTable requests), `items` by table and `cases`. A case has a `name`, a
`source`, optionally a `region` and `given` (calls made first), then `operation` and `request`, and
either `answer` (compared whole) or `error` (code, message, or a `pattern` of it where no two
messages are alike, and, where given, the `reasons` of a cancelled transaction), and optionally
`then` (calls that follow, each with its `answer`). Binary values are base64 text, and
`{"repeat": "x", "times": 3}` stands for a long text. The same files run against any client: the
mock's here, a server's, DynamoDB Local's, or AWS's own.

A file whose `door` is `"raw"` holds requests that no client would send (a number where a string
belongs). They go through the pipe as JSON; answers are compared as `differential.compare` does.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from differential.bench import Bench
from differential.given import Setting
from differential.servers import Mock
from differential.stored import expanded

DIRECTORY = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One case and the state it starts from."""

    file: str
    tables: list[dict[str, Any]]
    items: dict[str, list[dict[str, Any]]]
    spec: dict[str, Any]
    is_raw: bool = False

    def __str__(self) -> str:
        return f"{self.file}: {self.spec['name']}"

    @property
    def region(self) -> str:
        return str(self.spec.get("region", "us-east-1"))

    @property
    def may_write(self) -> bool:
        """Whether the case may leave other tables or items behind than it found."""
        reads = self.spec["operation"] in {"GetItem", "Query", "Scan"}
        refused = "error" in self.spec
        return not (reads or refused) or "given" in self.spec or "then" in self.spec

    def prepare(self, client: Any) -> None:
        """Make the tables and items that the case starts from."""
        for table in self.tables:
            _call(client, "CreateTable", table)
        for name, items in self.items.items():
            for item in items:
                _call(client, "PutItem", {"TableName": name, "Item": item})

    def run(self, client: Any) -> None:
        """Make the case's calls and compare their answers."""
        for step in self.spec.get("given", ()):
            _call(client, step["operation"], step["request"])
        _expect(client, self.spec)
        for step in self.spec.get("then", ()):
            _expect(client, step)

    def prepared_mock(self) -> Bench:
        """Return a mock with the tables and items that the case starts from."""
        bench = Bench(Mock(self.region))
        bench.prepare(Setting(self.file, self.tables, self.items))
        return bench

    def run_raw(self, mock: Bench) -> None:
        """Send the case's request as it is and compare the answer."""
        answered = mock.ask(self.spec["operation"], self.spec["request"])
        if "error" in self.spec:
            error = self.spec["error"]
            assert (answered.code, answered.message) == (error["code"], error["message"])
        else:
            assert (answered.status, answered.body) == (200, self.spec["answer"])


def load() -> list[Case]:
    cases = []
    for path in sorted(DIRECTORY.glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        tables, items = content.get("tables", []), content.get("items", {})
        region = {"region": content["region"]} if "region" in content else {}
        is_raw = content.get("door") == "raw"
        cases += [
            Case(path.stem, tables, items, {**region, **expanded(spec)}, is_raw)
            for spec in content["cases"]
        ]
    return cases


def _expect(client: Any, spec: dict[str, Any]) -> None:
    expected = {kind: {**spec[kind]} for kind in ("answer", "error") if kind in spec}
    try:
        found = {"answer": _call(client, spec["operation"], spec["request"])}
    except ClientError as refused:
        error = refused.response["Error"]
        found = {"error": {"code": error["Code"], "message": error.get("Message", "")}}
        if "reasons" in expected.get("error", {}):
            found["error"]["reasons"] = refused.response["CancellationReasons"]
    pattern = expected.get("error", {}).pop("pattern", None)
    if pattern is not None:
        assert re.fullmatch(pattern, found["error"].pop("message"))
    assert found == expected


def _call(client: Any, operation: str, request: dict[str, Any]) -> Any:
    method = "".join("_" + c.lower() if c.isupper() else c for c in operation).lstrip("_")
    answer = getattr(client, method)(**_to_bytes(request))
    answer.pop("ResponseMetadata")
    return _to_text(answer)


def _to_bytes(value: Any) -> Any:
    """Turn base64 text under B and BS into the bytes that boto3 wants."""
    if isinstance(value, list):
        return [_to_bytes(member) for member in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"B"} and isinstance(value["B"], str):
        return {"B": b64decode(value["B"])}
    if value.keys() == {"BS"} and isinstance(value["BS"], list):
        return {"BS": [b64decode(member) for member in value["BS"]]}
    return {name: _to_bytes(member) for name, member in value.items()}


def _to_text(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, list):
        return [_to_text(member) for member in value]
    if isinstance(value, dict):
        return {name: _to_text(member) for name, member in value.items()}
    return value
