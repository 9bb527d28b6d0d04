"""ImportTable (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from dqlmock.engine.arn import TableArn, partition
from dqlmock.engine.database import Database
from dqlmock.engine.objects import ObjectStore, ObjectStoreError
from dqlmock.engine.table import Table
from dqlmock.engine.transfers import Transfer
from dqlmock.errors import DynamoDBError, ImportConflictException
from dqlmock.operations import create_table
from dqlmock.operations.import_sources import (
    UnreadableObject,
    check_compression,
    read_items,
    unpacked,
)
from dqlmock.operations.table_description import wire_time
from dqlmock.operations.transfers import carry_out, failed, refuse_ion, repeated
from dqlmock.operations.writing import put_item
from dqlmock.shapes.attributes import decode_attributes

_INVALID_ITEMS: Final = {
    "ImportStatus": "FAILED",
    "FailureCode": "ItemValidationError",
    "FailureMessage": (
        "Some of the items failed validation checks and were not imported. Please check CloudWatch "
        "error logs for more details."
    ),
}
"""S3DataImport.Validation, "Data validation errors"."""

_CONFLICT: Final = (
    "There was a conflict when importing from the specified S3 source. This can occur when the "
    "current import conflicts with a previous import request that had the same client token."
)
"""The service model's text; what AWS says in full is not known."""


def check(request: dict[str, Any]) -> None:
    """Check the table that is to be created as CreateTable does."""
    refuse_ion(request, "InputFormat")
    check_compression(request.get("InputCompressionType"))
    create_table.check(request["TableCreationParameters"])


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Create a table and fill it. The answer says IN_PROGRESS; all is done by then."""
    owner, name = database.resolve(request["TableCreationParameters"]["TableName"])
    with owner.lock:
        now_s = owner.clock.now_s()
        known = repeated(owner.imports, request, now_s, ImportConflictException(_CONFLICT))
        if known is not None:
            return {"ImportTableDescription": known}
        owner.check_is_new(name)
    source = request["S3BucketSource"]
    store = database.engine.open_objects(database.account, database.region)
    try:
        keys = list(store.keys(source["S3Bucket"], source.get("S3KeyPrefix", "")))
    except ObjectStoreError as error:
        return {"ImportTableDescription": _without_table(owner, name, request, error)}
    with owner.lock:
        created = create_table.run(owner, request["TableCreationParameters"])["TableDescription"]
        work = _Import(store, owner.find(name), request)
        begun = _begun(owner, name, request, created["TableId"])
        owner.imports.keep(begun)
    ended_s = begun.started_s + owner.engine.delays.create_s
    ended = {"EndTime": wire_time(ended_s)}
    try:
        carry_out(owner, owner.imports, begun, ended_s, lambda: {**ended, **work.outcome(keys)})
    except BaseException:  # whatever ended it, an interrupt too, no half of a table stays
        with owner.lock:
            owner.delete(work.table)
        raise
    return {"ImportTableDescription": begun.described}


def _begun(owner: Database, name: str, request: dict[str, Any], table_id: str) -> Transfer:
    now_s, table_arn = owner.clock.now_s(), str(TableArn(owner.region, owner.account, name))
    logs = f"arn:{partition(owner.region).name}:logs:{owner.region}:{owner.account}:log-group"
    arn = owner.imports.new_arn(table_arn, now_s)
    given = ("ClientToken", "InputFormat", "InputFormatOptions", "TableCreationParameters")
    described = {
        "ImportArn": arn,
        "ImportStatus": "IN_PROGRESS",
        "TableArn": table_arn,
        "TableId": table_id,
        **{member: request[member] for member in given if member in request},
        "S3BucketSource": {"S3BucketOwner": owner.account, **request["S3BucketSource"]},
        "ErrorCount": 0,
        "CloudWatchLogGroupArn": f"{logs}:/aws-dynamodb/imports:*",
        "InputCompressionType": request.get("InputCompressionType", "NONE"),
        "StartTime": wire_time(now_s),
        "ProcessedItemCount": 0,
        "ImportedItemCount": 0,
    }
    return Transfer(arn, table_arn, request, now_s, described)


def _without_table(
    owner: Database, name: str, request: dict[str, Any], error: ObjectStoreError
) -> dict[str, Any]:
    """Keep an import that S3 ended before there was a table: none is created."""
    with owner.lock:
        begun = _begun(owner, name, request, str(uuid.uuid4()))
        owner.imports.keep(begun)
    ended = {"ImportStatus": "FAILED", "EndTime": wire_time(begun.started_s)}
    told = {**ended, "ProcessedSizeBytes": 0, **failed(error)}
    carry_out(owner, owner.imports, begun, begun.started_s, lambda: told)
    return dict(begun.described)


@dataclass(slots=True)
class _Import:
    """What is done with each object, and how much was done.

    Of several items with one key the last stays, and all count.
    """

    store: ObjectStore
    table: Table
    request: dict[str, Any]
    size_bytes: int = 0
    imported: int = 0
    errors: int = 0

    def outcome(self, keys: Iterable[str]) -> dict[str, Any]:
        """Put the items of all objects; return what the import's description says more."""
        try:
            for key in keys:
                self._add(key)
        except ObjectStoreError as error:
            return {"ImportStatus": "FAILED", **failed(error), **self._counts()}
        if self.errors:
            return {**_INVALID_ITEMS, **self._counts()}
        return {"ImportStatus": "COMPLETED", **self._counts()}

    def _add(self, key: str) -> None:
        request = self.request
        packed = self.store.get(request["S3BucketSource"]["S3Bucket"], key)
        try:
            body = unpacked(packed, request.get("InputCompressionType", "NONE"))
            self.size_bytes += len(body)
            for item in read_items(body, request, self.table.schema.types):
                self._put(item)
        except UnreadableObject:
            self.errors += 1

    def _put(self, item: dict[str, Any]) -> None:
        try:
            put_item(self.table, decode_attributes(item))
        except DynamoDBError:
            self.errors += 1
        else:
            self.imported += 1

    def _counts(self) -> dict[str, int]:
        return {
            "ErrorCount": self.errors,
            "ProcessedSizeBytes": self.size_bytes,
            "ProcessedItemCount": self.imported + self.errors,
            "ImportedItemCount": self.imported,
        }
