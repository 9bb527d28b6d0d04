"""What BatchGetItem and BatchWriteItem share: the rules on RequestItems as a whole."""

from __future__ import annotations

from typing import Any

from dqlmock.errors import Family, ValidationException

DUPLICATES = "Provided list of item keys contains duplicates"


def check_request_items(request: dict[str, Any], operation: str) -> None:
    """Check that a batch names a table.

    Raises:
        ValidationException: RequestItems is empty.
    """
    if not request["RequestItems"]:
        raise ValidationException(
            "Value at 'RequestItems' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1",
            Family.REQUEST_ITEMS,
            older=f"The requestItems parameter is required for {operation}",
        )


def too_many(operation: str) -> ValidationException:
    """Return the error for more entries than a batch may have over all of its tables."""
    return ValidationException(f"Too many items requested for the {operation} call")
