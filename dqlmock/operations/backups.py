"""Backups: which one is meant, how one is described, and what it is made from.

Shared by CreateBackup, DescribeBackup, ListBackups, DeleteBackup and the operations that restore
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Backup-and-Restore.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dqlmock.engine.arn import TableArn
from dqlmock.engine.backups import Backup
from dqlmock.engine.database import Database
from dqlmock.engine.settings import TableSettings, Throughput
from dqlmock.engine.table import Table
from dqlmock.errors import BackupNotFoundException, ValidationException
from dqlmock.limits import SYSTEM_BACKUP_DAYS
from dqlmock.operations.table_description import table_description, wire_time
from dqlmock.operations.tagging import access_denied

_DAY_S: Final = 86_400
_LOCAL_INDEX: Final = ("IndexName", "KeySchema", "Projection")
_GLOBAL_INDEX: Final = (*_LOCAL_INDEX, "OnDemandThroughput")
_DETAILS: Final = (
    *("TableName", "TableId", "TableArn", "TableSizeBytes", "KeySchema", "OnDemandThroughput"),
    "ItemCount",
)
_SUMMARY: Final = ("TableName", "TableId", "TableArn")


def keep_backup(database: Database, table: Table, name: str | None = None) -> Backup:
    """Make a backup of a table as it is now. The caller holds the database's lock.

    Args:
        database: Whose table it is.
        table: The table.
        name: `BackupName`; None for the `SYSTEM` backup that deleting a table leaves behind.
    """
    now_s, is_system = database.clock.now_s(), name is None
    with table.all_locked():
        backup = Backup(
            arn=database.backups.new_arn(table.settings.arn, now_s, is_system=is_system),
            name=name or f"{table.name}$DeletedTableBackup",
            created_s=now_s,
            size_bytes=table.keyspace.size_bytes(),
            source=source_of(table, now_s),
            definition=definition_of(table, now_s),
            items=tuple(table.items()),
            expires_s=now_s + SYSTEM_BACKUP_DAYS * _DAY_S if is_system else None,
        )
    database.backups.add(backup)
    return backup


def found_backup(database: Database, arn: str, action: str) -> Backup:
    """Return the backup that an ARN names. The caller holds the database's lock.

    Args:
        database: Whose.
        arn: `BackupArn`.
        action: The API operation, for a refusal.

    Raises:
        AccessDeniedException: It is another account's (ExtendDB/extenddb#231 tried it on AWS).
        BackupNotFoundException: There is none.
    """
    backup = database.backups.find(arn, database.clock.now_s())
    if backup is None:
        if _account(arn) not in (None, database.account):
            raise access_denied(database, arn, action)
        # turbot/steampipe-plugin-aws#1913 quotes AWS.
        raise BackupNotFoundException(f"Backup not found: {arn}")
    return backup


def _account(arn: str) -> str | None:
    try:
        return TableArn.parse(arn.partition("/backup/")[0]).account
    except ValidationException:
        return None


def backup_details(backup: Backup, status: str = "AVAILABLE") -> dict[str, Any]:
    """Return `BackupDetails` in wire form."""
    details = {
        "BackupArn": backup.arn,
        "BackupName": backup.name,
        "BackupSizeBytes": backup.size_bytes,
        "BackupStatus": status,
        "BackupType": "SYSTEM" if backup.is_system else "USER",
        "BackupCreationDateTime": wire_time(backup.created_s),
    }
    if backup.expires_s is not None:
        details["BackupExpiryDateTime"] = wire_time(backup.expires_s)
    return details


def backup_description(backup: Backup, status: str = "AVAILABLE") -> dict[str, Any]:
    """Return `BackupDescription` in wire form."""
    return {"BackupDetails": backup_details(backup, status), **backup.source}


def backup_summary(backup: Backup) -> dict[str, Any]:
    """Return a member of `BackupSummaries` in wire form."""
    return {
        **_picked(backup.source["SourceTableDetails"], _SUMMARY),
        **backup_details(backup),
    }


def source_of(table: Table, now_s: float) -> dict[str, Any]:
    """Return what a backup tells of its table: `SourceTableDetails`, `SourceTableFeatureDetails`.

    Args:
        table: The table, as it is. The caller holds the database's lock.
        now_s: The time, in seconds since the epoch.
    """
    settings, described = table.settings, table_description(table, now_s)
    return {
        "SourceTableDetails": {
            **_picked(described, _DETAILS),
            "TableCreationDateTime": described["CreationDateTime"],
            "ProvisionedThroughput": _units(settings.throughput),
            "BillingMode": settings.billing_mode,
        },
        "SourceTableFeatureDetails": _features(settings, described),
    }


def _features(settings: TableSettings, described: Mapping[str, Any]) -> dict[str, Any]:
    features = {**_indexes(settings, described), **_picked(described, ("SSEDescription",))}
    if "StreamSpecification" in described:
        features["StreamDescription"] = described["StreamSpecification"]
    ttl = settings.time_to_live
    if ttl is not None and ttl.enabled:
        features["TimeToLiveDescription"] = {
            "TimeToLiveStatus": "ENABLED",
            "AttributeName": ttl.attribute,
        }
    return features


def definition_of(table: Table, now_s: float) -> dict[str, Any]:
    """Return the CreateTable request, but for the name, of a table restored from this one.

    Streams, tags, Time to Live, deletion protection, policies and point-in-time recovery aren't
    restored ("Restoring a table from a backup").
    """
    settings, described = table.settings, table_description(table, now_s)
    definition = {
        **_picked(described, ("AttributeDefinitions", "KeySchema", "OnDemandThroughput")),
        **_indexes(settings, described),
        "BillingMode": settings.billing_mode,
    }
    if settings.is_on_demand:
        for index in definition.get("GlobalSecondaryIndexes", ()):
            del index["ProvisionedThroughput"]
    else:
        definition["ProvisionedThroughput"] = _units(settings.throughput)
    if settings.kms_key_arn is not None:
        definition["SSESpecification"] = {
            "Enabled": True,
            "SSEType": "KMS",
            "KMSMasterKeyId": settings.kms_key_arn,
        }
    if settings.table_class is not None:
        definition["TableClass"] = settings.table_class.name
    return definition


def _indexes(settings: TableSettings, described: Mapping[str, Any]) -> dict[str, Any]:
    indexes: dict[str, Any] = {}
    if "LocalSecondaryIndexes" in described:
        indexes["LocalSecondaryIndexes"] = [
            _picked(index, _LOCAL_INDEX) for index in described["LocalSecondaryIndexes"]
        ]
    global_indexes = [
        {
            **_picked(index, _GLOBAL_INDEX),
            "ProvisionedThroughput": _units(settings.indexes[index["IndexName"]].throughput),
        }
        for index in described.get("GlobalSecondaryIndexes", ())
        if index["IndexStatus"] != "DELETING"
    ]
    if global_indexes:
        indexes["GlobalSecondaryIndexes"] = global_indexes
    return indexes


def _units(throughput: Throughput) -> dict[str, int]:
    return {
        "ReadCapacityUnits": throughput.read_units,
        "WriteCapacityUnits": throughput.write_units,
    }


def _picked(members: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: members[name] for name in names if name in members}
