"""CreateTable (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html)."""

from __future__ import annotations

import uuid
from typing import Any

from dqlmock.engine.arn import TableArn
from dqlmock.engine.database import Database
from dqlmock.engine.schema import TableSchema
from dqlmock.engine.settings import IndexSettings, TableClass, TableSettings
from dqlmock.engine.table import Table
from dqlmock.operations.parameters import check_table_name
from dqlmock.operations.resource_policies import check_document, revised
from dqlmock.operations.table_definition import (
    Member,
    attribute_types,
    check_definition,
    check_key_schema_given,
    invalid,
    table_schema,
)
from dqlmock.operations.table_description import table_description
from dqlmock.operations.table_options import (
    change_stream,
    check_encryption,
    check_view_type,
    kms_key_arn,
    refuse_unbuilt,
)
from dqlmock.operations.table_throughput import (
    NEITHER_ON_DEMAND,
    check_bounds,
    check_index_maxima,
    check_on_demand_range,
    maxima_named,
    maxima_of,
    take_mode,
    throughput_of,
    warm_of,
)
from dqlmock.operations.tagging import tags_of

_UNBUILT = ("GlobalTableSourceArn", "GlobalTableSettingsReplicationMode", "VectorIndexes")


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: all but whether the table exists."""
    check_table_name(request)
    refuse_unbuilt(request, _UNBUILT)
    check_key_schema_given(request)
    take_mode(request)
    _check_billing(request)
    check_definition(request)
    _check_index_throughput(request)
    check_view_type(
        request.get("StreamSpecification"),
        "Table is being created with a stream disabled, UpdateViewType should not be specified",
    )
    check_encryption(request.get("SSESpecification"))
    _check_on_demand(request)
    tags_of(request.get("Tags", ()))
    check_document(request.get("ResourcePolicy"))


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Create the table. The answer says CREATING, whatever the engine's delays are."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        owner.check_is_new(name)
        now_s = owner.clock.now_s()
        schema = table_schema(request)
        table = Table(schema, _settings(owner, name, request, schema, now_s), owner.journal)
        owner.add(table)
        delay_s = owner.engine.delays.create_s
        change_stream(owner, table, request.get("StreamSpecification"), delay_s, now_s)
        description = table_description(table, now_s)
        table.settings.settle(now_s)
        return {"TableDescription": description}


def _is_on_demand(request: Member) -> bool:
    return request.get("BillingMode") == "PAY_PER_REQUEST"


def _check_billing(request: Member) -> None:
    provisioned = request.get("ProvisionedThroughput")
    if _is_on_demand(request):
        if provisioned is not None:
            raise invalid(NEITHER_ON_DEMAND)
    elif provisioned is None:
        raise invalid(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
            "PROVISIONED"
        )
    check_bounds(provisioned)


def _check_index_throughput(request: Member) -> None:
    for index in request.get("GlobalSecondaryIndexes") or ():
        name, given = index["IndexName"], "ProvisionedThroughput" in index
        if given and _is_on_demand(request):
            raise invalid(
                f"ProvisionedThroughput should not be specified for index: {name} when "
                "BillingMode is PAY_PER_REQUEST"
            )
        if not given and not _is_on_demand(request):
            raise invalid(f"ProvisionedThroughput is not specified for index: {name}")
        check_bounds(index.get("ProvisionedThroughput"), f" for index {name}")
        check_index_maxima(index, on_demand=_is_on_demand(request))


def _check_on_demand(request: Member) -> None:
    maxima = request.get("OnDemandThroughput")
    for name, _ in maxima_named(maxima):
        if not _is_on_demand(request):
            raise invalid(
                f"{name} for OnDemandThroughput cannot be specified when table BillingMode is "
                "PROVISIONED."
            )
    check_on_demand_range(maxima or {})


def _settings(
    database: Database, name: str, request: Member, schema: TableSchema, now_s: float
) -> TableSettings:
    arn = str(TableArn(database.region, database.account, name))
    on_demand = _is_on_demand(request)
    named_class, policy = request.get("TableClass"), request.get("ResourcePolicy")
    return TableSettings(
        name=name,
        arn=arn,
        table_id=str(uuid.uuid4()),
        created_s=now_s,
        attribute_types=attribute_types(request),
        billing_mode="PAY_PER_REQUEST" if on_demand else "PROVISIONED",
        throughput=throughput_of(request),
        on_demand_since_s=now_s if on_demand else None,
        on_demand=maxima_of(request),
        warm=warm_of(request),
        indexes=_index_settings(request, schema),
        kms_key_arn=kms_key_arn(request.get("SSESpecification"), database),
        table_class=TableClass(named_class) if named_class else None,
        deletion_protection=request.get("DeletionProtectionEnabled", False),
        tags=tags_of(request.get("Tags", ())),
        resource_policy=revised(None, policy, now_s) if policy else None,
    )


def _index_settings(request: Member, schema: TableSchema) -> dict[str, IndexSettings]:
    indexes = {}
    for index in request.get("GlobalSecondaryIndexes") or ():
        indexes[index["IndexName"]] = IndexSettings(
            schema=schema.indexes[index["IndexName"]],
            throughput=throughput_of(index),
            on_demand=maxima_of(index),
            warm=warm_of(index),
        )
    return indexes
