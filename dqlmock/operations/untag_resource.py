"""UntagResource (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.errors import ValidationException
from dqlmock.operations.tagging import NO_BODY, tagged_resource


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    if not request["TagKeys"]:
        raise ValidationException("Atleast one Tag Key needs to be provided as Input.")


def run(database: Database, request: dict[str, Any]) -> Mapping[str, Any]:
    """Remove the tags; a key that is not there is no error."""
    removed = set(request["TagKeys"])
    with database.lock:
        resource = tagged_resource(database, request["ResourceArn"], "UntagResource")
        tags = resource.tags
        resource.tags = {key: tags[key] for key in tags if key not in removed}
        return NO_BODY
