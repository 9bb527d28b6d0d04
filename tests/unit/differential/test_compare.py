from __future__ import annotations

import re
from typing import Any

import pytest

from differential.bench import Bench
from differential.broken import Call, broken
from differential.compare import UNKNOWN, VERDICTS, Known, known, outcome, verdict
from differential.generated import generated
from differential.given import OWN, Setting
from differential.servers import OTHERS, Mock, Unavailable
from differential.stored import stored
from differential.texts import texts
from differential.valid import UNCOMPARED
from dqlmock.operations.registry import OPERATIONS, STREAM_OPERATIONS

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
    defined = [{"AttributeName": name, "AttributeType": "S"} for name in "ab"]
    assert answered({"AttributeDefinitions": defined}) == answered(
        {"AttributeDefinitions": defined[::-1]}
    )
    assert answered({"AttributeDefinitions": defined}) != answered(
        {"AttributeDefinitions": defined[:1]}
    )
    assert answered({"L": [{"S": "a"}, {"S": "b"}]}) != answered({"L": [{"S": "b"}, {"S": "a"}]})


def test_the_order_of_a_scan_does_not_count() -> None:
    items = [{"a": {"S": "x"}}, {"a": {"S": "y"}}]
    for operation, same in (("Scan", True), ("Query", False)):
        first = outcome(operation, 200, {"Items": items})
        assert (first == outcome(operation, 200, {"Items": items[::-1]})) is same


def test_a_row_covers_a_difference() -> None:
    ours, theirs = error("A", message="x"), outcome("PutItem", 200, {})
    assert verdict([ROW], "dynalite", CALL, ours, theirs) == ("theirs wrong", "because")
    assert verdict([ROW], "DynamoDB Local", CALL, ours, theirs) == (UNKNOWN, "")
    assert verdict([ROW], "dynalite", CALL, error("B"), theirs) == (UNKNOWN, "")
    assert verdict([ROW], "dynalite", CALL._replace(operation="GetItem"), ours, theirs) == (
        UNKNOWN,
        "",
    )


def test_every_known_difference_has_a_verdict_and_evidence() -> None:
    for row in known():
        assert row.verdict in VERDICTS
        assert len(row.evidence) > 10
        assert row.server in OTHERS
        for pattern in (row.operation, row.name, row.ours, row.theirs):
            re.compile(pattern)


def test_no_row_swallows_everything() -> None:
    for row in known():
        assert (row.ours, row.theirs, row.name) != (".*", ".*", ".*")


def test_what_is_missing_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    for start in OTHERS.values():
        with pytest.raises(Unavailable, match="is not installed"):
            start()


def test_a_server_is_brought_back_to_where_it_was() -> None:
    bench = Bench(Mock())
    bench.prepare(OWN)
    scan = {"TableName": "users"}
    before = bench.ask("Scan", scan)
    bench.ask("PutItem", {"TableName": "users", "Item": {"id": {"S": "new"}}})
    bench.ask("DeleteItem", {"TableName": "users", "Key": {"id": {"S": "ann"}}})
    assert bench.ask("Scan", scan) != before
    bench.restore("PutItem")
    assert bench.ask("Scan", scan) == before
    bench.ask("DeleteTable", scan)
    bench.restore("DeleteTable")
    assert bench.ask("Scan", scan) == before


def test_a_server_gets_the_tables_of_another_setting() -> None:
    bench = Bench(Mock())
    bench.prepare(OWN)
    bench.prepare(Setting("other", [{**OWN.tables[0], "TableName": "others"}], {}))
    assert bench.ask("ListTables", {}).body == {"TableNames": ["others"]}
    bench.prepare(OWN)
    assert "users" in bench.ask("ListTables", {}).body["TableNames"]


def test_marks_stand_for_names_of_the_server_s_own() -> None:
    bench = Bench(Mock())
    bench.prepare(OWN)
    refused = bench.ask("ListTagsOfResource", {"ResourceArn": "<arn>nope"})
    assert refused.message.endswith("ResourceArn: <arn>nope not found")
    assert bench.ask("GetRecords", {"ShardIterator": "<iterator>"}).status == 200


def test_every_operation_is_compared() -> None:
    operations = {request.operation for request in broken()}
    assert operations | UNCOMPARED == OPERATIONS.keys() | STREAM_OPERATIONS.keys()
    assert operations.isdisjoint(UNCOMPARED)


def test_stored_cases_find_the_tables_of_their_file() -> None:
    requests = list(stored())
    assert len(requests) > 1500
    for request in requests:
        assert request.setting.tables


def test_the_same_seed_makes_the_same_requests() -> None:
    assert list(generated(20, 7)) == list(generated(20, 7))
    assert list(generated(20, 7)) != list(generated(20, 8))


def test_no_requests_are_made_up_where_none_are_wanted() -> None:
    assert list(generated(0, 7)) == []


def test_the_mock_answers_every_valid_request() -> None:
    for request in broken():
        if request.name.endswith(": valid"):
            bench = Bench(Mock())
            bench.prepare(OWN)
            found = bench.ask(request.operation, request.request)
            assert found.status == 200 or "ConditionalOperator" in str(found), (request, found)


def test_requests_have_names_of_their_own() -> None:
    names = [request.name for source in (broken(), texts()) for request in source]
    assert len(names) == len(set(names)) > 4000
