from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import (
    DqlmockError,
    LimitExceededException,
    ResourceInUseException,
    ResourceNotFoundException,
    ValidationException,
)
from tests.unit.operations.tables import START_S, Api, on_demand, provisioned, units

INVALID = "One or more parameter values were invalid: "
NEITHER = (
    INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
    "BillingMode is PAY_PER_REQUEST"
)
NOTHING = (
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
    "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
)
ON = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
OFF = {"StreamEnabled": False}


@pytest.fixture
def api() -> Api:
    return Api.fresh()


def message(api: Api, error: type[Exception] = ValidationException, **request: Any) -> str:
    before = api.names()["TableNames"] and api.describe()
    with pytest.raises(error) as refused:
        api.update(**request)
    after = api.names()["TableNames"] and api.describe()
    assert after == before
    return str(refused.value)


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}]},
        {"GlobalSecondaryIndexUpdates": []},
        {"OnDemandThroughput": {}},
        {"WarmThroughput": {}},
    ],
)
def test_an_update_of_nothing_is_refused_whatever_the_table(
    api: Api, request_: dict[str, Any]
) -> None:
    assert message(api, **request_) == NOTHING


def test_units_for_a_table_on_demand_are_told_once_it_is_known(api: Api) -> None:
    ask: dict[str, Any] = {"BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": units(5, 5)}
    assert "music not found" in message(api, ResourceNotFoundException, **ask)
    api.create(**provisioned())
    assert message(api, **ask) == NEITHER
    assert message(api, **ask, GlobalSecondaryIndexUpdates=[{}]) == (
        INVALID + "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
        "GlobalSecondaryIndexUpdate.Delete must not be null"
    )


def test_a_missing_table_is_named(api: Api) -> None:
    assert message(api, ResourceNotFoundException, TableClass="STANDARD") == (
        "Requested resource not found: Table: music not found"
    )


def test_rules_without_state_come_before_the_look_for_the_table(api: Api) -> None:
    nothing: dict[str, Any] = {"GlobalSecondaryIndexUpdates": [{}]}
    assert message(api, BillingMode="PROVISIONED", **nothing) == (
        INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
    )
    too_many: dict[str, Any] = {"ProvisionedThroughput": units(10**12 + 1, 5)}
    assert message(api, BillingMode="PAY_PER_REQUEST", **too_many, **nothing) == (
        "Given value 1000000000001 for ReadCapacityUnits is out of bounds"
    )
    assert message(api, StreamSpecification=ON, ProvisionedThroughput=units(5, 5)) == (
        INVALID + "You cannot modify stream status while updating table IOPS"
    )
    assert message(
        api, StreamSpecification={"StreamEnabled": False, "StreamViewType": "NEW_IMAGE"}
    ) == (INVALID + "If stream is being disabled, then UpdateViewType must not be specified")
    assert message(api, SSESpecification={"SSEType": "AES256"}) == (
        INVALID + "The only valid SSEType is KMS"
    )


def test_new_units_hold_once_the_table_is_active_again(api: Api) -> None:
    api.create(**provisioned())
    answer = api.update(ProvisionedThroughput=units(10, 3))
    assert answer["TableStatus"] == "UPDATING"
    assert answer["ProvisionedThroughput"] == {**units(5, 5), "NumberOfDecreasesToday": 0}
    described = api.describe()
    assert described["TableStatus"] == "ACTIVE"
    assert described["ProvisionedThroughput"] == {
        **units(10, 3),
        "NumberOfDecreasesToday": 1,
        "LastIncreaseDateTime": START_S,
        "LastDecreaseDateTime": START_S,
    }


