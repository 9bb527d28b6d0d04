"""Every quota of DynamoDB, once, with its unit and the page of AWS's documentation it comes from.

Owns numbers only. Unless a line says otherwise the page is "Quotas in Amazon DynamoDB"
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
"""

from __future__ import annotations

from typing import Final

ITEM_SIZE_BYTES: Final = 409_600
"""Largest item, names and values together: 400 KB."""

PARTITION_KEY_SIZE_BYTES: Final = 2048
"""Largest partition key value."""

SORT_KEY_SIZE_BYTES: Final = 1024
"""Largest sort key value."""

NESTING_LEVELS: Final = 32
"""Deepest nesting of maps and lists in an attribute value."""

NUMBER_DIGITS: Final = 38
"""Significant digits of a number. (Naming rules and data types: HowItWorks.NamingRulesDataTypes)"""

NUMBER_MAX_EXPONENT: Final = 125
"""A number's magnitude is below 10**126: 9.9999999999999999999999999999999999999E+125."""

NUMBER_MIN_EXPONENT: Final = -130
"""A number other than zero has a magnitude of at least 1E-130."""

EXPRESSION_SIZE_BYTES: Final = 4096
"""Longest expression string."""

EXPRESSION_OPERATORS: Final = 300
"""Most operators and functions in an expression."""

IN_OPERANDS: Final = 100
"""Most operands of IN."""

STATEMENT_PARTITIONS: Final = 50
"""Most partition key values of a statement's IN (ql-operators.html)."""

STATEMENT_PAGE_KEYS: Final = 10
"""Most key values that a page of a SELECT is read from, where they are of several partitions
(ql-operators.html, which says items)."""

EXPRESSION_SUBSTITUTION_SIZE_BYTES: Final = 2 * 1024 * 1024
"""All substitution variables of one expression together: 2 MB."""

EXPRESSION_PLACEHOLDER_LENGTH: Final = 255
"""Longest key of ExpressionAttributeNames or -Values, with its # or colon."""

ATTRIBUTE_NAME_SIZE_BYTES: Final = 65_535
"""Longest attribute name (64 KB), where it isn't part of a key."""

KEY_ATTRIBUTE_NAME_LENGTH: Final = 255
"""Longest name of a key attribute of a table or an index, in characters."""

TABLE_NAME_MIN_LENGTH: Final = 3
TABLE_NAME_MAX_LENGTH: Final = 255
"""Length of a table's or an index's name, in characters."""

REQUEST_SIZE_BYTES: Final = 16 * 1024 * 1024
"""Largest body of a request: what BatchWriteItem, the largest, may carry. (API_BatchWriteItem)"""

PAGE_SIZE_BYTES: Final = 1024 * 1024
"""What Query and Scan read for one page: 1 MB. (Query.Pagination)"""

READ_UNIT_BYTES: Final = 4096
"""One read unit: a strongly consistent read of up to 4 KB. (read-write-operations)"""

WRITE_UNIT_BYTES: Final = 1024
"""One write unit: a write of up to 1 KB. (read-write-operations)"""

GLOBAL_SECONDARY_INDEXES: Final = 20
"""Global secondary indexes of a table (the default quota)."""

LOCAL_SECONDARY_INDEXES: Final = 5
"""Local secondary indexes of a table."""

PROJECTED_NON_KEY_ATTRIBUTES: Final = 100
"""NonKeyAttributes of all secondary indexes of a table together."""

INDEX_NON_KEY_ATTRIBUTES: Final = 20
"""NonKeyAttributes of one secondary index. (API_Projection)"""

INDEX_KEY_ATTRIBUTES: Final = 4
"""Partition key attributes, and likewise sort key attributes, of a global secondary index.
(GSI.DesignPattern.MultiAttributeKeys)"""

ITEM_COLLECTION_SIZE_BYTES: Final = 10 * 1024**3
"""Largest item collection of a table with local secondary indexes: 10 GB."""

SCAN_SEGMENTS: Final = 1_000_000
"""Most segments of a parallel scan. (API_Scan)"""

BATCH_GET_KEYS: Final = 100
"""Most keys of one BatchGetItem, over all tables. (API_BatchGetItem)"""

BATCH_GET_SIZE_BYTES: Final = 16 * 1024 * 1024
"""What one BatchGetItem reads at most: 16 MB. (API_BatchGetItem)"""

BATCH_WRITE_ITEMS: Final = 25
"""Most puts and deletes of one BatchWriteItem, over all tables. (API_BatchWriteItem)"""

