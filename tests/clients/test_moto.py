"""Beside moto: DynamoDB goes to dqlmock, the rest to moto, however they are nested."""

from __future__ import annotations

import os
import subprocess
import sys
import unittest
from typing import Any

import boto3
import pytest

from dqlmock import UnmockedRequestError
from dqlmock.mock import mock_dynamodb
from tests.stub_door import PLAIN, StubDoor

moto = pytest.importorskip("moto", reason="moto is not installed")
stubber = pytest.importorskip("moto.core.botocore_stubber", reason="moto is not installed")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def _both_work() -> None:
    boto3.client("dynamodb", "us-east-1").create_table(TableName="ours", **PLAIN)
    assert boto3.client("dynamodb", "us-east-1").list_tables()["TableNames"] == ["ours"]
    boto3.client("sqs", "us-east-1").create_queue(QueueName="theirs")
    assert len(boto3.client("sqs", "us-east-1").list_queues()["QueueUrls"]) == 1


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("AWS_")}


def test_moto_outside(doors: list[StubDoor]) -> None:
    before = _environment()
    with moto.mock_aws(), mock_dynamodb():
        _both_work()
    assert _environment() == before
    assert len(doors[0].requests) == 2


def test_moto_inside(doors: list[StubDoor]) -> None:
    before = _environment()
    with mock_dynamodb():
        with moto.mock_aws():
            _both_work()
        assert len(boto3.client("dynamodb").list_tables()["TableNames"]) == 1
        with pytest.raises(UnmockedRequestError):
            boto3.client("sqs").list_queues()
    assert _environment() == before
    assert len(doors[0].requests) == 3


def test_decorators_in_either_order(doors: list[StubDoor]) -> None:
    moto.mock_aws(mock_dynamodb(_both_work))()
    mock_dynamodb()(moto.mock_aws(_both_work))()
    assert [len(door.requests) for door in doors] == [2, 2]


def _case() -> Any:
    class Case(unittest.TestCase):
        def test_one(self) -> None:
            _both_work()

        def test_two(self) -> None:
            _both_work()

    return Case


def _case_with_set_up() -> Any:
    class Case(unittest.TestCase):
        def setUp(self) -> None:
            _both_work()

        def test_one(self) -> None:
            assert len(boto3.client("sqs", "us-east-1").list_queues()["QueueUrls"]) == 1

        def test_two(self) -> None:
            assert boto3.client("dynamodb", "us-east-1").list_tables()["TableNames"] == ["ours"]

    return Case


@pytest.mark.parametrize("make", [_case, _case_with_set_up])
@pytest.mark.parametrize("moto_outside", [True, False])
def test_test_cases_decorated_twice(doors: list[StubDoor], moto_outside: bool, make: Any) -> None:
    before = _environment()
    case = make()
    for decorator in (mock_dynamodb, moto.mock_aws)[:: 1 if moto_outside else -1]:
        case = decorator(case)
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert [text for _, text in [*result.failures, *result.errors]] == []
    assert result.testsRun == 2
    assert _environment() == before


def test_moto_has_dynamodb_back_after_the_mock(doors: list[StubDoor]) -> None:
    original = vars(stubber.BotocoreStubber)["__call__"]
    with moto.mock_aws():
        client = boto3.client("dynamodb", "us-east-1")
        with mock_dynamodb():
            assert vars(stubber.BotocoreStubber)["__call__"] is not original
            client.list_tables()
        assert vars(stubber.BotocoreStubber)["__call__"] is original
        client.create_table(TableName="theirs", **PLAIN)
        assert client.list_tables()["TableNames"] == ["theirs"]
    assert len(doors[0].requests) == 1


def test_streams_are_ours(doors: list[StubDoor]) -> None:
    with moto.mock_aws(), mock_dynamodb():
        boto3.client("dynamodbstreams", "us-east-1").list_streams()
    assert doors[0].requests[0].target == "DynamoDBStreams_20120810.ListStreams"


def test_an_older_client_that_moto_does_not_know_is_refused(doors: list[StubDoor]) -> None:
    client: Any = boto3.client("sqs", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    client.meta.events.unregister("before-send", moto.core.models.botocore_stubber)
    with moto.mock_aws(), mock_dynamodb(), pytest.raises(UnmockedRequestError):
        client.list_queues()


def test_motos_accounts_go_by_the_access_key(doors: list[StubDoor]) -> None:
    with moto.mock_aws(), mock_dynamodb():
        sts = boto3.client("sts", "us-east-1")
        role = sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/r", RoleSessionName="s1")
        keys = role["Credentials"]
        assumed = boto3.client(
            "sts",
            "us-east-1",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
        assert assumed.get_caller_identity()["Account"] == "111122223333"


def test_responses_are_not_disturbed(doors: list[StubDoor]) -> None:
    responses = pytest.importorskip("responses", reason="responses is not installed")
    requests = pytest.importorskip("requests", reason="requests is not installed")
    with responses.RequestsMock() as mocked, mock_dynamodb():
        mocked.add(responses.GET, "https://example.com/", body="theirs")
        assert requests.get("https://example.com/", timeout=1).text == "theirs"
        boto3.client("dynamodb").list_tables()
    with moto.mock_aws(), mock_dynamodb():
        bucket = boto3.client("s3", "us-east-1")
        bucket.create_bucket(Bucket="bucket")
        bucket.put_object(Bucket="bucket", Key="k", Body=b"body")
        url = bucket.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "k"})
        assert requests.get(url, timeout=1).text == "body"


_LATE = """
import sys, warnings
import boto3
from dqlmock import mock
from tests.stub_door import StubDoor

door = StubDoor()
mock._start = lambda clock, **options: (None, door)
with mock.mock_dynamodb():
    assert "moto" not in sys.modules
    warnings.simplefilter("ignore")
    from moto import mock_aws
    with mock_aws():
        boto3.client("dynamodb").list_tables()
        boto3.client("sqs").list_queues()
assert len(door.requests) == 1
with mock.mock_dynamodb(), mock_aws():
    boto3.client("dynamodb").list_tables()
assert len(door.requests) == 2
"""


def test_moto_imported_inside_the_mock() -> None:
    subprocess.run([sys.executable, "-c", _LATE], check=True, timeout=120)
