from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dqlmock.clock import Clock
from dqlmock.engine.arn import TableArn
from dqlmock.engine.database import Database, Engine
from dqlmock.engine.lifecycle import TableDelays
from dqlmock.engine.schema import KeySchema, TableSchema
from dqlmock.engine.settings import TableSettings, Throughput
from dqlmock.engine.table import Table
from dqlmock.errors import (
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)

ACCOUNT, REGION = "123456789012", "eu-west-1"


def new_table(database: Database, name: str = "music") -> Table:
    settings = TableSettings(
        name=name,
        arn=str(TableArn(database.region, database.account, name)),
        table_id="id",
        created_s=0.0,
        attribute_types={"pk": "S"},
        billing_mode="PAY_PER_REQUEST",
        throughput=Throughput(0, 0),
    )
    return Table(TableSchema(KeySchema(("pk",)), {"pk": "S"}, {}), settings)


def add(database: Database, name: str = "music") -> Table:
    table = new_table(database, name)
    with database.lock:
        database.check_is_new(name)
        database.add(table)
    return table


@pytest.fixture
def engine() -> Engine:
    return Engine(Clock())


@pytest.fixture
def database(engine: Engine) -> Database:
    return engine.database(ACCOUNT, REGION)


def test_a_database_is_made_once(engine: Engine) -> None:
    barrier = threading.Barrier(8)

    def get(_: int) -> Database:
        barrier.wait()
        return engine.database(ACCOUNT, REGION)

    with ThreadPoolExecutor(8) as threads:
        assert len({id(database) for database in threads.map(get, range(8))}) == 1
    assert engine.database(ACCOUNT, "us-east-1") is not engine.database(ACCOUNT, REGION)


def test_reset_forgets_all_tables(engine: Engine, database: Database) -> None:
    add(database)
    engine.reset()
    assert engine.database(ACCOUNT, REGION).names() == []


def test_a_table_is_found_by_name_and_arn(database: Database) -> None:
    table = add(database)
    assert database.table("music") is table
    assert database.table(f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/music") is table


def test_another_accounts_table_is_found_by_arn(engine: Engine, database: Database) -> None:
    table = add(engine.database("999999999999", REGION))
    assert database.table(table.settings.arn) is table


@pytest.mark.parametrize("name", ["music", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/music"])
def test_the_data_plane_does_not_name_a_missing_table(database: Database, name: str) -> None:
    with pytest.raises(ResourceNotFoundException) as refused:
        database.table(name)
    assert refused.value.message == "Requested resource not found"


def test_an_arn_of_another_region_is_refused(engine: Engine, database: Database) -> None:
    table = add(engine.database(ACCOUNT, "us-east-1"))
    with pytest.raises(ValidationException, match="Invalid TableArn"):
        database.table(table.settings.arn)


def test_a_table_serves_once_it_is_created(engine: Engine, database: Database) -> None:
    engine.delays = TableDelays(create_s=60)
    table = add(database)
    with pytest.raises(ResourceNotFoundException) as refused:
        database.table("music")
    assert refused.value.message == "Requested resource not found"
    assert database.find("music") is table
    engine.clock.advance(timedelta(seconds=60))
    assert database.table("music") is table


def test_a_table_serves_until_it_is_deleted(engine: Engine, database: Database) -> None:
    engine.delays = TableDelays(delete_s=60)
    table = add(database)
    assert database.table("music") is table
    with database.lock:
        database.delete(table)
    with pytest.raises(ResourceNotFoundException):
        database.table("music")
    assert database.find("music") is table
    engine.clock.advance(timedelta(seconds=60))
    with pytest.raises(ResourceNotFoundException):
        database.find("music")


def test_a_change_keeps_the_delay_it_began_with(engine: Engine, database: Database) -> None:
    engine.delays = TableDelays(create_s=60)
    add(database)
    engine.delays = TableDelays()
    with pytest.raises(ResourceNotFoundException):
        database.table("music")


def test_a_name_is_given_to_one_of_many_threads(database: Database) -> None:
    barrier = threading.Barrier(8)

    def create(_: int) -> bool:
        barrier.wait()
        try:
            add(database)
        except ResourceInUseException:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(create, range(8))) == 1


def test_the_look_up_of_the_data_plane_takes_no_lock(database: Database) -> None:
    table = add(database)
    database.table("music")
    with database.lock, ThreadPoolExecutor(1) as threads:
        assert threads.submit(database.table, "music").result(timeout=5) is table
