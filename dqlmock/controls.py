"""What a test holds of a DynamoDB that runs, in its process or behind HTTP: one set of knobs.

Owns their names. What they do is the engine's and `dqlmock.testing`'s.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import timedelta

    from dqlmock.clock import Clock
    from dqlmock.data.load import Loaded
    from dqlmock.engine.database import Engine
    from dqlmock.engine.savepoints import Savepoint
    from dqlmock.testing.advice.report import AdviceReport
    from dqlmock.testing.calls import CallLog
    from dqlmock.testing.capacity import Capacity
    from dqlmock.testing.expectations import Expectation
    from dqlmock.testing.faults import Faults
    from dqlmock.testing.front import Front
    from dqlmock.testing.observer import Observer


class Controls(ABC):
    """The knobs of a DynamoDB that runs: the `db` of `with dql_mock() as db`, a `dqlmock.Server`.

    The pipe is loaded by the first DynamoDB that runs, so it isn't imported here
    (docs/decisions/0006).
    """

    _entered = 0
    """How many mocks are entered."""

    @property
    @abstractmethod
    def engine(self) -> Engine:
        """The state."""

    @property
    @abstractmethod
    def observer(self) -> Observer:
        """What stands between callers and the engine."""

    @property
    @abstractmethod
    def account(self) -> str:
        """The account of callers whose access key isn't twelve digits."""

    @abstractmethod
    def _home_region(self) -> str:
        """Return the region of who names none."""

    @property
    def clock(self) -> Clock:
        """The engine's time; `db.clock.advance(timedelta(hours=1))` moves it."""
        return self.engine.clock

    @property
    def calls(self) -> CallLog:
        """The calls answered so far (docs/what-happened.md)."""
        return self.observer.calls

    @property
    def front(self) -> Front:
        """What stands in front of the engine."""
        return self.observer.front

    @property
    def capacity(self) -> Capacity:
        """What all calls so far consumed, by table and index, reads and writes apart.

        `db.capacity["orders"].read`; those calls count, too, that the log has forgotten.
        """
        return self.calls.capacity()

    def expect(
        self,
        operation: str,
        *,
        table: str | None = None,
        index: str | None = None,
        key: Mapping[str, Any] | None = None,
        item: Mapping[str, Any] | None = None,
        region: str | None = None,
        **parameters: Any,
    ) -> Expectation:
        """Expect a call, once unless told otherwise; `returns` and `raises` answer it.

        A call that is not expected is answered by the engine. An expectation lasts until the mock
        is left in which it was made, and raises `UnmetExpectation` there if it was not met, unless
        another exception is under way.

        Args:
            operation: The API operation: `"GetItem"`.
            table: The table's name. Tables need not exist for a stub.
            index: The index that is read.
            key: The key of an item that is read or written; part of it is enough.
            item: Some attributes of an item that is put.
            region: The region called.
            parameters: By name, as `db.calls.with_` takes them.

        Raises:
            DqlmockError: DynamoDB has no such operation, or the operation no such parameter.

        >>> import boto3
        >>> from dqlmock import dql_mock
        >>> with dql_mock() as db:
        ...     _ = db.expect("GetItem", table="orders").returns({"Item": {"id": {"S": "1"}}})
        ...     client = boto3.client("dynamodb", "eu-west-1")
        ...     client.get_item(TableName="orders", Key={"id": {"S": "1"}})["Item"]
        {'id': {'S': '1'}}
        """
        return self.observer.expect(
            operation, (table, index, key, item, region, parameters), depth=self._entered
        )

    def in_order(self) -> AbstractContextManager[None]:
        """Expect the calls that are expected inside in the order in which they are written.

        `with db.in_order():`. A call that comes before its turn raises `UnmetExpectation`.
        """
        return self.observer.expectations.in_order()

    def check_expectations(self) -> None:
        """Check now that what is expected has come.

        Raises:
            UnmetExpectation: It has not.
        """
        self.observer.expectations.check(self.calls)

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose, until the mock is left in which it was asked for.

        A fault that never fired raises `UnfiredFault` there (docs/faults.md).

        >>> import boto3
        >>> from dqlmock import dql_mock
        >>> with dql_mock() as db:
        ...     fault = db.faults.on("ListTables").internal_error(times=2)
        ...     names = boto3.client("dynamodb", "eu-west-1").list_tables()["TableNames"]
        >>> names, fault.fired, len(db.calls)
        ([], 2, 3)
        """
        return self.observer.faults(self.engine, self._entered)

    def tiny_pages(self, most: int = 1) -> AbstractContextManager[None]:
        """Let every page of Query, Scan and a SELECT end after so many items, or Limit if smaller.

        Code that forgets `LastEvaluatedKey` is found out. It lasts until the mock is left, or for a
        block: `with db.tiny_pages(2):`.
        """
        return self.observer.tiny_pages(most, self._entered)

    def lag(
        self,
        *,
        writes: int | None = None,
        delay: timedelta | None = None,
        seed: int | None = None,
    ) -> AbstractContextManager[None]:
        """Let reads without ConsistentRead, and all reads of global indexes, see the past.

        Until the mock is left, or for a block. Without arguments they see nothing new until
        `settle()`; otherwise they lag by so many `writes`, or by a `delay` of the mock's clock,
        with a `seed` by anything up to that.

        Raises:
            DqlmockError: The arguments make no sense, or reads lag already.
        """
        return self.observer.lag(self.engine, (writes, delay, seed), self._entered)

    def settle(self) -> None:
        """Let all reads see what has been written so far, whatever `lag` says."""
        self.observer.settle()

    def advice(self) -> AdviceReport:
        """Return what a reviewer would say of the calls so far (docs/advice/).

        `print(db.advice())` shows it as text; `.to_json()` gives it as JSON.
        """
        return self.observer.advice(self.engine)

    def savepoint(self) -> Savepoint:
        """Open a savepoint: `with db.savepoint():` takes back at its end all that was done in it.

        That is items, indexes, streams, tables and their settings, Time to Live, tags, tokens of
        transactions, and the clock. The log of calls stays. Savepoints nest.
        """
        return self.engine.savepoint()

    def rollback(self) -> None:
        """Take back everything since the newest savepoint, which stays open.

        Raises:
            DqlmockError: No savepoint is open.
        """
        self.engine.rollback()

    def load(self, *paths: str | Path, region: str | None = None) -> Loaded:
        """Load tables and items from files and directories of files, all of them or none.

        YAML, JSON, DynamoDB JSON, CSV, CloudFormation's templates and Terraform's files; see
        docs/data.md.

        Args:
            paths: `"fixtures/"`.
            region: Where to; by default that of the environment, or of the server.

        Raises:
            DataFileError: A file isn't what it should be: its name, the line, what was expected.
            DqlmockError: There is no such file, or an extra is missing that reads it.
        """
        from dqlmock.data.load import load  # reads formats by optional dependencies

        return load(self.engine, paths, self.account, region or self._home_region())

    def dump(self, path: str | Path) -> None:
        """Write everything there is to one file: tables, items, streams, tokens, of all accounts.

        Raises:
            DqlmockError: A table is being created, changed or deleted.
        """
        from dqlmock.data.dump import dump  # loaded by who dumps

        dump(self.engine, Path(path))

    def restore(self, path: str | Path) -> None:
        """Put everything in the place of what there is that a file of `dump` holds.

        Raises:
            DataFileError: It is no such file; nothing is changed.
        """
        from dqlmock.data.dump import restore  # loaded by who restores

        restore(self.engine, Path(path))

    def sweep_ttl(self) -> int:
        """Delete every item that has expired, as DynamoDB does sooner or later.

        Returns:
            How many items were deleted.
        """
        return self.engine.sweep_ttl()

    def split_shard(self, stream_arn: str, shard_id: str) -> tuple[str, str]:
        """Split an open shard of a stream; changes that follow go to its two children.

        Returns:
            The ids of the children.

        Raises:
            DqlmockError: There is no such stream, or no such shard that is open.
        """
        return self.engine.split_shard(stream_arn, shard_id)

    def kinesis_records(self, stream_arn: str) -> list[dict[str, Any]]:
        """Return what tables sent to a Kinesis data stream: the data of the newest 10,000 records.

        Oldest first, each as it is read from JSON.

        Args:
            stream_arn: As EnableKinesisStreamingDestination was given it. There need be no stream.

        Raises:
            DqlmockError: No table ever had that destination.
        """
        return [json.loads(record.data) for record in self.engine.kinesis_records(stream_arn)]
