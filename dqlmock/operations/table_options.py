"""StreamSpecification and SSESpecification as CreateTable and UpdateTable are told them.

Owns their rules and their translation into the engine's settings.
"""

from __future__ import annotations

import uuid

from dqlmock.engine.arn import ARN_PREFIX, partition
from dqlmock.engine.database import Database
from dqlmock.engine.table import Table
from dqlmock.errors import DqlmockError, ValidationException
from dqlmock.operations.table_definition import Member, invalid

_ALIAS = "alias/"


def check_view_type(specification: Member | None, unwanted: str) -> None:
    """Check that a stream has a view type exactly where it is enabled.

    Args:
        specification: `StreamSpecification`, of valid shape.
        unwanted: What AWS says of a view type for a stream that is not enabled.

    Raises:
        ValidationException: A view type too few or too many.
    """
    if specification is None:
        return
    view_type = specification.get("StreamViewType")
    if specification["StreamEnabled"]:
        if view_type is None:
            raise ValidationException(
                "Invalid StreamViewType: Stream ViewType must not be null or empty when enabling "
                "streams."
            )
    elif view_type is not None:
        raise invalid(unwanted)


def change_stream(
    database: Database, table: Table, specification: Member | None, delay_s: float
) -> None:
    """Enable or disable a table's stream. The caller holds the database's lock.

    Args:
        database: Where the table is.
        table: The table.
        specification: `StreamSpecification`, checked; None changes nothing.
        delay_s: How long the change takes.
    """
    if specification is None:
        return
    if specification["StreamEnabled"]:
        database.enable_stream(table, specification["StreamViewType"], delay_s)
    else:
        database.disable_stream(table, delay_s)


def check_encryption(specification: Member | None) -> None:
    """Check SSESpecification.

    Raises:
        ValidationException: Another type than KMS, or a key without that type.
    """
    if specification is None:
        return
    kind = specification.get("SSEType")
    if kind not in (None, "KMS"):
        raise invalid("The only valid SSEType is KMS")
    if kind is None and "KMSMasterKeyId" in specification:
        raise invalid("SSEType KMS is required if KMSMasterKeyId is specified")


def kms_key_arn(specification: Member | None, database: Database) -> str | None:
    """Return the ARN of the key that encrypts a table, None for the key that DynamoDB owns.

    AWS resolves an alias to its key. Here the key of an alias is made up, and stays the same.
    """
    if specification is None or not specification.get("Enabled"):
        return None
    key = specification.get("KMSMasterKeyId", "alias/aws/dynamodb")
    if key.startswith(ARN_PREFIX) and f":{_ALIAS}" not in key:
        return str(key)
    if _ALIAS in key:
        seed = f"{database.account} {database.region} {key[key.index(_ALIAS) :]}"
        key = uuid.uuid5(uuid.NAMESPACE_OID, seed)
    region, account = database.region, database.account
    return f"arn:{partition(region).name}:kms:{region}:{account}:key/{key}"


def refuse_unbuilt(request: Member, parameters: tuple[str, ...]) -> None:
    """Refuse parameters that the mock does not answer, rather than to ignore them.

    Raises:
        DqlmockError: One of them is there.
    """
    for name in parameters:
        if name in request:
            raise DqlmockError(f"dqlmock can't answer {name}: it is not built")
