"""Fixtures of all tests: a running mock and boto3 clients on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, settings

from dqlmock import dql_mock

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def unchecked_client(region: str = "us-east-1", **options: Any) -> Any:
    """Return a client that sends whatever it is told to: botocore's own checks are off."""
    return _unchecked("dynamodb", region, **options)


def unchecked_streams_client(region: str = "us-east-1", **options: Any) -> Any:
    """Return a client of DynamoDB Streams that sends whatever it is told to."""
    return _unchecked("dynamodbstreams", region, **options)


def _unchecked(service: str, region: str, **options: Any) -> Any:
    config = Config(parameter_validation=False, retries={"max_attempts": 0})
    return boto3.client(service, region_name=region, config=config, **options)


@pytest.fixture
def db() -> Iterator[Any]:
    with dql_mock() as running:
        yield running


@pytest.fixture
def dynamodb(db: Any) -> Any:
    return unchecked_client()


@pytest.fixture
def streams(db: Any) -> Any:
    return unchecked_streams_client()


def refusal(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
    """Make a call that is refused; return the error's code and message."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return error["Code"], error.get("Message", "")
