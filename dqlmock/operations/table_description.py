"""TableDescription, as CreateTable, DescribeTable, UpdateTable and DeleteTable answer it.

Owns the wire form. AWS counts items and bytes about every six hours; here they are always those of
the moment. Knows no requests.
"""

from __future__ import annotations

from typing import Any

from dqlmock.engine.arn import index_arn
from dqlmock.engine.schema import IndexSchema, KeySchema
from dqlmock.engine.settings import (
    IndexSettings,
    OnDemandMaxima,
    Restoration,
    TableSettings,
    Throughput,
)
from dqlmock.engine.table import Table
from dqlmock.operations.table_throughput import warm_reached

_KEPT_WHEN_DELETING = (
    "TableName",
    "TableStatus",
    "ProvisionedThroughput",
    "TableSizeBytes",
    "ItemCount",
    "TableArn",
    "TableId",
    "BillingModeSummary",
    "TableThroughputModeSummary",
    "TableClassSummary",
    "DeletionProtectionEnabled",
)
"""AWS drops keys, indexes and the time of creation: the AWS CLI's example of `delete-table`, and
cloud-custodian's recording, test_force_delete_dynamodb_tables."""


def table_description(table: Table, now_s: float) -> dict[str, Any]:
    """Return what AWS tells of a table.

    Statuses are those of the table's settings as they stand: settle them first to see the present,
    leave them to see the change that has just begun. The caller holds the database's lock.

    Args:
        table: The table.
        now_s: The time, in seconds since the epoch.

    Returns:
        `TableDescription` in wire form; times are floats of epoch seconds.
    """
    settings = table.settings
    described = {
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": tag}
            # Sorted, whatever the order of the request: the AWS CLI's examples of `create-table`,
            # and https://github.com/aws-controllers-k8s/community/issues/1599.
            for name, tag in sorted(settings.attribute_types.items())
        ],
        "TableName": settings.name,
        "KeySchema": key_schema(table.schema.key),
        "TableStatus": settings.status,
        "CreationDateTime": wire_time(settings.created_s),
        "ProvisionedThroughput": _throughput(settings.throughput, now_s),
        "TableSizeBytes": table.keyspace.size_bytes(),
        "ItemCount": len(table.keyspace),
        "TableArn": settings.arn,
        "TableId": settings.table_id,
        "DeletionProtectionEnabled": settings.deletion_protection,
        **_billing(settings, now_s),
        **_indexes(table, now_s),
        **_stream(settings),
        **_options(settings),
    }
    if settings.status == "DELETING":
        return {name: described[name] for name in _KEPT_WHEN_DELETING if name in described}
    return described


def wire_time(moment_s: float) -> float:
    """Return a time as AWS tells it, to the millisecond."""
    return int(moment_s * 1000) / 1000


def key_schema(key: KeySchema) -> list[dict[str, str]]:
    """Return `KeySchema` in wire form."""
    return [{"AttributeName": name, "KeyType": "HASH"} for name in key.partition] + [
        {"AttributeName": name, "KeyType": "RANGE"} for name in key.sort
    ]


def encryption(status: str, key_arn: str | None) -> dict[str, str]:
    """Return `SSEDescription` in wire form; `key_arn` is None for the key that DynamoDB owns."""
    if key_arn is None:
        return {"Status": status}
    return {"Status": status, "SSEType": "KMS", "KMSMasterKeyArn": key_arn}


def _throughput(throughput: Throughput, now_s: float) -> dict[str, Any]:
    described: dict[str, Any] = {
        "NumberOfDecreasesToday": throughput.decreases_today(now_s),
        "ReadCapacityUnits": throughput.read_units,
        "WriteCapacityUnits": throughput.write_units,
    }
    if throughput.last_increase_s is not None:
        described["LastIncreaseDateTime"] = wire_time(throughput.last_increase_s)
    if throughput.last_decrease_s is not None:
        described["LastDecreaseDateTime"] = wire_time(throughput.last_decrease_s)
    return described


def _billing(settings: TableSettings, now_s: float) -> dict[str, Any]:
    described: dict[str, Any] = {}
    # A table that was never on demand has no summary, but one that was restored: the AWS CLI's
    # examples of both operations that restore.
    chosen = settings.on_demand_since_s is not None or settings.restoration is not None
    if settings.is_on_demand or chosen:
        since: dict[str, float] = {}
        if settings.on_demand_since_s is not None and settings.status != "CREATING":
            since["LastUpdateToPayPerRequestDateTime"] = wire_time(settings.on_demand_since_s)
        described["BillingModeSummary"] = {"BillingMode": settings.billing_mode, **since}
        # No model has it, AWS tells it all the same (August 2026: ExtendDB/extenddb#320).
        mode = {"TableThroughputMode": settings.billing_mode}
        described["TableThroughputModeSummary"] = {**mode, **since}
    if settings.on_demand is not None:
        described["OnDemandThroughput"] = _maxima(settings.on_demand)
    # A table that is being created tells of it where it was asked for alone (localstack/localstack,
    # test_table_crud and test_table_warm_throughput).
    if settings.status != "CREATING" or settings.warm is not None:
        described.update(_warm(settings, now_s, on_demand=settings.is_on_demand))
    return described


