"""A signed POST through `requests`, with and without the mocks of `responses` beside it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from dqlmock import dql_mock
from dqlmock.wire.messages import WireRequest
from tests.operations.tables import create_hash_table
from tests.stub_door import StubDoor

requests = pytest.importorskip("requests", reason="requests is not installed")
responses = pytest.importorskip("responses", reason="responses is not installed")

URL = "https://dynamodb.eu-west-1.amazonaws.com/"


def _signed(operation: str, body: bytes, *, region: str = "eu-west-1") -> dict[str, str]:
    request = AWSRequest(
        "POST",
        URL,
        {
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
            "Content-Type": "application/x-amz-json-1.0",
        },
        body,
    )
    credentials = botocore.session.get_session().get_credentials()
    SigV4Auth(credentials, "dynamodb", region).add_auth(request)
    return dict(request.headers.items())


def _post(operation: str, parameters: dict[str, Any], url: str = URL, **options: Any) -> Any:
    body = json.dumps(parameters).encode()
    return requests.post(url, body, headers=_signed(operation, body), timeout=1, **options)


def test_a_signed_post_reaches_the_engine(db: Any) -> None:
    client = boto3.client("dynamodb", region_name="eu-west-1")
    create_hash_table(client, "orders")
    item = {"pk": {"S": "ä"}, "n": {"N": "1"}}
    assert _post("PutItem", {"TableName": "orders", "Item": item}).json() == {}
    response = _post("GetItem", {"TableName": "orders", "Key": {"pk": {"S": "ä"}}})
    assert response.json() == {"Item": item}
    assert (response.status_code, response.reason, response.ok) == (200, "OK", True)
    assert response.headers["content-type"] == "application/x-amz-json-1.0"
    assert len(response.headers["x-amzn-requestid"]) == 52
    assert client.scan(TableName="orders")["Count"] == 1
    assert [call.operation for call in db.calls] == ["CreateTable", "PutItem", "GetItem", "Scan"]


def test_an_error_is_the_answer_of_aws(db: Any) -> None:
    response = _post("GetItem", {"TableName": "missing", "Key": {"pk": {"S": "1"}}})
    assert response.status_code == 400
    assert response.json() == {
        "__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
        "message": "Requested resource not found",
    }
    with pytest.raises(requests.HTTPError, match="400 Client Error: Bad Request"):
        response.raise_for_status()


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/",
        "https://123456789012.ddb.us-east-1.amazonaws.com/",
        "https://dynamodb.cn-north-1.amazonaws.com.cn/",
    ],
)
def test_any_endpoint_is_caught(db: Any, url: str) -> None:
    assert _post("ListTables", {}, url).json() == {"TableNames": []}


def test_a_session_with_hooks_and_a_streamed_answer(db: Any) -> None:
    seen: list[int] = []
    with requests.Session() as session:
        body = b"{}"
        response = session.post(
            URL,
            body,
            headers=_signed("ListTables", body),
            stream=True,
            timeout=1,
            hooks={"response": lambda answer, **_: seen.append(answer.status_code)},
        )
        assert b"".join(response.iter_content(5)) == b'{"TableNames":[]}'
    assert seen == [200]


@pytest.mark.parametrize(
    "body", [b"{}", "{}", iter([b"{", b"}"])], ids=["bytes", "str", "iterator"]
)
def test_bodies_of_any_type(doors: list[StubDoor], body: Any) -> None:
    with dql_mock():
        requests.post(URL, body, headers=_signed("ListTables", b"{}"), timeout=1)
    assert doors[0].requests == [
        WireRequest("DynamoDB_20120810.ListTables", b"{}", "123456789012", "eu-west-1")
    ]


def test_a_post_that_is_not_signed(db: Any) -> None:
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
    response = requests.post(URL, "{}", headers=headers, timeout=1)
    assert response.status_code == 400
    assert response.json()["message"] == "Request is missing Authentication Token"


def test_a_signed_post_without_a_target(db: Any) -> None:
    headers = _signed("ListTables", b"{}")
    del headers["X-Amz-Target"]
    response = requests.post(URL, "{}", headers=headers, timeout=1)
    assert response.status_code == 400
    assert response.json()["__type"] == "com.amazon.coral.service#UnknownOperationException"


@pytest.fixture
def beyond(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replaces the own send of `requests` by one that answers 204, and keeps the URLs."""
    sent: list[str] = []

    def send(adapter: Any, request: Any, **_: Any) -> Any:
        sent.append(request.url)
        response = requests.Response()
        response.status_code = 204
        return response

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    return sent


