"""What tests ask of the engine: unfinished batches and conflicts."""

from __future__ import annotations

import pytest

from dqlmock.clock import Clock
from dqlmock.engine.batches import Batches
from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError, TransactionConflictException, ValidationException
from dqlmock.operations import create_table, put_item

KEY = {"pk": {"S": "a"}}


def engine_with_table() -> Engine:
    engine = Engine(Clock())
    for region in ("us-east-1", "eu-west-1"):
        create_table.run(
            engine.database("123456789012", region),
            {
                "TableName": "orders",
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
            },
        )
    return engine


def put(engine: Engine, region: str, pk: str = "a") -> None:
    database = engine.database("123456789012", region)
    put_item.run(database, {"TableName": "orders", "Item": {"pk": {"S": pk}}})


def test_a_conflict_is_met_in_every_region() -> None:
    engine = engine_with_table()
    engine.contention.conflict_on("orders", KEY)
    put(engine, "us-east-1", "other")
    for region in ("us-east-1", "eu-west-1"):
        with pytest.raises(TransactionConflictException):
            put(engine, region)
        put(engine, region)


def test_a_conflict_needs_a_table_and_its_key() -> None:
    engine = engine_with_table()
    with pytest.raises(DqlmockError, match="no table 'none'"):
        engine.contention.conflict_on("none", KEY)
    with pytest.raises(ValidationException):
        engine.contention.conflict_on("orders", {"id": {"S": "a"}})


def test_orders_of_batches_are_used_up() -> None:
    batches = Batches()
    batches.leave_unprocessed(2, times=2, operation="BatchGetItem")
    batches.leave_unprocessed(30)
    assert batches.processed("BatchWriteItem", 25) == 0
    assert [batches.processed("BatchGetItem", 10) for _ in range(3)] == [8, 8, 10]
    assert batches.processed("BatchWriteItem", 25) == 25
