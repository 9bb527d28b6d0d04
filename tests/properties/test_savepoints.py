"""Whatever is done after a savepoint, a rollback brings back the state before, and all of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dqlmock.clock import Clock
from dqlmock.engine.database import Database, Engine
from dqlmock.engine.lifecycle import TableDelays
from dqlmock.engine.savepoints import Savepoint
from dqlmock.errors import DynamoDBError
from dqlmock.operations import (
    create_table,
    delete_item,
    delete_table,
    describe_table,
    disable_kinesis_streaming_destination,
    enable_kinesis_streaming_destination,
    list_streams,
    list_tables,
    put_item,
    tag_resource,
    transact_write_items,
    untag_resource,
    update_contributor_insights,
    update_item,
    update_table,
    update_time_to_live,
)
from tests.engine_state import check, state_of

_NOW_S = 1_700_000_000.0
_BY_GROUP = {
    "IndexName": "by_group",
    "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "KEYS_ONLY"},
}
_TYPES = [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "g")]

tables = st.sampled_from(["t", "u"])
keys = st.sampled_from(["a", "b", "c"])
groups = st.none() | st.sampled_from(["g", "h"])
ages_s = st.none() | st.integers(-200, 200)


class StillClock(Clock):
    """Time that only advances when it is told to, so that states can be compared."""

    def now_s(self) -> float:
        return _NOW_S + self._offset_s


def make_item(pk: str, group: str | None, age_s: int | None, clock: Clock) -> dict[str, Any]:
    item = {"pk": {"S": pk}}
    if group is not None:
        item["g"] = {"S": group}
    if age_s is not None:
        item["ttl"] = {"N": str(int(clock.now_s()) + age_s)}
    return item


class SavepointMachine(RuleBasedStateMachine):
    """Works on an engine at random; the model is a state for each open savepoint."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine(StillClock())
        self.savepoints: list[tuple[Savepoint, dict[str, Any]]] = []
        self.run(create_table, TableName="t", **self.definition(indexed=True, stream=True))

    @property
    def database(self) -> Database:
        return self.engine.database("123456789012", "us-east-1")

    def run(self, operation: Any, **request: Any) -> None:
        with suppress(DynamoDBError):  # a request that is refused has to change nothing
            operation.run(self.database, request)

    def definition(self, *, indexed: bool, stream: bool) -> dict[str, Any]:
        definition: dict[str, Any] = {
            "AttributeDefinitions": _TYPES if indexed else _TYPES[:1],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        }
        if indexed:
            units = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
            definition["GlobalSecondaryIndexes"] = [{**_BY_GROUP, "ProvisionedThroughput": units}]
        if stream:
            definition["StreamSpecification"] = {
                "StreamEnabled": True,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            }
        return definition

    # Items

    @rule(table=tables, pk=keys, group=groups, age_s=ages_s)
    def put(self, table: str, pk: str, group: str | None, age_s: int | None) -> None:
        item = make_item(pk, group, age_s, self.engine.clock)
        self.run(put_item, TableName=table, Item=item)

    @rule(table=tables, pk=keys)
    def delete(self, table: str, pk: str) -> None:
        self.run(delete_item, TableName=table, Key={"pk": {"S": pk}})

    @rule(table=tables, pk=keys, group=st.sampled_from(["g", "h"]))
    def update(self, table: str, pk: str, group: str) -> None:
        self.run(
            update_item,
            TableName=table,
            Key={"pk": {"S": pk}},
            UpdateExpression="SET g = :g",
            ExpressionAttributeValues={":g": {"S": group}},
        )

    @rule(table=tables, pks=st.sets(keys, min_size=1), token=st.sampled_from(["x", "y"]))
    def transact(self, table: str, pks: set[str], token: str) -> None:
        items = [make_item(pk, "g", None, self.engine.clock) for pk in sorted(pks)]
        puts = [{"Put": {"TableName": table, "Item": item}} for item in items]
        self.run(transact_write_items, TransactItems=puts, ClientRequestToken=token)

    # Tables

    @rule(table=tables, indexed=st.booleans(), stream=st.booleans())
    def create(self, table: str, indexed: bool, stream: bool) -> None:
        definition = self.definition(indexed=indexed, stream=stream)
        self.run(create_table, TableName=table, **definition)

    @rule(table=tables)
    def drop(self, table: str) -> None:
        self.run(delete_table, TableName=table)

    @rule(table=tables)
    def describe(self, table: str) -> None:
        self.run(describe_table, TableName=table)
        self.run(list_tables)
        self.run(list_streams)

    @rule(table=tables, units=st.integers(1, 9))
    def change_units(self, table: str, units: int) -> None:
        throughput = {"ReadCapacityUnits": units, "WriteCapacityUnits": units}
        self.run(update_table, TableName=table, ProvisionedThroughput=throughput)

    @rule(table=tables)
    def add_index(self, table: str) -> None:
        units = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
        update = {"Create": {**_BY_GROUP, "ProvisionedThroughput": units}}
        self.run(
            update_table,
            TableName=table,
            AttributeDefinitions=_TYPES,
            GlobalSecondaryIndexUpdates=[update],
        )

    @rule(table=tables)
    def drop_index(self, table: str) -> None:
        update = {"Delete": {"IndexName": "by_group"}}
        self.run(update_table, TableName=table, GlobalSecondaryIndexUpdates=[update])

    @rule(table=tables, enabled=st.booleans())
    def change_stream(self, table: str, enabled: bool) -> None:
        specification: dict[str, Any] = {"StreamEnabled": enabled}
        if enabled:
            specification["StreamViewType"] = "KEYS_ONLY"
        self.run(update_table, TableName=table, StreamSpecification=specification)

    @rule(table=tables)
    def split_shard(self, table: str) -> None:
        stream = self.database._tables[table].stream if table in self.database._tables else None
        if stream is not None:
            self.engine.split_shard(stream.arn, stream._open[0].shard_id)

    @rule(table=tables, enabled=st.booleans(), indexed=st.booleans())
    def change_insights(self, table: str, enabled: bool, indexed: bool) -> None:
        request: dict[str, Any] = {"IndexName": "by_group"} if indexed else {}
        request["ContributorInsightsAction"] = "ENABLE" if enabled else "DISABLE"
        self.run(update_contributor_insights, TableName=table, **request)

    @rule(table=tables, enabled=st.booleans(), number=st.integers(1, 2))
    def change_kinesis(self, table: str, enabled: bool, number: int) -> None:
        arn = f"arn:aws:kinesis:us-east-1:123456789012:stream/changes{number}"
        change = (
            enable_kinesis_streaming_destination
            if enabled
            else disable_kinesis_streaming_destination
        )
        self.run(change, TableName=table, StreamArn=arn)

    @rule(table=tables, enabled=st.booleans())
    def change_ttl(self, table: str, enabled: bool) -> None:
        specification = {"Enabled": enabled, "AttributeName": "ttl"}
        self.run(update_time_to_live, TableName=table, TimeToLiveSpecification=specification)

    @rule(table=tables, value=st.sampled_from(["1", "2"]))
    def tag(self, table: str, value: str) -> None:
        arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
        self.run(tag_resource, ResourceArn=arn, Tags=[{"Key": "k", "Value": value}])

    @rule(table=tables)
    def untag(self, table: str) -> None:
        arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}"
        self.run(untag_resource, ResourceArn=arn, TagKeys=["k"])

    # What tests ask for

    @rule(minutes=st.sampled_from([1, 11, 70, 1500]))
    def advance(self, minutes: int) -> None:
        with suppress(DynamoDBError):  # the sweep meets an item that a conflict was put on
            self.engine.clock.advance(timedelta(minutes=minutes))

    @rule(every=st.booleans())
    def sweep(self, every: bool) -> None:
        if every:
            with suppress(DynamoDBError):
                self.engine.sweep_ttl()
        else:
            self.run(list_tables)

    @rule(delay_s=st.sampled_from([0.0, 30.0]))
    def delay(self, delay_s: float) -> None:
        self.engine.delays = TableDelays(delay_s, delay_s, delay_s, delay_s, delay_s)

    @rule(table=tables, pk=keys, times=st.integers(1, 2))
    def ask_for_trouble(self, table: str, pk: str, times: int) -> None:
        self.engine.batches.leave_unprocessed(1, times=times)
        self.engine.contention.leave_in_progress("x", times=times)
        if table in self.database.names():
            self.engine.contention.conflict_on(table, {"pk": {"S": pk}}, times=times)

    @rule()
    def forget_everything(self) -> None:
        self.engine.reset()

    # Savepoints

    @rule()
    def open_savepoint(self) -> None:
        before = state_of(self.engine)
        self.savepoints.append((self.engine.savepoint(), before))

    @precondition(lambda self: self.savepoints)
    @rule()
    def roll_back(self) -> None:
        self.engine.rollback()
        assert state_of(self.engine) == self.savepoints[-1][1]

    @precondition(lambda self: self.savepoints)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """Roll back to any savepoint that is open, not only to the newest."""
        place = data.draw(st.integers(0, len(self.savepoints) - 1))
        savepoint, before = self.savepoints[place]
        del self.savepoints[place:]
        with savepoint:
            pass
        assert state_of(self.engine) == before

    @precondition(lambda self: self.savepoints)
    @rule()
    def keep(self) -> None:
        savepoint, _ = self.savepoints.pop()
        before = state_of(self.engine)
        savepoint.keep()
        assert state_of(self.engine) == before

    @invariant()
    def is_consistent(self) -> None:
        check(self.engine)
        assert self.engine.journal.is_open == bool(self.savepoints)

    def teardown(self) -> None:
        if self.savepoints:
            savepoint, before = self.savepoints[0]
            savepoint.rollback()
            assert state_of(self.engine) == before


SavepointMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=40)
TestSavepoints = SavepointMachine.TestCase
