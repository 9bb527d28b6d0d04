"""EnableKinesisStreamingDestination (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_EnableKinesisStreamingDestination.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.settings import KinesisDestination
from dqlmock.operations.kinesis_destinations import (
    changing,
    invalid_state,
    precision,
    streaming_table,
)


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Send the table's changes to the stream from now on."""
    stream_arn = request["StreamArn"]
    configuration = request.get("EnableKinesisStreamingConfiguration", {})
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = streaming_table(owner, name)
        destinations = table.settings.kinesis
        if stream_arn in destinations and destinations[stream_arn].is_active:
            # aws-cloudformation/cloudformation-coverage-roadmap#707 quotes AWS up to "DISABLED";
            # the rest is second-hand, from LocalStack.
            raise invalid_state(
                "EnableKinesisStreamingDestination must be DISABLED or ENABLE_FAILED to perform "
                "ENABLE operation."
            )
        destinations[stream_arn] = KinesisDestination(stream_arn, precision(configuration))
        owner.replicate(table)
        return changing(
            table, stream_arn, "ENABLING", EnableKinesisStreamingConfiguration=configuration
        )
