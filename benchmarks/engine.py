"""The engine called directly, without botocore: calls per second on one core, and a profile."""

from __future__ import annotations

import cProfile
import json
import pstats
from collections.abc import Callable
from typing import Any

from benchmarks.fixtures import ITEM, KEY, TABLE
from benchmarks.measure import best_us, line
from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.operations import get_item, put_item
from dqlmock.wire.dispatch import Pipe
from dqlmock.wire.messages import WireRequest

PUT_AIM, GET_AIM = 60_000, 100_000
_ACCOUNT, _REGION = "123456789012", "us-east-1"
_PROFILED_CALLS = 20_000


def _wire(operation: str, parameters: dict[str, Any]) -> WireRequest:
    body = json.dumps(parameters).encode()
    return WireRequest(f"DynamoDB_20120810.{operation}", body, _ACCOUNT, _REGION)


def main() -> None:
    engine = Engine(Clock())
    pipe = Pipe(engine)
    definition = {
        "TableName": TABLE,
        "AttributeDefinitions": [
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
    pipe.answer(_wire("CreateTable", definition))
    database = engine.database(_ACCOUNT, _REGION)
    put, get = {"TableName": TABLE, "Item": ITEM}, {"TableName": TABLE, "Key": KEY}
    put_wire, get_wire = _wire("PutItem", put), _wire("GetItem", get)
    calls: dict[str, Callable[[], object]] = {
        "PutItem, engine": lambda: put_item.run(database, put),
        "GetItem, engine": lambda: get_item.run(database, get),
        "PutItem, bytes to bytes": lambda: pipe.answer(put_wire),
        "GetItem, bytes to bytes": lambda: pipe.answer(get_wire),
    }
    best = best_us(calls, repeats=2000)
    print(f"The engine, without botocore (aims: PutItem {PUT_AIM:,}/s, GetItem {GET_AIM:,}/s)")
    for name, mean_us in best.items():
        line(name, f"{mean_us:.1f} us", f"{1e6 / mean_us:,.0f}/s")
    print("Where the time of PutItem and GetItem goes, bytes to bytes (own time, profiled)")
    _profile(lambda: (pipe.answer(put_wire), pipe.answer(get_wire)))


def _profile(call: Callable[[], object]) -> None:
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(_PROFILED_CALLS):
        call()
    profile.disable()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # typeshed leaves it out
    total_s = sum(row[2] for row in stats.values())
    for place, row in sorted(stats.items(), key=lambda entry: -entry[1][2])[:12]:
        path, _, function = place
        module = path.rpartition("dqlmock/")[2] if "dqlmock/" in path else path.rpartition("/")[2]
        line(f"{module} {function}"[:60].ljust(60), f"{row[2] / total_s:.1%}")
