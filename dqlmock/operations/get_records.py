"""GetRecords (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html)."""

from __future__ import annotations

import zlib
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.shards import Record
from dqlmock.engine.streams import Stream
from dqlmock.limits import STREAM_PAGE_RECORDS
from dqlmock.operations.shard_iterators import ShardIterator
from dqlmock.operations.table_definition import invalid
from dqlmock.storage.protocol import Encoded

_RECORD = (
    b'{"eventID":"%08x%024x","eventName":"%s","eventVersion":"1.1","eventSource":"aws:dynamodb",'
    b'"awsRegion":"%s","dynamodb":{"ApproximateCreationDateTime":%d,"Keys":%s%s%s,'
    b'"SequenceNumber":"%d","SizeBytes":%d,"StreamViewType":"%s"}%s}'
)
_BY_SERVICE = b',"userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}'


def check(request: dict[str, Any]) -> None:
    """There are no rules that come before the iterator's own."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Return records; a NextShardIterator too, but at the end of a closed shard."""
    iterator = ShardIterator.parse(request["ShardIterator"])
    limit = request.get("Limit", STREAM_PAGE_RECORDS)
    if limit > STREAM_PAGE_RECORDS:
        # DynamoDB Local's text and order.
        raise invalid(f"Limit should be less than or equal to {STREAM_PAGE_RECORDS}")
    stream = database.stream(iterator.stream_arn)
    now_s = database.clock.now_s()
    iterator.check_age(now_s)
    page = stream.read(iterator.shard_id, iterator.position, limit)
    result: dict[str, Any] = {"Records": _encoded(stream, page.records, database.region)}
    if page.following is not None:
        following = ShardIterator(stream.arn, iterator.shard_id, page.following, now_s)
        result["NextShardIterator"] = str(following)
    return result


def _encoded(stream: Stream, records: list[Record], region: str) -> list[Encoded]:
    """Lay records out around the bytes that their items are stored as: nothing is decoded."""
    stream_id = zlib.crc32(stream.arn.encode())
    awsregion, view_type = region.encode(), stream.view_type.encode()
    return [
        Encoded(
            _RECORD
            % (
                stream_id,
                record.sequence,
                record.event.encode(),
                awsregion,
                record.created_s,
                record.keys.encoded,
                b"" if record.new is None else b',"NewImage":' + record.new.encoded,
                b"" if record.old is None else b',"OldImage":' + record.old.encoded,
                record.sequence,
                record.size_bytes,
                view_type,
                _BY_SERVICE if record.by_service else b"",
            )
        )
        for record in records
    ]
