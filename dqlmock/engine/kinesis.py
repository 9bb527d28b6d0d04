"""Kinesis destinations of a table: what is sent to a data stream, and where it is kept by default.

Owns the form of a record's data and the door that records leave through, a `KinesisSink`. Knows
neither tables nor Kinesis: a table hands in the change, whoever wants the records takes them.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import Final, NamedTuple, TypeAlias

from dqlmock.clock import Clock
from dqlmock.engine.settings import KinesisDestination
from dqlmock.engine.shards import Record
from dqlmock.engine.streams import record_of
from dqlmock.storage.journal import Journal
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.types import Attributes

KinesisSink: TypeAlias = Callable[[str, str, bytes], object]
"""Takes a record: the stream's ARN, the partition key, the data.

It is called in the middle of a write, while the item's partition is locked, so an item's records
come in order. So it may neither raise nor wait for another thread that writes.
"""

RECORDS_KEPT: Final = 10_000
"""How many records of a stream are kept; older ones are forgotten."""

_PARTITION_KEY_BYTES: Final = 16
_UNITS_PER_S: Final = {None: 1_000, "MILLISECOND": 1_000, "MICROSECOND": 1_000_000}

# The members and their order as LocalStack recorded them of AWS, test_stream_destination_records.
_DATA: Final = (
    b'{"awsRegion":"%s","eventID":"%s","eventName":"%s","userIdentity":%s,'
    b'"recordFormat":"application/json","tableName":"%s","dynamodb":{'
    b'"ApproximateCreationDateTime":%d,%s"Keys":%s%s%s,"SizeBytes":%d},"eventSource":"aws:dynamodb"}'
)
_PRECISION: Final = b'"ApproximateCreationDateTimePrecision":"%s",'
# In lower case, unlike a stream's: KinesisDynamoDBStreamEvent in the parser of AWS's powertools.
_SERVICE: Final = b'{"principalId":"dynamodb.amazonaws.com","type":"Service"}'


class KinesisRecord(NamedTuple):
    """A record as it was put on a Kinesis data stream.

    Args:
        partition_key: 32 hexadecimal digits, the same for all records of an item.
        data: JSON.
    """

    partition_key: str
    data: bytes


class KinesisRecords:
    """The sink there is by default: keeps the newest records of each stream.

    Args:
        journal: Where changes are noted while a savepoint is open.

    >>> records = KinesisRecords(Journal())
    >>> records.open("arn")
    >>> records.put("arn", "0f", b"{}")
    >>> records.of("arn")
    [KinesisRecord(partition_key='0f', data=b'{}')]
    >>> records.of("another") is None
    True
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = Lock()
        self._kept: dict[str, deque[KinesisRecord]] = {}

    def open(self, stream_arn: str) -> None:
        """Know a stream from now on."""
        with self._lock:
            if stream_arn not in self._kept:
                self._kept[stream_arn] = deque()
                self._journal.note(lambda: self._kept.pop(stream_arn))

    def put(self, stream_arn: str, partition_key: str, data: bytes) -> None:
        """Keep a record of a stream that is known. O(1)."""
        with self._lock:
            kept = self._kept[stream_arn]
            kept.append(KinesisRecord(partition_key, data))
            self._journal.note(kept.pop)
            if len(kept) > RECORDS_KEPT:
                oldest = kept.popleft()
                self._journal.note(lambda: kept.appendleft(oldest))

    def of(self, stream_arn: str) -> list[KinesisRecord] | None:
        """Return the records of a stream, oldest first; None where no table ever sent any to it."""
        with self._lock:
            kept = self._kept.get(stream_arn)
            return None if kept is None else list(kept)


@dataclass(frozen=True, slots=True)
class Replication:
    """Sends the changes of one table to its destinations.

    Args:
        destinations: Those that are active.
        table_name: `TableName`.
        key_names: The attributes of the table's primary key.
        region: `"eu-west-1"`.
        clock: What time it is.
        sink: Takes the records.
    """

    destinations: tuple[KinesisDestination, ...]
    table_name: str
    key_names: tuple[str, ...]
    region: str
    clock: Clock
    sink: KinesisSink

    def send(
        self,
        key: bytes,
        old: StoredItem | None,
        new: StoredItem | None,
        attributes: Attributes,
        *,
        by_service: bool = False,
    ) -> None:
        """Send a change, unless it changed nothing. The caller holds the partition's lock.

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
        now_s, event_id = self.clock.now_s(), str(uuid.uuid4())
        partition_key = blake2b(key, digest_size=_PARTITION_KEY_BYTES).hexdigest()
        for destination in self.destinations:
            data = self._data(record, event_id, now_s, destination.precision)
            self.sink(destination.stream_arn, partition_key, data)

    def _data(self, record: Record, event_id: str, now_s: float, precision: str | None) -> bytes:
        return _DATA % (
            self.region.encode(),
            event_id.encode(),
            record.event.encode(),
            _SERVICE if record.by_service else b"null",
            self.table_name.encode(),
            int(now_s * _UNITS_PER_S[precision]),
            b"" if precision is None else _PRECISION % precision.encode(),
            record.keys.encoded,
            b"" if record.new is None else b',"NewImage":' + record.new.encoded,
            b"" if record.old is None else b',"OldImage":' + record.old.encoded,
            record.size_bytes,
        )


def active(destinations: Iterable[KinesisDestination]) -> tuple[KinesisDestination, ...]:
    """Return the destinations that are sent to.

    >>> active([KinesisDestination("a"), KinesisDestination("b", is_active=False)])
    (KinesisDestination(stream_arn='a', precision=None, is_active=True),)
    """
    return tuple(destination for destination in destinations if destination.is_active)
