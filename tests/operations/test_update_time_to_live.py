from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dqlmock import TableDelays, dql_mock
from tests.conftest import refusal, unchecked_client
from tests.operations.tables import create_hash_table

TOO_SOON = "Time to live has been modified multiple times within a fixed interval"


def change(client: Any, enabled: bool, attribute: str = "ttl", table: str = "hash") -> Any:
    answer = client.update_time_to_live(
        TableName=table,
        TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute},
    )
    return answer["TimeToLiveSpecification"]


def refused(client: Any, enabled: bool, attribute: str = "ttl", table: str = "hash") -> str:
    code, message = refusal(
        client.update_time_to_live,
        TableName=table,
        TimeToLiveSpecification={"Enabled": enabled, "AttributeName": attribute},
    )
    assert code == "ValidationException"
    return message


def test_the_answer_repeats_the_specification(db: Any, dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    assert change(dynamodb, True) == {"Enabled": True, "AttributeName": "ttl"}
    db.clock.advance(timedelta(hours=1))
    assert change(dynamodb, False) == {"Enabled": False, "AttributeName": "ttl"}


def test_what_is_so_already_is_refused(db: Any, dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    assert refused(dynamodb, False) == "TimeToLive is already disabled"
    change(dynamodb, True)
    assert refused(dynamodb, True) == "TimeToLive is already enabled"
    other = "TimeToLive is active on a different AttributeName: current AttributeName is ttl"
    assert refused(dynamodb, True, "other") == other
    assert refused(dynamodb, False, "other") == other
    db.clock.advance(timedelta(hours=1))
    change(dynamodb, False)
    assert refused(dynamodb, False) == "TimeToLive is already disabled"


def test_two_changes_within_an_hour_are_refused(db: Any, dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    change(dynamodb, True)
    assert refused(dynamodb, False) == TOO_SOON
    db.clock.advance(timedelta(minutes=59))
    assert refused(dynamodb, False) == TOO_SOON
    db.clock.advance(timedelta(minutes=1))
    change(dynamodb, False)
    assert refused(dynamodb, True, "other") == TOO_SOON
    db.clock.advance(timedelta(hours=1))
    change(dynamodb, True, "other")


def test_the_partition_key_may_hold_the_expiry(dynamodb: Any) -> None:
    create_hash_table(dynamodb, tag="N")
    assert change(dynamodb, True, "pk")["AttributeName"] == "pk"


@pytest.mark.parametrize(
    ("specification", "message"),
    [
        (
            {"Enabled": True, "AttributeName": ""},
            (
                "1 validation error detected: Value '' at 'timeToLiveSpecification.attributeName' "
                "failed to satisfy constraint: Member must have length greater than or equal to 1"
            ),
        ),
        (
            {"Enabled": True},
            (
                "1 validation error detected: Value null at "
                "'timeToLiveSpecification.attributeName' "
                "failed to satisfy constraint: Member must not be null"
            ),
        ),
        (
            {"AttributeName": "ttl"},
            (
                "1 validation error detected: Value null at 'timeToLiveSpecification.enabled' "
                "failed to satisfy constraint: Member must not be null"
            ),
        ),
    ],
)
def test_the_specification_has_two_members(
    dynamodb: Any, specification: dict[str, Any], message: str
) -> None:
    create_hash_table(dynamodb)
    assert refusal(
        dynamodb.update_time_to_live, TableName="hash", TimeToLiveSpecification=specification
    ) == ("ValidationException", message)


def test_a_name_of_256_characters_is_too_long(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    assert "less than or equal to 255" in refused(dynamodb, True, "a" * 256)
    change(dynamodb, True, "a" * 255)


def test_there_is_no_such_table(dynamodb: Any) -> None:
    assert refusal(
        dynamodb.update_time_to_live,
        TableName="absent",
        TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"},
    ) == (
        "ResourceNotFoundException",
        "Requested resource not found: Table: absent not found",
    )


def test_a_table_under_creation_is_in_use() -> None:
    with dql_mock(delays=TableDelays(create_s=5, update_s=5)) as db:
        client = unchecked_client()
        create_hash_table(client)
        assert refusal(
            client.update_time_to_live,
            TableName="hash",
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"},
        ) == (
            "ResourceInUseException",
            "Attempt to change a resource which is still in use: Table hash is being created",
        )
        db.clock.advance(timedelta(seconds=5))
        client.update_table(TableName="hash", TableClass="STANDARD")  # UPDATING
        change(client, True)


def test_an_arn_names_the_table(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    arn = dynamodb.describe_table(TableName="hash")["Table"]["TableArn"]
    change(dynamodb, True, table=arn)
    assert refused(dynamodb, True) == "TimeToLive is already enabled"


def test_a_table_created_again_starts_anew(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    change(dynamodb, True)
    dynamodb.delete_table(TableName="hash")
    create_hash_table(dynamodb)
    assert change(dynamodb, True, "other")["Enabled"]
