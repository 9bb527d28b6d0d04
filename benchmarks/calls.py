"""A call through boto3 on the mock, against the same call on a botocore whose send is canned."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session

from benchmarks.fixtures import calls, client, create_plain_table, seed
from benchmarks.measure import best_us, line
from dqlmock import dql_mock

LIMIT = 1.10
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


def _round_us(name: str, rounds: int) -> dict[str, float]:
    """Measure one call in turns: on the floor, on the floor without signing, and on the mock.

    The floor is botocore as it is, but for its send. The mock doesn't compute signatures, so what
    the pipe itself adds shows against the second floor, which is measured inside a mock.
    """
    best = dict.fromkeys(("floor", "unsigned", "dqlmock"), float("inf"))
    ours = client()
    call, floor_call = calls(ours)[name], calls(client())[name]
    answers: list[AWSResponse] = []
    mock = dql_mock()
    with mock:
        create_plain_table(ours)
        seed(ours)
        with _recorded(answers):
            call()
        for _ in range(rounds):
            with canned(answers[0]):
                best["unsigned"] = min(best["unsigned"], _us(floor_call))
            best["dqlmock"] = min(best["dqlmock"], _us(call))
    for _ in range(rounds):
        with canned(answers[0]):
            best["floor"] = min(best["floor"], _us(floor_call))
    return best


def _us(call: Callable[[], object]) -> float:
    return best_us({"call": call}, rounds=1, repeats=100)["call"]


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
        best = _round_us(name, rounds=40)
        moto = _moto_us(name)
        line(
            name,
            f"{best['floor']:.0f} us",
            f"{best['dqlmock']:.0f} us",
            f"{best['dqlmock'] / best['floor']:.3f}x",
            f"{best['dqlmock'] / best['unsigned']:.3f}x",
            "not installed" if moto is None else f"{moto / best['floor']:.1f}x",
        )
