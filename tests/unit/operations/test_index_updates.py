from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import (
    LimitExceededException,
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from tests.unit.operations.tables import (
    START_S,
    Api,
    definitions,
    elements,
    index,
    on_demand,
    provisioned,
    units,
)

INVALID = "One or more parameter values were invalid: "
LIMIT = (
    "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per "
    "table"
)


@pytest.fixture
def api() -> Api:
    """An on-demand table with the index gsi."""
    api = Api.fresh()
    api.create(**on_demand("pk", "pk g", GlobalSecondaryIndexes=[index("gsi", "g")]))
    return api


@pytest.fixture
def paid() -> Api:
    """A provisioned table with the index gsi, all with 5 units."""
    api = Api.fresh()
    gsi = index("gsi", "g", ProvisionedThroughput=units(5, 5))
    api.create(**provisioned("pk", "pk g", GlobalSecondaryIndexes=[gsi]))
    return api


def change(action: str, name: str = "gsi", **members: Any) -> dict[str, Any]:
    return {action: {"IndexName": name, **members}}


def create(name: str = "new", key: str = "n", **members: Any) -> dict[str, Any]:
    return {"Create": index(name, key, **members)}


def message(
    api: Api,
    *updates: dict[str, Any],
    error: type[Exception] = ValidationException,
    **request: Any,
) -> str:
    before = api.describe()
    with pytest.raises(error) as refused:
        api.update(GlobalSecondaryIndexUpdates=list(updates), **request)
    assert api.describe() == before
    return str(refused.value)


def indexes(api: Api) -> dict[str, Any]:
    return {i["IndexName"]: i for i in api.describe().get("GlobalSecondaryIndexes", [])}


def test_an_update_has_an_action(api: Api) -> None:
    assert message(api, {}) == (
        INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
        "GlobalSecondaryIndexUpdate.Delete must not be null"
    )


@pytest.mark.parametrize(
    "updates",
    [
        [change("Delete"), change("Delete")],
        [change("Update", ProvisionedThroughput=units(1, 1)), change("Delete")],
        [{**change("Update", ProvisionedThroughput=units(1, 1)), **change("Delete")}],
    ],
)
def test_an_index_is_changed_once_a_request(api: Api, updates: list[dict[str, Any]]) -> None:
    assert message(api, *updates) == (
        INVALID + "Only one global secondary index update per index is allowed simultaneously. "
        "Index: gsi"
    )


def test_units_out_of_bounds_name_the_index(paid: Api) -> None:
    ask = units(10**12 + 1, 1)
    assert message(paid, change("Update", ProvisionedThroughput=ask)) == (
        "Given value 1000000000001 for ReadCapacityUnits is out of bounds for index gsi"
    )


def test_an_index_is_created_in_the_answer_and_active_after(api: Api) -> None:
    answer = api.update(
        AttributeDefinitions=definitions("n:N"), GlobalSecondaryIndexUpdates=[create()]
    )
    assert answer["TableStatus"] == "UPDATING"
    assert answer["AttributeDefinitions"] == definitions("g n:N pk")
    assert answer["GlobalSecondaryIndexes"][1] == {
        "IndexName": "new",
        "KeySchema": elements("n"),
        "Projection": {"ProjectionType": "ALL"},
        "IndexStatus": "CREATING",
        "Backfilling": False,
        "ProvisionedThroughput": {**units(0, 0), "NumberOfDecreasesToday": 0},
        "IndexSizeBytes": 0,
        "ItemCount": 0,
        "IndexArn": f"{answer['TableArn']}/index/new",
    }
    described = indexes(api)["new"]
    assert described["IndexStatus"] == "ACTIVE"
    assert "Backfilling" not in described
    table = api.database.table("music")
    assert table.schema.types == {"pk": "S", "g": "S", "n": "N"}
    assert list(table.schema.indexes) == list(table.indexes) == ["gsi", "new"]


def test_a_new_index_keeps_the_rules_of_create_table(api: Api) -> None:
    both: dict[str, Any] = {"AttributeDefinitions": definitions("n m")}
    too_few = "Invalid KeySchema: Some index key attribute have no definition"
    assert message(api, create()) == too_few
    assert message(api, create(key="n g"), AttributeDefinitions=definitions("n")) == too_few
    # The table defines it, the request doesn't.
    assert message(api, create(key="g"), AttributeDefinitions=definitions("n")) == (
        INVALID + "Some index key attributes are not defined in AttributeDefinitions. "
        "Keys: [g], AttributeDefinitions: [n]"
    )
    assert message(api, create(key="n:RANGE"), **both) == (
        "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
    )
    bare = {**create()["Create"], "Projection": {"ProjectionType": "INCLUDE"}}
    assert message(api, {"Create": bare}, **both) == (
        INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"
    )
    assert message(api, create(name="gsi"), **both) == (
        "Attempting to create an index which already exists"
    )


def test_a_local_index_has_its_name_too() -> None:
    api = Api.fresh()
    api.create(**on_demand("pk sk", "pk sk a", LocalSecondaryIndexes=[index("lsi", "pk a")]))
    assert message(api, create(name="lsi"), AttributeDefinitions=definitions("n")) == (
        "Attempting to create an index which already exists"
    )


def test_an_attribute_keeps_its_type(api: Api) -> None:
    api.update(
        AttributeDefinitions=definitions("g:N"),
        GlobalSecondaryIndexUpdates=[create(key="g")],
    )
    assert api.database.table("music").schema.types["g"] == "S"
    assert api.describe()["AttributeDefinitions"] == definitions("g pk")


def test_attributes_without_an_index_are_dropped(api: Api) -> None:
    api.update(AttributeDefinitions=definitions("n unused"), GlobalSecondaryIndexUpdates=[create()])
    assert api.describe()["AttributeDefinitions"] == definitions("g n pk")


def test_a_table_has_twenty_indexes_at_most(api: Api) -> None:
    for number in range(19):
        api.update(
            AttributeDefinitions=definitions("n"),
            GlobalSecondaryIndexUpdates=[create(f"idx{number}")],
        )
    defined: dict[str, Any] = {"AttributeDefinitions": definitions("n")}
    assert message(api, create(), error=LimitExceededException, **defined) == (
        "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit "
        "of 20"
    )


def test_capacity_of_a_new_index_goes_with_the_billing_mode(api: Api, paid: Api) -> None:
    defined: dict[str, Any] = {"AttributeDefinitions": definitions("n")}
    assert message(api, create(ProvisionedThroughput=units(1, 1)), **defined) == (
        INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: "
        "new when BillingMode is PAY_PER_REQUEST"
    )
    assert message(paid, create(), **defined) == (
        INVALID + "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: new"
    )
    paid.update(GlobalSecondaryIndexUpdates=[create(ProvisionedThroughput=units(1, 2))], **defined)
    assert indexes(paid)["new"]["ProvisionedThroughput"] == {
        **units(1, 2),
        "NumberOfDecreasesToday": 0,
    }


def test_one_index_is_created_or_deleted_at_a_time(api: Api) -> None:
    defined: dict[str, Any] = {"AttributeDefinitions": definitions("n")}
    for updates in (
        [create("one"), create("two")],
        [create("one"), change("Delete")],
    ):
        assert message(api, *updates, error=LimitExceededException, **defined) == LIMIT


def test_an_index_is_deleted(api: Api) -> None:
    answer = api.update(GlobalSecondaryIndexUpdates=[change("Delete")])
    assert answer["TableStatus"] == "UPDATING"
    assert answer["GlobalSecondaryIndexes"][0]["IndexStatus"] == "DELETING"
    described = api.describe()
    assert "GlobalSecondaryIndexes" not in described
    assert described["AttributeDefinitions"] == definitions("pk")
    table = api.database.table("music")
    assert table.indexes == {}
    assert table.schema.types == {"pk": "S"}


def test_an_attribute_that_another_index_uses_stays(api: Api) -> None:
    api.update(AttributeDefinitions=definitions("g"), GlobalSecondaryIndexUpdates=[create(key="g")])
    api.update(GlobalSecondaryIndexUpdates=[change("Delete")])
    assert api.describe()["AttributeDefinitions"] == definitions("g pk")


def test_a_missing_index_is_not_deleted(api: Api) -> None:
    assert message(api, change("Delete", "nope"), error=ResourceNotFoundException) == (
        "Requested resource not found"
    )


def test_a_missing_index_is_not_updated(paid: Api) -> None:
    assert message(paid, change("Update", "nope", ProvisionedThroughput=units(1, 1))) == (
        "This operation cannot be performed with given input values. Please contact DynamoDB "
        "service team for more info: Action Blocked: IndexUpdate"
    )


def test_an_index_gets_new_units(paid: Api) -> None:
    answer = paid.update(
        GlobalSecondaryIndexUpdates=[change("Update", ProvisionedThroughput=units(9, 4))]
    )
    gsi = answer["GlobalSecondaryIndexes"][0]
    assert gsi["IndexStatus"] == "UPDATING"
    assert gsi["ProvisionedThroughput"] == {**units(5, 5), "NumberOfDecreasesToday": 0}
    gsi = indexes(paid)["gsi"]
    assert gsi["IndexStatus"] == "ACTIVE"
    assert gsi["ProvisionedThroughput"] == {
        **units(9, 4),
        "NumberOfDecreasesToday": 1,
        "LastIncreaseDateTime": START_S,
        "LastDecreaseDateTime": START_S,
    }


def test_the_same_units_of_an_index_are_refused(paid: Api) -> None:
    assert message(paid, change("Update", ProvisionedThroughput=units(5, 5))) == (
        "The provisioned throughput for the index gsi will not change. The requested value equals "
        "the current value. Current ReadCapacityUnits provisioned for the index: 5. Requested "
        "ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the index: 5. Requested "
        "WriteCapacityUnits: 5. Refer to the Amazon DynamoDB Developer Guide for current limits "
        "and how to request higher limits."
    )


def test_an_update_of_an_index_says_something(paid: Api) -> None:
    assert message(paid, change("Update")) == (
        "No provisioned throughput specified for the global secondary index"
    )


def test_an_on_demand_index_has_no_units(api: Api) -> None:
    assert message(api, change("Update", ProvisionedThroughput=units(1, 1))) == (
        INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: "
        "gsi when BillingMode is PAY_PER_REQUEST"
    )


def test_an_on_demand_index_has_maxima_and_warmth(api: Api) -> None:
    api.update(
        GlobalSecondaryIndexUpdates=[
            change(
                "Update",
                OnDemandThroughput={"MaxReadRequestUnits": 5},
                WarmThroughput={"WriteUnitsPerSecond": 9_000},
            )
        ]
    )
    gsi = indexes(api)["gsi"]
    assert gsi["OnDemandThroughput"] == {"MaxReadRequestUnits": 5}
    assert gsi["WarmThroughput"] == {
        "ReadUnitsPerSecond": 12_000,
        "WriteUnitsPerSecond": 9_000,
        "Status": "ACTIVE",
    }


# go-to-k/cdkd#3392 tells that AWS refuses them, not in which words.
def test_maxima_of_an_index_are_one_or_more_and_on_demand(api: Api, paid: Api) -> None:
    def maxima(units_: int) -> dict[str, Any]:
        return {"OnDemandThroughput": {"MaxWriteRequestUnits": units_}}

    general = "One or more parameter values were invalid"
    defined: dict[str, Any] = {"AttributeDefinitions": definitions("n")}
    for units_ in (0, -2):
        assert message(api, change("Update", **maxima(units_))) == general
    for units_ in (0, -1):
        assert message(api, create(**maxima(units_)), **defined) == general
    api.update(GlobalSecondaryIndexUpdates=[change("Update", **maxima(1))])
    api.update(GlobalSecondaryIndexUpdates=[change("Update", **maxima(-1))])
    assert "OnDemandThroughput" not in indexes(api)["gsi"]
    api.update(GlobalSecondaryIndexUpdates=[create(**maxima(1))], **defined)

    provisioned_: dict[str, Any] = {"ProvisionedThroughput": units(7, 7)}
    assert message(paid, change("Update", **provisioned_, **maxima(5))) == general
    assert message(paid, create(**provisioned_, **maxima(5)), **defined) == general
    paid.update(
        BillingMode="PAY_PER_REQUEST", GlobalSecondaryIndexUpdates=[change("Update", **maxima(5))]
    )
    assert indexes(paid)["gsi"]["OnDemandThroughput"] == {"MaxWriteRequestUnits": 5}


def test_a_table_becomes_provisioned_with_all_its_indexes(api: Api) -> None:
    ask: dict[str, Any] = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": units(1, 2)}
    expected = INVALID + "ProvisionedThroughput must be specified for index: gsi"
    assert message(api, **ask) == expected
    answer = api.update(
        GlobalSecondaryIndexUpdates=[change("Update", ProvisionedThroughput=units(3, 4))], **ask
    )
    assert answer["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["ReadCapacityUnits"] == 3
    assert indexes(api)["gsi"]["ProvisionedThroughput"] == {
        **units(3, 4),
        "NumberOfDecreasesToday": 0,
        "LastIncreaseDateTime": START_S,
    }


def test_a_table_becomes_on_demand_with_all_its_indexes(paid: Api) -> None:
    paid.update(BillingMode="PAY_PER_REQUEST")
    assert indexes(paid)["gsi"]["ProvisionedThroughput"] == {
        **units(0, 0),
        "NumberOfDecreasesToday": 0,
    }


def test_an_index_is_created_in_two_phases(api: Api) -> None:
    api.set_delays(index_create_s=10)
    defined: dict[str, Any] = {"AttributeDefinitions": definitions("n")}
    api.update(GlobalSecondaryIndexUpdates=[create()], **defined)

    assert (api.describe()["TableStatus"], indexes(api)["new"]["Backfilling"]) == (
        "UPDATING",
        False,
    )
    assert message(api, change("Delete", "new"), error=ResourceInUseException) == (
        "Attempt to change a resource which is still in use: Table is being updated: music"
    )

    assert "WarmThroughput" not in indexes(api)["new"]

    api.advance(5)
    assert api.describe()["TableStatus"] == "ACTIVE"
    assert indexes(api)["new"]["Backfilling"] is True
    warm = {"ReadUnitsPerSecond": 12_000, "WriteUnitsPerSecond": 4_000, "Status": "UPDATING"}
    assert indexes(api)["new"]["WarmThroughput"] == warm  # go-to-k/cdkd#1767, August 2026
    assert message(api, create("two"), error=LimitExceededException, **defined) == LIMIT
    api.update(TableClass="STANDARD")

    api.advance(5)
    assert indexes(api)["new"]["IndexStatus"] == "ACTIVE"
    api.update(GlobalSecondaryIndexUpdates=[create("two")], **defined)


def test_an_index_that_is_backfilling_may_be_deleted(api: Api) -> None:
    api.set_delays(index_create_s=10)
    api.update(GlobalSecondaryIndexUpdates=[create()], AttributeDefinitions=definitions("n"))
    api.advance(5)
    api.update(GlobalSecondaryIndexUpdates=[change("Delete", "new")])
    assert list(indexes(api)) == ["gsi"]


# GSI.OnlineOps, "Modifying a Global Secondary Index during creation".
def test_an_index_that_is_backfilling_may_be_updated(paid: Api) -> None:
    paid.set_delays(index_create_s=10)
    added = create("new", ProvisionedThroughput=units(1, 1))
    defined: dict[str, Any] = {"AttributeDefinitions": definitions("n")}
    paid.update(GlobalSecondaryIndexUpdates=[added], **defined)
    paid.advance(5)
    raised = change("Update", "new", ProvisionedThroughput=units(9, 9))
    paid.update(GlobalSecondaryIndexUpdates=[raised])
    another = create("two", ProvisionedThroughput=units(1, 1))
    assert message(paid, another, error=LimitExceededException, **defined) == LIMIT

    paid.advance(4)
    described = indexes(paid)["new"]
    assert (described["IndexStatus"], described["Backfilling"]) == ("UPDATING", True)
    assert not paid.database.table("music").settings.indexes["new"].is_readable(START_S + 9)

    paid.advance(1)
    described = indexes(paid)["new"]
    assert (described["IndexStatus"], "Backfilling" in described) == ("ACTIVE", False)
    assert described["ProvisionedThroughput"]["ReadCapacityUnits"] == 9
    paid.update(GlobalSecondaryIndexUpdates=[change("Delete", "new")])


def test_an_index_that_is_backfilling_keeps_units_asked_for_before(paid: Api) -> None:
    paid.set_delays(index_create_s=10)
    added = create("new", ProvisionedThroughput=units(1, 1))
    paid.update(GlobalSecondaryIndexUpdates=[added], AttributeDefinitions=definitions("n"))
    paid.advance(5)
    raised = change("Update", "new", ProvisionedThroughput=units(9, 9))
    warmed = change("Update", "new", WarmThroughput={"ReadUnitsPerSecond": 15_000})
    for update in (raised, warmed):
        paid.update(GlobalSecondaryIndexUpdates=[update])
    paid.advance(5)
    assert indexes(paid)["new"]["ProvisionedThroughput"]["ReadCapacityUnits"] == 9


def test_units_of_an_index_lapse_where_its_table_becomes_on_demand_first(paid: Api) -> None:
    paid.set_delays(index_update_s=5)
    paid.update(GlobalSecondaryIndexUpdates=[change("Update", ProvisionedThroughput=units(9, 9))])
    paid.update(BillingMode="PAY_PER_REQUEST")
    assert indexes(paid)["gsi"]["IndexStatus"] == "UPDATING"
    paid.advance(5)
    assert indexes(paid)["gsi"]["ProvisionedThroughput"]["ReadCapacityUnits"] == 0


# go-to-k/cdkd#1521, of August 2026.
def test_an_index_that_is_updated_stays_though_its_table_is_active(paid: Api) -> None:
    paid.set_delays(update_s=2, index_update_s=5)
    raised = change("Update", ProvisionedThroughput=units(9, 9))
    paid.update(GlobalSecondaryIndexUpdates=[raised])
    paid.advance(2)
    assert paid.describe()["TableStatus"] == "ACTIVE"
    for update in (change("Delete"), raised):
        assert message(paid, update, error=ResourceInUseException) == (
            "Attempt to change a resource which is still in use: "
            "Index is being updated.  Table: music Index: gsi"
        )
    paid.advance(3)
    paid.update(GlobalSecondaryIndexUpdates=[change("Delete")])


def test_an_index_is_updated_no_shorter_than_its_table(paid: Api) -> None:
    paid.set_delays(update_s=5, index_update_s=2)
    paid.update(GlobalSecondaryIndexUpdates=[change("Update", ProvisionedThroughput=units(9, 9))])
    paid.advance(4)
    assert indexes(paid)["gsi"]["IndexStatus"] == "UPDATING"


def test_an_index_that_is_being_deleted_stays_described(api: Api) -> None:
    api.set_delays(index_delete_s=10)
    api.update(GlobalSecondaryIndexUpdates=[change("Delete")])
    api.advance(9)
    described = api.describe()
    assert described["TableStatus"] == "UPDATING"
    assert described["AttributeDefinitions"] == definitions("g pk")
    assert indexes(api)["gsi"]["IndexStatus"] == "DELETING"
    assert "Projection" not in indexes(api)["gsi"]
    assert api.database.table("music").indexes == {}
    api.advance(1)
    assert api.describe()["TableStatus"] == "ACTIVE"
    assert indexes(api) == {}


def test_maxima_of_an_index_end_with_on_demand() -> None:
    api = Api.fresh()
    gsi = index("gsi", "g", OnDemandThroughput={"MaxReadRequestUnits": 5})
    api.create(**on_demand("pk", "pk g", GlobalSecondaryIndexes=[gsi]))
    assert indexes(api)["gsi"]["OnDemandThroughput"] == {"MaxReadRequestUnits": 5}
    api.update(
        BillingMode="PROVISIONED",
        ProvisionedThroughput=units(1, 1),
        GlobalSecondaryIndexUpdates=[change("Update", ProvisionedThroughput=units(1, 1))],
    )
    assert "OnDemandThroughput" not in indexes(api)["gsi"]


def test_warm_throughput_of_an_index_is_raised_only(api: Api) -> None:
    def asking(reads: int) -> dict[str, Any]:
        return {"Update": {"IndexName": "gsi", "WarmThroughput": {"ReadUnitsPerSecond": reads}}}

    api.update(GlobalSecondaryIndexUpdates=[asking(15_000)])
    api.update(GlobalSecondaryIndexUpdates=[asking(15_000)])
    assert message(api, asking(14_999)) == (
        INVALID + "Requested ReadUnitsPerSecond for WarmThroughput for index gsi is lower than "
        "current WarmThroughput, decreasing WarmThroughput is not supported"
    )
    [index] = api.describe()["GlobalSecondaryIndexes"]
    assert index["WarmThroughput"]["ReadUnitsPerSecond"] == 15_000
    assert index["WarmThroughput"]["WriteUnitsPerSecond"] == 4_000


# go-to-k/cdkd, PR 1808 (August 2026): other changes are taken meanwhile, also of the same index.
def test_warm_throughput_of_an_index_is_raised_aside(api: Api) -> None:
    api.set_delays(update_s=5, index_update_s=5)
    warmer = {"ReadUnitsPerSecond": 14_000, "WriteUnitsPerSecond": 5_000}
    answer = api.update(GlobalSecondaryIndexUpdates=[change("Update", WarmThroughput=warmer)])
    for described in (answer, api.describe()):
        [index] = described["GlobalSecondaryIndexes"]
        assert (described["TableStatus"], index["IndexStatus"]) == ("ACTIVE", "ACTIVE")
        assert index["WarmThroughput"] == {**warmer, "Status": "UPDATING"}
    api.update(GlobalSecondaryIndexUpdates=[change("Update", WarmThroughput=warmer)])
    api.advance(5)
    assert indexes(api)["gsi"]["WarmThroughput"]["Status"] == "ACTIVE"
    maxima = change("Update", WarmThroughput=warmer, OnDemandThroughput={"MaxReadRequestUnits": 5})
    answer = api.update(GlobalSecondaryIndexUpdates=[maxima])
    assert answer["TableStatus"] == "UPDATING"
    assert indexes(api)["gsi"]["IndexStatus"] == "UPDATING"
