"""PutResourcePolicy (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutResourcePolicy.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.arn import table_of_stream
from dqlmock.engine.database import Database
from dqlmock.operations.resource_policies import (
    NO_POLICY,
    check_document,
    check_revision,
    policed_table,
    revised,
)
from dqlmock.operations.tagging import check_changeable


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    if table_of_stream(request["ResourceArn"]) is None:
        check_document(request["Policy"])


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Attach the policy in the place of the one there is."""
    with database.lock:
        table = policed_table(database, request["ResourceArn"], "PutResourcePolicy")
        check_changeable(table)
        settings = table.settings
        expected = request.get("ExpectedRevisionId")
        check_revision(settings.resource_policy, expected, none=NO_POLICY)
        policy = revised(settings.resource_policy, request["Policy"], database.clock.now_s())
        settings.resource_policy = policy
    return {"RevisionId": policy.revision_id}
