"""Accounts and regions of the credential scope."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from dqlmock import Server
from tests.conftest import refusal
from tests.operations.tables import create_hash_table
from tests.server.conftest import client_of


def names(client: Any) -> list[str]:
    found: list[str] = client.list_tables()["TableNames"]
    return found


def test_accounts_and_regions_do_not_meet(server: Server) -> None:
    mine = client_of(server.endpoint_url, account="111122223333")
    create_hash_table(mine, "mine")
    create_hash_table(client_of(server.endpoint_url, account="AKIA1"), "others")
    assert names(mine) == ["mine"]
    assert names(client_of(server.endpoint_url, account="111122223333", region="eu-west-1")) == []
    assert names(client_of(server.endpoint_url, account="AKIA2")) == ["others"]


def test_the_account_of_other_keys_can_be_chosen() -> None:
    with Server(account="999999999999") as server:
        client = client_of(server.endpoint_url)
        create_hash_table(client)
        table = client.describe_table(TableName="hash")["Table"]
    assert table["TableArn"].split(":")[4] == "999999999999"


def test_a_shared_database() -> None:
    with Server(shared_db=True) as server:
        create_hash_table(client_of(server.endpoint_url, account="111122223333"))
        client = client_of(server.endpoint_url, account="AKIA", region="local")
        assert names(client) == ["hash"]


@pytest.mark.parametrize(
    ("wording", "message"),
    [
        ("older", "One or more parameter values were invalid: An string set  may not be empty"),
        (
            "newest",
            (
                "1 validation error detected: "
                "One or more parameter values were invalid: An string set  may not be empty"
            ),
        ),
    ],
)
def test_one_wording_for_all_regions(wording: Literal["older", "newest"], message: str) -> None:
    with Server(wording=wording) as server:
        client = client_of(server.endpoint_url, region="us-east-1")
        create_hash_table(client)
        assert refusal(client.put_item, TableName="hash", Item={"pk": {"SS": []}})[1] == message
