"""`dqlmock load` and `dqlmock dump` against a server."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from dqlmock import cli

pytestmark = pytest.mark.skipif(
    find_spec("httptools") is None, reason="no server without its extra"
)


def test_load_and_dump(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dqlmock import Server  # needs the extra

    items = [{"id": str(number), "n": number} for number in range(60)]
    path = tmp_path / "in.json"
    path.write_text(json.dumps({"orders": {"keys": "id", "items": items}}))
    with Server() as server:
        assert cli.main(["load", str(path), "--endpoint", server.endpoint_url]) == 0
        assert capsys.readouterr().out == "1 tables and 60 items loaded\n"
        assert (
            cli.main(["dump", str(tmp_path / "out.json"), "--endpoint", server.endpoint_url]) == 0
        )
        dumped = json.loads((tmp_path / "out.json").read_text())
        assert len(dumped["orders"]["items"]) == 60
        assert (
            cli.main(["load", str(tmp_path / "out.json"), "--endpoint", server.endpoint_url]) == 0
        )
        path.write_text("{")
        assert cli.main(["load", str(path), "--endpoint", server.endpoint_url]) == 2
        assert "in.json, line 1: expected JSON" in capsys.readouterr().err
