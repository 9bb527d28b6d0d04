"""No configuration is needed, and real credentials are neither fetched nor used."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.credentials import (
    Credentials,
    DeferredRefreshableCredentials,
    RefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError, ProfileNotFound
from botocore.session import Session
from botocore.signers import RequestSigner

from dqlmock.intercept import credentials as room
from dqlmock.mock import mock_dynamodb
from tests.stub_door import StubDoor

KEYS: dict[str, Any] = {
    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key": "real",
}


def _authorizations(client: Any) -> list[str]:
    """Return a list that fills with the Authorization headers of a client's requests."""
    seen: list[str] = []
    client.meta.events.register(
        "before-send", lambda request, **_: seen.append(request.headers["Authorization"].decode())
    )
    return seen


def _aws_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


def test_nothing_needs_to_be_configured(door: StubDoor) -> None:
    assert boto3.client("dynamodb").list_tables()["TableNames"] == []
    assert boto3.resource("dynamodb").meta.client.meta.region_name == "us-east-1"


def test_the_environment_is_put_back(doors: list[StubDoor]) -> None:
    before = _aws_environment()
    with mock_dynamodb(region="eu-north-1"):
        inside = _aws_environment()
    assert _aws_environment() == before
    assert {name: inside[name] for name in inside.keys() - before.keys()} == {
        "AWS_ACCESS_KEY_ID": room.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": room.SECRET_KEY,
        "AWS_DEFAULT_REGION": "eu-north-1",
    }


def test_an_empty_variable_is_put_back_empty(
    doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "")
    with mock_dynamodb():
        assert os.environ["AWS_ACCESS_KEY_ID"] == room.ACCESS_KEY
    assert os.environ["AWS_ACCESS_KEY_ID"] == ""


def test_what_the_environment_has_stays(
    doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    before = _aws_environment()
    with mock_dynamodb(region="eu-north-1"):
        assert _aws_environment() == before
        boto3.client("dynamodb").list_tables()
    assert doors[0].requests[0].region == "eu-west-3"


def test_a_variable_set_by_the_test_stays(
    doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_dynamodb():
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    assert os.environ["AWS_DEFAULT_REGION"] == "eu-west-3"


def test_keys_left_behind_by_monkeypatch_go_with_the_next_mock(doors: list[StubDoor]) -> None:
    patch = pytest.MonkeyPatch()
    with mock_dynamodb():
        patch.setenv("AWS_ACCESS_KEY_ID", "111122223333")
    patch.undo()
    assert os.environ["AWS_ACCESS_KEY_ID"] == room.ACCESS_KEY
    with mock_dynamodb():
        pass
    assert "AWS_ACCESS_KEY_ID" not in os.environ


def test_a_client_made_without_credentials_before_the_mock(doors: list[StubDoor]) -> None:
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = boto3.client("dynamodb", region_name="us-east-1")
    patch.undo()
    with mock_dynamodb():
        assert client.list_tables()["TableNames"] == []
    with pytest.raises(NoCredentialsError):
        client.list_tables()


def test_real_keys_do_not_sign(doors: list[StubDoor]) -> None:
    client = boto3.client("dynamodb", region_name="us-east-1", **KEYS)
    seen = _authorizations(client)
    with mock_dynamodb():
        client.list_tables()
    assert seen[0].startswith(f"AWS4-HMAC-SHA256 Credential={room.ACCESS_KEY}/")
    assert seen[0].endswith("/us-east-1/dynamodb/aws4_request, SignedHeaders=" + _SIGNED)


_SIGNED = f"content-type;host;x-amz-date;x-amz-target, Signature={'0' * 64}"


def test_an_account_signs_as_itself(door: StubDoor) -> None:
    client = boto3.client("dynamodb", aws_access_key_id="111122223333", aws_secret_access_key="b")
    seen = _authorizations(client)
    client.list_tables()
    assert "Credential=111122223333/" in seen[0]


def test_an_account_in_the_environment(door: StubDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "111122223333")
    boto3.client("dynamodb").list_tables()
    assert door.requests[0].account == "111122223333"


def test_a_presigned_url_is_signed_with_fake_keys(door: StubDoor) -> None:
    client = boto3.client("s3", region_name="us-east-1", **KEYS)
    url = client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "k"})
    assert room.ACCESS_KEY in url
    assert KEYS["aws_access_key_id"] not in url


def _refuse() -> Any:
    raise AssertionError("credentials were fetched")


def _expired() -> RefreshableCredentials:
    past = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
    return RefreshableCredentials("AKIA", "b", "c", past, _refuse, "sso")


@pytest.mark.parametrize(
    "make", [_expired, lambda: DeferredRefreshableCredentials(_refuse, "assume-role")]
)
def test_credentials_that_expire_are_not_refreshed(doors: list[StubDoor], make: Any) -> None:
    session: Any = botocore.session.get_session()
    vars(session)["_credentials"] = make()
    client = session.create_client("dynamodb", region_name="us-east-1")
    seen = _authorizations(client)
    with mock_dynamodb():
        client.list_tables()
        session.create_client("dynamodb", region_name="us-east-1").list_tables()
        assert session.get_credentials().access_key == room.ACCESS_KEY
    assert f"Credential={room.ACCESS_KEY}/" in seen[0]
    with pytest.raises(AssertionError):
        client.list_tables()


