"""Kinesis destinations of a table: how one is described, and what can't be done with it.

Shared by EnableKinesisStreamingDestination and its kin
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html). A change is over as
soon as it is answered, though the answer tells that it has begun.
"""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database, still_in_use
from dqlmock.engine.settings import KinesisDestination
from dqlmock.engine.table import Table
from dqlmock.errors import ValidationException


def streaming_table(owner: Database, name: str) -> Table:
    """Return a table whose destinations are to change. The caller holds the database's lock.

    Raises:
        ResourceInUseException: It is itself being created or deleted.
        ResourceNotFoundException: There is none.
    """
    table = owner.find(name)
    if table.settings.status in ("CREATING", "DELETING"):
        raise still_in_use(table)
    return table


def active_destination(table: Table, stream_arn: str, action: str) -> KinesisDestination:
    """Return a destination that changes are sent to.

    Args:
        table: Whose.
        stream_arn: `StreamArn`.
        action: What is to be done with it: `DISABLE`.

    Raises:
        ValidationException: It is none, or is disabled. (aws/aws-cdk#16393 quotes AWS for DISABLE.)
    """
    destination = table.settings.kinesis.get(stream_arn)
    if destination is None or not destination.is_active:
        raise invalid_state(
            f"KinesisStreamingDestination must be ACTIVE to perform {action} operation."
        )
    return destination


def invalid_state(reason: str) -> ValidationException:
    """Return the error for a destination that isn't in the state it has to be in.

    >>> invalid_state("Why.").message
    'Table is not in a valid state to enable Kinesis Streaming Destination: Why.'
    """
    # AWS says "enable" whatever is to be done: aws/aws-cdk#16393.
    return ValidationException(
        f"Table is not in a valid state to enable Kinesis Streaming Destination: {reason}"
    )


def changing(table: Table, stream_arn: str, status: str, **more: Any) -> dict[str, Any]:
    """Return the answer to a change of a destination.

    Args:
        table: Whose.
        stream_arn: `StreamArn`.
        status: `DestinationStatus`.
        more: Other members.
    """
    return {
        "TableName": table.name,
        "StreamArn": stream_arn,
        "DestinationStatus": status,
        **more,
    }


def precision(configuration: dict[str, Any] | None) -> str | None:
    """Return the precision that a request names, None where it names none.

    >>> precision({"ApproximateCreationDateTimePrecision": "MICROSECOND"}), precision({})
    ('MICROSECOND', None)
    """
    return (configuration or {}).get("ApproximateCreationDateTimePrecision")


def described(destination: KinesisDestination) -> dict[str, Any]:
    """Return a member of `KinesisDataStreamDestinations` in wire form."""
    description = {
        "StreamArn": destination.stream_arn,
        "DestinationStatus": "ACTIVE" if destination.is_active else "DISABLED",
    }
    if destination.precision is not None:
        description["ApproximateCreationDateTimePrecision"] = destination.precision
    return description
