"""The door to other AWS services never leads to the network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore import handlers
from botocore.session import Session

from dqlmock.engine.objects import ObjectStoreError
from dqlmock.errors import DqlmockError
from dqlmock.intercept.answers import Answer
from dqlmock.intercept.other_services import OtherService, S3Objects
from dqlmock.mock import dql_mock, mock_dynamodb

ACCOUNT = "111122223333"
NO_KEY = b"<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>"
LISTED = (
    "<ListBucketResult><Contents><Key>{key}</Key></Contents><IsTruncated>{more}</IsTruncated>"
    "<NextContinuationToken>2</NextContinuationToken></ListBucketResult>"
)


@pytest.fixture(autouse=True)
def no_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def answer_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """Mocks S3 as moto does: with a handler in every session that is made from now on."""

    def mock(*answers: tuple[int, bytes]) -> list[Any]:
        requests: list[Any] = []

        def answer(request: Any, **_: Any) -> Answer:
            status, body = answers[len(requests)]
            requests.append(request)
            return Answer(request.url, status, {"ETag": '"e1"'}, body)

        hooked = [*handlers.BUILTIN_HANDLERS, ("before-send.s3", answer)]
        monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", hooked)
        return requests

    return mock


def test_a_service_that_nobody_mocks() -> None:
    for mock in (dql_mock(), dql_mock(passthrough=("s3",)), None):
        if mock is not None:
            mock.start()
        with pytest.raises(DqlmockError, match=r"s3\.put_object.*mock_aws.*AWS_ENDPOINT_URL_S3"):
            S3Objects(ACCOUNT, "eu-west-1").put("bucket", "key", b"x", {})
        if mock is not None:
            mock.stop()


@pytest.mark.parametrize("url", ["https://s3.example.com", "http://10.0.0.1:9000"])
def test_an_endpoint_on_another_machine(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
    with dql_mock(), pytest.raises(DqlmockError, match="nobody answers it here"):
        S3Objects(ACCOUNT, "eu-west-1").get("bucket", "key")


def test_who_hooks_before_send_answers(answer_with: Callable[..., list[Any]]) -> None:
    requests = answer_with((200, b""), (200, b"content"))
    with mock_dynamodb():
        objects = S3Objects(ACCOUNT, "eu-west-1")
        assert objects.put("bucket", "a/b", b"x", {"ServerSideEncryption": "AES256"}) == "e1"
        assert objects.get("bucket", "a/b") == b"content"
    put, get = requests
    assert (put.method, get.method) == ("PUT", "GET")
    assert put.url == get.url == "https://s3.eu-west-1.amazonaws.com/bucket/a/b"
    assert put.headers["x-amz-server-side-encryption"] == b"AES256"


def test_the_caller_signs(answer_with: Callable[..., list[Any]]) -> None:
    requests = answer_with((200, b""))
    S3Objects(ACCOUNT, "eu-west-1").get("bucket", "key")
    (request,) = requests
    scope = request.headers["Authorization"].split(b"Credential=")[1].split(b"/")
    assert (scope[0].decode(), scope[2]) == (ACCOUNT, b"eu-west-1")


def test_what_s3_refuses(answer_with: Callable[..., list[Any]]) -> None:
    answer_with((404, NO_KEY))
    with pytest.raises(ObjectStoreError) as caught:
        S3Objects(ACCOUNT, "eu-west-1").get("bucket", "key")
    error = caught.value
    assert (error.code, error.message, error.status) == ("NoSuchKey", "no such key", 404)


def test_keys_of_several_pages(answer_with: Callable[..., list[Any]]) -> None:
    pages = (LISTED.format(key="a", more="true"), LISTED.format(key="b", more="false"))
    requests = answer_with(*((200, page.encode()) for page in pages))
    assert list(S3Objects(ACCOUNT, "eu-west-1").keys("bucket", "p/")) == ["a", "b"]
    queries = [parse_qs(urlsplit(request.url).query) for request in requests]
    assert [query["prefix"] for query in queries] == [["p/"], ["p/"]]
    assert [query.get("continuation-token") for query in queries] == [None, ["2"]]


def test_a_mock_makes_no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "create_client", lambda *_, **__: pytest.fail("a client is slow"))
    with mock_dynamodb():
        pass


class _S3(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(self.path[-5:].encode())

    def log_message(self, *_: Any) -> None:
        pass


class TestHere:
    """An S3 that runs on this machine."""

    @pytest.fixture(autouse=True)
    def no_network(self) -> None:
        """Let connections be: they lead here."""

    @pytest.fixture
    def port(self) -> Iterator[int]:
        with HTTPServer(("127.0.0.1", 0), _S3) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            yield server.server_port
            server.shutdown()
            thread.join()

    @pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"])
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_it_is_called(
        self, variable: str, host: str, port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(variable, f"http://{host}:{port}")
        monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
        monkeypatch.delenv("NO_PROXY", raising=False)
        with mock_dynamodb():
            assert S3Objects(ACCOUNT, "eu-west-1").get("bucket", "key-1") == b"key-1"

    def test_nobody_listens(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with HTTPServer(("127.0.0.1", 0), _S3) as server:
            closed = server.server_port
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{closed}")
        with mock_dynamodb(), pytest.raises(DqlmockError, match="nobody answers it here"):
            OtherService("s3", ACCOUNT, "eu-west-1").call("list_buckets")
