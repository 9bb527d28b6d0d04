from __future__ import annotations

from dataclasses import replace

import pytest

from dqlmock.errors import ResourceNotFoundException, ValidationException
from dqlmock.storage.protocol import StoredItem
from tests.unit.operations.tables import (
    ACCOUNT,
    REGION,
    START_S,
    Api,
    index,
    on_demand,
    provisioned,
    units,
)

ARN = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/music"


@pytest.fixture
def api() -> Api:
    return Api.fresh()


def test_a_missing_table_is_named() -> None:
    with pytest.raises(ResourceNotFoundException) as refused:
        Api.fresh().describe()
    assert refused.value.message == "Requested resource not found: Table: music not found"


def test_a_missing_table_is_named_without_its_arn() -> None:
    with pytest.raises(ResourceNotFoundException) as refused:
        Api.fresh().describe(ARN)
    assert refused.value.message == "Requested resource not found: Table: music not found"


def test_a_table_is_active_after_it_was_created_at_once(api: Api) -> None:
    created = api.create(**on_demand("pk", "pk g", GlobalSecondaryIndexes=[index("gsi", "g")]))
    described = api.describe()
    warm = {"ReadUnitsPerSecond": 12_000, "WriteUnitsPerSecond": 4_000, "Status": "ACTIVE"}
    assert described == {
        **created,
        "TableStatus": "ACTIVE",
        "BillingModeSummary": {
            "BillingMode": "PAY_PER_REQUEST",
            "LastUpdateToPayPerRequestDateTime": START_S,
        },
        # Measured on AWS in August 2026: ExtendDB/extenddb#320.
        "TableThroughputModeSummary": {
            "TableThroughputMode": "PAY_PER_REQUEST",
            "LastUpdateToPayPerRequestDateTime": START_S,
        },
        "WarmThroughput": warm,
        "GlobalSecondaryIndexes": [
            {
                **created["GlobalSecondaryIndexes"][0],
                "IndexStatus": "ACTIVE",
                "WarmThroughput": warm,
            }
        ],
    }


def test_a_provisioned_table_is_as_warm_as_it_is_provisioned(api: Api) -> None:
    api.create(**{**provisioned(), "ProvisionedThroughput": units(7, 3)})
    described = api.describe()
    assert described["WarmThroughput"] == {
        "ReadUnitsPerSecond": 7,
        "WriteUnitsPerSecond": 3,
        "Status": "ACTIVE",
    }
    assert "BillingModeSummary" not in described
    assert "TableThroughputModeSummary" not in described


def test_an_arn_describes_the_table_it_names(api: Api) -> None:
    api.create(**on_demand())
    assert api.describe(ARN) == api.describe()


@pytest.mark.parametrize(
    "arn",
    [
        ARN.replace(REGION, "us-east-1"),
        f"{ARN}/index/gsi",
        f"{ARN}/stream/2023-11-14T22:13:20.000",
        "arn:aws:dynamodb",
        "arn:aws:s3:::bucket",
    ],
)
def test_an_arn_of_something_else_is_refused(api: Api, arn: str) -> None:
    api.create(**on_demand())
    with pytest.raises(ValidationException) as refused:
        api.describe(arn)
    assert refused.value.message == (
        f"Invalid TableArn: Invalid ResourceArn provided as input {arn}"
    )


def test_an_arn_reaches_another_accounts_table(api: Api) -> None:
    other = Api(api.database.engine.database("999999999999", REGION))
    created = other.create(**on_demand())
    assert created["TableArn"] == f"arn:aws:dynamodb:{REGION}:999999999999:table/music"
    assert api.describe(created["TableArn"])["TableId"] == created["TableId"]
    with pytest.raises(ResourceNotFoundException):
        api.describe()


def test_items_and_bytes_are_counted_live(api: Api) -> None:
    api.create(**on_demand("pk", "pk g", GlobalSecondaryIndexes=[index("gsi", "g")]))
    table = api.database.table("music")
    table.keyspace.put(b"a", StoredItem.of({"pk": {"S": "a"}}, 3))
    table.keyspace.put(b"b", StoredItem.of({"pk": {"S": "b"}}, 4))
    table.indexes["gsi"].keyspace.put(b"a", StoredItem.of({"pk": {"S": "a"}}, 3))
    described = api.describe()
    assert (described["ItemCount"], described["TableSizeBytes"]) == (2, 7)
    gsi = described["GlobalSecondaryIndexes"][0]
    assert (gsi["ItemCount"], gsi["IndexSizeBytes"]) == (1, 3)


def test_a_disabled_stream_stays_described_by_its_label(api: Api) -> None:
    specification = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    created = api.create(**on_demand(StreamSpecification=specification))
    settings = api.database.table("music").settings
    assert settings.stream is not None
    settings.stream = replace(settings.stream, enabled=False)
    described = api.describe()
    assert "StreamSpecification" not in described
    assert described["LatestStreamArn"] == created["LatestStreamArn"]


def test_times_are_told_to_the_millisecond(api: Api) -> None:
    api.advance(0.1239)
    api.create(**on_demand())
    described = api.describe()
    assert described["CreationDateTime"] == START_S + 0.123
    billing = described["BillingModeSummary"]
    assert billing["LastUpdateToPayPerRequestDateTime"] == START_S + 0.123
