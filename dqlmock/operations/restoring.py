"""From a table's definition and items to another table: what both operations that restore share.

Owns the parameters that override a definition, and which errors they lead to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from dqlmock.engine.database import Database
from dqlmock.engine.settings import Restoration
from dqlmock.engine.write import put
from dqlmock.errors import TableAlreadyExistsException
from dqlmock.operations import create_table
from dqlmock.operations.table_description import restore_summary
from dqlmock.storage.protocol import StoredItem

_OVERRIDES: Final = {
    "BillingModeOverride": "BillingMode",
    "ProvisionedThroughputOverride": "ProvisionedThroughput",
    "OnDemandThroughputOverride": "OnDemandThroughput",
    "GlobalSecondaryIndexOverride": "GlobalSecondaryIndexes",
    "LocalSecondaryIndexOverride": "LocalSecondaryIndexes",
    "SSESpecificationOverride": "SSESpecification",
    "VectorIndexOverride": "VectorIndexes",
}
_PER_MODE: Final = {
    "PAY_PER_REQUEST": "ProvisionedThroughput",
    "PROVISIONED": "OnDemandThroughput",
}
"""The capacity that a billing mode has no use for."""


def restored_definition(request: dict[str, Any], definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the CreateTable request of a table to be restored.

    Args:
        request: The request to restore it.
        definition: That of the table which was backed up.

    Raises:
        DynamoDBError: The overrides don't make a table, told as CreateTable tells it.
        DqlmockError: An override that isn't built.
    """
    overrides = {name: request[given] for given, name in _OVERRIDES.items() if given in request}
    merged = {**definition, **overrides, "TableName": request["TargetTableName"]}
    if merged["BillingMode"] != definition["BillingMode"]:
        unused = _PER_MODE[merged["BillingMode"]]
        _drop(merged, overrides, unused)
    # An empty list leaves all indexes out, where CreateTable would refuse it.
    merged = {name: value for name, value in merged.items() if value != []}
    used = {element["AttributeName"] for element in _key_elements(merged)}
    merged["AttributeDefinitions"] = [
        attribute
        for attribute in merged["AttributeDefinitions"]
        if attribute["AttributeName"] in used
    ]
    create_table.check(merged)
    return merged


def _drop(merged: dict[str, Any], overrides: Mapping[str, Any], unused: str) -> None:
    if unused not in overrides:
        merged.pop(unused, None)
    if "GlobalSecondaryIndexes" in merged and "GlobalSecondaryIndexes" not in overrides:
        merged["GlobalSecondaryIndexes"] = [
            {name: value for name, value in index.items() if name != unused}
            for index in merged["GlobalSecondaryIndexes"]
        ]


def _key_elements(definition: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield from definition["KeySchema"]
    for name in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        for index in definition.get(name, ()):
            yield from index["KeySchema"]


def restore(
    database: Database,
    definition: dict[str, Any],
    items: Iterable[tuple[bytes, StoredItem]],
    restoration: Restoration,
) -> dict[str, Any]:
    """Create a table and fill it. The caller holds the database's lock.

    Args:
        database: Where.
        definition: The table, checked.
        items: Its items by storage key.
        restoration: What they are from.

    Raises:
        TableAlreadyExistsException: There is a table of that name.
    """
    name = definition["TableName"]
    if name in database.names():
        raise TableAlreadyExistsException(f"Table already exists: {name}")
    answer = create_table.run(database, definition)
    table = database.find(name)
    table.settings.restoration = restoration
    for key, item in items:
        put(table, key, item.attributes(), item, None)
    mode = definition["BillingMode"]
    answer["TableDescription"] |= {
        "BillingModeSummary": {"BillingMode": mode},
        "TableThroughputModeSummary": {"TableThroughputMode": mode},
        "RestoreSummary": restore_summary(restoration, in_progress=True),
    }
    return answer
