"""TagResource (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.errors import ValidationException
from dqlmock.operations.tagging import (
    NO_BODY,
    check_count,
    tagged_resource,
    tags_of,
)


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    if not request["Tags"]:
        raise ValidationException("Atleast one Tag needs to be provided as Input.")
    tags_of(request["Tags"])


def run(database: Database, request: dict[str, Any]) -> Mapping[str, Any]:
    """Add the tags; a tag whose key is there already gets the new value."""
    with database.lock:
        resource = tagged_resource(database, request["ResourceArn"], "TagResource")
        tags = {**resource.tags, **tags_of(request["Tags"])}
        check_count(tags)
        resource.tags = tags
        return NO_BODY
