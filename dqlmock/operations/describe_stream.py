"""DescribeStream (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html)."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.schema import KeySchema
from dqlmock.engine.shards import Shard
from dqlmock.engine.streams import Stream
from dqlmock.limits import DESCRIBE_STREAM_PAGE
from dqlmock.operations.table_definition import invalid
from dqlmock.operations.table_description import key_schema, wire_time


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    if request.get("Limit", 1) > DESCRIBE_STREAM_PAGE:
        # DynamoDB Local's text.
        raise invalid(f"Limit cannot be greater than the maximum: {DESCRIBE_STREAM_PAGE}")


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe the stream and the shards that follow the start, oldest first."""
    stream = database.stream(request["StreamArn"])
    shards = _filtered(stream.shards(), request.get("ShardFilter") or {})
    ids = [shard.shard_id for shard in shards]  # in order, for each begins with its time
    start = bisect_right(ids, request.get("ExclusiveStartShardId", ""))
    stop = start + request.get("Limit", DESCRIBE_STREAM_PAGE)
    described = _description(stream, database.clock.now_s())
    described["Shards"] = [_shard(shard) for shard in shards[start:stop]]
    if stop < len(shards):
        described["LastEvaluatedShardId"] = ids[stop - 1]
    return {"StreamDescription": described}


def _filtered(shards: list[Shard], shard_filter: dict[str, Any]) -> list[Shard]:
    if shard_filter.get("Type") != "CHILD_SHARDS":
        return shards
    return [shard for shard in shards if shard.parent_id == shard_filter.get("ShardId")]


def _description(stream: Stream, now_s: float) -> dict[str, Any]:
    partition, *sort = stream.key_names
    return {
        "StreamArn": stream.arn,
        "StreamLabel": stream.label,
        "StreamStatus": stream.status(now_s),
        "StreamViewType": stream.view_type,
        "CreationRequestDateTime": wire_time(stream.created_s),
        "TableName": stream.table_name,
        "KeySchema": key_schema(KeySchema((partition,), tuple(sort))),
    }


def _shard(shard: Shard) -> dict[str, Any]:
    numbers = {"StartingSequenceNumber": str(shard.first_sequence)}
    if shard.last_sequence is not None:
        numbers["EndingSequenceNumber"] = str(shard.last_sequence)
    described: dict[str, Any] = {"ShardId": shard.shard_id, "SequenceNumberRange": numbers}
    if shard.parent_id is not None:
        described["ParentShardId"] = shard.parent_id
    return described
