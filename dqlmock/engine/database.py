"""Which tables there are, by account and region, and how one is found.

Owns the registers of tables and their life cycle. Knows neither items nor requests.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Literal

from dqlmock.clock import Clock
from dqlmock.engine import ttl
from dqlmock.engine.arn import (
    ARN_PREFIX,
    TableArn,
    invalid_table_arn,
    stream_arn,
    stream_label,
    table_of_stream,
)
from dqlmock.engine.backups import BackupRegister
from dqlmock.engine.batches import Batches
from dqlmock.engine.contention import Contention
from dqlmock.engine.kinesis import KinesisRecord, KinesisRecords, KinesisSink, Replication, active
from dqlmock.engine.lifecycle import TableDelays, Transition
from dqlmock.engine.objects import StoreOpener, no_objects
from dqlmock.engine.savepoints import Savepoint, roll_back
from dqlmock.engine.settings import StreamSettings
from dqlmock.engine.streams import Stream, StreamRegister
from dqlmock.engine.table import Table
from dqlmock.engine.tokens import RequestTokens
from dqlmock.engine.transfers import TransferRegister
from dqlmock.errors import DqlmockError, ResourceInUseException, ResourceNotFoundException
from dqlmock.storage.journal import Journal, Undo

_LABEL_STEP_S = 0.001


class Database:
    """The tables of one account in one region.

    Control-plane changes hold `lock`. The look-up of the data plane takes no lock: it is one get
    from a dict that holds the tables in service.

    Args:
        engine: What it belongs to.
        account: Twelve digits.
        region: `"eu-west-1"`.
    """

    def __init__(self, engine: Engine, account: str, region: str) -> None:
        self.engine = engine
        self.account = account
        self.region = region
        self.clock = engine.clock
        self.journal = engine.journal
        self.lock = threading.RLock()
        self.tokens = RequestTokens(engine.clock, engine.contention, engine.journal)
        self.streams = StreamRegister(engine.clock, engine.journal)
        self.backups = BackupRegister(engine.journal)
        self.kinesis = KinesisRecords(engine.journal)
        self.exports = TransferRegister(engine.journal, "export")
        self.imports = TransferRegister(engine.journal, "import")
        self._tables: dict[str, Table] = {}
        self._in_service: dict[str, Table] = {}

    def table(self, name_or_arn: str) -> Table:
        """Return a table to read or write items: ACTIVE or UPDATING. O(1).

        Args:
            name_or_arn: `TableName`, or an ARN of this region. Another account's table is
                reached too, as on AWS where its policy allows it: policies are not evaluated.

        Raises:
            ResourceNotFoundException: There is no such table, or it is CREATING or DELETING: real
                DynamoDB answers alike.
            ValidationException: The ARN names no table of this region.

        >>> Engine(Clock()).database("123456789012", "eu-west-1").table("music")
        Traceback (most recent call last):
            ...
        dqlmock.errors.ResourceNotFoundException: Requested resource not found
        """
        table = self._in_service.get(name_or_arn)
        if table is None:
            table = self._look_again(name_or_arn)
        if table.expiries is not None:
            ttl.sweep_due(table, table.expiries)
        return table

    def _look_again(self, name_or_arn: str) -> Table:
        if name_or_arn.startswith(ARN_PREFIX):
            owner, name = self.resolve(name_or_arn)
            return owner.table(name)
        with self.lock:
            table = self._settled(name_or_arn)
            if table is None or table.settings.status in ("CREATING", "DELETING"):
                raise ResourceNotFoundException("Requested resource not found")
            self._in_service[name_or_arn] = table
            return table

    def resolve(self, name_or_arn: str) -> tuple[Database, str]:
        """Return where a table would be, and its bare name.

        Raises:
            ValidationException: The ARN names no table of this region.
        """
        if not name_or_arn.startswith(ARN_PREFIX):
            return self, name_or_arn
        arn = TableArn.parse(name_or_arn)
        if arn.region != self.region:
            raise invalid_table_arn(name_or_arn)
        if arn.account == self.account:
            return self, arn.name
        return self.engine.database(arn.account, arn.region), arn.name

    def find(self, name: str) -> Table:
        """Return a table to describe or change, in whatever status it is by now.

        The caller holds `lock`.

        Raises:
            ResourceNotFoundException: There is no such table.
        """
        table = self._settled(name)
        if table is None:
            raise ResourceNotFoundException(
                f"Requested resource not found: Table: {name} not found"
            )
        if table.expiries is not None:
            ttl.sweep_due(table, table.expiries)
        return table

    def tables(self) -> list[Table]:
        """Return all tables by name, those CREATING and DELETING too."""
        with self.lock:
            settled = [self._settled(name) for name in sorted(self._tables)]
        return [table for table in settled if table is not None]

    def names(self) -> list[str]:
        """Return the names of all tables, sorted, those CREATING and DELETING too."""
        with self.lock:
            return sorted(name for name in list(self._tables) if self._settled(name) is not None)

    def check_is_new(self, name: str) -> None:
        """Check that a table can be created under a name. The caller holds `lock`.

        Raises:
            ResourceInUseException: There is one.
        """
        table = self._settled(name)
        if table is None:
            return
        # CreateTable meets the change first where there is one: "Table is being created" in
        # terraform-aws-modules/terraform-aws-dynamodb-table#51, "... deleted" in
        # Wantworthy/dynode#26.
        if table.settings.status in ("CREATING", "DELETING"):
            raise still_in_use(table)
        raise ResourceInUseException(f"Table already exists: {name}")

    def add(self, table: Table) -> None:
        """Begin the life of a table. The caller holds `lock` and has checked the name."""
        creation = Transition.begin("CREATING", self.clock.now_s(), self.engine.delays.create_s)
        table.settings.transition = creation
        for index in table.settings.indexes.values():
            index.transition = creation
        self._tables[table.name] = table
        self.journal.note(lambda: self._unlist(table.name))

    def delete(self, table: Table) -> None:
        """Begin to delete a table. The caller holds `lock`."""
        self._in_service.pop(table.name, None)
        self.disable_stream(table, self.engine.delays.delete_s)
        table.follow_replication(None)
        table.settings.transition = Transition.begin(
            "DELETING",
            self.clock.now_s(),
            self.engine.delays.delete_s,
            lambda: self._forget(table.name),
        )

    def enable_stream(self, table: Table, view_type: str, delay_s: float, now_s: float) -> None:
        """Begin a new stream of a table. The caller holds `lock`.

        Args:
            table: A table without an enabled stream.
            view_type: `StreamViewType`.
            delay_s: How long the stream is ENABLING.
            now_s: When it is asked for: its label.
        """
        moment_s = now_s
        arn = stream_arn(table.settings.arn, stream_label(moment_s))
        while arn in self.streams:  # time may stand still, but no two streams share a label
            moment_s += _LABEL_STEP_S
            arn = stream_arn(table.settings.arn, stream_label(moment_s))
        label = stream_label(moment_s)
        names, shards = table.schema.key.names, self.engine.stream_shards
        stream = Stream(
            arn,
            label,
            table.name,
            names,
            view_type,
            self.clock,
            delay_s=delay_s,
            shards=shards,
            journal=self.journal,
        )
        self.streams.add(stream)
        table.follow_stream(stream)
        table.settings.stream = StreamSettings(True, view_type, label, arn)

    def disable_stream(self, table: Table, delay_s: float) -> None:
        """Close the stream of a table, if one is enabled. The caller holds `lock`.

        Args:
            table: The table.
            delay_s: How long the stream is DISABLING.
        """
        stream, settings = table.stream, table.settings.stream
        if stream is not None and settings is not None:
            stream.close(delay_s)
            table.follow_stream(None)
            table.settings.stream = replace(settings, enabled=False)

    def replicate(self, table: Table) -> None:
        """Send changes from now on to the Kinesis destinations that the table's settings name.

        The caller holds `lock`.
        """
        destinations = active(table.settings.kinesis.values())
        for destination in destinations:
            self.kinesis.open(destination.stream_arn)
        names, region = table.schema.key.names, self.region
        table.follow_replication(
            Replication(destinations, table.name, names, region, self.clock, self._deliver)
            if destinations
            else None
        )

    def _deliver(self, stream_arn: str, partition_key: str, data: bytes) -> None:
        sink = self.engine.kinesis_sink or self.kinesis.put
        sink(stream_arn, partition_key, data)

    def stream(self, arn: str) -> Stream:
        """Return a stream to read or describe, one disabled within 24 hours too.

        Args:
            arn: `StreamArn`, of this region; another account's stream is reached too, as on AWS
                where its policy allows it.

        Raises:
            ResourceNotFoundException: There is no such stream, or no more.
        """
        stream = self.streams.find(arn)
        if stream is None:
            named = table_of_stream(arn)
            if named is None or named.region != self.region or named.account == self.account:
                raise ResourceNotFoundException(
                    f"Requested resource not found: Stream: {arn} not found"
                )
            return self.engine.database(named.account, named.region).stream(arn)
        table = self._tables.get(stream.table_name)
        if table is not None and table.expiries is not None:
            ttl.sweep_due(table, table.expiries)
        return stream

    def sweep_ttl(self) -> int:
        """Delete the expired items of all tables; return how many there were."""
        return sum(ttl.sweep(table) for table in list(self._tables.values()))

    def _forget(self, name: str) -> None:
        table = self._tables.pop(name)
        self.journal.note(lambda: self._tables.__setitem__(name, table))

    def _unlist(self, name: str) -> None:
        del self._tables[name]
        self._in_service.pop(name, None)

    def _settled(self, name: str) -> Table | None:
        table = self._tables.get(name)
        if table is not None:
            if self.journal.is_open:
                self.journal.remember(table)  # whoever changes a table has found it here
            table.settings.settle(self.clock.now_s())
        return self._tables.get(name)


class Engine:
    """Everything the mock remembers.

    Args:
        clock: What time it is.
        delays: How long control-plane changes take; at once unless told. May be changed at any
            time.
        wording: Word errors as AWS did before or after its rollout of 2026, whatever the region;
            by default each region words them as it does on AWS.
        stream_shards: How many shards a stream begins with.

    Attributes:
        batches: Lets batches come back partly unprocessed.
        contention: Lets transactions conflict.
        journal: How to take back what was done since a savepoint.
        kinesis_sink: Takes what is sent to Kinesis data streams; None to keep it, up to a bound.
            May be changed at any time.
        open_objects: Opens the S3 of an account in a region, for exports and imports.

    Raises:
        DqlmockError: An option makes no sense: no shard, an unknown wording.

    >>> engine = Engine(Clock())
    >>> engine.database("123456789012", "eu-west-1").names()
    []
    """

    def __init__(
        self,
        clock: Clock,
        *,
        delays: TableDelays | None = None,
        wording: Literal["older", "newest"] | None = None,
        stream_shards: int = 1,
    ) -> None:
        if wording not in (None, "older", "newest"):
            raise DqlmockError(f'wording is "older", "newest" or None: {wording!r}')
        if stream_shards < 1:
            raise DqlmockError(f"A stream has at least one shard: stream_shards={stream_shards}")
        self.clock = clock
        self.wording = wording
        self.stream_shards = stream_shards
        self.delays = delays or TableDelays()
        self.kinesis_sink: KinesisSink | None = None
        self.journal = Journal()
        self.batches = Batches()
        self.contention = Contention(self.tables)
        self.open_objects: StoreOpener = no_objects
        self._databases: dict[tuple[str, str], Database] = {}
        self._lock = threading.Lock()
        clock.on_advance(self.sweep_ttl)

    def database(self, account: str, region: str) -> Database:
        """Return the tables of an account in a region, none at first. O(1)."""
        database = self._databases.get((account, region))
        if database is not None:
            return database
        with self._lock:
            return self._databases.setdefault((account, region), Database(self, account, region))

    def databases(self) -> list[Database]:
        """Return every account and region that was called, by account and region."""
        with self._lock:
            return [self._databases[key] for key in sorted(self._databases)]

    def tables(self, name: str) -> list[Table]:
        """Return the tables of a name, in all accounts and regions."""
        tables = []
        for database in list(self._databases.values()):
            with database.lock:
                if name in database.names():
                    tables.append(database.find(name))
        return tables

    def sweep_ttl(self) -> int:
        """Delete every expired item, as DynamoDB does in the background.

        Cost: O(deleted * log n).

        Returns:
            How many items were deleted.
        """
        return sum(database.sweep_ttl() for database in list(self._databases.values()))

    def split_shard(self, stream_arn: str, shard_id: str) -> tuple[str, str]:
        """Split a shard of a stream in two, as DynamoDB does with the partitions of a table.

        Args:
            stream_arn: `StreamArn`.
            shard_id: An open shard. It is closed; changes that follow go to its children.

        Returns:
            The ids of the children.

        Raises:
            DqlmockError: There is no such stream, or no such shard that is open.
        """
        for database in list(self._databases.values()):
            stream = database.streams.find(stream_arn)
            if stream is not None:
                return stream.split(shard_id)
        raise DqlmockError(f"There is no stream {stream_arn!r}")

    def kinesis_records(self, stream_arn: str) -> list[KinesisRecord]:
        """Return what was sent to a Kinesis data stream and kept, oldest first.

        Args:
            stream_arn: A destination that a table has, or had.

        Raises:
            DqlmockError: No table ever had it.
        """
        kept = [database.kinesis.of(stream_arn) for database in self.databases()]
        found = [records for records in kept if records is not None]
        if not found:
            raise DqlmockError(f"No table ever sent its changes to {stream_arn!r}")
        return [record for records in found for record in records]

    def savepoint(self) -> Savepoint:
        """Open a savepoint: what is done from now on can be taken back.

        Inside another, it is taken back with the other, too.

        >>> engine = Engine(Clock())
        >>> with engine.savepoint():
        ...     engine.delays = TableDelays(create_s=10)
        >>> engine.delays.create_s
        0.0
        """
        return Savepoint(self)

    def rollback(self) -> None:
        """Take back everything since the newest savepoint, which stays open.

        Raises:
            DqlmockError: No savepoint is open.
        """
        roll_back(self)

    def remember(self) -> Undo:
        """Return what puts back the little that is not noted change by change."""
        delays = self.delays
        restorers = [thing.remember() for thing in (self.clock, self.batches, self.contention)]

        def restore() -> None:
            self.delays = delays
            for restore_one in restorers:
                restore_one()

        return restore

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """Let no write and no change of a table be under way meanwhile, in any thread.

        Cost: none where this is the process's only thread, otherwise about 20 us a table.
        """
        with ExitStack() as stack:
            if threading.active_count() > 1:
                for database in self.databases():
                    stack.enter_context(database.lock)
                for table in sorted(self._all_tables(), key=id):  # as transactions do
                    stack.enter_context(table.all_locked())
            yield

    def _all_tables(self) -> Iterator[Table]:
        for database in list(self._databases.values()):
            yield from list(database._tables.values())

    def reset(self, account: str | None = None) -> None:
        """Forget all tables, at once.

        Args:
            account: Only those of this account.
        """
        with self._lock:
            before = self._databases
            kept = {} if account is None else before
            self._databases = {key: kept[key] for key in kept if key[0] != account}
            self.journal.note(lambda: setattr(self, "_databases", before))


_PARTICIPLES = {"CREATING": "created", "UPDATING": "updated", "DELETING": "deleted"}


def still_in_use(table: Table) -> ResourceInUseException:
    """Return the error for a change of a table that is itself being changed."""
    return ResourceInUseException(
        "Attempt to change a resource which is still in use: "
        f"Table is being {_PARTICIPLES[table.settings.status]}: {table.name}"
    )
