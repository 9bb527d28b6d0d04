"""Streams: what changed in a table, record by record, for 24 hours.

Owns what becomes a record, which shard it goes to, and the life of a stream. Knows neither tables
nor the wire: a table hands in the change, an operation lays the record out.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from operator import attrgetter
from threading import Lock
from typing import Any, Final, Literal, TypeAlias

from dqlmock.clock import Clock
from dqlmock.engine.shards import Record, RecordPage, Shard
from dqlmock.errors import DqlmockError, ResourceNotFoundException
from dqlmock.limits import STREAM_RETENTION_S
from dqlmock.storage.journal import Journal, Undo
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.size import attributes_size_bytes
from dqlmock.values.types import Attributes

StreamStatus: TypeAlias = Literal["ENABLING", "ENABLED", "DISABLING", "DISABLED"]

_FIRST_SEQUENCE: Final = 10**20  # sequence numbers have 21 digits or more
_HASHES: Final = 1 << 64
_HASH_BYTES: Final = 8

_start_of = attrgetter("start")


class Stream:
    """The stream of a table, from the moment it is enabled to 24 hours after it is disabled.

    Safe to use from several threads: sequence numbers and records are given out under one lock,
    held for a few microseconds.

    Args:
        arn: `StreamArn`.
        label: `StreamLabel`.
        table_name: `TableName`.
        key_names: The attributes of the table's primary key, partition key first.
        view_type: `StreamViewType`: what the records show.
        clock: What time it is.
        delay_s: How long the stream is ENABLING.
        shards: How many shards it begins with.
        journal: Where changes are noted while a savepoint is open.
    """

    def __init__(
        self,
        arn: str,
        label: str,
        table_name: str,
        key_names: tuple[str, ...],
        view_type: str,
        clock: Clock,
        *,
        delay_s: float = 0.0,
        shards: int = 1,
        journal: Journal | None = None,
    ) -> None:
        self.arn = arn
        self.label = label
        self.table_name = table_name
        self.key_names = key_names
        self.view_type = view_type
        self.created_s = clock.now_s()
        self.closed_s: float | None = None
        self._clock = clock
        self._journal = journal or Journal()
        self._settled_s = self.created_s + delay_s
        self._shows_old = view_type in ("OLD_IMAGE", "NEW_AND_OLD_IMAGES")
        self._shows_new = view_type in ("NEW_IMAGE", "NEW_AND_OLD_IMAGES")
        self._lock = Lock()
        self._tags: dict[str, str] = {}
        self._sequence = _FIRST_SEQUENCE
        self._shard_number = int(self.created_s * 1000)
        self._shards: dict[str, Shard] = {}
        self._open: list[Shard] = []
        bounds = [_HASHES * number // shards for number in range(shards + 1)]
        for start, stop in pairwise(bounds):
            self._open.append(self._add_shard(None, start, stop))

    @property
    def tags(self) -> dict[str, str]:
        """Tags, value by key. They aren't the table's (developer guide, abac-streams)."""
        return self._tags

    @tags.setter
    def tags(self, tags: dict[str, str]) -> None:
        with self._lock:
            self._journal.remember(self)
            self._tags = tags

    def status(self, now_s: float) -> StreamStatus:
        """Return `StreamStatus`."""
        is_settled = now_s >= self._settled_s
        if self.closed_s is None:
            return "ENABLED" if is_settled else "ENABLING"
        return "DISABLED" if is_settled else "DISABLING"

    def is_gone(self, now_s: float) -> bool:
        """Tell whether the stream was disabled more than 24 hours ago."""
        return self.closed_s is not None and now_s > self.closed_s + STREAM_RETENTION_S

    def append(
        self,
        key: bytes,
        old: StoredItem | None,
        new: StoredItem | None,
        attributes: Attributes,
        *,
        by_service: bool = False,
    ) -> None:
        """Record a change, unless it changed nothing. The caller holds the partition's lock.

        Args:
            key: The item's storage key.
            old: The item before, None where there was none.
            new: The item after, None where it was deleted.
            attributes: Those of the item after, or of the deleted item.
            by_service: DynamoDB itself deleted the item.
        """
        record = record_of(self.key_names, old, new, attributes, by_service=by_service)
        if record is None:
            return
        if not self._shows_old:
            record.old = None
        if not self._shows_new:
            record.new = None
        with self._lock:
            if self.closed_s is not None:
                return
            self._journal.remember(self)
            self._sequence += 1
            record.sequence = self._sequence
            record.created_s = int(self._clock.now_s())
            shards = self._open
            (shards[0] if len(shards) == 1 else self._shard_of(key)).append(record)

    def close(self, delay_s: float = 0.0) -> None:
        """Disable the stream.

        Args:
            delay_s: How long it is DISABLING.
        """
        with self._lock:
            self._journal.remember(self)
            self.closed_s = self._clock.now_s()
            self._settled_s = self.closed_s + delay_s
            for shard in self._open:
                shard.close(self.closed_s)
            self._open = []

    def split(self, shard_id: str) -> tuple[str, str]:
        """Close a shard and open two that share its items: what follows goes to them.

        Returns:
            The ids of the children, the one of the lower hashes first.

        Raises:
            DqlmockError: The stream has no such shard, or it is closed already.
        """
        with self._lock:
            shard = self._shards.get(shard_id)
            if shard is None or shard.closed_s is not None:
                raise DqlmockError(f"{self.arn} has no open shard {shard_id!r} to split")
            self._journal.remember(self)
            shard.close(self._clock.now_s())
            middle = (shard.start + shard.stop) // 2
            lower = self._add_shard(shard_id, shard.start, middle)
            upper = self._add_shard(shard_id, middle, shard.stop)
            place = self._open.index(shard)
            self._open[place : place + 1] = [lower, upper]
            return lower.shard_id, upper.shard_id

    def shards(self) -> list[Shard]:
        """Return the shards, oldest first, without those closed more than 24 hours ago."""
        with self._lock:
            self._journal.remember(self)
            horizon_s = self._clock.now_s() - STREAM_RETENTION_S
            for shard in list(self._shards.values()):
                if shard.closed_s is not None and shard.closed_s < horizon_s:
                    del self._shards[shard.shard_id]
            return list(self._shards.values())

    def read(self, shard_id: str, position: int, limit: int) -> RecordPage:
        """Return a page of records. O(log n + page).

        Raises:
            ResourceNotFoundException: The stream has no such shard.
            TrimmedDataAccessException: Records that followed the position are gone.
        """
        with self._lock:
            return self._trimmed(shard_id).read(position, limit)

    def oldest(self, shard_id: str) -> int:
        """Return the position of the oldest record of a shard.

        Raises:
            ResourceNotFoundException: The stream has no such shard.
        """
        with self._lock:
            return self._trimmed(shard_id).oldest() or self._sequence + 1

    def newest(self, shard_id: str) -> int:
        """Return the position behind the newest record of a shard.

        Raises:
            ResourceNotFoundException: The stream has no such shard.
        """
        with self._lock:
            self._trimmed(shard_id)
            return self._sequence + 1

    def at_time(self, shard_id: str, moment_s: float) -> int:
        """Return the position of the first record of a shard made at a time or later. O(log n).

        Raises:
            ResourceNotFoundException: The stream has no such shard.
        """
        with self._lock:
            return self._trimmed(shard_id).at_time(moment_s) or self._sequence + 1

    def holds(self, shard_id: str, sequence: int) -> bool:
        """Tell whether a sequence number is one of a shard's range.

        Raises:
            ResourceNotFoundException: The stream has no such shard.
            TrimmedDataAccessException: It is older than 24 hours.
        """
        with self._lock:
            shard = self._trimmed(shard_id)
            last = self._sequence if shard.last_sequence is None else shard.last_sequence
            if not shard.first_sequence <= sequence <= max(last, shard.first_sequence):
                return False
            shard.check_not_trimmed(sequence)
            return True

    def _trimmed(self, shard_id: str) -> Shard:
        shard = self._shards.get(shard_id)
        if shard is None:
            # As DynamoDB says it: the tests of github.com/awslabs/dynamodb-streams-kinesis-adapter.
            raise ResourceNotFoundException("Requested resource not found: Shard does not exist")
        self._journal.remember(self)
        shard.trim(self._clock.now_s())
        return shard

    def remember(self) -> Undo:
        """Return what puts the stream back as it is now. O(shards). The caller holds the lock."""
        sequence, number = self._sequence, self._shard_number
        closed_s, settled_s = self.closed_s, self._settled_s
        tags, shards, opened = self._tags, dict(self._shards), list(self._open)
        restorers = [shard.remember() for shard in shards.values()]

        def restore() -> None:
            with self._lock:
                self._sequence, self._shard_number = sequence, number
                self.closed_s, self._settled_s = closed_s, settled_s
                self._tags, self._shards, self._open = tags, shards, opened
                for restore_shard in restorers:
                    restore_shard()

        return restore

    def facts(self) -> dict[str, Any]:
        """Return what `of_facts` makes the stream from again, without its records: as JSON."""
        with self._lock:
            return {
                "arn": self.arn,
                "label": self.label,
                "table_name": self.table_name,
                "key_names": self.key_names,
                "view_type": self.view_type,
                "created_s": self.created_s,
                "closed_s": self.closed_s,
                "tags": self._tags,
                "settled_s": self._settled_s,
                "sequence": self._sequence,
                "shard_number": self._shard_number,
                "shards": [shard.facts() for shard in self._shards.values()],
                "open": [shard.shard_id for shard in self._open],
            }

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any], clock: Clock, journal: Journal) -> Stream:
        """Return a stream as it was, still without its records.

        Raises:
            KeyError, TypeError: They are no facts of a stream.
        """
        stream = cls(
            facts["arn"],
            facts["label"],
            facts["table_name"],
            tuple(facts["key_names"]),
            facts["view_type"],
            clock,
            journal=journal,
        )
        stream.created_s, stream.closed_s = facts["created_s"], facts["closed_s"]
        stream._settled_s = facts["settled_s"]
        stream._tags = dict(facts.get("tags", {}))
        stream._sequence, stream._shard_number = facts["sequence"], facts["shard_number"]
        shards = [Shard(**shard) for shard in facts["shards"]]
        stream._shards = {shard.shard_id: shard for shard in shards}
        stream._open = [stream._shards[shard_id] for shard_id in facts["open"]]
        return stream

    def put_back(self, shard_id: str, record: Record) -> None:
        """Add a record as it was.

        Raises:
            KeyError: There is no such shard.
        """
        self._shards[shard_id].put_back(record)

    def _shard_of(self, key: bytes) -> Shard:
        place = int.from_bytes(key[:_HASH_BYTES], "big")
        return self._open[bisect_right(self._open, place, key=_start_of) - 1]

    def _add_shard(self, parent_id: str | None, start: int, stop: int) -> Shard:
        now = int(self._clock.now_s() * 1000)
        self._shard_number = number = max(now, self._shard_number + 1)
        shard_id = f"shardId-{number:020d}-{zlib.crc32(f'{self.arn}{number}'.encode()):08x}"
        # A shard takes a number of its own: the first record's is greater (AWS, as asserted by
        # localstack/localstack, test_dynamodb_stream_records_with_update_item).
        self._sequence += 1
        shard = Shard(shard_id, parent_id, start, stop, self._sequence)
        self._shards[shard_id] = shard
        return shard


def record_of(
    key_names: tuple[str, ...],
    old: StoredItem | None,
    new: StoredItem | None,
    attributes: Attributes,
    *,
    by_service: bool,
) -> Record | None:
    """Return the record of a change with both images, None where nothing has changed.

    Args:
        key_names: The attributes of the table's primary key.
        old: The item before, None where there was none.
        new: The item after, None where it was deleted.
        attributes: Those of the item after, or of the deleted item.
        by_service: DynamoDB itself deleted the item.
    """
    if old is not None and new is not None and _is_unchanged(old, new, attributes):
        return None
    names = {name: attributes[name] for name in key_names}
    keys = StoredItem.of(names, attributes_size_bytes(names))
    event = "REMOVE" if new is None else "INSERT" if old is None else "MODIFY"
    return Record(keys, old, new, event, by_service=by_service)


def _is_unchanged(old: StoredItem, new: StoredItem, attributes: Attributes) -> bool:
    if old.encoded == new.encoded:
        return True
    if old.size_bytes != new.size_bytes or len(old.encoded) != len(new.encoded):
        return False
    return old.attributes() == attributes  # the order of attributes means nothing


class StreamRegister:
    """The streams of one account in one region, those disabled within 24 hours too.

    Args:
        clock: What time it is.
        journal: Where changes are noted while a savepoint is open.
    """

    def __init__(self, clock: Clock, journal: Journal | None = None) -> None:
        self._clock = clock
        self._journal = journal or Journal()
        self._lock = Lock()
        self._streams: dict[str, Stream] = {}

    def __contains__(self, arn: object) -> bool:
        return arn in self._streams

    def add(self, stream: Stream) -> None:
        """Keep a stream until 24 hours after it is closed."""
        with self._lock:
            self._streams[stream.arn] = stream
            self._journal.note(lambda: self._streams.pop(stream.arn))

    def find(self, arn: str) -> Stream | None:
        """Return a stream, None where there is none any more. O(1)."""
        stream = self._streams.get(arn)
        if stream is None or stream.is_gone(self._clock.now_s()):
            return None
        return stream

    def all(self) -> Iterable[Stream]:
        """Return the streams in the order of their ARNs."""
        now_s = self._clock.now_s()
        with self._lock:
            for stream in list(self._streams.values()):
                if stream.is_gone(now_s):
                    self._forget(stream)
            return [stream for _, stream in sorted(self._streams.items())]

    def _forget(self, stream: Stream) -> None:
        del self._streams[stream.arn]
        self._journal.note(lambda: self._streams.__setitem__(stream.arn, stream))
