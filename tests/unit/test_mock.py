"""Entering, leaving, nesting, threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import boto3
import pytest

from dqlmock import DqlmockError
from dqlmock.mock import dql_mock, mock_dynamodb
from tests.stub_door import PLAIN, StubDoor

pytestmark = pytest.mark.usefixtures("doors")


def _create(name: str) -> None:
    boto3.client("dynamodb").create_table(TableName=f"test-{name}", **PLAIN)


def _tables() -> list[str]:
    names = boto3.client("dynamodb").list_tables()["TableNames"]
    return [name.removeprefix("test-") for name in names]


def _in_threads(*works: Callable[[], Any]) -> list[Any]:
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            results[index] = work()
        except DqlmockError as error:
            results[index] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_consecutive_mocks_share_nothing() -> None:
    for _ in range(2):
        with mock_dynamodb():
            assert _tables() == []
            _create("table")


def test_nested_mocks_share_the_outermost_state(doors: list[StubDoor]) -> None:
    with mock_dynamodb():
        _create("outer")
        with dql_mock() as db, mock_dynamodb():
            _create("inner")
            assert len(db.calls) == 2
        assert _tables() == ["inner", "outer"]
    assert len(doors) == 1


def test_start_and_stop_out_of_order() -> None:
    outer, inner = mock_dynamodb(), mock_dynamodb()
    outer.start()
    inner.start()
    _create("table")
    outer.stop()
    assert _tables() == ["table"]
    inner.stop()
    with mock_dynamodb():
        assert _tables() == []


def test_one_object_can_be_entered_again_and_inside_itself() -> None:
    mock = mock_dynamodb()
    for _ in range(2):
        with mock:
            _create("table")
            with mock:
                assert _tables() == ["table"]
            assert _tables() == ["table"]


def test_stop_without_start_is_refused() -> None:
    mock = mock_dynamodb()
    with pytest.raises(DqlmockError, match="not running"):
        mock.stop()
    mock.start()
    mock.stop()
    with pytest.raises(DqlmockError, match="not running"):
        mock.stop()


@pytest.mark.parametrize("mock", [mock_dynamodb, dql_mock])
def test_an_error_inside_leaves_the_mock(mock: Any) -> None:
    with pytest.raises(ZeroDivisionError), mock():
        raise ZeroDivisionError
    with mock():
        assert _tables() == []


def test_what_the_context_managers_give() -> None:
    mock = mock_dynamodb()
    with mock as itself:
        assert itself is mock
    with dql_mock() as db:
        before = db.clock.now_s()
        db.clock.advance(timedelta(hours=1))
        assert db.clock.now_s() - before >= 3600


def test_async_with() -> None:
    async def main() -> None:
        async with dql_mock() as db:
            _create("table")
            assert len(db.calls) == 1
        mock = mock_dynamodb()
        async with mock as itself:
            assert itself is mock
            assert _tables() == []

    asyncio.run(main())


def test_options_reach_the_engine() -> None:
    with dql_mock(table_delays=False) as db:
        engine: Any = db.engine
        assert engine.options == {"table_delays": False}


def test_an_inner_mock_cannot_change_the_engine() -> None:
    with mock_dynamodb(table_delays=False), mock_dynamodb(table_delays=False), mock_dynamodb():
        with pytest.raises(DqlmockError, match="outermost"):
            mock_dynamodb(table_delays=True).start()
        assert _tables() == []


@pytest.mark.parametrize(
    "options",
    [
        {"passthrough": ("dynamodb",)},
        {"passthrough": ["dynamodbstreams"]},
        {"passthrough": "s3"},
        {"account": "1"},
        {"account": "12345678901x"},
    ],
)
def test_options_that_make_no_sense(options: Any) -> None:
    with pytest.raises(DqlmockError):
        mock_dynamodb(**options)
    with pytest.raises(DqlmockError):
        dql_mock(**options)


def test_a_thread_without_a_mock_shares_the_one_that_runs() -> None:
    with mock_dynamodb():
        _in_threads(lambda: _create("a"), lambda: _create("b"))
        assert _tables() == ["a", "b"]


def test_threads_with_mocks_of_their_own_share_nothing(doors: list[StubDoor]) -> None:
    barrier = threading.Barrier(3, timeout=30)

    def work(name: str) -> list[str]:
        with mock_dynamodb():
            barrier.wait()
            _create(name)
            barrier.wait()
            return _tables()

    assert _in_threads(*(lambda n=n: work(n) for n in ("a", "b", "c"))) == [["a"], ["b"], ["c"]]
    assert len(doors) == 3


def test_a_thread_with_a_mock_of_its_own_leaves_the_others_alone() -> None:
    def work() -> list[str]:
        with mock_dynamodb():
            _create("theirs")
            return _tables()

    with mock_dynamodb():
        _create("ours")
        assert _in_threads(work) == [["theirs"]]
        assert _tables() == ["ours"]


def test_a_thread_is_told_when_its_mock_is_not_clear() -> None:
    entered, done = threading.Event(), threading.Event()

    def work() -> None:
        with mock_dynamodb():
            entered.set()
            done.wait(30)

    client = boto3.client("dynamodb", "us-east-1")
    with mock_dynamodb():
        other = threading.Thread(target=work)
        other.start()
        entered.wait(30)
        assert isinstance(_in_threads(client.list_tables)[0], DqlmockError)
        answer = asyncio.run(asyncio.to_thread(client.list_tables))  # copies the context
        done.set()
        other.join()
    assert answer["TableNames"] == []


def test_a_mock_may_be_stopped_by_another_thread() -> None:
    mock = mock_dynamodb()
    mock.start()
    assert _in_threads(mock.stop) == [None]


def test_the_log_of_calls() -> None:
    with dql_mock() as db:
        _create("table")
        _tables()
    assert [call.operation for call in db.calls] == ["CreateTable", "ListTables"]
    assert db.calls[0].parameters["TableName"] == "test-table"
    assert db.calls[-1].answer == {"TableNames": ["test-table"]}
    assert db.calls.of("ListTables") == db.calls[1:]
    assert repr(db.calls) == "<CallLog of 2 calls>"
    db.calls.clear()
    assert len(db.calls) == 0
