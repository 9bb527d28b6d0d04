"""ListStreams (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html)."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.limits import LIST_STREAMS_PAGE
from dqlmock.operations.table_definition import invalid


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    if request.get("Limit", 1) > LIST_STREAMS_PAGE:
        # DynamoDB Local's text.
        raise invalid(f"Limit cannot be greater than the maximum allowed size: {LIST_STREAMS_PAGE}")


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """List the streams whose ARNs follow the start, which need not be a stream's itself."""
    table_name = request.get("TableName")
    streams = [
        stream
        for stream in database.streams.all()
        if table_name is None or stream.table_name == table_name
    ]
    arns = [stream.arn for stream in streams]
    start = bisect_right(arns, request.get("ExclusiveStartStreamArn", ""))
    stop = start + request.get("Limit", LIST_STREAMS_PAGE)
    result: dict[str, Any] = {
        "Streams": [
            {
                "StreamArn": stream.arn,
                "TableName": stream.table_name,
                "StreamLabel": stream.label,
            }
            for stream in streams[start:stop]
        ]
    }
    if stop < len(streams):
        result["LastEvaluatedStreamArn"] = arns[stop - 1]
    return result
