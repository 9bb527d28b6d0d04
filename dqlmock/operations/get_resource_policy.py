"""GetResourcePolicy (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.errors import PolicyNotFoundException
from dqlmock.operations.resource_policies import policed_table


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Return the policy as it was sent."""
    with database.lock:
        table = policed_table(database, request["ResourceArn"], "GetResourcePolicy")
        policy = table.settings.resource_policy
    if policy is None:
        # Recorded of AWS in September 2024: cloud-custodian/cloud-custodian,
        # test_dynamodb_cross_account_filter.
        raise PolicyNotFoundException(
            "Resource-based policy not found for the provided ResourceArn: "
            f"{request['ResourceArn']}"
        )
    return {"Policy": policy.document, "RevisionId": policy.revision_id}
