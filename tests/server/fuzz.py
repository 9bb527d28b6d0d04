"""Hostile requests: calls of every operation that are broken at some level.

Built from botocore's model, so that operations are covered as they are added: a request that is
valid in shape has values replaced, members dropped, types confused; or its JSON or HTTP is broken.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

from dqlmock.shapes.model import Shape, service_model
from dqlmock.wire.dispatch import TARGETS
from tests.server.raw import SIGNED, RawClient, RawResponse, request

_SERVICES = {"DynamoDB_20120810": "dynamodb", "DynamoDBStreams_20120810": "dynamodbstreams"}

_SCALARS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**400, 1.5, 1e308, "", "a", "hash", "pk",
    ":v", "#n", "\x00", "\ud800", "é" * 300, "x" * 3000, [], {}, [None], {"": None}, {"S": "a"},
    {"S": 1}, {"N": "x"}, {"N": "1e999"}, {"N": "1" * 50}, {"M": {"a": {"L": []}}}, {"SS": []},
    {"SS": ["a", "a"]}, {"B": "!"}, {"NULL": False}, {"S": "a", "N": "1"}, "pk = :v", "SET a = :v",
    "SET a = a + :v REMOVE b[0].c", "attribute_exists(pk) AND (NOT a < :v)", "((((((((((a",
    "a.b[0]", "SELECT * FROM hash WHERE pk = ?", "INSERT INTO hash VALUE {'pk': ?}",
    "arn:aws:dynamodb:::x", "arn:aws:dynamodb:us-east-1:123456789012:table/hash",
)  # fmt: skip


def attack(endpoint_url: str, chance: random.Random, number: int) -> Counter[int]:
    """Send hostile requests, and return how often each status was answered.

    A connection that the server closed without an answer counts as 0. Whatever isn't answered at
    all raises TimeoutError.
    """
    statuses: Counter[int] = Counter()
    with RawClient(endpoint_url) as steady:
        for data, is_http in hostile_requests(chance, number):
            response = steady.ask(data) if is_http else _sent_alone(endpoint_url, data)
            statuses[response.status] += 1
            if response.status >= 500:
                print(data, response.status, response.body)
    return statuses


def _sent_alone(endpoint_url: str, data: bytes) -> RawResponse:
    with RawClient(endpoint_url) as raw:
        try:
            raw.send(data)
            raw.end()
            return raw.receive()
        except (EOFError, ConnectionError):
            return RawResponse(0, {}, b"")


def hostile_requests(chance: random.Random, number: int) -> Iterator[tuple[bytes, bool]]:
    """Yield requests, each operation as often as any other, and whether they are HTTP still."""
    targets = sorted(TARGETS)
    for turn in range(number):
        target = targets[turn % len(targets)]
        prefix, _, operation = target.partition(".")
        model = service_model(_SERVICES[prefix])
        parameters = _value(chance, model.input_shape(operation), model.shape, 0)
        body = json.dumps(parameters).encode()
        if chance.random() < 0.1:
            body = _broken_text(chance, body)
        headers = {**SIGNED, "X-Amz-Target": target}
        data = request(
            body=body, **{name.replace("-", "_"): text for name, text in headers.items()}
        )
        if chance.random() < 0.05:
            yield _broken_text(chance, data), False
        else:
            yield data, True


def _value(chance: random.Random, shape: Shape, find: Any, depth: int) -> Any:
    if chance.random() < (0.12 if depth else 0.02) or depth > 9:
        return chance.choice(_SCALARS)
    if shape.kind == "structure":
        return {
            name: _value(chance, find(member), find, depth + 1)
            for name, member in shape.members.items()
            if chance.random() < (0.95 if name in shape.required else 0.25)
        }
    if shape.kind == "list":
        return [
            _value(chance, find(shape.element), find, depth + 1)
            for _ in range(chance.choice((0, 1, 1, 2, 3)))
        ]
    if shape.kind == "map":
        names = chance.sample(("pk", "hash", "#n", ":v", "a", ""), chance.choice((1, 1, 2)))
        return {name: _value(chance, find(shape.element), find, depth + 1) for name in names}
    return _scalar(chance, shape)


def _scalar(chance: random.Random, shape: Shape) -> Any:
    if shape.enum:
        return chance.choice(shape.enum)
    if shape.kind in ("integer", "long"):
        return chance.choice((0, 1, 2, 10, 100, -1))
    if shape.kind == "boolean":
        return chance.random() < 0.5
    if shape.name in ("TableName", "TableArn"):
        return "hash"
    return chance.choice(("pk", "a", "hash", "pk = :v", "SET a = :v", "#n", "1", "YQ==", ":v"))


def _broken_text(chance: random.Random, data: bytes) -> bytes:
    """Change, drop or repeat a few bytes; Content-Length is left as it was, if it is there."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        place = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(3):
            case 0:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[place : place + chance.randrange(9)] = b""
            case _:
                changed[place:place] = changed[place : place + chance.randrange(20)]
    return bytes(changed)
