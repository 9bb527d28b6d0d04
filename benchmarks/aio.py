"""A call through aiobotocore on the mock, against the same call on a send that is canned."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.fixtures import calls, client, create_plain_table, seed
from benchmarks.measure import line
from dqlmock import dql_mock

LIMIT = 1.10

Call = Callable[[], Awaitable[object]]


@contextmanager
def _canned(http_session: Any, body: bytes, headers: dict[str, str]) -> Iterator[None]:
    """Replace a transport's send by one that gives way once, and returns the answer given."""
    from aiobotocore.awsrequest import AioAWSResponse

    class Raw:
        async def read(self) -> bytes:
            return body

    original = http_session.send

    async def send(_: Any, request: Any) -> Any:
        await asyncio.sleep(0)
        response = AioAWSResponse(request.url, 200, headers, Raw())
        await response.content
        return response

    http_session.send = send
    try:
        yield
    finally:
        http_session.send = original


async def _us(call: Call, repeats: int = 60) -> float:
    started = time.perf_counter()
    for _ in range(repeats):
        await call()
    return (time.perf_counter() - started) / repeats * 1e6


async def _round_us(name: str, rounds: int) -> dict[str, float]:
    """Measure one call in turns; the columns are those of `benchmarks.calls`."""
    from aiobotocore.config import AioConfig
    from aiobotocore.httpsession import AIOHTTPSession
    from aiobotocore.session import get_session

    best = dict.fromkeys(("floor", "unsigned", "dqlmock", "boto3"), float("inf"))
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    config = AioConfig(retries={"max_attempts": 0})
    options = {"region_name": "us-east-1", "config": config, **keys}
    async with get_session().create_client("dynamodb", **options) as ours:
        call: Call = calls(ours)[name]
        sync = calls(client())[name]
        with dql_mock() as db:
            create_plain_table(client())
            seed(client())
            await call()
            answer = db.calls[-1].response
            canned = (AIOHTTPSession, answer.body, dict(answer.headers))
            for _ in range(rounds):
                with _canned(*canned):
                    best["unsigned"] = min(best["unsigned"], await _us(call))
                best["dqlmock"] = min(best["dqlmock"], await _us(call))
                started = time.perf_counter()
                for _ in range(60):
                    sync()
                sync_us = (time.perf_counter() - started) / 60 * 1e6
                best["boto3"] = min(best["boto3"], sync_us)
        for _ in range(rounds):
            with _canned(*canned):
                best["floor"] = min(best["floor"], await _us(call))
    return best


def main() -> None:
    print(f"Calls through aiobotocore (the floor is a send that is canned; at most {LIMIT}x)")
    if importlib.util.find_spec("aiobotocore") is None:
        print("  aiobotocore is not installed")
        return
    line("", "floor", "dqlmock", "ratio", "unsigned", "boto3 on it")
    for name in calls(None):
        best = asyncio.run(_round_us(name, rounds=30))
        line(
            name,
            f"{best['floor']:.0f} us",
            f"{best['dqlmock']:.0f} us",
            f"{best['dqlmock'] / best['floor']:.3f}x",
            f"{best['dqlmock'] / best['unsigned']:.3f}x",
            f"{best['boto3']:.0f} us",
        )