def test_explicit_keys_stay_visible(door: StubDoor) -> None:
    session: Any = boto3.session.Session(**KEYS)
    frozen = session.get_credentials().get_frozen_credentials()
    assert (frozen.access_key, frozen.secret_key) == ("AKIAIOSFODNN7EXAMPLE", "real")


def test_a_session_caches_no_fakes(doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch) -> None:
    session: Any = botocore.session.get_session()
    with mock_dynamodb():
        assert session.get_credentials().access_key == room.ACCESS_KEY
        session.create_client("dynamodb").list_tables()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    assert session.get_credentials().access_key == "AKIAREAL"


def test_a_client_that_outlives_the_mock_has_no_real_secret(
    beyond: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    with mock_dynamodb():
        client = boto3.client("dynamodb", region_name="us-east-1")
    client.list_tables()
    assert client._request_signer._credentials.secret_key == room.SECRET_KEY


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
[profile auto]
defaults_mode = auto
[profile static]
aws_access_key_id = AKIASTATIC
aws_secret_access_key = real
[profile other-region]
region = eu-south-1
"""


@pytest.mark.parametrize(
    "profile", ["sso", "role", "web", "process", "auto", "static", "other-region"]
)
@pytest.mark.parametrize("explicit", [True, False])
def test_no_profile_is_resolved(
    doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch, profile: str, explicit: bool
) -> None:
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(_NEVER)
    if not explicit:
        monkeypatch.setenv("AWS_PROFILE", profile)
    with mock_dynamodb():
        session = boto3.session.Session(profile_name=profile if explicit else None)
        client = session.client("dynamodb")
        seen = _authorizations(client)
        client.list_tables()
    assert f"Credential={room.ACCESS_KEY}/" in seen[0]


def test_a_missing_profile_in_the_environment_does_not_matter(
    doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "missing")
    with mock_dynamodb():
        boto3.client("dynamodb").list_tables()
        with pytest.raises(ProfileNotFound):
            boto3.session.Session(profile_name="other").client("dynamodb")
    with pytest.raises(ProfileNotFound):
        boto3.client("dynamodb", region_name="us-east-1")


@pytest.mark.parametrize("name", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_a_configuration_file_that_is_none_does_not_matter(
    doors: list[StubDoor], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    with mock_dynamodb():
        for path in (tmp_path, tmp_path / "nowhere", Path("/dev/null")):
            monkeypatch.setenv(name, str(path))
            assert boto3.session.Session().client("dynamodb").list_tables()["TableNames"] == []


def test_everything_is_put_back(doors: list[StubDoor]) -> None:
    patched = [
        (Session, "get_credentials"),
        (Session, "get_scoped_config"),
        (RequestSigner, "get_auth_instance"),
        (RequestSigner, "get_auth"),
        (RefreshableCredentials, "_refresh"),
    ]
    before = [vars(owner)[name] for owner, name in patched]
    with mock_dynamodb():
        inside = [vars(owner)[name] for owner, name in patched]
    assert all(new is not old for new, old in zip(inside, before, strict=True))
    assert [vars(owner)[name] for owner, name in patched] == before


# --- services that are let through


def test_a_service_let_through_is_signed_with_the_real_keys(beyond: list[Any]) -> None:
    client = boto3.client("stepfunctions", region_name="us-east-1", **KEYS)
    seen = _authorizations(client)
    with mock_dynamodb(passthrough=["stepfunctions"]):
        client.list_state_machines()
    client.list_state_machines()
    assert ["AKIAIOSFODNN7EXAMPLE" in value for value in seen] == [True, True]
    assert "0" * 64 not in seen[0]


def test_real_keys_are_found_past_the_fake_ones(beyond: list[Any]) -> None:
    Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"]).write_text(
        "[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = real\n"
    )
    with mock_dynamodb(passthrough=["logs"]):
        session: Any = boto3.session.Session()
        client = session.client("logs")
        seen = _authorizations(client)
        client.describe_log_groups()
        dynamodb = session.client("dynamodb")
        faked = _authorizations(dynamodb)
        dynamodb.list_tables()
    assert "Credential=AKIAFILE/" in seen[0]
    assert f"Credential={room.ACCESS_KEY}/" in faked[0]
    assert session.get_credentials().access_key == "AKIAFILE"


def test_without_real_keys_a_service_let_through_says_so(
    beyond: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with mock_dynamodb(passthrough=["logs"]), pytest.raises(NoCredentialsError):
        boto3.client("logs").describe_log_groups()
    assert beyond == []


def test_credentials_are_refreshed_for_a_service_let_through(beyond: list[Any]) -> None:
    future = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc).isoformat()
    metadata = {"access_key": "ASIA", "secret_key": "b", "token": "c", "expiry_time": future}
    session: Any = botocore.session.get_session()
    vars(session)["_credentials"] = DeferredRefreshableCredentials(lambda: metadata, "x")
    with mock_dynamodb(passthrough=["logs"]):
        client = session.create_client("logs", region_name="us-east-1")
        seen = _authorizations(client)
        client.describe_log_groups()
    assert "Credential=ASIA/" in seen[0]


def test_a_stand_in_is_made_of_plain_credentials() -> None:
    assert issubclass(room.StandIn, Credentials)
