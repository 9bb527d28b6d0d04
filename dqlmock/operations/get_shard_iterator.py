"""GetShardIterator (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.streams import Stream
from dqlmock.errors import ValidationException
from dqlmock.operations.shard_iterators import ShardIterator
from dqlmock.operations.table_definition import invalid

_AT_SEQUENCE = ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER")


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state. The texts are DynamoDB Local's."""
    kind = request["ShardIteratorType"]
    number = request.get("SequenceNumber")
    if kind in _AT_SEQUENCE:
        if number is None or not (number.isascii() and number.isdecimal()):
            raise invalid("Invalid SequenceNumber")
    elif number is not None:
        raise invalid("SequenceNumber should not be passed for this iterator type")
    if kind == "AT_TIMESTAMP" and "Timestamp" not in request:
        raise _invalid_timestamp()


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Find the position; what is to be read from it stays as it is."""
    stream = database.stream(request["StreamArn"])
    now_s = database.clock.now_s()
    position = _position(stream, request, now_s)
    return {"ShardIterator": str(ShardIterator(stream.arn, request["ShardId"], position, now_s))}


def _position(stream: Stream, request: dict[str, Any], now_s: float) -> int:
    kind, shard_id = request["ShardIteratorType"], request["ShardId"]
    if kind == "TRIM_HORIZON":
        return stream.oldest(shard_id)
    if kind == "LATEST":
        return stream.newest(shard_id)
    if kind == "AT_TIMESTAMP":
        if request["Timestamp"] > now_s:
            raise _invalid_timestamp()
        return stream.at_time(shard_id, request["Timestamp"])
    sequence = int(request["SequenceNumber"])
    if not stream.holds(shard_id, sequence):
        raise ValidationException("Invalid SequenceNumber for the shard")
    return sequence if kind == "AT_SEQUENCE_NUMBER" else sequence + 1


def _invalid_timestamp() -> ValidationException:
    # That it is one is documented, its text is not known: as that of a missing SequenceNumber.
    return invalid("Invalid Timestamp")
