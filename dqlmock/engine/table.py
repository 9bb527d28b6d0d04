"""A table: its keyspace, its indexes and the locks of its partitions.

Owns the state of one table. Knows neither expressions nor requests; what is only stored and
described lies in its `TableSettings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import RLock

from dqlmock.engine.expiry import Expiries
from dqlmock.engine.keys import index_key, is_indexed
from dqlmock.engine.kinesis import Replication
from dqlmock.engine.remembering import restorer
from dqlmock.engine.schema import IndexSchema, TableSchema
from dqlmock.engine.settings import TableSettings
from dqlmock.engine.streams import Stream
from dqlmock.errors import TransactionConflictException, ValidationException
from dqlmock.storage.journal import Journal, Undo
from dqlmock.storage.memory import MemoryKeyspace
from dqlmock.storage.protocol import Keyspace, StoredItem
from dqlmock.values.keys import KeyRange
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

_LOCKS = 256
_BACKFILL_CHUNK = 1000
_NOTHING: Attributes = {}


class SecondaryIndex:
    """One secondary index: an ordered keyspace of projected items.

    Args:
        schema: The index's keys and projection.
        table: The schema of its table, whose keys every entry carries.
        journal: Where changes are noted while a savepoint is open.
    """

    __slots__ = ("keyspace", "names", "schema")

    def __init__(
        self, schema: IndexSchema, table: TableSchema, journal: Journal | None = None
    ) -> None:
        self.schema = schema
        self.keyspace: Keyspace = MemoryKeyspace(journal)
        self.names = table.projected_names(schema)

    def projection(self, attributes: Attributes, item: StoredItem) -> StoredItem:
        """Return what the index stores for an item: the item itself where all is projected."""
        names = self.names
        if names is None or attributes.keys() <= names:
            return item
        projected = {name: value for name, value in attributes.items() if name in names}
        return StoredItem.of(projected, attributes_size_bytes(projected))


class Table:
    """A table's items and indexes.

    Writers hold the lock of the partition they touch; readers take none.

    Args:
        schema: Keys and indexes.
        settings: What is stored to be described.
        journal: Where changes are noted while a savepoint is open.

    Attributes:
        local_indexes: Its local secondary indexes, which it keeps for life. Where there are any,
            the items form item collections.
        stream: Records the changes, while it is enabled.
        replication: Sends the changes to Kinesis, while a destination is active.
        expiries: The order by expiry, while TTL is enabled.
        is_followed: Whether there is any of them: a writer hands its change to `changed` then.
    """

    def __init__(
        self, schema: TableSchema, settings: TableSettings, journal: Journal | None = None
    ) -> None:
        self.schema = schema
        self.settings = settings
        self.journal = journal or Journal()
        self.keyspace: Keyspace = MemoryKeyspace(self.journal)
        self.indexes = {
            name: SecondaryIndex(index, schema, self.journal)
            for name, index in schema.indexes.items()
        }
        self.local_indexes = tuple(
            index for index in self.indexes.values() if not index.schema.is_global
        )
        self.stream: Stream | None = None
        self.replication: Replication | None = None
        self.expiries: Expiries | None = None
        self.is_followed = False
        self._locks = tuple(RLock() for _ in range(_LOCKS))
        self._conflicts: dict[bytes, int] = {}

    @property
    def name(self) -> str:
        """`TableName`."""
        return self.settings.name

    def lock_of(self, key: bytes, *, by_service: bool = False) -> AbstractContextManager[object]:
        """Return the lock of the partition that a storage key lies in.

        Partitions share locks by the first byte of their hash. Whoever needs several takes them
        in the order of that byte.

        Args:
            key: The storage key.
            by_service: DynamoDB itself wants it, to sweep an item: no conflict is for it to meet.

        Raises:
            TransactionConflictException: A test has asked for it with `conflict_on`.
        """
        if self._conflicts and not by_service:
            self._check_no_conflict(key)
        return self._locks[key[0]]

    def conflict_on(self, key: bytes, *, times: int = 1) -> None:
        """Let coming writes and transactions find an item held by a transaction under way.

        Args:
            key: The item's storage key.
            times: How many of them.
        """
        with self._locks[key[0]]:
            self._note_conflict(key)
            self._conflicts[key] = times

    def _check_no_conflict(self, key: bytes) -> None:
        with self._locks[key[0]]:
            self._note_conflict(key)
            times = self._conflicts.pop(key, 0)
            if times > 1:
                self._conflicts[key] = times - 1
        if times > 0:
            raise TransactionConflictException("Transaction is ongoing for the item")

    def _note_conflict(self, key: bytes) -> None:
        times = self._conflicts.get(key)
        if times is None:
            self.journal.note(lambda: self._conflicts.pop(key, None))
        else:
            self.journal.note(lambda: self._conflicts.__setitem__(key, times))

    @contextmanager
    def all_locked(self) -> Iterator[None]:
        """Hold every partition's lock: no write is under way meanwhile."""
        with ExitStack() as stack:
            for lock in self._locks:
                stack.enter_context(lock)
            yield

    def index(self, name: str) -> SecondaryIndex:
        """Return an index that is read.

        Raises:
            ValidationException: The table has no such index.
        """
        index = self.indexes.get(name)
        if index is None:
            raise ValidationException(f"The table does not have the specified index: {name}")
        return index

    def follow_stream(self, stream: Stream | None) -> None:
        """Record changes on a stream from now on; None for on no stream."""
        self.stream = stream
        self._look_who_follows()

    def follow_replication(self, replication: Replication | None) -> None:
        """Send changes to Kinesis from now on; None for no more."""
        self.replication = replication
        self._look_who_follows()

    def follow_expiries(self, expiries: Expiries | None) -> None:
        """Keep an order by expiry from now on; None for none. The caller holds all locks."""
        self.expiries = expiries
        self._look_who_follows()

    def _look_who_follows(self) -> None:
        followers = (self.stream, self.replication, self.expiries)
        self.is_followed = any(follower is not None for follower in followers)

    def changed(
        self,
        key: bytes,
        old: StoredItem | None,
        new: StoredItem | None,
        attributes: Attributes,
        *,
        by_service: bool = False,
    ) -> None:
        """Tell the stream, Kinesis and the order by expiry of a change just made.

        The caller holds the lock of the partition, so what is told of an item is told in order.

        Args:
            key: The item's storage key.
            old: The item before, None where there was none.
            new: The item after, None where it was deleted.
            attributes: Those of the item after, or of the deleted item.
            by_service: DynamoDB itself deleted the item, which had expired.
        """
        if self.expiries is not None:
            self.expiries.note(key, _NOTHING if new is None else attributes)
        # Read once: both may be taken away meanwhile.
        stream, replication = self.stream, self.replication
        if stream is not None:
            stream.append(key, old, new, attributes, by_service=by_service)
        if replication is not None:
            replication.send(key, old, new, attributes, by_service=by_service)

    def add_index(self, index: IndexSchema, schema: TableSchema) -> SecondaryIndex:
        """Add a global secondary index and fill it with the items there are.

        Items whose value for an index key can't be one are left out, as AWS's backfill does
        (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html).

        Args:
            index: The new index.
            schema: The table's schema from now on, with the index and its key's types.
        """
        added = SecondaryIndex(index, schema, self.journal)
        with self.all_locked():
            self.schema = schema
            for key, item in self.items():
                attributes = item.attributes()
                if is_indexed(index, schema.types, attributes):
                    entry = added.projection(attributes, item)
                    added.keyspace.put(index_key(index, attributes, key), entry)
            self.indexes = {**self.indexes, index.name: added}
        return added

    def drop_index(self, name: str, schema: TableSchema) -> None:
        """Remove a global secondary index.

        Args:
            name: The index.
            schema: The table's schema from now on.
        """
        with self.all_locked():
            self.schema = schema
            self.indexes = {key: index for key, index in self.indexes.items() if key != name}

    def remember(self) -> Undo:
        """Return what puts back everything but the items: those are noted one by one.

        The caller holds the database's lock, as whoever changes any of it does.
        """
        schema, indexes = self.schema, self.indexes
        stream, replication, expiries = self.stream, self.replication, self.expiries
        restore_settings = restorer(self.settings)

        def restore() -> None:
            self.schema, self.indexes = schema, indexes
            self.follow_stream(stream)
            self.follow_replication(replication)
            self.follow_expiries(expiries)
            restore_settings()

        return restore

    def items(self) -> Iterator[tuple[bytes, StoredItem]]:
        """Yield storage keys and items, in the order of the keys."""
        key_range = KeyRange.everything()
        while chunk := self.keyspace.read(key_range, limit=_BACKFILL_CHUNK):
            yield from chunk
            key_range = key_range.after(chunk[-1][0])
