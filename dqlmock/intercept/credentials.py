"""Fake credentials and a fake region, so that a test needs no configuration.

Owns the environment variables put in place while a mock runs, and the patches of where botocore
finds credentials and signs. Nothing is cached in a session: what outlives the mock finds its real
credentials again.

While a mock runs:

- Credentials are never fetched: no metadata service, no SSO, no assumed role, no process. A session
  shows the keys it was given, or those of the environment.
- A call that the mock answers carries a fake access key, but for one of twelve digits, which names
  the account. Its signature is a constant: nobody checks it, and computing one takes a quarter of
  the time of a call.
- A call to a service that is let through is signed with what botocore would have used, for it goes
  to the real service: fake keys could only be refused there. The credentials are looked up when the
  first such call is signed, past the fake environment variables, and never at the metadata service.
- Beside moto, services that moto answers keep static keys: moto knows accounts and identities by
  the access key. Such a call can't leave the process.
- Any other call will be refused; its signature is fake.
"""

from __future__ import annotations

import copy
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from botocore.credentials import (
    Credentials,
    EnvProvider,
    InstanceMetadataProvider,
    RefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError, ProfileNotFound
from botocore.session import Session
from botocore.signers import RequestSigner

from dqlmock.intercept import moto
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.services import is_let_through
from dqlmock.intercept.switchboard import board
from dqlmock.wire.scope import names_account

ACCESS_KEY = "FAKEDBYDQLMOCK"
SECRET_KEY = "fake-secret-of-dqlmock"  # the value says what it is


class Environment:
    """The fake environment variables.

    >>> environment = Environment()
    >>> environment.put("eu-west-1")
    >>> bool(os.environ["AWS_DEFAULT_REGION"])
    True
    >>> environment.remove()
    """

    def __init__(self) -> None:
        self._put: dict[str, tuple[str, str | None]] = {}

    def put(self, region: str) -> None:
        """Set the variables that are absent or empty.

        Args:
            region: The value of AWS_DEFAULT_REGION.
        """
        self._set("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        self._set("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
        self._set("AWS_DEFAULT_REGION", region)

    def _set(self, name: str, value: str) -> None:
        before = os.environ.get(name)
        if before == value and value in (ACCESS_KEY, SECRET_KEY):
            # Left behind by something that restored it after us (pytest's monkeypatch): ours.
            self._put[name] = (value, None)
        elif not before:
            self._put[name] = (value, before)
            os.environ[name] = value

    def remove(self) -> None:
        """Put the variables back, but for those that somebody has changed since."""
        while self._put:
            name, (value, before) = self._put.popitem()
            if os.environ.get(name) != value:
                continue
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before


def shown_access_key() -> str:
    """Return the access key that a session shows while a mock runs: the environment's."""
    return os.environ.get("AWS_ACCESS_KEY_ID") or ACCESS_KEY


class StandIn(Credentials):  # type: ignore[misc]  # botocore has no types
    """What a session shows as its credentials while a mock runs.

    Args:
        session: Whose credentials it stands for: they are looked up only to sign for a service
            that is let through.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(shown_access_key(), SECRET_KEY, method="dqlmock")
        self._session = session
        self._real: Credentials | None = None
        self._lock = threading.Lock()

    def real(self) -> Credentials | None:
        """Return what botocore would have used, the metadata service aside."""
        with self._lock:
            if self._real is None:
                self._real = vars(self._session).get("_credentials") or self._resolve()
            return self._real

    def _resolve(self) -> Credentials | None:
        for provider in real_providers(self._session):
            credentials: Credentials | None = provider.load()
            if credentials is not None:
                return credentials
        return None


def real_providers(session: Session) -> Iterator[Any]:
    """Yield what botocore would ask for credentials, in its order.

    Left out are the metadata service, and the environment where its keys are fake.
    """
    for provider in session.get_component("credential_provider").providers:
        if isinstance(provider, InstanceMetadataProvider):
            continue
        if isinstance(provider, EnvProvider) and (
            os.environ.get("AWS_ACCESS_KEY_ID") == ACCESS_KEY
            or os.environ.get("AWS_SECRET_ACCESS_KEY") == SECRET_KEY
        ):
            continue
        yield provider


class ConstantSignature:
    """Signs as Signature Version 4 does, but for the signature.

    Args:
        access_key: Fake, or an account.
        region: The region of the credential scope.
        service: The service of the credential scope.
    """

    def __init__(self, access_key: str, region: str, service: str) -> None:
        self._access_key = access_key
        self._scope = f"/{region}/{service}/aws4_request"

    def add_auth(self, request: Any) -> None:
        """Set the headers that a signature consists of."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        request.context["timestamp"] = stamp
        headers = request.headers
        del headers["Authorization"], headers["X-Amz-Date"]  # a request that is signed again
        headers["X-Amz-Date"] = stamp
        headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._access_key}/{stamp[:8]}{self._scope}, "
            f"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={'0' * 64}"
        )


