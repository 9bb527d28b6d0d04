"""Clients of aiobotocore, on each of its transports."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

TABLE = "orders"
PLAIN: dict[str, Any] = {
    "TableName": TABLE,
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
TRANSPORTS = ["aiohttp", "httpx"]


def session_class(transport: str) -> Any:
    """Return aiobotocore's HTTP session of a transport, or skip the test."""
    if transport == "aiohttp":
        return pytest.importorskip("aiobotocore.httpsession").AIOHTTPSession
    module = pytest.importorskip(
        "aiobotocore.httpxsession", reason="aiobotocore has no httpx transport before 2.23"
    )
    if module.httpx is None:
        pytest.skip("httpx is not installed")
    return module.HttpxSession


def config(transport: str, **options: Any) -> Any:
    """Return a client configuration that selects a transport."""
    aio_config = pytest.importorskip("aiobotocore.config").AioConfig
    if transport == "aiohttp":
        return aio_config(**options)
    return aio_config(http_session_cls=session_class(transport), **options)


def client(service: str = "dynamodb", transport: str = "aiohttp", **options: Any) -> Any:
    """Return a new client, to be entered with `async with`."""
    options.setdefault("config", config(transport))
    return _session().create_client(service, **options)


@lru_cache
def _session() -> Any:
    """Return one session for all clients: each session reads the service models anew."""
    return pytest.importorskip("aiobotocore.session").get_session()


def put(number: int) -> dict[str, Any]:
    """Return the parameters of a PutItem."""
    return {"TableName": TABLE, "Item": {"pk": {"S": str(number)}, "n": {"N": str(number)}}}


def key(number: int) -> dict[str, Any]:
    """Return the parameters that name an item."""
    return {"TableName": TABLE, "Key": {"pk": {"S": str(number)}}}
