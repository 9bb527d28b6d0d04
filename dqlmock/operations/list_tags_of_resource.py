"""ListTagsOfResource (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.tagging import tagged_resource


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """List all tags: 50 fit on one page, so AWS gives no NextToken (aws/aws-sdk#583)."""
    with database.lock:
        arn = request["ResourceArn"]
        tags = tagged_resource(database, arn, "ListTagsOfResource", changing=False).tags
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
