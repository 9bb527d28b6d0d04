"""aiobotocore needs no configuration, and its real credentials are neither fetched nor used."""

from __future__ import annotations

import asyncio
import datetime
import os
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import NoCredentialsError

from dqlmock.intercept.credentials import ACCESS_KEY, SECRET_KEY
from dqlmock.mock import mock_dynamodb
from tests.stub_door import StubDoor

session_module = pytest.importorskip("aiobotocore.session", reason="aiobotocore is not installed")
aio = pytest.importorskip("aiobotocore.credentials", reason="aiobotocore is not installed")

KEYS: dict[str, Any] = {
    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key": "real",
}


async def _authorization(session: Any, service: str, call: str, **options: Any) -> str:
    """Make one call and return the header that it was signed with."""
    seen: list[Any] = []
    async with session.create_client(service, **options) as client:
        client.meta.events.register(
            "before-send", lambda request, **_: seen.append(request.headers["Authorization"])
        )
        await getattr(client, call)()
    header = seen[0]
    return str(header, "ascii") if isinstance(header, bytes) else str(header)


def _list_tables(session: Any, **options: Any) -> Any:
    return _authorization(session, "dynamodb", "list_tables", **options)


@pytest.fixture
def beyond(doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces aiobotocore's own send by one that answers 200."""
    from aiobotocore.httpsession import AIOHTTPSession

    from dqlmock.intercept.aiobotocore_send import AioAnswer

    async def send(session: Any, request: Any) -> Any:
        return AioAnswer(request.url, 200, {}, b"{}")

    monkeypatch.setattr(AIOHTTPSession, "send", send)


def test_real_keys_do_not_sign(doors: list[StubDoor]) -> None:
    with mock_dynamodb():
        seen = asyncio.run(_list_tables(session_module.get_session(), **KEYS))
    assert seen.startswith(f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/")
    assert seen.endswith(f"Signature={'0' * 64}")


def test_an_account_signs_as_itself(doors: list[StubDoor]) -> None:
    keys = {**KEYS, "aws_access_key_id": "111122223333"}
    with mock_dynamodb():
        seen = asyncio.run(_list_tables(session_module.get_session(), **keys))
    assert "Credential=111122223333/" in seen


def test_another_signature_is_made_with_fake_keys(doors: list[StubDoor]) -> None:
    async def test() -> str:
        async with session_module.get_session().create_client("s3", **KEYS) as s3:
            url: str = await s3.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})
            return url

    with mock_dynamodb():
        url = asyncio.run(test())
    assert ACCESS_KEY in url
    assert KEYS["aws_access_key_id"] not in url


def test_a_session_shows_fakes_and_caches_none(
    doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_module.get_session()
    with mock_dynamodb():
        frozen = asyncio.run(_frozen(session))
        assert (frozen.access_key, frozen.secret_key) == (ACCESS_KEY, SECRET_KEY)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    assert asyncio.run(_frozen(session)).access_key == "AKIAREAL"


async def _frozen(session: Any) -> Any:
    credentials = await session.get_credentials()
    return await credentials.get_frozen_credentials()


def test_explicit_keys_stay_visible(doors: list[StubDoor]) -> None:
    session = session_module.get_session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "real")
    with mock_dynamodb():
        assert asyncio.run(_frozen(session)).secret_key == "real"


async def _refuse() -> Any:
    raise AssertionError("credentials were fetched")


def _expired() -> Any:
    past = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
    return aio.AioRefreshableCredentials("AKIA", "b", "c", past, _refuse, "sso")


@pytest.mark.parametrize(
    "make", [_expired, lambda: aio.AioDeferredRefreshableCredentials(_refuse, "assume-role")]
)
def test_credentials_that_expire_are_not_refreshed(doors: list[StubDoor], make: Any) -> None:
    async def test() -> None:
        session = session_module.get_session()
        vars(session)["_credentials"] = make()
        async with session.create_client("dynamodb", region_name="us-east-1") as older:
            with mock_dynamodb():
                await older.list_tables()
                assert f"Credential={ACCESS_KEY}/" in await _list_tables(session)
            with pytest.raises(AssertionError):
                await older.list_tables()

    asyncio.run(test())


_NEVER = """
[profile sso]
sso_start_url = https://x.invalid
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = r
[profile role]
role_arn = arn:aws:iam::111122223333:role/r
source_profile = static
[profile web]
role_arn = arn:aws:iam::111122223333:role/r
web_identity_token_file = /nowhere
[profile process]
credential_process = /nowhere/process
[profile static]
aws_access_key_id = AKIASTATIC
aws_secret_access_key = real
"""


@pytest.mark.parametrize("profile", ["sso", "role", "web", "process", "static", "missing"])
def test_no_profile_is_resolved(
    doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch, profile: str
) -> None:
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(_NEVER)
    monkeypatch.setenv("AWS_PROFILE", profile)
    with mock_dynamodb():
        seen = asyncio.run(_list_tables(session_module.get_session()))
    assert f"Credential={ACCESS_KEY}/" in seen


@pytest.mark.usefixtures("beyond")
def test_real_keys_are_found_for_a_service_let_through() -> None:
    Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"]).write_text(
        "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = real\n"
    )
    session = session_module.get_session()
    with mock_dynamodb(passthrough=["logs"]):
        seen = asyncio.run(_authorization(session, "logs", "describe_log_groups"))
        faked = asyncio.run(_list_tables(session))
    assert "Credential=AKIAFILE/" in seen
    assert "0" * 64 not in seen
    assert f"Credential={ACCESS_KEY}/" in faked


@pytest.mark.usefixtures("beyond")
def test_without_real_keys_a_service_let_through_says_so() -> None:
    session = session_module.get_session()
    with mock_dynamodb(passthrough=["logs"]), pytest.raises(NoCredentialsError):
        asyncio.run(_authorization(session, "logs", "describe_log_groups"))


@pytest.mark.usefixtures("beyond")
def test_credentials_are_refreshed_for_a_service_let_through() -> None:
    future = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc).isoformat()
    metadata = {"access_key": "ASIA", "secret_key": "b", "token": "c", "expiry_time": future}

    async def refresh() -> Any:
        return metadata

    session = session_module.get_session()
    vars(session)["_credentials"] = aio.AioDeferredRefreshableCredentials(refresh, "x")
    options = {"region_name": "us-east-1"}
    with mock_dynamodb(passthrough=["logs"]):
        seen = asyncio.run(_authorization(session, "logs", "describe_log_groups", **options))
    assert "Credential=ASIA/" in seen


def test_everything_is_put_back(doors: list[StubDoor]) -> None:
    from aiobotocore.endpoint import AioEndpoint
    from aiobotocore.httpsession import AIOHTTPSession
    from aiobotocore.signers import AioRequestSigner

    patched = [
        (AIOHTTPSession, "send"),
        (AioEndpoint, "create_request"),
        (session_module.AioSession, "get_credentials"),
        (AioRequestSigner, "get_auth_instance"),
        (AioRequestSigner, "get_auth"),
        (aio.AioRefreshableCredentials, "_refresh"),
    ]
    before = [vars(owner)[name] for owner, name in patched]
    with mock_dynamodb():
        inside = [vars(owner)[name] for owner, name in patched]
    assert all(new is not old for new, old in zip(inside, before, strict=True))
    assert [vars(owner)[name] for owner, name in patched] == before
