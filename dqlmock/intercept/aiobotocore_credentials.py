"""Fake credentials for aiobotocore: the rules of `dqlmock.intercept.credentials`, awaited.

aiobotocore has its own sessions, signers and credentials, whose methods override botocore's, so the
patches of botocore's don't reach them. Imported only once aiobotocore is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from aiobotocore.credentials import AioCredentials, AioRefreshableCredentials
from aiobotocore.session import AioSession
from aiobotocore.signers import AioRequestSigner
from botocore.exceptions import NoCredentialsError

from dqlmock.intercept import moto
from dqlmock.intercept.credentials import (
    SECRET_KEY,
    ConstantSignature,
    explicit_credentials,
    fake_access_key,
    is_static,
    real_providers,
    refresh_allowed,
    refreshing,
    service_id,
    shown_access_key,
    with_credentials,
)
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.services import is_let_through
from dqlmock.intercept.switchboard import board


class AioStandIn(AioCredentials):  # type: ignore[misc]  # aiobotocore has no types
    """What a session of aiobotocore shows as its credentials while a mock runs.

    Args:
        session: Whose credentials it stands for: they are looked up only to sign for a service
            that is let through.
    """

    def __init__(self, session: AioSession) -> None:
        super().__init__(shown_access_key(), SECRET_KEY, method="dqlmock")
        self._session = session
        self._real: Any = None

    async def real(self) -> Any:
        """Return what aiobotocore would have used, the metadata service aside."""
        if self._real is None:
            self._real = vars(self._session).get("_credentials") or await self._resolve()
        return self._real

    async def _resolve(self) -> Any:
        for provider in real_providers(self._session):
            credentials = await provider.load()
            if credentials is not None:
                return credentials
        return None


def patch(patches: Patches) -> None:
    """Keep real credentials from being fetched and used."""
    patches.replace(AioSession, "get_credentials", _standing_in)
    patches.replace(AioRequestSigner, "get_auth_instance", _signing)
    patches.replace(AioRequestSigner, "get_auth", _signing)
    patches.replace(AioRefreshableCredentials, "_refresh", _not_refreshing)


def _standing_in(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def get_credentials(session: AioSession) -> Any:
        if board.idle:
            return await original(session)
        return explicit_credentials(session) or AioStandIn(session)

    return get_credentials


def _signing(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def get_auth_instance(
        signer: AioRequestSigner,
        signing_name: str,
        region_name: str,
        signature_version: Any = None,
        **options: Any,
    ) -> Any:
        """Choose the credentials as botocore's signer does: `dqlmock.intercept.credentials`."""
        line = board.only or board.pick()
        if line is None:
            return await original(signer, signing_name, region_name, signature_version, **options)
        credentials = options.pop("request_credentials", None) or vars(signer)["_credentials"]
        if signing_name == "dynamodb" and signature_version == "v4":
            return ConstantSignature(fake_access_key(credentials), region_name, signing_name)
        arguments = (signing_name, region_name, signature_version)
        if is_let_through(service_id(signer), None, line.passthrough):
            with refreshing():
                real = with_credentials(signer, await _real(credentials))
                return await original(real, *arguments, **options)
        if signing_name == "dynamodb" or not (moto.answers() and is_static(credentials)):
            credentials = _fake(fake_access_key(credentials))
        return await original(with_credentials(signer, credentials), *arguments, **options)

    return get_auth_instance


async def _real(credentials: Any) -> Any:
    if isinstance(credentials, AioStandIn):
        credentials = await credentials.real()
        if credentials is None:
            raise NoCredentialsError
    return credentials


@lru_cache(maxsize=256)
def _fake(access_key: str) -> AioCredentials:
    return AioCredentials(access_key, SECRET_KEY, method="dqlmock")


def _not_refreshing(original: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def _refresh(credentials: AioRefreshableCredentials) -> None:
        if refresh_allowed():
            await original(credentials)

    return _refresh
