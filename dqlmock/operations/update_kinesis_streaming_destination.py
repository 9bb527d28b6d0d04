"""UpdateKinesisStreamingDestination (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateKinesisStreamingDestination.html)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.errors import ValidationException
from dqlmock.operations.kinesis_destinations import (
    active_destination,
    changing,
    invalid_state,
    precision,
    streaming_table,
)

# The texts as LocalStack recorded them of AWS in 2025, test_kinesis_streaming_destination_crud.


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    if precision(request.get("UpdateKinesisStreamingConfiguration")) is None:
        raise ValidationException(
            "Streaming destination cannot be updated with given parameters: "
            "UpdateKinesisStreamingConfiguration cannot be null or contain only null values"
        )


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Change the precision of the times in the records that follow."""
    stream_arn, configuration = request["StreamArn"], request["UpdateKinesisStreamingConfiguration"]
    wanted = precision(configuration)
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = streaming_table(owner, name)
        settings = table.settings
        if stream_arn not in settings.kinesis:
            raise invalid_state(
                f"No streaming destination with streamArn: {stream_arn} found for table with "
                f"tableName: {table.name}"
            )
        destination = active_destination(table, stream_arn, "UPDATE")
        if destination.precision == wanted:
            raise ValidationException(
                f"Invalid Request: Precision is already set to the desired value of {wanted} "
                f"for tableId: {settings.table_id}, kdsArn: {stream_arn}"
            )
        settings.kinesis[stream_arn] = replace(destination, precision=wanted)
        owner.replicate(table)
        return changing(
            table, stream_arn, "UPDATING", UpdateKinesisStreamingConfiguration=configuration
        )
