from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Any

import pytest

from dqlmock import DqlmockError
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.services import is_let_through
from dqlmock.intercept.switchboard import Line, Switchboard
from dqlmock.wire.messages import WireRequest, WireResponse


def _door(request: WireRequest) -> WireResponse:
    return WireResponse(200, {}, b"{}")


def _in_thread(work: Callable[[], Any]) -> Any:
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except DqlmockError as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return results[0]


def test_the_only_mock_has_all_calls() -> None:
    board, line = Switchboard(), Line(_door, "123456789012")
    assert (board.idle, board.only, board.pick()) == (True, None, None)
    board.connect(line)
    assert (board.idle, board.only, board.pick(), _in_thread(board.pick)) == (
        False,
        line,
        line,
        line,
    )
    board.disconnect(line)
    assert (board.idle, board.only) == (True, None)


def test_each_thread_has_its_own_mock_and_a_stranger_none() -> None:
    board, here = Switchboard(), Line(_door, "123456789012")
    there = _in_thread(lambda: Line(_door, "123456789012"))
    there.thread = -1
    board.connect(there)
    board.connect(here)
    assert (board.only, board.pick()) == (None, here)
    error = _in_thread(board.pick)
    assert isinstance(error, DqlmockError)
    assert "2 mocks of DynamoDB are running" in str(error)
    context = contextvars.copy_context()
    assert _in_thread(lambda: context.run(board.pick)) is here
    board.disconnect(here)
    assert context.run(board.pick) is there


def test_services_are_let_through_as_often_as_they_are_held_back() -> None:
    line = Line(_door, "123456789012")
    line.let_through(["s3", "sqs"])
    line.let_through(["s3"])
    line.hold_back(["s3", "sqs"])
    assert line.passthrough == {"s3"}
    line.hold_back(["s3"])
    assert line.passthrough == frozenset()


@pytest.mark.parametrize(
    ("service_id", "name", "passthrough", "expected"),
    [
        ("s3", "s3", {"s3"}, True),
        ("s3", "s3", set(), False),
        ("sfn", None, {"stepfunctions"}, True),
        ("cloudwatch-logs", None, {"logs"}, True),
        ("cloudwatch-logs", "logs", {"cloudwatch"}, False),
        ("sqs", "sqs", {"no-such-service"}, False),
    ],
)
def test_a_service_goes_by_its_id(
    service_id: str, name: str | None, passthrough: set[str], expected: bool
) -> None:
    assert is_let_through(service_id, name, frozenset(passthrough)) is expected


def test_what_a_class_does_not_define_is_not_patched() -> None:
    class Parent:
        inherited = 1

    class Child(Parent):
        own = 2

    patches = Patches()
    patches.replace(Child, "inherited", lambda original: 5)
    patches.replace(Child, "own", lambda original: original + 1)
    assert (Child.inherited, Child.own) == (1, 3)
    patches.restore()
    assert vars(Child).keys() & {"inherited", "own"} == {"own"}
    assert Child.own == 2


def test_the_newest_of_a_thread_stands_before_its_others() -> None:
    board = Switchboard()
    outer, inner = (Line(_door, "123456789012") for _ in range(2))
    board.connect(outer)
    board.connect(inner)
    assert board.only is inner  # threads that have entered none share it
    board.disconnect(outer)
    assert board.only is inner
    board.connect(outer)
    board.disconnect(inner)
    assert (board.only, board.pick()) == (outer, outer)
    board.disconnect(outer)
    assert board.idle
