"""EnableKinesisStreamingDestination and its kin: what they answer and refuse."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock import TableDelays, dql_mock
from tests.conftest import refusal, unchecked_client
from tests.operations.tables import create_hash_table

TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/changes"
OTHER = "arn:aws:kinesis:us-east-1:123456789012:stream/others"
MICROSECOND = {"ApproximateCreationDateTimePrecision": "MICROSECOND"}
MILLISECOND = {"ApproximateCreationDateTimePrecision": "MILLISECOND"}
INVALID_STATE = "Table is not in a valid state to enable Kinesis Streaming Destination: "


class Destinations:
    """The four operations on the table that every test has."""

    def __init__(self, client: Any) -> None:
        create_hash_table(client)
        self.client = client

    def enable(self, stream: str = STREAM, table: str = "hash", **more: Any) -> Any:
        return self.client.enable_kinesis_streaming_destination(
            TableName=table, StreamArn=stream, **more
        )

    def disable(self, stream: str = STREAM, table: str = "hash", **more: Any) -> Any:
        return self.client.disable_kinesis_streaming_destination(
            TableName=table, StreamArn=stream, **more
        )

    def update(self, stream: str = STREAM, table: str = "hash", **more: Any) -> Any:
        return self.client.update_kinesis_streaming_destination(
            TableName=table, StreamArn=stream, **more
        )

    def listed(self, table: str = "hash") -> Any:
        answer = self.client.describe_kinesis_streaming_destination(TableName=table)
        assert answer["TableName"] == "hash"
        return answer["KinesisDataStreamDestinations"]

    def table_id(self) -> str:
        return str(self.client.describe_table(TableName="hash")["Table"]["TableId"])


@pytest.fixture
def destinations(dynamodb: Any) -> Destinations:
    return Destinations(dynamodb)


def members(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_a_new_table_has_none(destinations: Destinations) -> None:
    assert destinations.listed() == []


def test_enabling_says_that_it_has_begun_and_is_over(destinations: Destinations) -> None:
    assert members(destinations.enable()) == {
        "TableName": "hash",
        "StreamArn": STREAM,
        "DestinationStatus": "ENABLING",
        "EnableKinesisStreamingConfiguration": {},
    }
    assert destinations.listed() == [{"StreamArn": STREAM, "DestinationStatus": "ACTIVE"}]


def test_a_precision_is_described_where_one_was_named(destinations: Destinations) -> None:
    answer = destinations.enable(EnableKinesisStreamingConfiguration=MICROSECOND)
    assert answer["EnableKinesisStreamingConfiguration"] == MICROSECOND
    assert destinations.listed() == [
        {"StreamArn": STREAM, "DestinationStatus": "ACTIVE", **MICROSECOND}
    ]


def test_a_disabled_destination_stays_listed(destinations: Destinations) -> None:
    destinations.enable()
    destinations.enable(OTHER)
    assert members(destinations.disable()) == {
        "TableName": "hash",
        "StreamArn": STREAM,
        "DestinationStatus": "DISABLING",
    }
    assert [each["DestinationStatus"] for each in destinations.listed()] == ["DISABLED", "ACTIVE"]
    destinations.enable()
    assert [each["DestinationStatus"] for each in destinations.listed()] == ["ACTIVE", "ACTIVE"]
    assert [each["StreamArn"] for each in destinations.listed()] == [STREAM, OTHER]


def test_an_update_changes_the_precision(destinations: Destinations) -> None:
    destinations.enable()
    for configuration in (MICROSECOND, MILLISECOND):
        answer = destinations.update(UpdateKinesisStreamingConfiguration=configuration)
        assert members(answer) == {
            "TableName": "hash",
            "StreamArn": STREAM,
            "DestinationStatus": "UPDATING",
            "UpdateKinesisStreamingConfiguration": configuration,
        }
        assert destinations.listed() == [
            {"StreamArn": STREAM, "DestinationStatus": "ACTIVE", **configuration}
        ]


def test_a_table_is_named_by_its_arn_too(destinations: Destinations) -> None:
    assert destinations.enable(table=TABLE_ARN)["TableName"] == "hash"
    configuration: Any = {"UpdateKinesisStreamingConfiguration": MICROSECOND}
    assert destinations.update(table=TABLE_ARN, **configuration)["TableName"] == "hash"
    assert destinations.disable(table=TABLE_ARN)["TableName"] == "hash"
    assert destinations.listed(TABLE_ARN) == destinations.listed()


def test_enabling_what_is_enabled(destinations: Destinations) -> None:
    destinations.enable()
    assert refusal(destinations.enable) == (
        "ValidationException",
        (
            f"{INVALID_STATE}EnableKinesisStreamingDestination must be DISABLED or "
            "ENABLE_FAILED to perform ENABLE operation."
        ),
    )


def test_disabling_what_is_not_enabled(destinations: Destinations) -> None:
    refused = (
        "ValidationException",
        f"{INVALID_STATE}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.",
    )
    assert refusal(destinations.disable) == refused
    destinations.enable()
    assert refusal(destinations.disable, stream=OTHER) == refused
    destinations.disable()
    assert refusal(destinations.disable) == refused


@pytest.mark.parametrize(
    "configuration",
    [
        {},
        {"UpdateKinesisStreamingConfiguration": {}},
        {
            "UpdateKinesisStreamingConfiguration": {"ApproximateCreationDateTimePrecision": None},
        },
    ],
)
def test_an_update_of_nothing(destinations: Destinations, configuration: dict[str, Any]) -> None:
    for table in ("hash", "nothing"):  # told before the table is looked for
        assert refusal(destinations.update, table=table, **configuration) == (
            "ValidationException",
            (
                "Streaming destination cannot be updated with given parameters: "
                "UpdateKinesisStreamingConfiguration cannot be null or contain only null values"
            ),
        )


def test_an_update_of_another_stream(destinations: Destinations) -> None:
    destinations.enable()
    configuration: Any = {"UpdateKinesisStreamingConfiguration": MICROSECOND}
    for table in ("hash", TABLE_ARN):
        assert refusal(destinations.update, stream=OTHER, table=table, **configuration) == (
            "ValidationException",
            (
                f"{INVALID_STATE}No streaming destination with streamArn: {OTHER} found for table "
                "with tableName: hash"
            ),
        )


def test_an_update_of_a_disabled_destination(destinations: Destinations) -> None:
    destinations.enable()
    destinations.disable()
    configuration: Any = {"UpdateKinesisStreamingConfiguration": MICROSECOND}
    assert refusal(destinations.update, **configuration) == (
        "ValidationException",
        f"{INVALID_STATE}KinesisStreamingDestination must be ACTIVE to perform UPDATE operation.",
    )


def test_an_update_that_changes_nothing(destinations: Destinations) -> None:
    destinations.enable(EnableKinesisStreamingConfiguration=MICROSECOND)
    configuration: Any = {"UpdateKinesisStreamingConfiguration": MICROSECOND}
    assert refusal(destinations.update, **configuration) == (
        "ValidationException",
        (
            "Invalid Request: Precision is already set to the desired value of MICROSECOND "
            f"for tableId: {destinations.table_id()}, kdsArn: {STREAM}"
        ),
    )


@pytest.mark.parametrize("table", ["nothing", TABLE_ARN.replace("hash", "nothing")])
def test_there_is_no_such_table(destinations: Destinations, table: str) -> None:
    missing = (
        "ResourceNotFoundException",
        "Requested resource not found: Table: nothing not found",
    )
    assert refusal(destinations.enable, table=table) == missing
    assert refusal(destinations.disable, table=table) == missing
    assert refusal(destinations.listed, table=table) == missing
    configuration: Any = {"UpdateKinesisStreamingConfiguration": MICROSECOND}
    assert refusal(destinations.update, table=table, **configuration) == missing


def test_a_table_that_is_being_created() -> None:
    with dql_mock(delays=TableDelays(create_s=60)):
        destinations = Destinations(unchecked_client())
        assert refusal(destinations.enable) == (
            "ResourceInUseException",
            "Attempt to change a resource which is still in use: Table is being created: hash",
        )
        assert destinations.listed() == []


def test_a_new_table_of_the_same_name_has_none(destinations: Destinations) -> None:
    destinations.enable()
    destinations.client.delete_table(TableName="hash")
    create_hash_table(destinations.client)
    assert destinations.listed() == []


def test_a_savepoint_takes_changes_back(db: Any, destinations: Destinations) -> None:
    destinations.enable()
    before = destinations.listed()
    with db.savepoint():
        destinations.disable()
        destinations.enable(OTHER)
    assert destinations.listed() == before
