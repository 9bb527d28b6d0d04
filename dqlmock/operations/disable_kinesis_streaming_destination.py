"""DisableKinesisStreamingDestination (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DisableKinesisStreamingDestination.html)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.kinesis_destinations import active_destination, changing, streaming_table


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Send the table's changes to the stream no more; it stays described as DISABLED."""
    stream_arn = request["StreamArn"]
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = streaming_table(owner, name)
        destination = active_destination(table, stream_arn, "DISABLE")
        table.settings.kinesis[stream_arn] = replace(destination, is_active=False)
        owner.replicate(table)
        return changing(table, stream_arn, "DISABLING")
