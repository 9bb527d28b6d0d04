"""Tags: which resource an ARN names, and which tags it may have.

Shared by TagResource, UntagResource, ListTagsOfResource and CreateTable
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from dqlmock.engine.arn import ARN_PREFIX, TableArn, invalid_table_arn, table_of_stream
from dqlmock.engine.database import Database, still_in_use
from dqlmock.engine.settings import TableSettings
from dqlmock.engine.streams import Stream
from dqlmock.engine.table import Table
from dqlmock.errors import (
    AccessDeniedException,
    ResourceNotFoundException,
    ValidationException,
)
from dqlmock.limits import TAGS_PER_RESOURCE
from dqlmock.operations.table_definition import invalid

_RESERVED = "aws:"

NO_BODY: Final[Mapping[str, Any]] = MappingProxyType({})
"""What an operation returns whose answer has not even a pair of braces: API_TagResource, "an HTTP
200 response with an empty HTTP body"; dynalite answers so too."""


def tagged_resource(
    database: Database, arn: str, action: str, *, changing: bool = True
) -> TableSettings | Stream:
    """Return what an ARN names, to read its tags or to give it others.

    The caller holds the database's lock.

    Args:
        database: Whose tables and streams.
        arn: `ResourceArn`.
        action: The API operation, for a refusal.
        changing: Whether its tags are to be changed.

    Raises:
        DynamoDBError: There is no such resource, or its tags can't be changed now.
    """
    named = table_of_stream(arn)
    if named is None:
        table = tagged_table(database, arn, action)
        if changing:
            check_changeable(table)
        return table.settings
    # Streams have tags of their own: developer guide, abac-streams; go-to-k/cdkd#3464 (September
    # 2026) tagged some. The faults are told as for tables.
    if named.account != database.account:
        raise access_denied(database, arn, action)
    if named.region != database.region:
        raise invalid_table_arn(arn)
    stream = database.streams.find(arn)
    if stream is None:
        raise _not_found(arn)
    return stream


def tagged_table(database: Database, arn: str, action: str) -> Table:
    """Return the table that an ARN names. The caller holds the database's lock.

    The faults are told in AWS's order: another service, no table, another account, another region
    (measured by ExtendDB/extenddb#227).

    Args:
        database: Whose tables.
        arn: `ResourceArn`.
        action: The API operation, for a refusal.

    Raises:
        AccessDeniedException: The resource is another service's or another account's.
        ResourceNotFoundException: There is no such table.
        ValidationException: No ARN, or none of a table in this region.
    """
    if not arn.startswith(ARN_PREFIX):
        raise invalid(f"ARNs must start with 'arn:': {arn}")
    if arn.split(":")[2:3] != ["dynamodb"]:
        raise access_denied(database, arn, action)
    parsed = TableArn.parse(arn)
    if parsed.account != database.account:
        raise access_denied(database, arn, action)
    if parsed.region != database.region:
        raise invalid_table_arn(arn)
    if parsed.name not in database.names():
        raise _not_found(arn)
    return database.find(parsed.name)


def _not_found(arn: str) -> ResourceNotFoundException:
    return ResourceNotFoundException(f"Requested resource not found: ResourceArn: {arn} not found")


def check_changeable(table: Table) -> None:
    """Check that a table's tags can be changed.

    Raises:
        ResourceInUseException: The table is being created or deleted.
    """
    if table.settings.status in ("CREATING", "DELETING"):
        raise still_in_use(table)


def tags_of(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return tags as a request gives them, value by key.

    Raises:
        ValidationException: A key that AWS keeps for itself, or one key twice.
    """
    by_key: dict[str, str] = {}
    for tag in tags:
        key = tag["Key"]
        if key.startswith(_RESERVED) or key in by_key:
            raise _refused()
        by_key[key] = tag["Value"]
    check_count(by_key)
    return by_key


def check_count(tags: Mapping[str, str]) -> None:
    """Check how many tags a resource has.

    Raises:
        ValidationException: More than 50.
    """
    if len(tags) > TAGS_PER_RESOURCE:
        raise _refused()


def _refused() -> ValidationException:
    # AWS documents these rules, but nobody quotes its words for them: the general ones stand in.
    return ValidationException("One or more parameter values were invalid")


def access_denied(database: Database, arn: str, action: str) -> AccessDeniedException:
    """Return the error for a resource of another account or another service."""
    user = f"arn:aws:iam::{database.account}:root"
    return AccessDeniedException(
        f"User: {user} is not authorized to perform: dynamodb:{action} on resource: {arn}"
    )