def _maxima(maxima: OnDemandMaxima) -> dict[str, int]:
    described = {
        "MaxReadRequestUnits": maxima.read_units,
        "MaxWriteRequestUnits": maxima.write_units,
    }
    return {name: units for name, units in described.items() if units is not None}


def _warm(
    settings: TableSettings | IndexSettings, now_s: float, *, on_demand: bool
) -> dict[str, Any]:
    shown = warm_reached(settings.warm, settings.throughput, on_demand=on_demand)
    changes = settings.status == "CREATING" or now_s < settings.warm_settled_s
    return {
        "WarmThroughput": {
            "ReadUnitsPerSecond": shown.read_units,
            "WriteUnitsPerSecond": shown.write_units,
            "Status": "UPDATING" if changes else settings.status,
        }
    }


def _indexes(table: Table, now_s: float) -> dict[str, Any]:
    described: dict[str, Any] = {}
    local = [
        _index(table, index.schema)
        for index in table.indexes.values()
        if not index.schema.is_global
    ]
    if local:
        described["LocalSecondaryIndexes"] = local
    indexes = [_global_index(table, index, now_s) for index in table.settings.indexes.values()]
    if indexes:
        described["GlobalSecondaryIndexes"] = indexes
    return described


def _index(table: Table, schema: IndexSchema) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": schema.projection.value}
    if schema.non_key_attributes:
        projection["NonKeyAttributes"] = list(schema.non_key_attributes)
    # An index being deleted holds no entries any more.
    index = table.indexes.get(schema.name)
    return {
        "IndexName": schema.name,
        "KeySchema": key_schema(schema.key),
        "Projection": projection,
        "IndexSizeBytes": index.keyspace.size_bytes() if index else 0,
        "ItemCount": len(index.keyspace) if index else 0,
        "IndexArn": index_arn(table.settings.arn, schema.name),
    }


def _global_index(table: Table, index: IndexSettings, now_s: float) -> dict[str, Any]:
    described = _index(table, index.schema)
    described["IndexStatus"] = index.status
    if index.status == "DELETING":
        del described["Projection"]  # boto/boto#2978 met it so on AWS
    described["ProvisionedThroughput"] = _throughput(index.throughput, now_s)
    if index.transition is not None and index.transition.backfills:
        described["Backfilling"] = index.transition.is_backfilling(now_s)
    if index.on_demand is not None:
        described["OnDemandThroughput"] = _maxima(index.on_demand)
    # One that backfills tells of it: go-to-k/cdkd#1767 shows AWS's description (August 2026).
    if index.status != "CREATING" or index.warm is not None or described.get("Backfilling"):
        described.update(_warm(index, now_s, on_demand=table.settings.is_on_demand))
    return described


def _stream(settings: TableSettings) -> dict[str, Any]:
    stream = settings.stream
    if stream is None:
        return {}
    described: dict[str, Any] = {"LatestStreamLabel": stream.label, "LatestStreamArn": stream.arn}
    if stream.enabled:
        described["StreamSpecification"] = {
            "StreamEnabled": True,
            "StreamViewType": stream.view_type,
        }
    return described


def _options(settings: TableSettings) -> dict[str, Any]:
    described: dict[str, Any] = {}
    if settings.kms_key_arn is not None:
        described["SSEDescription"] = encryption("ENABLED", settings.kms_key_arn)
    if settings.table_class is not None:
        summary: dict[str, Any] = {"TableClass": settings.table_class.name}
        if settings.table_class.changed_s is not None:
            summary["LastUpdateDateTime"] = wire_time(settings.table_class.changed_s)
        described["TableClassSummary"] = summary
    if settings.restoration is not None:
        in_progress = settings.status == "CREATING"
        described["RestoreSummary"] = restore_summary(settings.restoration, in_progress=in_progress)
    return described


def restore_summary(restoration: Restoration, *, in_progress: bool) -> dict[str, Any]:
    """Return `RestoreSummary` in wire form."""
    described: dict[str, Any] = {
        "SourceTableArn": restoration.table_arn,
        "RestoreDateTime": wire_time(restoration.moment_s),
        "RestoreInProgress": in_progress,
    }
    if restoration.backup_arn is not None:
        described["SourceBackupArn"] = restoration.backup_arn
    return described