def test_the_same_units_are_refused(api: Api) -> None:
    api.create(**provisioned())
    expected = (
        "The provisioned throughput for the table will not change. The requested value equals the "
        "current value. Current ReadCapacityUnits provisioned for the table: 5. Requested "
        "ReadCapacityUnits: 5. Current WriteCapacityUnits provisioned for the table: 5. Requested "
        "WriteCapacityUnits: 5. Refer to the Amazon DynamoDB Developer Guide for current limits "
        "and how to request higher limits."
    )
    assert message(api, ProvisionedThroughput=units(5, 5)) == expected
    assert message(api, ProvisionedThroughput=units(5, 5), BillingMode="PROVISIONED") == expected
    api.update(ProvisionedThroughput=units(5, 6))


def test_units_are_lowered_four_times_a_day_then_hourly(api: Api) -> None:
    api.create(**{**provisioned(), "ProvisionedThroughput": units(100, 100)})
    for lower in (90, 80, 70, 60):
        api.update(ProvisionedThroughput=units(lower, lower))
    assert api.describe()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 4
    api.advance(3599 / 2)
    assert message(api, LimitExceededException, ProvisionedThroughput=units(50, 60)) == (
        "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given "
        "UTC day. After the first 4 decreases, each subsequent decrease in the same UTC day can "
        "be performed at most once every 3600 seconds. Number of decreases today: 4. Last "
        "decrease at Tuesday, November 14, 2023 at 10:13:20 PM Coordinated Universal Time. Next "
        "decrease can be made at Tuesday, November 14, 2023 at 11:13:20 PM Coordinated Universal "
        "Time"
    )
    api.update(ProvisionedThroughput=units(60, 70))
    api.advance(3601 / 2)
    api.update(ProvisionedThroughput=units(50, 60))
    assert api.describe()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 5
    api.advance(2 * 3600)
    assert api.describe()["ProvisionedThroughput"]["NumberOfDecreasesToday"] == 0


def test_the_key_is_changed_four_times_a_day_then_every_six_hours(api: Api) -> None:
    api.create(**on_demand())
    kms: dict[str, Any] = {"SSESpecification": {"Enabled": True}}
    for _ in range(4):
        api.update(**kms)
        api.advance(1)
    assert message(api, LimitExceededException, **kms) == (
        "Subscriber limit exceeded: Encryption mode changes are limited in the 24h window ending "
        "at 2023-11-15T22:13:20.000Z. After the first 4 change, each subsequent change in the same "
        "window can be performed at most once every 21600 seconds. Number of updates today: 4"
    )
    api.update(SSESpecification={"Enabled": False})
    api.advance(6 * 3600 - 1)
    assert "Number of updates today: 5" in message(api, LimitExceededException, **kms)
    api.advance(1)
    api.update(**kms)
    api.advance(24 * 3600 - 6 * 3600 - 4)
    for _ in range(4):
        api.update(**kms)
    with pytest.raises(LimitExceededException):
        api.update(**kms)


def test_a_table_becomes_on_demand(api: Api) -> None:
    api.create(**provisioned())
    api.set_delays(update_s=5)
    answer = api.update(BillingMode="PAY_PER_REQUEST")
    assert answer["TableStatus"] == "UPDATING"
    mode = {"BillingMode": "PAY_PER_REQUEST"}
    # cloud-custodian's recording of AWS, test_dynamodb_update_table.
    for description in (answer, api.describe()):
        assert description["BillingModeSummary"] == mode
        assert description["ProvisionedThroughput"] == {**units(0, 0), "NumberOfDecreasesToday": 0}
    api.advance(5)
    since = {"LastUpdateToPayPerRequestDateTime": START_S}
    assert api.describe()["BillingModeSummary"] == {**mode, **since}
    assert message(api, ProvisionedThroughput=units(5, 5)) == NEITHER


def test_an_on_demand_table_becomes_provisioned(api: Api) -> None:
    api.create(**on_demand(OnDemandThroughput={"MaxReadRequestUnits": 9}))
    assert message(api, BillingMode="PROVISIONED") == (
        INVALID + "ProvisionedThroughput must be specified when BillingMode is PROVISIONED"
    )
    answer = api.update(BillingMode="PROVISIONED", ProvisionedThroughput=units(15, 10))
    assert answer["BillingModeSummary"]["BillingMode"] == "PROVISIONED"
    assert answer["ProvisionedThroughput"] == {
        **units(15, 10),
        "NumberOfDecreasesToday": 0,
        "LastIncreaseDateTime": START_S,
    }
    described = api.describe()
    assert "OnDemandThroughput" not in described
    assert described["BillingModeSummary"] == {
        "BillingMode": "PROVISIONED",
        "LastUpdateToPayPerRequestDateTime": START_S,
    }


