"""DeleteResourcePolicy (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteResourcePolicy.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.resource_policies import check_revision, policed_table
from dqlmock.operations.tagging import check_changeable


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Remove the policy; without ExpectedRevisionId it is no error that there is none."""
    with database.lock:
        table = policed_table(database, request["ResourceArn"], "DeleteResourcePolicy")
        check_changeable(table)
        policy = table.settings.resource_policy
        check_revision(policy, request.get("ExpectedRevisionId"))
        table.settings.resource_policy = None
    return {} if policy is None else {"RevisionId": policy.revision_id}
