"""Tables for the tests of the operations on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeAlias

from dqlmock.clock import Clock
from dqlmock.engine.database import Database, Engine
from dqlmock.engine.lifecycle import TableDelays
from dqlmock.operations import (
    create_table,
    delete_table,
    describe_table,
    list_tables,
    update_table,
)

ACCOUNT, REGION = "123456789012", "eu-west-1"
START_S = 1_700_000_000.0

Answer: TypeAlias = dict[str, Any]


class StillClock(Clock):
    """A clock that moves only when it is advanced."""

    def now_s(self) -> float:
        return START_S + self._offset_s


class Api:
    """The operations on tables, as the pipe calls them once the shape of a request is checked."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def fresh(cls) -> Api:
        return cls(Engine(StillClock()).database(ACCOUNT, REGION))

    def create(self, **request: Any) -> Answer:
        create_table.check(request)
        answer: Answer = create_table.run(self.database, request)["TableDescription"]
        return answer

    def update(self, name: str = "music", **request: Any) -> Answer:
        request["TableName"] = name
        update_table.check(request)
        answer: Answer = update_table.run(self.database, request)["TableDescription"]
        return answer

    def delete(self, name: str = "music") -> Answer:
        delete_table.check({"TableName": name})
        answer: Answer = delete_table.run(self.database, {"TableName": name})["TableDescription"]
        return answer

    def describe(self, name: str = "music") -> Answer:
        describe_table.check({"TableName": name})
        answer: Answer = describe_table.run(self.database, {"TableName": name})["Table"]
        return answer

    def names(self, **request: Any) -> Answer:
        list_tables.check(request)
        return list_tables.run(self.database, request)

    def advance(self, seconds: float) -> None:
        self.database.clock.advance(timedelta(seconds=seconds))

    def set_delays(self, **delays: float) -> None:
        self.database.engine.delays = TableDelays(**delays)


def elements(text: str) -> list[dict[str, str]]:
    """Return a key schema: "a b" is HASH a, RANGE b; "a:HASH b:HASH" says it."""
    parts = [part.partition(":") for part in text.split()]
    return [
        {"AttributeName": name, "KeyType": kind or ("RANGE" if position else "HASH")}
        for position, (name, _, kind) in enumerate(parts)
    ]


def definitions(text: str) -> list[dict[str, str]]:
    """Return attribute definitions: "a b:N"."""
    parts = [part.partition(":") for part in text.split()]
    return [{"AttributeName": name, "AttributeType": tag or "S"} for name, _, tag in parts]


def units(reads: int, writes: int) -> dict[str, int]:
    return {"ReadCapacityUnits": reads, "WriteCapacityUnits": writes}


def index(name: str, key: str, projection: str = "ALL", **members: Any) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": elements(key),
        "Projection": {"ProjectionType": projection},
        **members,
    }


def on_demand(key: str = "pk", attributes: str | None = None, **members: Any) -> dict[str, Any]:
    """Return a request for an on-demand table named music."""
    return {
        "TableName": "music",
        "AttributeDefinitions": definitions(key if attributes is None else attributes),
        "KeySchema": elements(key),
        "BillingMode": "PAY_PER_REQUEST",
        **members,
    }


def provisioned(key: str = "pk", attributes: str | None = None, **members: Any) -> dict[str, Any]:
    """Return a request for a table named music with 5 read and 5 write units."""
    request = on_demand(key, attributes, ProvisionedThroughput=units(5, 5), **members)
    del request["BillingMode"]
    return request
