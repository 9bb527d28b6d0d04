"""UpdateTable (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dqlmock.engine.database import Database, still_in_use
from dqlmock.engine.lifecycle import Transition
from dqlmock.engine.settings import IndexSettings, TableClass, TableSettings
from dqlmock.engine.table import Table
from dqlmock.errors import ResourceInUseException, ValidationException
from dqlmock.operations.index_updates import IndexUpdates, are_quiet, check_index_updates
from dqlmock.operations.parameters import check_table_name
from dqlmock.operations.table_definition import Member, invalid
from dqlmock.operations.table_description import encryption, table_description
from dqlmock.operations.table_options import (
    change_encryption,
    change_stream,
    check_encryption,
    check_encryption_changes,
    check_view_type,
    refuse_unbuilt,
)
from dqlmock.operations.table_throughput import (
    NEITHER_ON_DEMAND,
    check_bounds,
    check_decrease,
    check_on_demand_range,
    check_warm,
    keep_warm,
    maxima_named,
    maxima_of,
    take_mode,
    throughput_of,
    unchanged_throughput,
    warm_reached,
)

_UNBUILT = (
    "ReplicaUpdates",
    "MultiRegionConsistency",
    "GlobalTableWitnessUpdates",
    "GlobalTableSettingsReplicationMode",
    "DisassociationProtectionEnabled",
    "VectorIndexUpdates",
)
_CHANGES = (
    "ProvisionedThroughput",
    "BillingMode",
    "StreamSpecification",
    "SSESpecification",
    "TableClass",
    "DeletionProtectionEnabled",
)
_ADDED = ("GlobalSecondaryIndexUpdates", "OnDemandThroughput", "WarmThroughput")
_QUIET = frozenset(
    (
        "SSESpecification",
        "DeletionProtectionEnabled",
        "WarmThroughput",
        "GlobalSecondaryIndexUpdates",
    )
)
"""The table is ACTIVE while they change: the AWS CLI's example of `update-table` for encryption,
cloud-custodian's recording of AWS for protection (test_force_delete_dynamodb_tables), PR 1808 of
go-to-k/cdkd for warm throughput, measured of an index."""


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    check_table_name(request)
    refuse_unbuilt(request, _UNBUILT)
    take_mode(request)
    updates = request.get("GlobalSecondaryIndexUpdates") or ()
    if not updates and not _changes_table(request):
        raise ValidationException(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
            "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
        )
    provisioned = request.get("ProvisionedThroughput")
    # Units for a table on demand are told once the table is known (dynalite).
    if provisioned is None and request.get("BillingMode") == "PROVISIONED":
        raise invalid("ProvisionedThroughput must be specified when BillingMode is PROVISIONED")
    check_bounds(provisioned)
    check_index_updates(updates)
    stream = request.get("StreamSpecification")
    check_view_type(
        stream, "If stream is being disabled, then UpdateViewType must not be specified"
    )
    if stream is not None and provisioned is not None:
        raise invalid("You cannot modify stream status while updating table IOPS")
    check_encryption(request.get("SSESpecification"))
    _check_class_alone(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Begin the change. What makes a table UPDATING does so whatever the engine's delays are."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = owner.find(name)
        settings = table.settings
        if settings.status != "ACTIVE":
            raise _still_changing(table, request)
        now_s = owner.clock.now_s()
        indexes = IndexUpdates(table, request, on_demand=_will_be_on_demand(settings, request))
        _check_capacity(settings, request, now_s)
        _check_stream(settings, request.get("StreamSpecification"))
        check_encryption_changes(settings, request.get("SSESpecification"), now_s)
        indexes.check(now_s)
        return {"TableDescription": _change(owner, table, request, indexes, now_s)}


def _still_changing(table: Table, request: Member) -> ResourceInUseException:
    transition = table.settings.transition
    if transition is None or not (transition.of_throughput and "ProvisionedThroughput" in request):
        return still_in_use(table)
    # MitocGroup/deep-framework issue 311 quotes AWS (March 2016) of throughput raised twice.
    return ResourceInUseException(
        "Attempt to change a resource which is still in use: "
        f"Table IOPS are currently being updated. Table: {table.name}"
    )


def _changes_table(request: Member) -> bool:
    if any(name in request for name in _CHANGES):
        return True
    return bool(request.get("OnDemandThroughput") or request.get("WarmThroughput"))


def _check_class_alone(request: Member) -> None:
    operations = [name for name in (*_CHANGES, *_ADDED) if request.get(name) is not None]
    if "TableClass" in operations and len(operations) > 1:
        # hashicorp/terraform-provider-aws#29816 quotes AWS: also for the class that a table has.
        raise invalid("TableClass modification must be the only operation in the request")


def _will_be_on_demand(settings: TableSettings, request: Member) -> bool:
    mode: str = request.get("BillingMode", settings.billing_mode)
    return mode == "PAY_PER_REQUEST"


def _check_capacity(settings: TableSettings, request: Member, now_s: float) -> None:
    on_demand = _will_be_on_demand(settings, request)
    provisioned = request.get("ProvisionedThroughput")
    if on_demand and provisioned is not None:
        raise invalid(NEITHER_ON_DEMAND)
    _check_maxima(request.get("OnDemandThroughput"), on_demand=on_demand)
    reached = warm_reached(settings.warm, settings.throughput, on_demand=settings.is_on_demand)
    check_warm(request, reached)
    if provisioned is not None and not settings.is_on_demand:
        asked, current = throughput_of(request), settings.throughput
        if (asked.read_units, asked.write_units) == (current.read_units, current.write_units):
            raise unchanged_throughput(current, "table")
        check_decrease(current, asked, now_s)


def _check_maxima(maxima: Member | None, *, on_demand: bool) -> None:
    for name, _ in maxima_named(maxima):
        if not on_demand:
            raise invalid(
                f"{name} for OnDemandThroughput cannot be specified when the table BillingMode is "
                "PROVISIONED"
            )
    check_on_demand_range(maxima or {}, lowest=(-1,))


def _check_stream(settings: TableSettings, specification: Member | None) -> None:
    if specification is None:
        return
    enabled = settings.stream is not None and settings.stream.enabled
    if specification["StreamEnabled"] and enabled:
        raise ValidationException(
            f"Table already has an enabled stream: TableName: {settings.name}"
        )
    if not specification["StreamEnabled"] and not enabled:
        raise ValidationException(f"Table has no stream to disable: TableName: {settings.name}")


def _change(
    database: Database, table: Table, request: Member, indexes: IndexUpdates, now_s: float
) -> dict[str, Any]:
    settings = table.settings
    encrypted_with = settings.kms_key_arn
    _change_options(database, settings, request, now_s)
    delay_s = max(database.engine.delays.update_s, indexes.apply(database, now_s))
    change_stream(database, table, request.get("StreamSpecification"), delay_s, now_s)
    finish = _change_capacity(settings, request, now_s)
    if "WarmThroughput" in request:
        settings.warm_settled_s = now_s + delay_s
    if not _is_quiet(request):
        settings.transition = Transition.begin(
            "UPDATING", now_s, delay_s, finish, of_throughput="ProvisionedThroughput" in request
        )
    description = table_description(table, now_s)
    _show_changing(description, request, encrypted_with)
    settings.settle(now_s)
    return description


def _is_quiet(request: Member) -> bool:
    operations = {name for name in (*_CHANGES, *_ADDED) if request.get(name) is not None}
    return operations <= _QUIET and are_quiet(request.get("GlobalSecondaryIndexUpdates") or ())


def _show_changing(
    description: dict[str, Any], request: Member, encrypted_with: str | None
) -> None:
    """Show what an answer tells as changing, though nothing but a delay may keep it so."""
    if "SSESpecification" in request:
        # A change of encryption shows the key until now: none in the AWS CLI's example of
        # `update-table`, that of KMS where AWS was recorded turning it off (localstack/localstack,
        # test_dynamodb_create_table_with_partial_sse_specification).
        description["SSEDescription"] = encryption("UPDATING", encrypted_with)
    if request.get("WarmThroughput"):
        description["WarmThroughput"]["Status"] = "UPDATING"
    updates = request.get("GlobalSecondaryIndexUpdates") or ()
    warmed = {u["Update"]["IndexName"] for u in updates if "WarmThroughput" in u.get("Update", ())}
    for index in description.get("GlobalSecondaryIndexes", ()):
        if index["IndexName"] in warmed:
            index["WarmThroughput"]["Status"] = "UPDATING"


def _change_options(
    database: Database, settings: TableSettings, request: Member, now_s: float
) -> None:
    if "SSESpecification" in request:
        change_encryption(database, settings, request["SSESpecification"], now_s)
    if "TableClass" in request:
        settings.table_class = TableClass(request["TableClass"], now_s)
    if "DeletionProtectionEnabled" in request:
        settings.deletion_protection = request["DeletionProtectionEnabled"]


def _change_capacity(
    settings: TableSettings, request: Member, now_s: float
) -> Callable[[], None] | None:
    """Change what AWS shows at once; return what it shows only once the table is ACTIVE again."""
    if "ProvisionedThroughput" in request or "WarmThroughput" in request:
        keep_warm(settings, on_demand=settings.is_on_demand, member=request)
    if _will_be_on_demand(settings, request) != settings.is_on_demand:
        _switch(settings, request, now_s)
        return lambda: _settle_switch(settings, now_s)
    maxima = maxima_of(request)
    if maxima is not None:
        settings.on_demand = maxima.merged_over(settings.on_demand)
    if "ProvisionedThroughput" not in request:
        return lambda: _settle_maxima(settings)
    asked = throughput_of(request)
    return lambda: settings.throughput.change(asked.read_units, asked.write_units, now_s)


def _settle_switch(settings: TableSettings, now_s: float) -> None:
    _settle_maxima(settings)
    if settings.is_on_demand:
        # Neither the answer nor a table that is UPDATING tells of it: cloud-custodian's recording
        # of AWS, test_dynamodb_update_table.
        settings.on_demand_since_s = now_s


def _settle_maxima(settings: TableSettings) -> None:
    if settings.on_demand is not None:
        settings.on_demand = settings.on_demand.in_force()


def _switch(settings: TableSettings, request: Member, now_s: float) -> None:
    settings.on_demand = maxima_of(request)
    if _will_be_on_demand(settings, request):
        settings.billing_mode = "PAY_PER_REQUEST"
        capacities: list[TableSettings | IndexSettings] = [settings, *settings.indexes.values()]
        for capacity in capacities:
            keep_warm(capacity, on_demand=False)
            capacity.throughput.read_units = capacity.throughput.write_units = 0
        for index in settings.indexes.values():
            if index.transition is not None and index.status == "UPDATING":
                index.transition = index.transition.updating(None)  # its new units lapse, too
    else:
        settings.billing_mode = "PROVISIONED"
        asked = throughput_of(request)
        settings.throughput.change(asked.read_units, asked.write_units, now_s)
        for index in settings.indexes.values():
            index.on_demand = None
