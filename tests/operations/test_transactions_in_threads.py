"""Transactions of many threads: nothing is lost, nothing is seen half done, nothing deadlocks."""

from __future__ import annotations

import random
from typing import Any

from botocore.exceptions import ClientError

from tests.operations.tables import create_composite_table, create_hash_table
from tests.operations.test_threads import run_threads

ACCOUNTS, OPENING, ROUNDS = 8, 100, 20


def place(number: int) -> tuple[str, dict[str, Any]]:
    """An account: half of them lie in either table."""
    if number % 2:
        return "composite", {"pk": {"S": str(number)}, "sk": {"S": "account"}}
    return "hash", {"pk": {"S": str(number)}}


def open_accounts(client: Any) -> None:
    create_hash_table(client)
    create_composite_table(client)
    for number in range(ACCOUNTS):
        table, key = place(number)
        client.put_item(TableName=table, Item={**key, "money": {"N": str(OPENING)}})


def transfer(client: Any, source: int, target: int, amount: int) -> None:
    def move(number: int, sign: str, condition: dict[str, Any]) -> dict[str, Any]:
        table, key = place(number)
        return {
            "Update": {
                "TableName": table,
                "Key": key,
                "UpdateExpression": f"SET money = money {sign} :amount",
                "ExpressionAttributeValues": {":amount": {"N": str(amount)}},
                **condition,
            }
        }

    enough = {"ConditionExpression": "money >= :amount"}
    client.transact_write_items(TransactItems=[move(source, "-", enough), move(target, "+", {})])


def balances(client: Any) -> list[int]:
    gets = [{"Get": {"TableName": table, "Key": key}} for table, key in map(place, range(ACCOUNTS))]
    answer = client.transact_get_items(TransactItems=gets)
    return [int(response["Item"]["money"]["N"]) for response in answer["Responses"]]


def test_transfers_keep_the_total(dynamodb: Any) -> None:
    open_accounts(dynamodb)
    refusals = []

    def work(number: int) -> None:
        choose = random.Random(number)
        for _ in range(ROUNDS):
            source, target = choose.sample(range(ACCOUNTS), 2)
            try:
                transfer(dynamodb, source, target, choose.randint(1, 60))
            except ClientError as error:
                refusals.append(error.response["Error"]["Code"])
            seen = balances(dynamodb)
            assert sum(seen) == ACCOUNTS * OPENING
            assert min(seen) >= 0

    run_threads(work, count=12)
    assert set(refusals) <= {"TransactionCanceledException"}
    assert sum(balances(dynamodb)) == ACCOUNTS * OPENING


def test_single_writes_wait_for_transactions(dynamodb: Any) -> None:
    open_accounts(dynamodb)

    def work(number: int) -> None:
        for turn in range(ROUNDS):
            if number % 2:
                table, key = place(turn % ACCOUNTS)
                dynamodb.update_item(
                    TableName=table,
                    Key=key,
                    UpdateExpression="ADD money :one",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )
            else:
                transfer(dynamodb, turn % ACCOUNTS, (turn + 1 + number) % ACCOUNTS, 1)

    # The distance is odd and less than the number of accounts: source and target differ.
    run_threads(work, count=6)
    assert sum(balances(dynamodb)) == ACCOUNTS * OPENING + 3 * ROUNDS


def test_a_token_used_at_once_counts_once(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    request = {
        "TransactItems": [
            {
                "Update": {
                    "TableName": "hash",
                    "Key": {"pk": {"S": "a"}},
                    "UpdateExpression": "ADD n :one",
                    "ExpressionAttributeValues": {":one": {"N": "1"}},
                }
            }
        ],
        "ClientRequestToken": "token",
    }
    codes = []

    def work(_: int) -> None:
        try:
            dynamodb.transact_write_items(**request)
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])

    run_threads(work, count=16)
    assert set(codes) <= {"TransactionInProgressException"}
    item = dynamodb.get_item(TableName="hash", Key={"pk": {"S": "a"}})["Item"]
    assert item["n"] == {"N": "1"}
