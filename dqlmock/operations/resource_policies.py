"""Resource-based policies: whose they are, and what makes one another than the last.

Shared by PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy and CreateTable
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/rbac-considerations.html). They
are kept, not evaluated.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from dqlmock.engine.arn import table_of_stream
from dqlmock.engine.database import Database
from dqlmock.engine.settings import ResourcePolicy
from dqlmock.engine.table import Table
from dqlmock.errors import DqlmockError, PolicyNotFoundException
from dqlmock.operations.table_definition import invalid
from dqlmock.operations.tagging import tagged_table

NO_POLICY: Final = "NO_POLICY"
"""The revision to expect of a resource that has no policy. (API_PutResourcePolicy)"""

STREAM_ACTIONS: Final = frozenset(
    {
        "dynamodb:describestream",
        "dynamodb:getrecords",
        "dynamodb:getsharditerator",
        "dynamodb:liststreams",
    }
)
"""The actions that a table's policy can't name, as AWS compares them: without regard to case."""


def policed_table(database: Database, arn: str, action: str) -> Table:
    """Return the table that an ARN names. The caller holds the database's lock.

    Args:
        database: Whose tables.
        arn: `ResourceArn`.
        action: The API operation, for a refusal.

    Raises:
        DynamoDBError: There is no such table, told as for tags.
        DqlmockError: The ARN is a stream's.
    """
    if table_of_stream(arn) is not None:
        raise DqlmockError(f"dqlmock can't answer {action} for a stream: it is not built")
    return tagged_table(database, arn, action)


def check_document(document: str | None) -> None:
    """Check that a table's policy is a JSON object and names no actions of streams.

    What else it allows is not looked at.

    Raises:
        ValidationException: It isn't one, of which AWS says more behind a colon; or it does.
    """
    if document is None:
        return
    try:
        policy = json.loads(document)
    except (ValueError, RecursionError):
        policy = None
    if not isinstance(policy, dict):
        raise invalid("Invalid policy document")
    if strange := [name for name in _actions(policy) if name.lower() in STREAM_ACTIONS]:
        # https://github.com/aws/aws-cdk/pull/36194 (a table's, of November 2025) and
        # https://github.com/aws-controllers-k8s/dynamodb-controller/pull/176 (August 2026).
        names = ", ".join(f'"{name}"' for name in dict.fromkeys(strange))
        raise invalid(f"Invalid policy document: The following action names are invalid: {names}")


def _actions(policy: dict[str, Any]) -> Iterator[str]:
    for statement in _listed(policy.get("Statement")):
        if isinstance(statement, dict):
            yield from (name for name in _listed(statement.get("Action")) if isinstance(name, str))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def check_revision(
    policy: ResourcePolicy | None, expected: str | None, *, none: str | None = None
) -> None:
    """Check that a policy is the one that a request is about.

    Args:
        policy: The one there is.
        expected: `ExpectedRevisionId`.
        none: What is expected of a resource that has no policy, if that can be expected.

    Raises:
        PolicyNotFoundException: It is another one.
    """
    found = none if policy is None else policy.revision_id
    if expected is not None and expected != found:
        # The service model's text; what AWS says in full is not known.
        raise PolicyNotFoundException(
            "The operation tried to access a nonexistent resource-based policy. If you specified "
            "an ExpectedRevisionId, it's possible that a policy is present for the resource but "
            "its revision ID didn't match the expected value."
        )


def revised(policy: ResourcePolicy | None, document: str, now_s: float) -> ResourcePolicy:
    """Return a policy with a new document: the same revision where the document is the same.

    >>> revised(None, "{}", 1.5)
    ResourcePolicy(document='{}', revision_id='1500')
    >>> revised(ResourcePolicy("{}", "1500"), "{}", 2.0).revision_id
    '1500'
    >>> revised(ResourcePolicy("{}", "1500"), '{"Statement": []}', 1.5).revision_id
    '1501'
    """
    if policy is not None and json.loads(policy.document) == json.loads(document):
        return policy
    # A number of milliseconds, as in the examples of the developer guide.
    last = 0 if policy is None else int(policy.revision_id)
    return ResourcePolicy(document, str(max(int(now_s * 1000), last + 1)))
