"""What becomes a case: what another server answers too, and no other answers better."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from differential import record
from differential.broken import Call
from differential.compare import Known, Outcome
from differential.given import Setting
from differential.record import Recorder
from differential.servers import Remote

ONE = Remote("one", "1.0", lambda port: [])
OTHER = Remote("other", "2.0", lambda port: [])
CALL = Call("a call", "GetItem", {"TableName": "users", "Key": {"id": {"S": "no"}}})
OURS, THEIRS = Outcome(200, body={}), Outcome(200, body={"Item": {}})
NOT_BUILT = Outcome(400, "UnknownOperationException", "")


def recorded(directory: Path, call: Call, ours: Outcome, *theirs: Outcome) -> list[str]:
    recorder = Recorder([ONE, OTHER])
    recorder.add(call, ours, list(theirs))
    recorder.write(directory)
    return [
        case["source"]
        for path in directory.glob("agreed_*.json")
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
    ]


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> list[Known]:
    found: list[Known] = []
    monkeypatch.setattr(record, "known", lambda: found)
    return found


def test_who_agrees_is_named(tmp_path: Path) -> None:
    (both,) = recorded(tmp_path, CALL, OURS, OURS, OURS)
    assert both.startswith("one 1.0 and other 2.0")
    (one,) = recorded(tmp_path, CALL, OURS, NOT_BUILT, OURS)
    assert one.startswith("other 2.0")


def test_nobody_agrees(tmp_path: Path) -> None:
    assert recorded(tmp_path, CALL, OURS, THEIRS, NOT_BUILT) == []


@pytest.mark.parametrize(
    ("verdict", "is_kept"), [("theirs wrong", True), ("both allowed", False), ("ours wrong", False)]
)
def test_a_server_that_disagrees_has_to_be_wrong(
    tmp_path: Path, rows: list[Known], verdict: str, is_kept: bool
) -> None:
    assert recorded(tmp_path, CALL, OURS, OURS, THEIRS) == []
    rows.append(Known("other", ".*", ".*", ".*", verdict, "because"))
    assert bool(recorded(tmp_path, CALL, OURS, OURS, THEIRS)) is is_kept


def test_cases_with_tables_of_their_own_are_cases_already(tmp_path: Path) -> None:
    elsewhere = CALL._replace(setting=Setting("elsewhere", [], {}))
    assert recorded(tmp_path, elsewhere, OURS, OURS, OURS) == []


def test_what_earlier_calls_have_a_part_in_is_no_case(tmp_path: Path) -> None:
    remembered = CALL._replace(request={"TableName": "users", "Key": {"id": {"S": "ann"}}})
    assert recorded(tmp_path, remembered, OURS, OURS, OURS) == []


def test_what_was_recorded_before_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "agreed_Old.json").write_text("{}", encoding="utf-8")
    recorded(tmp_path, CALL, OURS, OURS, OURS)
    assert [path.name for path in tmp_path.iterdir()] == ["agreed_GetItem.json"]
