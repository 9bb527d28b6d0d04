"""StreamSpecification and SSESpecification as CreateTable and UpdateTable are told them.

Owns their rules and their translation into the engine's settings.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timezone

from dqlmock.engine.arn import ARN_PREFIX, partition
from dqlmock.engine.database import Database
from dqlmock.engine.settings import TableSettings
from dqlmock.engine.table import Table
from dqlmock.errors import DqlmockError, LimitExceededException, ValidationException
from dqlmock.limits import ENCRYPTION_CHANGE_WAIT_S, ENCRYPTION_CHANGES
from dqlmock.operations.table_definition import Member, invalid

_ALIAS = "alias/"
_DAY_S = 24 * 60 * 60


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
    database: Database, table: Table, specification: Member | None, delay_s: float, now_s: float
) -> None:
    """Enable or disable a table's stream. The caller holds the database's lock.

    Args:
        database: Where the table is.
        table: The table.
        specification: `StreamSpecification`, checked; None changes nothing.
        delay_s: How long the change takes.
        now_s: The time. A stream enabled with its table is labelled with the table's
            CreationDateTime: the AWS CLI's examples of `create-table`.
    """
    if specification is None:
        return
    if specification["StreamEnabled"]:
        database.enable_stream(table, specification["StreamViewType"], delay_s, now_s)
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


def check_encryption_changes(
    settings: TableSettings, specification: Member | None, now_s: float
) -> None:
    """Check how often a table's key was changed in this window of 24 hours.

    The key that DynamoDB owns may be chosen always (ServiceQuotas, "Encryption at rest").

    Raises:
        LimitExceededException: Too often.
    """
    if specification is None or not specification.get("Enabled"):
        return
    begun_s = now_s - (now_s - settings.created_s) % _DAY_S
    changes_s = [at_s for at_s in settings.encryption_changes_s if at_s >= begun_s]
    is_full = len(changes_s) >= ENCRYPTION_CHANGES
    if is_full and now_s < changes_s[-1] + ENCRYPTION_CHANGE_WAIT_S:
        end = datetime.fromtimestamp(begun_s + _DAY_S, timezone.utc).replace(tzinfo=None)
        # crossplane-contrib/provider-aws issue 1440 quotes AWS (August 2022).
        raise LimitExceededException(
            "Subscriber limit exceeded: Encryption mode changes are limited in the 24h window "
            f"ending at {end.isoformat(timespec='milliseconds')}Z. "
            f"After the first {ENCRYPTION_CHANGES} change, each subsequent change in the same "
            f"window can be performed at most once every {ENCRYPTION_CHANGE_WAIT_S} seconds. "
            f"Number of updates today: {len(changes_s)}"
        )


def change_encryption(
    database: Database, settings: TableSettings, specification: Member, now_s: float
) -> None:
    """Encrypt a table with another key, or the same.

    Args:
        database: Where the table is.
        settings: The table's.
        specification: `SSESpecification`, checked.
        now_s: The time, in seconds since the epoch.
    """
    settings.kms_key_arn = kms_key_arn(specification, database)
    settings.encryption_changes_s = (*settings.encryption_changes_s, now_s)


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
