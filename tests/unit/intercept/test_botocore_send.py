"""Who is caught, who is refused, and who is let through."""

from __future__ import annotations

import threading
from typing import Any

import boto3
import botocore
import botocore.session
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.endpoint import Endpoint
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from dqlmock import UnmockedRequestError
from dqlmock.mock import mock_dynamodb
from dqlmock.wire.messages import WireRequest, WireResponse
from tests.stub_door import StubDoor, respond

REGION = "us-east-1"
KEYS: dict[str, Any] = {
    "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
    "aws_secret_access_key": "real",
}
BEFORE_ANY_MOCK = boto3.client("dynamodb", region_name="eu-west-1", **KEYS)


def _client(**options: Any) -> Any:
    return boto3.client("dynamodb", region_name=REGION, **options)


def test_a_client_made_at_import_time_is_caught(door: StubDoor) -> None:
    assert BEFORE_ANY_MOCK.list_tables()["TableNames"] == []
    assert door.requests == [
        WireRequest("DynamoDB_20120810.ListTables", b"{}", "123456789012", "eu-west-1")
    ]


def test_clients_and_resources_made_inside_are_caught(door: StubDoor) -> None:
    boto3.resource("dynamodb").Table("table").put_item(Item={"pk": "a"})
    client = boto3.session.Session().client("dynamodb")
    assert client.get_item(TableName="table", Key={"pk": {"S": "a"}})["Item"] == {"pk": {"S": "a"}}


def test_a_client_of_a_bare_botocore_session_is_caught(door: StubDoor) -> None:
    client: Any = botocore.session.get_session().create_client("dynamodb", region_name=REGION)
    assert client.list_tables()["TableNames"] == []


def test_a_client_in_another_thread_is_caught(door: StubDoor) -> None:
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(_client().list_tables()))
    thread.start()
    thread.join()
    assert answers[0]["TableNames"] == []


@pytest.mark.parametrize(
    "options",
    [
        {"endpoint_url": "http://localhost:8000"},
        {"endpoint_url": "https://dynamodb.eu-west-1.amazonaws.com:8443/a/b"},
        {"endpoint_url": "https://123456789012.ddb.us-east-1.amazonaws.com"},
        {"config": Config(use_fips_endpoint=True)},
        {"config": Config(use_dualstack_endpoint=True)},
        {"use_ssl": False},
        {"config": Config(proxies={"https": "http://proxy.invalid:3128"})},
    ],
)
def test_any_host_is_caught(door: StubDoor, options: dict[str, Any]) -> None:
    assert _client(**options).list_tables()["TableNames"] == []


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "mars-1"])
def test_any_region_is_caught_and_named(door: StubDoor, region: str) -> None:
    boto3.client("dynamodb", region_name=region).list_tables()
    assert door.requests[0].region == region


@pytest.mark.skipif(
    not hasattr(Credentials("a", "b"), "account_id"),
    reason="this botocore has no account endpoints",
)
def test_an_account_endpoint_is_caught(door: StubDoor) -> None:
    session: Any = boto3.session.Session(**KEYS)
    given = session._session.get_credentials()
    given.account_id = "111122223333"
    urls: list[str] = []
    client = session.client("dynamodb", region_name=REGION)
    client.meta.events.register("before-send", lambda request, **_: urls.append(request.url))
    client.list_tables()
    assert urls == ["https://111122223333.ddb.us-east-1.amazonaws.com/"]


def test_streams_are_caught(door: StubDoor) -> None:
    boto3.client("dynamodbstreams", region_name=REGION).list_streams()
    assert door.requests[0].target == "DynamoDBStreams_20120810.ListStreams"


def test_region_and_account_come_from_the_credential_scope(door: StubDoor) -> None:
    client = boto3.client(
        "dynamodb",
        region_name="eu-central-1",
        endpoint_url="https://dynamodb.us-east-1.amazonaws.com",
        aws_access_key_id="111122223333",
        aws_secret_access_key="b",
    )
    client.list_tables()
    assert (door.requests[0].account, door.requests[0].region) == ("111122223333", "eu-central-1")


@pytest.mark.parametrize("key", ["AKIAIOSFODNN7EXAMPLE", "11112222333", "1111222233334", "x" * 12])
def test_other_access_keys_belong_to_the_default_account(door: StubDoor, key: str) -> None:
    _client(aws_access_key_id=key, aws_secret_access_key="b").list_tables()
    assert door.requests[0].account == "123456789012"


def test_the_default_account_can_be_chosen(doors: list[StubDoor]) -> None:
    with mock_dynamodb(account="999988887777"):
        _client().list_tables()
    assert doors[0].requests[0].account == "999988887777"


def test_an_unsigned_call_is_refused_as_aws_refuses_it(db: Any) -> None:
    client = _client(config=Config(signature_version=botocore.UNSIGNED))
    with pytest.raises(ClientError) as caught:
        client.list_tables()
    assert caught.value.response["Error"] == {
        "Code": "MissingAuthenticationTokenException",
        "Message": "Request is missing Authentication Token",
    }
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def _raw(authorization: Any, target: Any = "DynamoDB_20120810.ListTables") -> Any:
    headers = {"x-amz-target": target, "authorization": authorization}
    return AWSRequest("POST", "https://dynamodb.eu-west-1.amazonaws.com/", headers).prepare()


