"""aioboto3 against a running server; see tests/clients/suites.py."""

from __future__ import annotations

import asyncio
from typing import Any

import aioboto3
from botocore.exceptions import ClientError
from scenario import CLIENT_OPTIONS, Scenario


async def main() -> None:
    session = aioboto3.Session()
    async with (
        session.client("dynamodb", **CLIENT_OPTIONS) as dynamodb,
        session.client("dynamodbstreams", **CLIENT_OPTIONS) as streams,
    ):

        async def call(operation: str, **parameters: Any) -> Any:
            return await getattr(dynamodb, operation)(**parameters)

        async def stream(operation: str, **parameters: Any) -> Any:
            return await getattr(streams, operation)(**parameters)

        async def error_of(operation: str, **parameters: Any) -> Any:
            try:
                await call(operation, **parameters)
            except ClientError as error:
                return error.response
            return None

        await Scenario(call, stream, error_of).run()


asyncio.run(main())
