from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import (
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from tests.unit.operations.tables import Api, definitions, index, on_demand, provisioned, units


@pytest.fixture
def api() -> Api:
    return Api.fresh()


def test_a_missing_table_is_named(api: Api) -> None:
    with pytest.raises(ResourceNotFoundException) as refused:
        api.delete()
    assert refused.value.message == "Requested resource not found: Table: music not found"


def test_the_answer_says_deleting_and_little_else(api: Api) -> None:
    created = api.create(
        **on_demand("pk", "pk g", GlobalSecondaryIndexes=[index("gsi", "g")], TableClass="STANDARD")
    )
    answer = api.delete()
    assert answer.pop("BillingModeSummary")["BillingMode"] == "PAY_PER_REQUEST"
    mode = answer.pop("TableThroughputModeSummary")
    assert mode["TableThroughputMode"] == "PAY_PER_REQUEST"
    assert answer == {
        "TableName": "music",
        "TableStatus": "DELETING",
        "ProvisionedThroughput": {**units(0, 0), "NumberOfDecreasesToday": 0},
        "TableSizeBytes": 0,
        "ItemCount": 0,
        "TableArn": created["TableArn"],
        "TableId": created["TableId"],
        "TableClassSummary": {"TableClass": "STANDARD"},
        "DeletionProtectionEnabled": False,
    }


def test_a_table_is_gone_at_once_unless_told(api: Api) -> None:
    api.create(**on_demand())
    api.delete()
    with pytest.raises(ResourceNotFoundException):
        api.describe()
    api.create(**on_demand())


def test_a_new_table_has_a_new_id_and_no_items(api: Api) -> None:
    first = api.create(**on_demand())
    table = api.database.table("music")
    api.delete()
    second = api.create(**on_demand())
    assert first["TableId"] != second["TableId"]
    assert api.database.table("music") is not table


def test_a_protected_table_stays(api: Api) -> None:
    api.create(**on_demand(DeletionProtectionEnabled=True))
    with pytest.raises(ValidationException) as refused:
        api.delete()
    assert refused.value.message == (
        "Resource cannot be deleted as it is currently protected against deletion. "
        "Disable deletion protection first."
    )
    api.update(DeletionProtectionEnabled=False)
    assert api.delete()["TableStatus"] == "DELETING"


def test_a_table_that_is_being_created_stays(api: Api) -> None:
    api.set_delays(create_s=5)
    api.create(**on_demand())
    with pytest.raises(ResourceInUseException) as refused:
        api.delete()
    assert refused.value.message == (
        "Attempt to change a resource which is still in use: Table is being created: music"
    )
    api.advance(5)
    api.delete()


def test_a_table_that_is_being_updated_stays(api: Api) -> None:
    api.set_delays(update_s=5)
    api.create(**provisioned())
    api.update(ProvisionedThroughput=units(6, 6))
    with pytest.raises(ResourceInUseException) as refused:
        api.delete()
    assert refused.value.message == (
        "Attempt to change a resource which is still in use: Table is being updated: music"
    )


# go-to-k/cdkd#1830, of August 2026; "You cannot delete its parent table" (GSI.OnlineOps).
@pytest.mark.parametrize("status", ["CREATING", "UPDATING"])
def test_a_table_stays_while_an_index_changes(api: Api, status: str) -> None:
    api.create(**on_demand("pk", "pk g", GlobalSecondaryIndexes=[index("gsi", "g")]))
    api.set_delays(index_create_s=10, index_update_s=5)
    if status == "CREATING":
        updates: Any = {"Create": index("new", "g")}
    else:
        updates = {"Update": {"IndexName": "gsi", "OnDemandThroughput": {"MaxReadRequestUnits": 5}}}
    api.update(GlobalSecondaryIndexUpdates=[updates], AttributeDefinitions=definitions("g"))
    if status == "CREATING":
        api.advance(5)
    assert api.describe()["TableStatus"] == "ACTIVE"
    with pytest.raises(ResourceInUseException) as refused:
        api.delete()
    assert refused.value.message == (
        "Attempt to change a resource which is still in use: "
        "Cannot delete table while indexes are being created, updated, or deleted."
    )
    api.advance(5)
    api.delete()


def test_a_table_is_deleted_once(api: Api) -> None:
    api.set_delays(delete_s=5)
    api.create(**on_demand())
    api.delete()
    api.advance(4)
    assert api.delete()["TableStatus"] == "DELETING"
    api.advance(1)
    with pytest.raises(ResourceNotFoundException):
        api.delete()


def test_a_name_is_free_once_its_table_is_gone(api: Api) -> None:
    api.set_delays(delete_s=5)
    api.create(**on_demand())
    api.delete()
    assert api.describe()["TableStatus"] == "DELETING"
    with pytest.raises(ResourceInUseException) as refused:
        api.create(**on_demand())
    assert refused.value.message == (
        "Attempt to change a resource which is still in use: Table is being deleted: music"
    )
    api.advance(5)
    api.create(**on_demand())
