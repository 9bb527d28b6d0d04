"""Faults as clients beside boto3 meet them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError

from dqlmock import dql_mock


def test_aiobotocore_meets_them_and_its_other_tasks_go_on() -> None:
    session = pytest.importorskip("aiobotocore.session").get_session()
    config = Config(retries={"total_max_attempts": 1})

    async def calls() -> list[str]:
        done = []
        async with session.create_client("dynamodb", "eu-west-1", config=config) as client:

            async def call(name: str) -> None:
                await client.list_tables()
                done.append(name)

            with dql_mock() as db:
                db.faults.on("ListTables").delay(0.1)
                first = asyncio.create_task(call("first"))
                await asyncio.sleep(0.02)
                await call("second")
                await first
                db.faults.on("ListTables").timeout()
                with pytest.raises(ReadTimeoutError):
                    await client.list_tables()
        return done

    assert asyncio.run(calls()) == ["second", "first"]


def test_the_requests_library_finds_its_own_exceptions(db: Any) -> None:
    requests = pytest.importorskip("requests")

    def post() -> Any:
        return requests.post(
            "http://localhost:8000",
            data=b"{}",
            headers={"X-Amz-Target": "DynamoDB_20120810.ListTables"},
            timeout=1,
        )

    on = db.faults.on
    on("ListTables").timeout()
    with pytest.raises(requests.exceptions.ReadTimeout):
        post()
    on("ListTables").connect_timeout()
    with pytest.raises(requests.exceptions.ConnectTimeout):
        post()
    on("ListTables").drop()
    with pytest.raises(requests.exceptions.ConnectionError):
        post()
    on("ListTables").delay(0.01)
    assert post().status_code == 400
