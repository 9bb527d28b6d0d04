"""Fixtures of all tests: a running mock and boto3 clients on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from dqlmock import dql_mock


def unchecked_client(region: str = "us-east-1", **options: Any) -> Any:
    """Return a client that sends whatever it is told to: botocore's own checks are off."""
    config = Config(parameter_validation=False, retries={"max_attempts": 0})
    return boto3.client("dynamodb", region_name=region, config=config, **options)


@pytest.fixture
def db() -> Iterator[Any]:
    with dql_mock() as running:
        yield running


@pytest.fixture
def dynamodb(db: Any) -> Any:
    return unchecked_client()
