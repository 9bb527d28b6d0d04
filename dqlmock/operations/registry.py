"""Every operation that is built, by its API name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, TypeAlias

from dqlmock.engine.database import Database
from dqlmock.operations import (
    batch_execute_statement,
    batch_get_item,
    batch_write_item,
    create_backup,
    create_table,
    delete_backup,
    delete_item,
    delete_resource_policy,
    delete_table,
    describe_backup,
    describe_continuous_backups,
    describe_contributor_insights,
    describe_endpoints,
    describe_export,
    describe_import,
    describe_kinesis_streaming_destination,
    describe_limits,
    describe_stream,
    describe_table,
    describe_time_to_live,
    disable_kinesis_streaming_destination,
    enable_kinesis_streaming_destination,
    execute_statement,
    execute_transaction,
    export_table_to_point_in_time,
    get_item,
    get_records,
    get_resource_policy,
    get_shard_iterator,
    import_table,
    list_backups,
    list_contributor_insights,
    list_exports,
    list_imports,
    list_streams,
    list_tables,
    list_tags_of_resource,
    put_item,
    put_resource_policy,
    query,
    restore_table_from_backup,
    restore_table_to_point_in_time,
    scan,
    tag_resource,
    transact_get_items,
    transact_write_items,
    untag_resource,
    update_continuous_backups,
    update_contributor_insights,
    update_item,
    update_kinesis_streaming_destination,
    update_table,
    update_time_to_live,
)

Request: TypeAlias = dict[str, Any]
Result: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One API action.

    Args:
        name: As in `X-Amz-Target`.
        check: Raises for rules across fields that need no state.
        run: Does the work and returns the members of the answer.
        service: botocore's name of the service whose model it is in.
    """

    name: str
    check: Callable[[Request], None]
    run: Callable[[Database, Request], Result]
    service: str = "dynamodb"


def _operation(name: str, module: ModuleType) -> tuple[str, Operation]:
    return name, Operation(name, module.check, module.run)


def _stream_operation(name: str, module: ModuleType) -> tuple[str, Operation]:
    return name, Operation(name, module.check, module.run, "dynamodbstreams")


OPERATIONS: Final = dict(
    (
        _operation("BatchExecuteStatement", batch_execute_statement),
        _operation("BatchGetItem", batch_get_item),
        _operation("BatchWriteItem", batch_write_item),
        _operation("CreateBackup", create_backup),
        _operation("CreateTable", create_table),
        _operation("DeleteBackup", delete_backup),
        _operation("DeleteItem", delete_item),
        _operation("DeleteResourcePolicy", delete_resource_policy),
        _operation("DeleteTable", delete_table),
        _operation("DescribeBackup", describe_backup),
        _operation("DescribeContinuousBackups", describe_continuous_backups),
        _operation("DescribeContributorInsights", describe_contributor_insights),
        _operation("DescribeEndpoints", describe_endpoints),
        _operation("DescribeExport", describe_export),
        _operation("DescribeImport", describe_import),
        _operation("DescribeKinesisStreamingDestination", describe_kinesis_streaming_destination),
        _operation("DescribeLimits", describe_limits),
        _operation("DescribeTable", describe_table),
        _operation("DescribeTimeToLive", describe_time_to_live),
        _operation("DisableKinesisStreamingDestination", disable_kinesis_streaming_destination),
        _operation("EnableKinesisStreamingDestination", enable_kinesis_streaming_destination),
        _operation("ExecuteStatement", execute_statement),
        _operation("ExecuteTransaction", execute_transaction),
        _operation("ExportTableToPointInTime", export_table_to_point_in_time),
        _operation("GetItem", get_item),
        _operation("GetResourcePolicy", get_resource_policy),
        _operation("ImportTable", import_table),
        _operation("ListBackups", list_backups),
        _operation("ListContributorInsights", list_contributor_insights),
        _operation("ListExports", list_exports),
        _operation("ListImports", list_imports),
        _operation("ListTables", list_tables),
        _operation("ListTagsOfResource", list_tags_of_resource),
        _operation("PutItem", put_item),
        _operation("PutResourcePolicy", put_resource_policy),
        _operation("Query", query),
        _operation("RestoreTableFromBackup", restore_table_from_backup),
        _operation("RestoreTableToPointInTime", restore_table_to_point_in_time),
        _operation("Scan", scan),
        _operation("TagResource", tag_resource),
        _operation("TransactGetItems", transact_get_items),
        _operation("TransactWriteItems", transact_write_items),
        _operation("UntagResource", untag_resource),
        _operation("UpdateContinuousBackups", update_continuous_backups),
        _operation("UpdateContributorInsights", update_contributor_insights),
        _operation("UpdateItem", update_item),
        _operation("UpdateKinesisStreamingDestination", update_kinesis_streaming_destination),
        _operation("UpdateTable", update_table),
        _operation("UpdateTimeToLive", update_time_to_live),
    )
)
"""What is not listed but in the service model is not built."""

STREAM_OPERATIONS: Final = dict(
    (
        _stream_operation("DescribeStream", describe_stream),
        _stream_operation("GetRecords", get_records),
        _stream_operation("GetShardIterator", get_shard_iterator),
        _stream_operation("ListStreams", list_streams),
    )
)
"""The operations of DynamoDB Streams: a service of its own."""