def patch(patches: Patches) -> None:
    """Keep real credentials from being fetched and used."""
    patches.replace(Session, "get_credentials", _standing_in)
    patches.replace(Session, "get_scoped_config", _without_missing_profile)
    patches.replace(RequestSigner, "get_auth_instance", _signing)
    patches.replace(RequestSigner, "get_auth", _signing)
    patches.replace(RefreshableCredentials, "_refresh", _not_refreshing)


def _standing_in(original: Callable[[Session], Any]) -> Callable[[Session], Any]:
    def get_credentials(session: Session) -> Any:
        if board.idle:
            return original(session)
        return explicit_credentials(session) or StandIn(session)

    return get_credentials


def explicit_credentials(session: Session) -> Any:
    """Return the credentials that a session was given, None where it would look for some."""
    given = vars(session).get("_credentials")
    return given if getattr(given, "method", None) == "explicit" else None


def _without_missing_profile(original: Callable[[Session], Any]) -> Callable[[Session], Any]:
    def get_scoped_config(session: Session) -> Any:
        """Do without a profile that AWS_PROFILE names and no file has: a CI machine has none."""
        try:
            return original(session)
        except ProfileNotFound:
            if board.idle or "profile" in session.instance_variables():
                raise
            return {}

    return get_scoped_config


def _signing(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_auth_instance(
        signer: RequestSigner,
        signing_name: str,
        region_name: str,
        signature_version: Any = None,
        **options: Any,
    ) -> Any:
        """Choose the credentials that this module's docstring says."""
        line = board.only or board.pick()
        if line is None:
            return original(signer, signing_name, region_name, signature_version, **options)
        credentials = options.pop("request_credentials", None) or vars(signer)["_credentials"]
        if signing_name == "dynamodb" and signature_version == "v4":
            return ConstantSignature(fake_access_key(credentials), region_name, signing_name)
        arguments = (signing_name, region_name, signature_version)
        if is_let_through(service_id(signer), None, line.passthrough):
            with refreshing():
                return original(with_credentials(signer, _real(credentials)), *arguments, **options)
        if signing_name == "dynamodb" or not (moto.answers() and is_static(credentials)):
            credentials = _fake(fake_access_key(credentials))
        return original(with_credentials(signer, credentials), *arguments, **options)

    return get_auth_instance


def with_credentials(signer: RequestSigner, credentials: Any) -> RequestSigner:
    """Return a signer like another, with other credentials."""
    other = copy.copy(signer)
    vars(other)["_credentials"] = credentials
    return other


def service_id(signer: RequestSigner) -> str:
    """Return the hyphenated id of the service that a signer signs for: `"sfn"`."""
    name: str = vars(signer)["_service_id"].hyphenize()
    return name


def _real(credentials: Any) -> Any:
    if isinstance(credentials, StandIn):
        credentials = credentials.real()
        if credentials is None:
            raise NoCredentialsError
    return credentials


def is_static(credentials: Any) -> bool:
    """Whether reading the keys can't lead to a call that fetches them."""
    return credentials is not None and not isinstance(credentials, RefreshableCredentials)


def fake_access_key(credentials: Any) -> str:
    """Return the access key to sign with: theirs if it names an account."""
    if is_static(credentials):
        access_key: str = credentials.access_key
        if names_account(access_key):
            return access_key
    return ACCESS_KEY


@lru_cache(maxsize=256)
def _fake(access_key: str) -> Credentials:
    return Credentials(access_key, SECRET_KEY, method="dqlmock")


_may_refresh: ContextVar[bool] = ContextVar("dqlmock_may_refresh", default=False)


@contextmanager
def refreshing() -> Iterator[None]:
    """Let this thread, or this task, refresh credentials that expire."""
    token = _may_refresh.set(True)
    try:
        yield
    finally:
        _may_refresh.reset(token)


def refresh_allowed() -> bool:
    """Whether credentials that expire may be refreshed: no mock runs, or inside `refreshing`."""
    return board.idle or _may_refresh.get()


def _not_refreshing(original: Callable[..., None]) -> Callable[..., None]:
    def _refresh(credentials: RefreshableCredentials) -> None:
        """Leave credentials as they are: a refresh asks STS, SSO or the metadata service.

        botocore looks at `account_id` of a client's credentials when it resolves the endpoint.
        """
        if refresh_allowed():
            original(credentials)

    return _refresh
