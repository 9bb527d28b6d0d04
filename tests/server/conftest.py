"""Servers and clients for the tests of the server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from dqlmock import Server, ServerProcess

ACCOUNT = "123456789012"


def client_of(endpoint_url: str, *, account: str = "AKIATEST", region: str = "us-east-1") -> Any:
    return boto3.client(
        "dynamodb",
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="secret",
        config=Config(retries={"max_attempts": 0}, parameter_validation=False),
    )


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    with Server() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.db.reset()
    return running


@pytest.fixture
def client(server: Server) -> Any:
    return client_of(server.endpoint_url)


@pytest.fixture(scope="session")
def process() -> Iterator[ServerProcess]:
    with ServerProcess() as server:
        yield server