@pytest.mark.parametrize(
    ("body", "expected"),
    [(None, b""), ("{}", b"{}"), (b"{}", b"{}"), (bytearray(b"{}"), b"{}")],
)
@pytest.mark.parametrize("encode", [str.encode, str])
def test_raw_requests_of_any_type(door: StubDoor, body: Any, expected: bytes, encode: Any) -> None:
    scope = "111122223333/20260101/eu-west-1/dynamodb/aws4_request"
    request = _raw(
        encode(f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host"),
        encode("DynamoDB_20120810.ListTables"),
    )
    request.body = body
    door.respond = lambda _: respond({})
    assert URLLib3Session().send(request).content == b"{}"
    assert door.requests == [
        WireRequest("DynamoDB_20120810.ListTables", expected, "111122223333", "eu-west-1")
    ]


@pytest.mark.parametrize(
    "authorization", ["Bearer x", "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host"]
)
def test_an_authorization_without_a_scope_is_none(door: StubDoor, authorization: str) -> None:
    door.respond = lambda request: respond({})
    URLLib3Session().send(_raw(authorization))
    assert [(request.account, request.region) for request in door.requests] == [
        ("123456789012", "")
    ]


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_another_service_is_refused_at_once(door: StubDoor, mode: Any) -> None:
    sent: list[str] = []
    config = Config(retries={"mode": mode, "max_attempts": 5})
    client = boto3.client("sqs", region_name=REGION, config=config)
    client.meta.events.register("before-send", lambda request, **_: sent.append(request.url))
    with pytest.raises(UnmockedRequestError) as caught:
        client.list_queues()
    error = caught.value
    assert (error.service, error.operation) == ("sqs", "ListQueues")
    assert error.url == "https://sqs.us-east-1.amazonaws.com/"
    assert sent == [error.url]


@pytest.mark.parametrize(
    ("service", "call", "operation", "arguments"),
    [
        ("stepfunctions", "list_state_machines", "ListStateMachines", {}),
        ("cloudwatch", "list_metrics", "ListMetrics", {}),
        ("s3", "get_object", "GetObject", {"Bucket": "bucket", "Key": "k"}),
        ("dax", "describe_clusters", "DescribeClusters", {}),
    ],
)
def test_a_refused_service_goes_by_its_clients_name(
    door: StubDoor, service: Any, call: str, operation: str, arguments: dict[str, Any]
) -> None:
    client = boto3.client(service, region_name=REGION)
    with pytest.raises(UnmockedRequestError) as caught:
        getattr(client, call)(**arguments)
    assert (caught.value.service, caught.value.operation) == (service, operation)


@pytest.mark.parametrize(
    ("url", "service", "operation"),
    [
        ("http://169.254.169.254/latest/api/token", "imds", "GET /latest/api/token"),
        ("http://[fd00:ec2::254]/latest", "imds", "GET /latest"),
        ("http://169.254.170.2/v2/credentials", "container-credentials", "GET /v2/credentials"),
        ("https://portal.sso.us-east-1.amazonaws.com/a", "portal", "GET /a"),
        ("https://example.com", "example.com", "GET /"),
        (
            "https://b.s3.amazonaws.com/k?X-Amz-Credential=A%2F20260101%2Fx%2Fs3%2Faws4_request",
            "s3",
            "GET /k",
        ),
    ],
)
def test_a_request_that_no_client_made_is_refused(
    door: StubDoor, url: str, service: str, operation: str
) -> None:
    with pytest.raises(UnmockedRequestError) as caught:
        URLLib3Session().send(AWSRequest("GET", url).prepare())
    assert (caught.value.service, caught.value.operation) == (service, operation)


@pytest.mark.usefixtures("beyond")
def test_the_metadata_service_is_never_let_through() -> None:
    request = AWSRequest("GET", "http://169.254.169.254/latest/meta-data/").prepare()
    with mock_dynamodb(passthrough=["imds"]), pytest.raises(UnmockedRequestError, match="imds"):
        URLLib3Session().send(request)


def test_a_service_that_is_let_through_is_sent(beyond: list[Any]) -> None:
    client = boto3.client("stepfunctions", region_name=REGION, **KEYS)
    with mock_dynamodb(passthrough=("stepfunctions",)):
        client.list_state_machines()
        with pytest.raises(UnmockedRequestError):
            boto3.client("sqs").list_queues()
    assert len(beyond) == 1


def test_an_inner_mock_lets_through_while_it_lasts(beyond: list[Any]) -> None:
    client = boto3.client("logs", region_name=REGION, **KEYS)
    with mock_dynamodb():
        with mock_dynamodb(passthrough=("logs",)):
            client.describe_log_groups()
        with pytest.raises(UnmockedRequestError):
            client.describe_log_groups()
    assert len(beyond) == 1


def test_nothing_is_caught_after_the_mock(beyond: list[Any]) -> None:
    before = [vars(URLLib3Session)["send"], vars(Endpoint)["create_request"]]
    with mock_dynamodb():
        assert vars(URLLib3Session)["send"] is not before[0]
    assert [vars(URLLib3Session)["send"], vars(Endpoint)["create_request"]] == before
    BEFORE_ANY_MOCK.list_tables()
    assert len(beyond) == 1


def test_a_patch_made_inside_survives_the_mock(beyond: list[Any]) -> None:
    seen: list[str] = []
    with mock_dynamodb():
        inner = vars(URLLib3Session)["send"]

        def tracing(session: URLLib3Session, request: Any) -> Any:
            seen.append(request.url)
            return inner(session, request)

        setattr(URLLib3Session, "send", tracing)  # noqa: B010  # mypy refuses an assignment
        BEFORE_ANY_MOCK.list_tables()
    assert vars(URLLib3Session)["send"] is tracing
    BEFORE_ANY_MOCK.list_tables()
    assert (len(seen), len(beyond)) == (2, 1)


def test_an_error_of_the_door_reaches_the_caller_unchanged(door: StubDoor) -> None:
    def fail(_: WireRequest) -> WireResponse | None:
        raise ZeroDivisionError("a bug of the mock")

    door.respond = fail
    with pytest.raises(ZeroDivisionError):
        _client().list_tables()
    assert len(door.requests) == 1