def test_the_rest_of_the_web_is_not_ours(beyond: list[str]) -> None:
    own = requests.adapters.HTTPAdapter.send
    with dql_mock() as db:
        assert requests.adapters.HTTPAdapter.send is not own
        for url in ("https://example.com/", "https://sqs.eu-west-1.amazonaws.com/"):
            assert requests.post(url, "x", timeout=1).status_code == 204
        assert len(db.calls) == 0
    assert requests.adapters.HTTPAdapter.send is own
    assert len(beyond) == 2


def test_nothing_is_caught_after_the_mock(beyond: list[str]) -> None:
    with dql_mock():
        headers = _signed("ListTables", b"{}")
    assert requests.post(URL, "{}", headers=headers, timeout=1).status_code == 204
    assert beyond == [URL]


# --- beside responses


@pytest.fixture(params=["inside", "outside"])
def mocked(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A mock of `responses`, inside a mock of DynamoDB, and around it."""
    mocks: list[Any] = [responses.RequestsMock(), dql_mock()]
    if request.param == "inside":
        mocks.reverse()
    with mocks[0] as first, mocks[1] as second:
        yield first if request.param == "outside" else second


def test_the_tests_own_rules_keep_working(mocked: Any) -> None:
    mocked.add(responses.GET, "https://example.com/", body="theirs")
    assert requests.get("https://example.com/", timeout=1).text == "theirs"
    assert _post("ListTables", {}).json() == {"TableNames": []}
    with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
        requests.get("https://example.com/other", timeout=1)


def test_calls_are_among_those_of_responses(mocked: Any) -> None:
    _post("ListTables", {})
    (call,) = mocked.calls
    assert call.request.url == URL
    assert call.response.json() == {"TableNames": []}


def test_a_rule_of_the_test_goes_first(mocked: Any) -> None:
    mocked.add(responses.POST, URL, status=500, body="a fault")
    assert _post("ListTables", {}).text == "a fault"
    assert _post("ListTables", {}, "http://localhost:8000/").json() == {"TableNames": []}


@pytest.mark.parametrize("prefix", ["https://", re.compile(".*")])
def test_a_call_is_never_passed_through(mocked: Any, prefix: Any) -> None:
    mocked._real_send = _never
    mocked.add_passthru(prefix)
    assert _post("ListTables", {}).json() == {"TableNames": []}


def test_a_rule_that_passes_through_does_not_count(mocked: Any) -> None:
    mocked._real_send = _never
    mocked.assert_all_requests_are_fired = False
    mocked.add(responses.PassthroughResponse(responses.POST, re.compile(".*")))
    assert _post("ListTables", {}).json() == {"TableNames": []}


def _never(*_: Any, **__: Any) -> None:
    raise AssertionError("a call was passed through")


def test_rules_in_order_stay_in_order() -> None:
    registry = responses.registries.OrderedRegistry
    with dql_mock(), responses.RequestsMock(registry=registry) as mocked:
        mocked.add(responses.GET, "https://example.com/", body="first")
        mocked.add(responses.GET, "https://example.com/", body="second")
        assert requests.get("https://example.com/", timeout=1).text == "first"
        assert _post("ListTables", {}).json() == {"TableNames": []}
        assert requests.get("https://example.com/", timeout=1).text == "second"


def test_the_decorator_of_responses(db: Any) -> None:
    response = responses.activate(_post)("ListTables", {})
    assert response.json() == {"TableNames": []}
    assert len(db.calls) == 1


def test_responses_refuses_again_after_the_mock() -> None:
    with responses.RequestsMock():
        with dql_mock():
            assert _post("ListTables", {}).json() == {"TableNames": []}
            headers = _signed("ListTables", b"{}")
        with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
            requests.post(URL, "{}", headers=headers, timeout=1)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_beside_moto() -> None:
    moto = pytest.importorskip("moto", reason="moto is not installed")
    with moto.mock_aws(), dql_mock() as db:
        assert _post("ListTables", {}).json() == {"TableNames": []}
        assert len(db.calls) == 1
        url = boto3.client("s3", "us-east-1").generate_presigned_url("list_buckets")
        assert "ListAllMyBucketsResult" in requests.get(url, timeout=1).text


_LATE = """
import sys
from dqlmock import dql_mock

with dql_mock() as db:
    assert "requests" not in sys.modules
    import requests
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables"}
    url = "https://dynamodb.eu-west-1.amazonaws.com/"
    assert requests.post(url, "{}", headers=headers).status_code == 400
    import responses
    with responses.RequestsMock():
        assert requests.post(url, "{}", headers=headers).status_code == 400
    assert len(db.calls) == 2
from requests.adapters import HTTPAdapter
assert "dqlmock" not in HTTPAdapter.send.__module__
"""


def test_requests_imported_inside_the_mock() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", _LATE], check=True, timeout=120)
