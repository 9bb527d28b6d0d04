"""boto3 with `endpoint_url` against a running server; see tests/clients/suites.py."""

from __future__ import annotations

import asyncio
from typing import Any

import boto3
from botocore.exceptions import ClientError
from scenario import CLIENT_OPTIONS, Scenario

_dynamodb = boto3.client("dynamodb", **CLIENT_OPTIONS)
_streams = boto3.client("dynamodbstreams", **CLIENT_OPTIONS)


async def _call(operation: str, **parameters: Any) -> Any:
    return getattr(_dynamodb, operation)(**parameters)


async def _stream(operation: str, **parameters: Any) -> Any:
    return getattr(_streams, operation)(**parameters)


async def _error_of(operation: str, **parameters: Any) -> Any:
    try:
        getattr(_dynamodb, operation)(**parameters)
    except ClientError as error:
        return error.response
    return None


asyncio.run(Scenario(_call, _stream, _error_of).run())