def test_the_mode_of_throughput_stands_in_for_the_billing_mode(api: Api) -> None:
    # Measured on AWS in August 2026: ExtendDB/extenddb#320.
    api.create(**provisioned())
    answer = api.update(TableThroughputMode="PAY_PER_REQUEST")
    since = {"LastUpdateToPayPerRequestDateTime": START_S}
    for described, then in ((answer, {}), (api.describe(), since)):
        assert described["BillingModeSummary"] == {"BillingMode": "PAY_PER_REQUEST", **then}
        mode = {"TableThroughputMode": "PAY_PER_REQUEST"}
        assert described["TableThroughputModeSummary"] == {**mode, **then}
    both = {"BillingMode": "PROVISIONED", "TableThroughputMode": "PAY_PER_REQUEST"}
    api.update(**both, ProvisionedThroughput=units(2, 3))
    assert api.describe()["TableThroughputModeSummary"]["TableThroughputMode"] == "PROVISIONED"


def test_the_mode_a_table_has_may_be_asked_for(api: Api) -> None:
    api.create(**on_demand())
    before = api.describe()
    api.advance(10)
    api.update(BillingMode="PAY_PER_REQUEST")
    assert api.describe() == before


def test_maxima_are_for_on_demand_tables(api: Api) -> None:
    api.create(**provisioned())
    refusal = (
        INVALID + "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table "
        "BillingMode is PROVISIONED"
    )
    maxima = {"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 6}
    assert message(api, OnDemandThroughput=maxima) == refusal
    api.update(OnDemandThroughput=maxima, BillingMode="PAY_PER_REQUEST")
    assert api.describe()["OnDemandThroughput"] == maxima
    assert (
        message(
            api,
            OnDemandThroughput=maxima,
            BillingMode="PROVISIONED",
            ProvisionedThroughput=units(1, 1),
        )
        == refusal
    )


def test_maxima_are_merged_and_taken_away(api: Api) -> None:
    api.create(**on_demand(OnDemandThroughput={"MaxReadRequestUnits": 5}))
    api.update(OnDemandThroughput={"MaxWriteRequestUnits": 6})
    assert api.describe()["OnDemandThroughput"] == {
        "MaxReadRequestUnits": 5,
        "MaxWriteRequestUnits": 6,
    }
    answer = api.update(OnDemandThroughput={"MaxReadRequestUnits": -1})
    assert answer["OnDemandThroughput"]["MaxReadRequestUnits"] == -1
    assert api.describe()["OnDemandThroughput"] == {"MaxWriteRequestUnits": 6}
    api.update(OnDemandThroughput={"MaxWriteRequestUnits": -1})
    assert "OnDemandThroughput" not in api.describe()


@pytest.mark.parametrize("units_", [0, -2])
def test_maxima_have_a_range(api: Api, units_: int) -> None:
    api.create(**on_demand())
    assert message(api, OnDemandThroughput={"MaxWriteRequestUnits": units_}) == (
        INVALID + "Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of "
        "valid range"
    )


def test_warm_throughput_is_kept(api: Api) -> None:
    api.create(**on_demand())
    answer = api.update(WarmThroughput={"ReadUnitsPerSecond": 20_000})
    warm = {"ReadUnitsPerSecond": 20_000, "WriteUnitsPerSecond": 4_000}
    assert answer["WarmThroughput"] == {**warm, "Status": "UPDATING"}
    assert api.describe()["WarmThroughput"] == {**warm, "Status": "ACTIVE"}
    api.update(WarmThroughput={"WriteUnitsPerSecond": 9_000})
    assert api.describe()["WarmThroughput"]["ReadUnitsPerSecond"] == 20_000


def test_capacity_beyond_it_raises_warm_throughput_for_good(api: Api) -> None:
    api.create(**provisioned())
    api.update(WarmThroughput={"ReadUnitsPerSecond": 30, "WriteUnitsPerSecond": 10})
    for reads, warm in ((20, (30, 10)), (50, (50, 10)), (5, (50, 10))):
        api.update(ProvisionedThroughput=units(reads, 5))
        assert warm_of(api) == warm
    api.update(BillingMode="PAY_PER_REQUEST")
    assert warm_of(api) == (12_000, 4_000)
    api.update(BillingMode="PROVISIONED", ProvisionedThroughput=units(5, 5_000))
    assert warm_of(api) == (12_000, 5_000)


@pytest.mark.parametrize("asked", [{"ReadUnitsPerSecond": 11_999}, {"WriteUnitsPerSecond": 3_999}])
def test_warm_throughput_is_never_lowered(api: Api, asked: dict[str, int]) -> None:
    api.create(**on_demand())
    [name] = asked
    assert message(api, WarmThroughput=asked) == (
        INVALID + f"Requested {name} for WarmThroughput for table is lower than current "
        "WarmThroughput, decreasing WarmThroughput is not supported"
    )
    api.update(WarmThroughput={"ReadUnitsPerSecond": 12_000, "WriteUnitsPerSecond": 4_000})


def warm_of(api: Api) -> tuple[int, int]:
    warm = api.describe()["WarmThroughput"]
    return warm["ReadUnitsPerSecond"], warm["WriteUnitsPerSecond"]


def test_a_stream_is_enabled_and_disabled(api: Api) -> None:
    api.create(**on_demand())
    assert message(api, StreamSpecification=OFF) == (
        "Table has no stream to disable: TableName: music"
    )
    answer = api.update(StreamSpecification=ON)
    assert answer["StreamSpecification"] == ON
    first = answer["LatestStreamArn"]
    assert message(api, StreamSpecification={**ON, "StreamViewType": "KEYS_ONLY"}) == (
        "Table already has an enabled stream: TableName: music"
    )
    api.update(StreamSpecification=OFF)
    described = api.describe()
    assert "StreamSpecification" not in described
    assert described["LatestStreamArn"] == first
    assert message(api, StreamSpecification=OFF).startswith("Table has no stream to disable")
    api.advance(0.001)
    assert api.update(StreamSpecification=ON)["LatestStreamArn"] != first


def test_encryption_is_changed(api: Api) -> None:
    api.create(**on_demand())
    answer = api.update(SSESpecification={"Enabled": True})
    assert answer["SSEDescription"] == {"Status": "UPDATING"}
    encrypted = api.describe()["SSEDescription"]
    assert encrypted["Status"] == "ENABLED"
    # What AWS answered: localstack/localstack, tests/aws/services/dynamodb/
    # test_dynamodb.snapshot.json, test_dynamodb_create_table_with_partial_sse_specification.
    answer = api.update(SSESpecification={"Enabled": False})
    assert answer["SSEDescription"] == {**encrypted, "Status": "UPDATING"}
    assert "SSEDescription" not in api.describe()


@pytest.mark.parametrize(
    "change",
    [
        {"SSESpecification": {"Enabled": True}},
        {"DeletionProtectionEnabled": True},
        {"WarmThroughput": {"ReadUnitsPerSecond": 13_000}},
        {"DeletionProtectionEnabled": True, "SSESpecification": {"Enabled": True}},
    ],
)
def test_some_changes_leave_a_table_active(api: Api, change: dict[str, Any]) -> None:
    api.create(**on_demand())
    api.set_delays(update_s=5)
    assert api.update(**change)["TableStatus"] == "ACTIVE"
    answer = api.update(**{**change, "StreamSpecification": ON})
    assert answer["TableStatus"] == api.describe()["TableStatus"] == "UPDATING"


def test_warm_throughput_is_raised_aside(api: Api) -> None:
    api.create(**on_demand())
    api.set_delays(update_s=5)
    raised = {"ReadUnitsPerSecond": 13_000, "WriteUnitsPerSecond": 4_000}
    answer = api.update(WarmThroughput=raised)
    changing = {**raised, "Status": "UPDATING"}
    api.advance(4.9)
    assert answer["WarmThroughput"] == api.describe()["WarmThroughput"] == changing
    api.advance(0.1)
    assert api.describe()["WarmThroughput"] == {**raised, "Status": "ACTIVE"}


def test_class_and_protection_are_changed(api: Api) -> None:
    api.create(**on_demand())
    api.update(TableClass="STANDARD_INFREQUENT_ACCESS")
    api.update(DeletionProtectionEnabled=True)
    described = api.describe()
    assert described["DeletionProtectionEnabled"] is True
    assert described["TableClassSummary"] == {
        "TableClass": "STANDARD_INFREQUENT_ACCESS",
        "LastUpdateDateTime": START_S,
    }


@pytest.mark.parametrize(
    "beside",
    [
        {"DeletionProtectionEnabled": True},
        {"StreamSpecification": ON},
        {"BillingMode": "PAY_PER_REQUEST"},
        {"WarmThroughput": {"ReadUnitsPerSecond": 13_000}},
        {"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "gsi"}}]},
    ],
)
@pytest.mark.parametrize("table_class", ["STANDARD", "STANDARD_INFREQUENT_ACCESS"])
def test_a_class_is_changed_alone(api: Api, table_class: str, beside: dict[str, Any]) -> None:
    api.create(**on_demand())
    assert message(api, TableClass=table_class, **beside) == (
        INVALID + "TableClass modification must be the only operation in the request"
    )


def test_a_table_under_change_is_not_changed(api: Api) -> None:
    api.set_delays(create_s=5, update_s=5, delete_s=5)
    api.create(**provisioned())
    in_use = "Attempt to change a resource which is still in use: Table "
    ask: dict[str, Any] = {"ProvisionedThroughput": units(6, 6)}
    assert message(api, ResourceInUseException, **ask) == in_use + "is being created: music"
    api.advance(5)
    api.update(StreamSpecification=ON)
    assert message(api, ResourceInUseException, **ask) == in_use + "is being updated: music"
    api.advance(5)
    api.update(**ask)
    expected = in_use + "is being updated: music"
    assert message(api, ResourceInUseException, StreamSpecification=OFF) == expected
    expected = in_use + "IOPS are currently being updated. Table: music"
    assert message(api, ResourceInUseException, **ask) == expected
    api.advance(4.9)
    described = api.describe()
    assert described["TableStatus"] == "UPDATING"
    assert described["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    api.advance(0.1)
    described = api.describe()
    assert described["TableStatus"] == "ACTIVE"
    assert described["ProvisionedThroughput"]["ReadCapacityUnits"] == 6
    api.delete()
    assert message(api, ResourceInUseException, **ask) == in_use + "is being deleted: music"


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("ReplicaUpdates", [{"Create": {"RegionName": "us-east-1"}}]),
        ("VectorIndexUpdates", [{"Delete": {"IndexName": "vectors"}}]),
        ("DisassociationProtectionEnabled", False),
    ],
)
def test_what_is_not_built_is_refused_rather_than_ignored(
    api: Api, parameter: str, value: Any
) -> None:
    api.create(**provisioned())
    with pytest.raises(DqlmockError, match=parameter):
        api.update(**{parameter: value}, DeletionProtectionEnabled=True)
    assert not api.describe()["DeletionProtectionEnabled"]


def test_a_change_that_takes_no_time_is_over_without_being_looked_at(api: Api) -> None:
    api.create(**provisioned())
    settings = api.database.table("music").settings
    api.update(ProvisionedThroughput=units(6, 6))
    assert (settings.status, settings.throughput.read_units) == ("ACTIVE", 6)
