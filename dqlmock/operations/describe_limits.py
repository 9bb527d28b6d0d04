"""DescribeLimits (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeLimits.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.limits import ACCOUNT_THROUGHPUT_UNITS, TABLE_THROUGHPUT_UNITS


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Return the default quotas, those of every new account."""
    return {
        "AccountMaxReadCapacityUnits": ACCOUNT_THROUGHPUT_UNITS,
        "AccountMaxWriteCapacityUnits": ACCOUNT_THROUGHPUT_UNITS,
        "TableMaxReadCapacityUnits": TABLE_THROUGHPUT_UNITS,
        "TableMaxWriteCapacityUnits": TABLE_THROUGHPUT_UNITS,
    }