BATCH_STATEMENTS: Final = 25
"""Most statements of one BatchExecuteStatement. (API_BatchExecuteStatement)"""

STATEMENT_LENGTH: Final = 8192
"""Longest PartiQL statement, in characters. (API_ExecuteStatement)"""

TRANSACTION_ACTIONS: Final = 100
"""Most actions of one transaction, and likewise statements of one ExecuteTransaction.
(transaction-apis)"""

TRANSACTION_SIZE_BYTES: Final = 4 * 1024 * 1024
"""All items of one transaction together: 4 MB. (transaction-apis)"""

IDEMPOTENCY_WINDOW_S: Final = 600.0
"""How long a ClientRequestToken is remembered: ten minutes. (API_TransactWriteItems)"""

ACCOUNT_THROUGHPUT_UNITS: Final = 80_000
"""Most read, and likewise write, units of an account in a region (the default quota)."""

TAGS_PER_RESOURCE: Final = 50
"""Most tags of a table. (Tagging.html)"""

TAG_KEY_LENGTH: Final = 128
"""Longest key of a tag, in characters. (Tagging.html)"""

TAG_VALUE_LENGTH: Final = 256
"""Longest value of a tag, in characters. (Tagging.html)"""

LIST_TABLES_PAGE: Final = 100
"""Names in one answer of ListTables. (API_ListTables)"""

TABLE_THROUGHPUT_UNITS: Final = 40_000
"""Most read, and likewise write, units of a provisioned table (the default quota)."""

STREAM_RETENTION_S: Final = 24 * 60 * 60
"""How long a stream record is kept, and a disabled stream stays readable: 24 hours. (Streams)"""

STREAM_PAGE_SIZE_BYTES: Final = 1024 * 1024
"""Stream records of one GetRecords together: 1 MB. (API_streams_GetRecords)"""

STREAM_PAGE_RECORDS: Final = 1000
"""Stream records of one GetRecords. (API_streams_GetRecords)"""

LIST_STREAMS_PAGE: Final = 100
"""Streams in one answer of ListStreams. (API_streams_ListStreams)"""

DESCRIBE_STREAM_PAGE: Final = 100
"""Shards in one answer of DescribeStream. (API_streams_DescribeStream)"""

SHARD_ITERATOR_AGE_S: Final = 15 * 60
"""How long a shard iterator can be used: 15 minutes. (API_streams_GetShardIterator)"""

TTL_ATTRIBUTE_NAME_LENGTH: Final = 255
"""Longest name of the attribute that holds the expiry. (API_TimeToLiveSpecification)"""

TTL_OLDEST_S: Final = 5 * 365 * 24 * 60 * 60
"""An expiry further in the past is ignored: five years. (time-to-live-ttl-before-you-start)"""

TTL_CHANGE_INTERVAL_S: Final = 60 * 60
"""Between two changes of a table's TTL: one hour. (API_UpdateTimeToLive)"""

ENCRYPTION_CHANGES: Final = 4
"""Changes of a table's key within 24 hours, counted from its creation. (ServiceQuotas)"""

ENCRYPTION_CHANGE_WAIT_S: Final = 6 * 60 * 60
"""How long after the last one a further change of a table's key is allowed. (ServiceQuotas)"""

RECOVERY_PERIOD_DAYS: Final = 35
"""How far back point-in-time recovery reaches unless told otherwise, which is the most it can.
(API_PointInTimeRecoverySpecification)"""

LIST_CONTRIBUTOR_INSIGHTS_PAGE: Final = 100
"""Summaries in one answer of ListContributorInsights. (API_ListContributorInsights)"""

SYSTEM_BACKUP_DAYS: Final = 35
"""How long the backup is kept that deleting a table leaves behind (BackupDetails)."""

LIST_BACKUPS_PAGE: Final = 100
"""Backups in one answer of ListBackups. (API_ListBackups)"""

TRANSFER_TOKEN_S: Final = 8 * 60 * 60
"""How long a ClientToken is remembered after its export or import: eight hours.
(API_ExportTableToPointInTime, API_ImportTable)"""

TRANSFER_RETENTION_S: Final = 90 * 24 * 60 * 60
"""How long exports and imports are described and listed: 90 days. (S3DataExport_Requesting)"""

LIST_TRANSFERS_PAGE: Final = 25
"""Exports in one answer of ListExports, imports in one of ListImports: the most that can be asked
for."""
