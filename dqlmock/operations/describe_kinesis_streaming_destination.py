"""DescribeKinesisStreamingDestination (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.kinesis_destinations import described


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe the destinations that the table has, and those that it had."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = owner.find(name)
        destinations = [described(each) for each in table.settings.kinesis.values()]
    return {"TableName": table.name, "KinesisDataStreamDestinations": destinations}
