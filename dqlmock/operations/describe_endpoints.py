"""DescribeEndpoints (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeEndpoints.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.arn import partition
from dqlmock.engine.database import Database

_CACHE_PERIOD_MINUTES = 1440


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Return the region's endpoint, good for a day."""
    address = f"dynamodb.{database.region}.{partition(database.region).domain}"
    return {"Endpoints": [{"Address": address, "CachePeriodInMinutes": _CACHE_PERIOD_MINUTES}]}
