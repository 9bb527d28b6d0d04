"""ExportTableToPointInTime (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html)."""

from __future__ import annotations

from typing import Any, Final

from dqlmock.engine.database import Database
from dqlmock.engine.objects import ObjectStoreError
from dqlmock.engine.table import Table
from dqlmock.engine.transfers import Transfer
from dqlmock.errors import (
    DqlmockError,
    ExportConflictException,
    InvalidExportTimeException,
    PointInTimeRecoveryUnavailableException,
)
from dqlmock.operations.continuous_backups import backed_up_table
from dqlmock.operations.export_files import ExportFiles
from dqlmock.operations.table_description import wire_time
from dqlmock.operations.table_options import refuse_unbuilt
from dqlmock.operations.transfers import carry_out, failed, owner_of, refuse_ion, repeated

_INEXACT_S: Final = 60.0
"""An export may hold what was written within a minute of its time (S3DataExport.HowItWorks)."""

_CONFLICT: Final = "There was a conflict when writing to the specified S3 bucket."
"""The service model's text; what AWS says of a token is not known."""

_TOLD: Final = (
    *("ClientToken", "S3Bucket", "S3BucketOwner", "S3Prefix", "S3SseKmsKeyId"),
    # Which AWS didn't tell of nine full exports, but in ListExports: cloud-custodian's recording of
    # February 2026, test_dynamodb_export_description_filter.
    "ExportType",
)


def check(request: dict[str, Any]) -> None:
    """Refuse what is not built; there are no rules that need no state."""
    refuse_ion(request, "ExportFormat")
    refuse_unbuilt(request, ("FilterSpecification",))


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Write what the table holds now to S3. The answer says IN_PROGRESS; all is done by then."""
    owner, name = owner_of(database, request["TableArn"])
    with owner.lock:
        now_s = owner.clock.now_s()
        known = repeated(owner.exports, request, now_s, ExportConflictException(_CONFLICT))
        if known is not None:
            return {"ExportDescription": known}
        table = backed_up_table(owner, name)
        moment_s = _moment(table, request, now_s)
        with table.all_locked():
            items = [item for _, item in table.items()]
        export = _begun(owner, table, request, now_s, moment_s)
        owner.exports.keep(export)

    def write() -> dict[str, Any]:
        store = database.engine.open_objects(database.account, database.region)
        try:
            told = ExportFiles(store, export.described).write(items, now_s)
        except ObjectStoreError as error:
            # Without EndTime: cloud-custodian's recording of AWS of February 2026,
            # test_dynamodb_export_description_filter.
            return {"ExportStatus": "FAILED", **failed(error)}
        return {"ExportStatus": "COMPLETED", "EndTime": wire_time(now_s), **told}

    carry_out(owner, owner.exports, export, now_s, write)
    return {"ExportDescription": export.described}


def _moment(table: Table, request: dict[str, Any], now_s: float) -> float:
    recovery = table.settings.recovery
    if recovery is None:
        # ExtendDB/extenddb#335 has it from AWS, for RestoreTableToPointInTime.
        raise PointInTimeRecoveryUnavailableException(
            f"Point in time recovery is not enabled for table '{table.name}'"
        )
    if request.get("ExportType") == "INCREMENTAL_EXPORT":
        raise DqlmockError(
            "dqlmock can't answer ExportType INCREMENTAL_EXPORT: it keeps no past items. "
            "FULL_EXPORT exports what the table holds now"
        )
    moment_s: float = request.get("ExportTime", now_s)
    earliest_s, _ = recovery.window(now_s)
    if not int(earliest_s) <= moment_s <= now_s:  # clients send whole seconds
        # The service model's text; what AWS says in full is not known.
        raise InvalidExportTimeException(
            "The specified ExportTime is outside of the point in time recovery window."
        )
    if moment_s < now_s - _INEXACT_S:
        raise DqlmockError(
            "dqlmock can't answer ExportTime: it keeps no past items. Without it, or within the "
            "last minute, the export holds what the table holds now"
        )
    return moment_s


def _begun(
    owner: Database, table: Table, request: dict[str, Any], now_s: float, moment_s: float
) -> Transfer:
    table_arn = table.settings.arn
    arn = owner.exports.new_arn(table_arn, now_s)
    described: dict[str, Any] = {
        "ExportArn": arn,
        "ExportStatus": "IN_PROGRESS",
        "StartTime": wire_time(now_s),
        "TableArn": table_arn,
        "TableId": table.settings.table_id,
        "ExportTime": wire_time(moment_s),
        **{member: request[member] for member in _TOLD if member in request},
        # What hashicorp/terraform-provider-aws tests to be so where it is not asked for.
        "S3SseAlgorithm": request.get("S3SseAlgorithm", "AES256"),
        "ExportFormat": request.get("ExportFormat", "DYNAMODB_JSON"),
    }
    return Transfer(arn, table_arn, request, now_s, described)
