from __future__ import annotations

import re
from typing import Any

import pytest

from differential import given
from differential.broken import Call, broken
from differential.compare import UNKNOWN, VERDICTS, Known, known, outcome, verdict
from differential.generated import generated
from differential.servers import OTHERS, Mock, Unavailable, call
from differential.texts import texts

CALL = Call("a call", "PutItem", {})
ROW = Known("dynalite", "Put.*", "400 A: .*", "200 .*", "theirs wrong", "because")


def error(code: str, **members: Any) -> Any:
    return outcome("PutItem", 400, {"__type": f"com.amazon#{code}", **members})


def test_either_spelling_of_message_counts() -> None:
    assert error("A", message="x") == error("A", Message="x")
    assert error("A", message="x") != error("A", message="y")
    assert error("A", message="x") != error("B", message="x")
    assert error("A", Item={"a": 1}) != error("A")


def test_order_counts_in_lists_but_not_in_sets() -> None:
    def answered(value: Any) -> Any:
        return outcome("GetItem", 200, {"Item": {"a": value}})

    assert answered({"SS": ["a", "b"]}) == answered({"SS": ["b", "a"]})
    assert answered({"L": [{"S": "a"}, {"S": "b"}]}) != answered({"L": [{"S": "b"}, {"S": "a"}]})


def test_the_order_of_a_scan_does_not_count() -> None:
    items = [{"a": {"S": "x"}}, {"a": {"S": "y"}}]
    for operation, same in (("Scan", True), ("Query", False)):
        first = outcome(operation, 200, {"Items": items})
        assert (first == outcome(operation, 200, {"Items": items[::-1]})) is same


def test_a_row_covers_a_difference() -> None:
    ours, theirs = error("A", message="x"), outcome("PutItem", 200, {})
    assert verdict([ROW], "dynalite", CALL, ours, theirs) == "theirs wrong"
    assert verdict([ROW], "DynamoDB Local", CALL, ours, theirs) == UNKNOWN
    assert verdict([ROW], "dynalite", CALL, error("B"), theirs) == UNKNOWN
    assert verdict([ROW], "dynalite", CALL._replace(operation="GetItem"), ours, theirs) == UNKNOWN


def test_every_known_difference_has_a_verdict_and_evidence() -> None:
    for row in known():
        assert row.verdict in VERDICTS
        assert len(row.evidence) > 10
        assert row.server in OTHERS
        for pattern in (row.operation, row.name, row.ours, row.theirs):
            re.compile(pattern)


def test_what_is_missing_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    for start in OTHERS.values():
        with pytest.raises(Unavailable, match="is not installed"):
            start()


def test_a_server_is_brought_back_to_where_it_was() -> None:
    mock = Mock()
    given.set_up(mock)
    before = call(mock, "Scan", {"TableName": "users"})
    call(mock, "PutItem", {"TableName": "users", "Item": {"id": {"S": "new"}}})
    call(mock, "DeleteItem", {"TableName": "users", "Key": {"id": {"S": "ann"}}})
    given.restore_items(mock)
    assert call(mock, "Scan", {"TableName": "users"})[1]["Count"] == before[1]["Count"] == 2


def test_the_same_seed_makes_the_same_requests() -> None:
    assert list(generated(20, 7)) == list(generated(20, 7))
    assert list(generated(20, 7)) != list(generated(20, 8))


def test_the_mock_answers_every_valid_request() -> None:
    mock = Mock()
    for request in broken():
        if request.name.endswith(": valid"):
            given.set_up(mock)
            status, body = call(mock, request.operation, request.request)
            assert status == 200 or "ConditionalOperator" in str(body), (request, body)


def test_requests_have_names_of_their_own() -> None:
    names = [request.name for source in (broken(), texts()) for request in source]
    assert len(names) == len(set(names)) > 4000
