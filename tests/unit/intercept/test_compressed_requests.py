"""Requests whose body a client has compressed: the same in-process as over HTTP."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Any

import boto3
import pytest
import requests

from dqlmock import dql_mock
from tests.conftest import refusal

Compress = Callable[[bytes], bytes]

CODINGS: list[tuple[str, Compress]] = [
    ("gzip", gzip.compress),
    ("GZIP", gzip.compress),
    ("gzip", lambda body: gzip.compress(body[:5]) + gzip.compress(body[5:])),
    ("deflate", zlib.compress),
]


def client_that_sends(coding: str, compress: Compress) -> Any:
    client: Any = boto3.client("dynamodb", region_name="us-east-1")

    def compress_body(request: Any, **_: Any) -> None:
        request.data = compress(request.data)
        request.headers["Content-Encoding"] = coding

    client.meta.events.register("before-sign.dynamodb.*", compress_body)
    return client


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_botocore(coding: str, compress: Compress) -> None:
    with dql_mock() as db:
        client = client_that_sends(coding, compress)
        assert client.list_tables()["TableNames"] == []
        assert db.calls[0].operation == "ListTables"


@pytest.mark.parametrize(("coding", "compress"), CODINGS)
def test_the_requests_library(coding: str, compress: Compress) -> None:
    headers = {"X-Amz-Target": "DynamoDB_20120810.ListTables", "Content-Encoding": coding}
    scope = "AKIA/20260101/us-east-1/dynamodb/aws4_request"
    headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}"
    with dql_mock():
        url = "https://dynamodb.us-east-1.amazonaws.com/"
        answer = requests.post(url, compress(b" {}"), headers=headers, timeout=5)
    assert (answer.status_code, answer.json()) == (200, {"TableNames": []})


@pytest.mark.parametrize(
    ("coding", "compress"),
    [
        ("gzip", lambda body: b"not compressed"),
        ("gzip", lambda body: gzip.compress(body)[:-4]),
        ("gzip", lambda body: gzip.compress(body + b" " * 16 * 1024 * 1024)),
        ("deflate", gzip.compress),
        ("br", gzip.compress),
    ],
)
def test_what_can_not_be_decompressed_is_no_json(coding: str, compress: Compress) -> None:
    with dql_mock():
        code, _ = refusal(client_that_sends(coding, compress).list_tables)
    assert code == "SerializationException"


def test_another_coding_changes_nothing() -> None:
    with dql_mock():
        assert client_that_sends("identity", bytes).list_tables()["TableNames"] == []
