from __future__ import annotations

from datetime import timedelta
from typing import Any

from dqlmock import TableDelays, dql_mock
from tests.conftest import refusal, unchecked_client
from tests.operations.tables import create_hash_table
from tests.operations.test_update_time_to_live import change


def described(client: Any) -> Any:
    return client.describe_time_to_live(TableName="hash")["TimeToLiveDescription"]


def test_the_attribute_is_known_while_ttl_is_enabled(db: Any, dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    assert described(dynamodb) == {"TimeToLiveStatus": "DISABLED"}
    change(dynamodb, True)
    assert described(dynamodb) == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}
    db.clock.advance(timedelta(hours=1))
    change(dynamodb, False)
    assert described(dynamodb) == {"TimeToLiveStatus": "DISABLED"}


def test_a_change_may_take_time() -> None:
    with dql_mock(delays=TableDelays(ttl_s=30)) as db:
        client = unchecked_client()
        create_hash_table(client)
        change(client, True)
        assert described(client) == {"TimeToLiveStatus": "ENABLING", "AttributeName": "ttl"}
        db.clock.advance(timedelta(hours=1))
        assert described(client)["TimeToLiveStatus"] == "ENABLED"
        change(client, False)
        assert described(client) == {"TimeToLiveStatus": "DISABLING", "AttributeName": "ttl"}
        db.clock.advance(timedelta(seconds=30))
        assert described(client) == {"TimeToLiveStatus": "DISABLED"}


def test_a_table_that_comes_or_goes_is_not_described() -> None:
    with dql_mock(delays=TableDelays(create_s=5, delete_s=5)) as db:
        client = unchecked_client()
        create_hash_table(client)

        def message(state: str) -> tuple[str, str]:
            return (
                "ValidationException",
                (
                    f"Cannot describe time to live while table is in {state} state: "
                    f"Current table state is {state}"
                ),
            )

        call = client.describe_time_to_live
        assert refusal(call, TableName="hash") == message("CREATING")
        db.clock.advance(timedelta(seconds=5))
        assert described(client) == {"TimeToLiveStatus": "DISABLED"}
        client.delete_table(TableName="hash")
        assert refusal(call, TableName="hash") == message("DELETING")
        db.clock.advance(timedelta(seconds=5))
        assert refusal(call, TableName="hash") == (
            "ResourceNotFoundException",
            "Requested resource not found: Table: hash not found",
        )


def test_a_table_has_to_be_named(db: Any) -> None:
    client = unchecked_client()
    assert refusal(client.describe_time_to_live) == (
        "ValidationException",
        "The parameter 'TableName' is required but was not present in the request",
    )
