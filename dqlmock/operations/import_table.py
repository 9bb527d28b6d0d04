"""ImportTable (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ImportTable.html)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
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
from dqlmock.operations.transfers import failed, refuse_ion
from dqlmock.operations.writing import put_item
from dqlmock.shapes.attributes import decode_attributes

_INVALID_ITEMS: Final = {
    "FailureCode": "ItemValidationError",
    "FailureMessage": (
        "Some of the items failed validation checks and were not imported. Please check CloudWatch "
        "error logs for more details."
    ),
}
"""S3DataImport.Validation, "Data validation errors"."""


def check(request: dict[str, Any]) -> None:
    """Check the table that is to be created as CreateTable does."""
    refuse_ion(request, "InputFormat")
    check_compression(request.get("InputCompressionType"))
    create_table.check(request["TableCreationParameters"])


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Create a table and fill it. The answer says IN_PROGRESS, but all is done by then.

    S3 is called while no lock is held: whoever mocks it may call DynamoDB.
    """
    owner, name = database.resolve(request["TableCreationParameters"]["TableName"])
    with owner.lock:
        now_s = owner.clock.now_s()
        known = owner.imports.of_token(request.get("ClientToken"), now_s)
        if known is not None:
            return {"ImportTableDescription": _again(known, request, now_s)}
        owner.check_is_new(name)
    source = request["S3BucketSource"]
    store = database.engine.open_objects(database.account, database.region)
    try:
        keys = list(store.keys(source["S3Bucket"], source.get("S3KeyPrefix", "")))
    except ObjectStoreError as error:
        return {"ImportTableDescription": _without_table(owner, name, request, error)}
    with owner.lock:
        created = create_table.run(owner, request["TableCreationParameters"])["TableDescription"]
        table = owner.find(name)
        begun = _begun(owner, name, request, created["TableId"])
        owner.imports.keep(begun)
    _fill(owner, begun, _Import(store, table, request), keys)
    return {"ImportTableDescription": begun.described}


def _again(known: Transfer, request: dict[str, Any], now_s: float) -> dict[str, Any]:
    if known.request != request:
        # The service model's text; what AWS says in full is not known.
        raise ImportConflictException(
            "There was a conflict when importing from the specified S3 source. This can occur when "
            "the current import conflicts with a previous import request that had the same client "
            "token."
        )
    return known.description(now_s)


def _begun(owner: Database, name: str, request: dict[str, Any], table_id: str) -> Transfer:
    now_s, table_arn = owner.clock.now_s(), str(TableArn(owner.region, owner.account, name))
    logs = f"arn:{partition(owner.region)}:logs:{owner.region}:{owner.account}:log-group"
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
        begun, now_s = _begun(owner, name, request, str(uuid.uuid4())), owner.clock.now_s()
        outcome = {**failed(error, now_s), "ImportStatus": "FAILED", "ProcessedSizeBytes": 0}
        owner.imports.keep(replace(begun, ended_s=now_s, outcome=outcome))
    return dict(begun.described)


@dataclass(slots=True)
class _Import:
    """What is done with each object, and how much was done."""

    store: ObjectStore
    table: Table
    request: dict[str, Any]
    size_bytes: int = 0
    imported: int = 0
    errors: int = 0

    def add(self, key: str) -> None:
        """Put the items of one object; of several with one key the last stays."""
        source, compression = (
            self.request["S3BucketSource"],
            self.request.get("InputCompressionType"),
        )
        packed = self.store.get(source["S3Bucket"], key)
        try:
            body = unpacked(packed, compression or "NONE")
            self.size_bytes += len(body)
            for item in read_items(body, self.request, self.table.schema.types):
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

    def counts(self) -> dict[str, Any]:
        """Return what the import's description says more of it."""
        return {
            "ErrorCount": self.errors,
            "ProcessedSizeBytes": self.size_bytes,
            "ProcessedItemCount": self.imported + self.errors,
            "ImportedItemCount": self.imported,
        }


def _fill(owner: Database, begun: Transfer, work: _Import, keys: Iterable[str]) -> None:
    ended_s = begun.started_s + owner.engine.delays.create_s
    try:
        for key in keys:
            work.add(key)
        outcome: dict[str, Any] = {"ImportStatus": "COMPLETED", "EndTime": wire_time(ended_s)}
        if work.errors:
            outcome.update(_INVALID_ITEMS, ImportStatus="FAILED")
    except ObjectStoreError as error:
        outcome = {**failed(error, ended_s), "ImportStatus": "FAILED"}
    except BaseException:
        with owner.lock:
            owner.imports.drop(begun)
        raise
    with owner.lock:
        owner.imports.keep(replace(begun, ended_s=ended_s, outcome={**work.counts(), **outcome}))
