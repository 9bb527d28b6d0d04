"""A call through boto3 on the mock, against the same call on a botocore whose send is canned."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

from benchmarks.fixtures import (
    calls,
    client,
    create_plain_table,
    create_streamed_table,
    seed,
    seed_stream,
)
from benchmarks.measure import Call, best_us, line
from dqlmock import dql_mock

LIMIT = 1.10
ROUNDS = 40
SELECT_LIMIT = 1.25


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self._content


@contextmanager
def canned(answer: AWSResponse) -> Iterator[None]:
    """Replace botocore's send by one that returns the answer given: the floor."""
    content = answer.content
    headers = dict(answer.headers.items())
    original = URLLib3Session.send

    def send(_: URLLib3Session, request: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, headers, _Body(content))

    URLLib3Session.send = send
    try:
        yield
    finally:
        URLLib3Session.send = original


@contextmanager
def _recorded(answers: list[AWSResponse]) -> Iterator[None]:
    original = URLLib3Session.send

    def send(session: URLLib3Session, request: Any) -> AWSResponse:
        answers.append(original(session, request))
        return answers[-1]

    URLLib3Session.send = send
    try:
        yield
    finally:
        URLLib3Session.send = original


def _item_calls(name: str) -> tuple[Call, Call]:
    ours = client()
    create_plain_table(ours)
    seed(ours)
    return calls(ours)[name], calls(client())[name]


def _get_records() -> tuple[Call, Call]:
    create_streamed_table(client())
    position = seed_stream(client(), client("dynamodbstreams"), 100)
    ours, floor = client("dynamodbstreams"), client("dynamodbstreams")
    return (
        lambda: ours.get_records(ShardIterator=position),
        lambda: floor.get_records(ShardIterator=position),
    )


def _round_us(prepare: Callable[[], tuple[Call, Call]], repeats: int = 100) -> dict[str, float]:
    """Measure one call on the mock, in turns with the floor without signing, then on the floor.

    The floor is botocore as it is, but for its send. The mock doesn't compute signatures, so what
    the pipe itself adds shows against the second floor, which is measured inside a mock.
    """
    best = dict.fromkeys(("floor", "unsigned", "dqlmock"), float("inf"))
    answers: list[AWSResponse] = []
    mock = dql_mock()
    with mock:
        call, floor_call = prepare()
        with _recorded(answers):
            call()
        for _ in range(ROUNDS):
            with canned(answers[0]):
                best["unsigned"] = min(best["unsigned"], _us(floor_call, repeats))
            best["dqlmock"] = min(best["dqlmock"], _us(call, repeats))
    for _ in range(ROUNDS):
        with canned(answers[0]):
            best["floor"] = min(best["floor"], _us(floor_call, repeats))
    return best


def _us(call: Call, repeats: int) -> float:
    return best_us({"call": call}, rounds=1, repeats=repeats)["call"]


def _moto_us(name: str) -> float | None:
    if importlib.util.find_spec("moto") is None:
        return None
    from moto import mock_aws  # an optional competitor, loaded only when it is measured

    with mock_aws():
        theirs = client()
        create_plain_table(theirs)
        seed(theirs)
        return best_us({"moto": calls(theirs)[name]}, rounds=3, repeats=30)["moto"]


def main() -> None:
    print(
        "Calls through boto3 (the floor is a botocore whose send is canned; "
        f"at most {LIMIT}x, a SELECT at most {SELECT_LIMIT}x)"
    )
    line("", "floor", "dqlmock", "ratio", "unsigned", "moto")
    for name in calls(None):
        best = _round_us(partial(_item_calls, name))
        moto = _moto_us(name)
        _report(name, best, "not installed" if moto is None else f"{moto / best['floor']:.1f}x")
    # At most 1.25x: a hundred records take botocore milliseconds to parse.
    _report("GetRecords of 100", _round_us(_get_records, repeats=20), "no streams")


def _report(name: str, best: dict[str, float], moto: str) -> None:
    line(
        name,
        f"{best['floor']:.0f} us",
        f"{best['dqlmock']:.0f} us",
        f"{best['dqlmock'] / best['floor']:.3f}x",
        f"{best['dqlmock'] / best['unsigned']:.3f}x",
        moto,
    )
