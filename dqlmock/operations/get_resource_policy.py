"""GetResourcePolicy (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetResourcePolicy.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.resource_policies import no_policy, policed_table


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Return the policy as it was sent."""
    with database.lock:
        table = policed_table(database, request["ResourceArn"], "GetResourcePolicy")
        policy = table.settings.resource_policy
    if policy is None:
        raise no_policy()
    return {"Policy": policy.document, "RevisionId": policy.revision_id}
