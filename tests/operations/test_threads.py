"""Concurrent writers lose nothing, and mocks one after the other share nothing."""

from __future__ import annotations

import threading
from typing import Any

from botocore.exceptions import ClientError

from dqlmock import dql_mock
from tests.conftest import unchecked_client
from tests.operations.tables import create_hash_table

THREADS, ROUNDS = 32, 25


def run_threads(work: Any, count: int = THREADS) -> None:
    failures: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not failures
    assert not any(thread.is_alive() for thread in threads)


def test_conditional_counters_lose_no_update(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    key = {"pk": {"S": "counter"}}
    dynamodb.put_item(TableName="hash", Item={**key, "n": {"N": "0"}})

    def increment(_: int) -> None:
        for _ in range(ROUNDS):
            while True:
                seen = dynamodb.get_item(TableName="hash", Key=key)["Item"]["n"]
                try:
                    dynamodb.update_item(
                        TableName="hash",
                        Key=key,
                        UpdateExpression="SET n = n + :one",
                        ConditionExpression="n = :seen",
                        ExpressionAttributeValues={":one": {"N": "1"}, ":seen": seen},
                    )
                except ClientError as error:
                    assert error.response["Error"]["Code"] == "ConditionalCheckFailedException"  # noqa: PT017 - any other error is a failure
                else:
                    break

    run_threads(increment, count=32)
    item = dynamodb.get_item(TableName="hash", Key=key)["Item"]
    assert item["n"] == {"N": str(32 * ROUNDS)}


def test_unconditional_adds_lose_no_update(dynamodb: Any) -> None:
    create_hash_table(dynamodb)

    def add(number: int) -> None:
        for _ in range(ROUNDS):
            for pk in ("all", f"own-{number}"):
                dynamodb.update_item(
                    TableName="hash",
                    Key={"pk": {"S": pk}},
                    UpdateExpression="ADD n :one",
                    ExpressionAttributeValues={":one": {"N": "1"}},
                )

    run_threads(add)
    items = {item["pk"]["S"]: item["n"]["N"] for item in dynamodb.scan(TableName="hash")["Items"]}
    assert items.pop("all") == str(THREADS * ROUNDS)
    assert items == {f"own-{number}": str(ROUNDS) for number in range(THREADS)}


def test_scans_while_items_come_and_go(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    lasting = {f"lasting-{number}" for number in range(50)}
    for pk in lasting:
        dynamodb.put_item(TableName="hash", Item={"pk": {"S": pk}})

    def work(number: int) -> None:
        if number % 2:
            for turn in range(ROUNDS):
                key = {"pk": {"S": f"passing-{number}-{turn}"}}
                dynamodb.put_item(TableName="hash", Item=key)
                dynamodb.delete_item(TableName="hash", Key=key)
        else:
            pages = dynamodb.get_paginator("scan").paginate(TableName="hash", Limit=7)
            seen = [item["pk"]["S"] for page in pages for item in page["Items"]]
            assert lasting <= set(seen)
            assert len(seen) == len(set(seen))

    run_threads(work, count=8)
    assert dynamodb.scan(TableName="hash", Select="COUNT")["Count"] == len(lasting)


def test_mocks_never_see_each_others_data() -> None:
    client = unchecked_client()
    with dql_mock():
        create_hash_table(client)
        client.put_item(TableName="hash", Item={"pk": {"S": "a"}})
    with dql_mock():
        assert client.list_tables()["TableNames"] == []
        create_hash_table(client)
        assert client.scan(TableName="hash")["Items"] == []
