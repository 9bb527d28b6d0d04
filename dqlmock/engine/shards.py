"""The shards of a stream: records in order, let go of after 24 hours.

Owns what a record is, how a page of them is read and what is trimmed. Knows neither tables nor the
clock: a stream tells it both.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from dqlmock.errors import TrimmedDataAccessException
from dqlmock.limits import STREAM_PAGE_SIZE_BYTES, STREAM_RETENTION_S
from dqlmock.storage.journal import Undo
from dqlmock.storage.protocol import StoredItem

_COMPACT_FROM: Final = 1024
_FACTS: Final = (
    "shard_id",
    "parent_id",
    "start",
    "stop",
    "first_sequence",
    "last_sequence",
    "closed_s",
    "trimmed_sequence",
)

_sequence_of = attrgetter("sequence")
_created_of = attrgetter("created_s")


class Record:
    """One change of one item.

    Args:
        keys: The item's primary key.
        old: The item before, where the view type shows it.
        new: The item after, where the view type shows it.
        event: `INSERT`, `MODIFY` or `REMOVE`.
        by_service: DynamoDB itself removed the item, which had expired.
    """

    __slots__ = ("by_service", "created_s", "event", "keys", "new", "old", "sequence")

    def __init__(
        self,
        keys: StoredItem,
        old: StoredItem | None,
        new: StoredItem | None,
        event: str,
        *,
        by_service: bool,
    ) -> None:
        self.keys = keys
        self.old = old
        self.new = new
        self.event = event
        self.by_service = by_service
        self.sequence = 0
        self.created_s = 0

    @property
    def size_bytes(self) -> int:
        """`SizeBytes`: the key and the images together.

        The records printed in "Process new items with DynamoDB Streams and Lambda" count so.
        """
        size_bytes = self.keys.size_bytes
        if self.old is not None:
            size_bytes += self.old.size_bytes
        if self.new is not None:
            size_bytes += self.new.size_bytes
        return size_bytes


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of GetRecords.

    Args:
        records: In order.
        following: The position that the next page starts from; None where the shard is closed and
            this is the end of it.
    """

    records: list[Record]
    following: int | None


class Shard:
    """A part of a stream: the changes of the items whose hashes lie in a range.

    The stream's lock is held by whoever calls a method.

    Args:
        shard_id: `ShardId`.
        parent_id: The shard that was split into this one.
        start: The lowest hash.
        stop: The hash above the highest.
        first_sequence: No record has a lower sequence number.
        last_sequence: No record has a higher one; None while the shard is open.
        closed_s: When it was closed.
        trimmed_sequence: The highest sequence number that was let go of.
    """

    def __init__(
        self,
        shard_id: str,
        parent_id: str | None,
        start: int,
        stop: int,
        first_sequence: int,
        last_sequence: int | None = None,
        closed_s: float | None = None,
        trimmed_sequence: int = 0,
    ) -> None:
        self.shard_id = shard_id
        self.parent_id = parent_id
        self.start = start
        self.stop = stop
        self.first_sequence = first_sequence
        self.last_sequence = last_sequence
        self.closed_s = closed_s
        self.trimmed_sequence = trimmed_sequence
        self._records: list[Record] = []
        self._head = 0

    def append(self, record: Record) -> None:
        """Add the newest record and let go of those too old. O(log n) amortised."""
        self._records.append(record)
        self.trim(record.created_s)

    def close(self, now_s: float) -> None:
        """Take no more records."""
        last = self._records[-1].sequence if self._records else self.trimmed_sequence
        self.last_sequence = max(last, self.first_sequence)
        self.closed_s = now_s

    def trim(self, now_s: float) -> None:
        """Let go of the records older than 24 hours. O(log n) amortised."""
        records, head = self._records, self._head
        horizon_s = now_s - STREAM_RETENTION_S
        if head == len(records) or records[head].created_s >= horizon_s:
            return
        head = bisect_left(records, horizon_s, lo=head, key=_created_of)
        self.trimmed_sequence = records[head - 1].sequence
        if head >= _COMPACT_FROM and head * 2 >= len(records):
            self._records = records[head:]  # a copy: a savepoint may hold on to the list
            head = 0
        self._head = head

    def facts(self) -> dict[str, Any]:
        """Return what a shard is made from, all but its records."""
        return {name: getattr(self, name) for name in _FACTS}

    def records(self) -> list[Record]:
        """Return the records there are, in order."""
        return self._records[self._head :]

    def put_back(self, record: Record) -> None:
        """Add a record as it was: one of a dump, which is in order."""
        self._records.append(record)

    def remember(self) -> Undo:
        """Return what puts the shard back as it is now. O(1): records are only ever appended."""
        records, length, head = self._records, len(self._records), self._head
        last, closed_s, trimmed = self.last_sequence, self.closed_s, self.trimmed_sequence

        def restore() -> None:
            del records[length:]
            self._records, self._head = records, head
            self.last_sequence, self.closed_s, self.trimmed_sequence = last, closed_s, trimmed

        return restore

    def oldest(self) -> int | None:
        """Return the sequence number of the oldest record there is."""
        return self._records[self._head].sequence if self._head < len(self._records) else None

    def at_time(self, moment_s: float) -> int | None:
        """Return the sequence number of the first record made at a time or later. O(log n)."""
        records = self._records
        place = bisect_left(records, moment_s, lo=self._head, key=_created_of)
        return records[place].sequence if place < len(records) else None

    def read(self, position: int, limit: int) -> RecordPage:
        """Return records from a position on, up to 1 MB. O(log n + page).

        Raises:
            TrimmedDataAccessException: Records that followed the position are gone.
        """
        self.check_not_trimmed(position)
        records = self._records
        start = bisect_left(records, position, lo=self._head, key=_sequence_of)
        page = records[start : start + limit]
        size_bytes = 0
        for count, record in enumerate(page):
            size_bytes += record.size_bytes
            if size_bytes > STREAM_PAGE_SIZE_BYTES:  # never the first: two items of 400 KB
                del page[count:]
                break
        if self.closed_s is not None and start + len(page) == len(records):
            return RecordPage(page, None)
        return RecordPage(page, page[-1].sequence + 1 if page else position)

    def check_not_trimmed(self, position: int) -> None:
        """Check that nothing from a position on is gone.

        Raises:
            TrimmedDataAccessException: Something is.
        """
        if position <= self.trimmed_sequence:
            # AWS in 2019, as ironSource/node-dynamodb-stream issue 13 quotes it.
            raise TrimmedDataAccessException("The data you are trying to access has been trimmed")
