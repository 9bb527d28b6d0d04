"""What the server makes of HTTP itself: methods, headers, connections, sizes, compression."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from dqlmock import Server
from dqlmock.limits import REQUEST_SIZE_BYTES
from dqlmock.server.connection import HEAD_SIZE_BYTES
from tests.operations.tables import create_hash_table
from tests.server.raw import SIGNED, RawClient, call, request

UNKNOWN_XML = b"<UnknownOperationException/>\n"
SERIALIZATION = {"__type": "com.amazon.coral.service#SerializationException"}
UNKNOWN = {"__type": "com.amazon.coral.service#UnknownOperationException"}


@pytest.fixture
def raw(server: Server) -> Iterator[RawClient]:
    with RawClient(server.endpoint_url) as client:
        yield client
        # Whatever a test sent, the connection and the server are in good health, or the
        # server has closed the connection and serves the next one.
        try:
            assert client.ask(call("ListTables")).status == 200
        except (EOFError, ConnectionError):
            with RawClient(server.endpoint_url) as another:
                assert another.ask(call("ListTables")).status == 200


@pytest.mark.parametrize("path", ["/", "/health", "/?query"])
def test_get_answers_as_the_health_check(raw: RawClient, path: str) -> None:
    response = raw.ask(request("GET", path))
    assert response.status == 200
    assert response.body == b"healthy: dynamodb.us-east-1.amazonaws.com "
    assert response.headers["x-amz-crc32"] == "3128867991"
    assert "content-type" not in response.headers


@pytest.mark.parametrize("data", [call("ListTables"), request("GET"), b"nonsense\r\n\r\n"])
def test_every_answer_is_dated(raw: RawClient, data: bytes) -> None:
    assert raw.ask(data).headers["date"].endswith(" GMT")


@pytest.mark.parametrize("path", ["/anything", "/health/", "//"])
def test_get_knows_no_other_paths(raw: RawClient, path: str) -> None:
    assert raw.ask(request("GET", path)).status == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_unknown(raw: RawClient, method: str) -> None:
    response = raw.ask(request(method))
    assert (response.status, response.body) == (404, UNKNOWN_XML)


def test_head_has_no_body(raw: RawClient) -> None:
    raw.send(request("HEAD"))
    response = raw.receive(to_head=True)
    assert (response.status, response.headers["content-length"]) == (404, "29")


@pytest.mark.parametrize(
    ("content_type", "answered"),
    [
        ("application/x-amz-json-1.0", "application/x-amz-json-1.0"),
        ("application/x-amz-json-1.0; charset=utf-8", "application/x-amz-json-1.0"),
        ("application/json", "application/json"),
        ("Application/JSON ; charset=utf-8", "application/json"),
    ],
)
def test_json_comes_in_two_types(raw: RawClient, content_type: str, answered: str) -> None:
    response = raw.ask(call("ListTables", Content_Type=content_type))
    assert response.status == 200
    assert response.headers["content-type"] == answered


@pytest.mark.parametrize(
    "content_type", ["application/x-amz-json-1.1", "application/cbor", "text/plain", "", None]
)
def test_any_other_type_is_unknown(raw: RawClient, content_type: str | None) -> None:
    response = raw.ask(call("ListTables", Content_Type=content_type))
    assert (response.status, response.body) == (404, UNKNOWN_XML)


@pytest.mark.parametrize(
    "target",
    ["", "PutItem", "DynamoDB_20120810.", "DynamoDB_20120810.Nothing", "DynamoDB_20111205.PutItem",
     "AmazonSSM.GetParameter", "\xff"],
)  # fmt: skip
def test_unknown_targets(raw: RawClient, target: str) -> None:
    response = raw.ask(call("", X_Amz_Target=target))
    assert (response.status, response.json) == (400, UNKNOWN)


def test_without_a_target(raw: RawClient) -> None:
    response = raw.ask(call("", X_Amz_Target=None))
    assert (response.status, response.json) == (400, UNKNOWN)


@pytest.mark.parametrize(
    "body",
    [b"{", b"nul", b"{'a': 1}", b'{"a": NaN}', b"\xff\xfe", b"{}{}", b'{"a": "\x01"}',
     b"[" * 100_000, b'{"a":' * 100_000],
)  # fmt: skip
def test_what_is_no_json(raw: RawClient, body: bytes) -> None:
    response = raw.ask(call("ListTables", body))
    assert (response.status, response.json) == (400, SERIALIZATION)


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"1", b"null", b"true"])
def test_what_is_no_object(raw: RawClient, body: bytes) -> None:
    response = raw.ask(call("PutItem", body))
    assert response.status == 400
    assert response.json["__type"].startswith("com.amazon.coral.")


def test_deep_nesting_is_a_validation_error(raw: RawClient, client: Any) -> None:
    create_hash_table(client)
    value = '{"L":[' * 33 + '{"S":"x"}' + "]}" * 33
    body = f'{{"TableName":"hash","Item":{{"pk":{{"S":"a"}},"deep":{value}}}}}'
    response = raw.ask(call("PutItem", body.encode()))
    assert response.status == 400
    assert response.json["__type"].endswith("#ValidationException")
    assert "Nesting Levels have exceeded supported limits" in response.json["message"]


def test_unsigned(raw: RawClient) -> None:
    for authorization in (None, "", "Bearer token"):
        response = raw.ask(call("ListTables", Authorization=authorization))
        assert response.status == 400
        assert response.json == {
            "__type": "com.amazon.coral.service#MissingAuthenticationTokenException",
            "message": "Request is missing Authentication Token",
        }


def test_a_signature_that_lacks_parts(raw: RawClient) -> None:
    dated = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
    requires = "Authorization header requires '%s' parameter. "
    for authorization, date, message in (
        (
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/e",
            "20260101T000000Z",
            (
                f"{requires % 'Signature'}{requires % 'SignedHeaders'}"
                "Authorization=AWS4-HMAC-SHA256 Credential=a/b/c/d/e"
            ),
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0",
            None,
            (
                f"{dated}Authorization=AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, "
                "Signature=0"
            ),
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0",
            "20260101T000000Z",
            (
                "Credential must have exactly 5 slash-delimited elements, "
                "e.g. keyid/date/region/service/term, got 'a/b/c'"
            ),
        ),
    ):
        response = raw.ask(call("ListTables", Authorization=authorization, X_Amz_Date=date))
        assert response.status == 400
        assert response.json == {
            "__type": "com.amazon.coral.service#IncompleteSignatureException",
            "message": message,
        }


def test_a_signature_without_a_region(raw: RawClient) -> None:
    scope = "Credential=a/20260101//dynamodb/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"
    response = raw.ask(call("ListTables", Authorization=authorization))
    assert response.status == 400
    assert response.json == {
        "__type": "com.amazon.coral.service#InvalidSignatureException",
        "message": "Credential should be scoped to a valid region, not ''. ",
    }


def test_the_parts_of_a_signature_in_any_order(raw: RawClient) -> None:
    scope = "Credential=a/20260101/us-east-1/dynamodb/aws4_request"
    for authorization in (
        f"AWS4-HMAC-SHA256 Signature=0, SignedHeaders=host, {scope}",
        f"AWS4-HMAC-SHA256 {scope},SignedHeaders=host,Signature=0",
    ):
        assert raw.ask(call("ListTables", Authorization=authorization)).status == 200


def test_a_date_header_will_do(raw: RawClient) -> None:
    date = "Thu, 01 Jan 2026 00:00:00 GMT"
    assert raw.ask(call("ListTables", X_Amz_Date=None, Date=date)).status == 200


def test_presigned(raw: RawClient, server: Server) -> None:
    path = "/?X-Amz-Credential=111122223333%2F20260101%2Feu-west-1%2Fdynamodb%2Faws4_request"
    target = "DynamoDB_20120810.CreateTable"
    body = json.dumps(
        {
            "TableName": "presigned",
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        }
    ).encode()
    content_type = SIGNED["Content-Type"]
    response = raw.ask(
        request(path=path, body=body, Content_Type=content_type, X_Amz_Target=target)
    )
    assert response.status == 200
    assert server.db.database("111122223333", "eu-west-1").names() == ["presigned"]


def test_header_names_in_any_case(raw: RawClient) -> None:
    response = raw.ask(call("ListTables").replace(b"X-Amz-Target", b"x-AMZ-target"))
    assert response.status == 200


def test_answers_carry_what_dynamodb_sends(raw: RawClient) -> None:
    response = raw.ask(call("ListTables"))
    assert response.headers["server"] == "Server"
    assert response.headers["date"].endswith(" GMT")
    assert len(response.headers["x-amzn-requestid"]) == 52
    assert response.headers["x-amz-crc32"] == str(zlib.crc32(response.body))
    assert "connection" not in response.headers


# Connections


def test_a_connection_is_kept(raw: RawClient) -> None:
    assert [raw.ask(call("ListTables")).status for _ in range(3)] == [200] * 3


def test_pipelined_requests_are_answered_in_order(raw: RawClient, client: Any) -> None:
    create_hash_table(client)
    keys = [str(number) for number in range(200)]
    for key in keys:
        client.put_item(TableName="hash", Item={"pk": {"S": key}})
    raw.send(
        b"".join(call("GetItem", {"TableName": "hash", "Key": {"pk": {"S": k}}}) for k in keys)
    )
    assert [raw.receive().json["Item"]["pk"]["S"] for _ in keys] == keys


def test_requests_in_pieces(raw: RawClient) -> None:
    data = call("ListTables")
    for start in range(0, len(data), 7):
        raw.send(data[start : start + 7])
    assert raw.receive().status == 200


def test_chunked_requests(raw: RawClient) -> None:
    head = call("ListTables", Content_Length=None, Transfer_Encoding="chunked")[:-2]
    assert raw.ask(head + b"1\r\n{\r\n1;ext=1\r\n}\r\n0\r\nTrailer: x\r\n\r\n").status == 200


def test_expect_continue(raw: RawClient) -> None:
    data = call("ListTables", Expect="100-continue")
    raw.send(data[:-2])
    assert raw.receive().status == 100
    raw.send(data[-2:])
    assert raw.receive().status == 200


def test_close_is_heeded(raw: RawClient) -> None:
    response = raw.ask(call("ListTables", Connection="close"))
    assert (response.status, response.headers["connection"]) == (200, "close")
    assert raw.is_closed()


def test_http_1_0(raw: RawClient) -> None:
    kept = call("ListTables", Connection="keep-alive").replace(b"HTTP/1.1", b"HTTP/1.0")
    assert raw.ask(kept).headers["connection"] == "keep-alive"
    assert raw.ask(call("ListTables").replace(b"HTTP/1.1", b"HTTP/1.0")).status == 200
    assert raw.is_closed()


def test_upgrades_are_not_taken(raw: RawClient) -> None:
    """Java's HttpClient offers HTTP/2 with its first request."""
    offer = call("ListTables", Connection="Upgrade, HTTP2-Settings", Upgrade="h2c")
    assert [raw.ask(data).status for data in (offer, call("ListTables"))] == [200, 200]
    raw.send(offer + call("ListTables"))
    assert [raw.receive().status for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST /\r\n\r\n",
        b"NONSENSE / HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
        b"POST / HTTP/1.1\r\nbad header\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http(raw: RawClient, data: bytes) -> None:
    response = raw.ask(data)
    assert (response.status, response.headers["connection"]) == (400, "close")
    assert raw.is_closed()


def test_a_request_before_one_that_is_broken_is_answered(raw: RawClient) -> None:
    raw.send(call("ListTables") + b"\x00\r\n\r\n")
    assert [raw.receive().status for _ in range(2)] == [200, 400]


# Sizes


def test_the_largest_request(raw: RawClient, client: Any) -> None:
    create_hash_table(client)
    body = b'{"TableName":"hash"}'.ljust(REQUEST_SIZE_BYTES)
    assert raw.ask(call("DescribeTable", body)).status == 200
    response = raw.ask(call("DescribeTable", body + b" "))
    assert (response.status, response.json) == (413, {"Message": ""})
    assert raw.ask(call("ListTables")).status == 200


def test_a_chunked_request_that_is_too_large(raw: RawClient) -> None:
    raw.send(call("ListTables", Content_Length=None, Transfer_Encoding="chunked")[:-2])
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    for _ in range(17):
        raw.send(chunk)
    assert raw.ask(b"0\r\n\r\n").status == 413


def test_a_request_without_end_is_cut_off(raw: RawClient) -> None:
    raw.send(call("ListTables", Content_Length=str(10**12))[:-2])
    with pytest.raises((ConnectionError, EOFError)):  # noqa: PT012  (which send fails is timing)
        for _ in range(200):
            raw.send(b" " * 0x100000)
        raw.receive()


@pytest.mark.parametrize("whole", [True, False])
def test_a_head_without_end(raw: RawClient, whole: bool) -> None:
    data = request(X_Long="x" * (1_000_000 if whole else HEAD_SIZE_BYTES))
    response = raw.ask(data if whole else data[:-4])
    assert (response.status, response.headers["connection"]) == (431, "close")


# Compression


def test_answers_are_compressed_on_demand(raw: RawClient, client: Any) -> None:
    create_hash_table(client)
    item = {"pk": {"S": "a"}, "text": {"S": "x" * 5000}}
    client.put_item(TableName="hash", Item=item)
    get = {"TableName": "hash", "Key": {"pk": {"S": "a"}}}
    for accepted, coding, wbits in (
        ("gzip", "gzip", 31),
        ("deflate, GZIP;q=0.5", "gzip", 31),
        ("br, deflate", "deflate", 15),
    ):
        response = raw.ask(call("GetItem", get, Accept_Encoding=accepted))
        assert response.headers["content-encoding"] == coding
        assert len(response.body) < 500
        assert response.headers["x-amz-crc32"] == str(zlib.crc32(response.body))
        assert json.loads(zlib.decompress(response.body, wbits)) == {"Item": item}
    for accepted in ("identity", "gzip;q=0", "br", ""):
        response = raw.ask(call("GetItem", get, Accept_Encoding=accepted))
        assert "content-encoding" not in response.headers
        assert response.json == {"Item": item}


def test_small_answers_are_not_compressed(raw: RawClient) -> None:
    response = raw.ask(call("ListTables", Accept_Encoding="gzip"))
    assert response.json == {"TableNames": []}


def test_errors_are_not_compressed(raw: RawClient) -> None:
    long = {"TableName": "x" * 6000}
    response = raw.ask(call("DescribeTable", long, Accept_Encoding="gzip"))
    assert (response.status, len(response.body) > 6000) == (400, True)
    assert "content-encoding" not in response.headers


LIMITED = b'{"Limit": 0}'


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(LIMITED, mtime=0)),
        ("GZIP", gzip.compress(LIMITED, mtime=0)),
        ("gzip", gzip.compress(LIMITED[:5], mtime=0) + gzip.compress(LIMITED[5:], mtime=0)),
        ("deflate", zlib.compress(LIMITED)),
        ("identity", LIMITED),
    ],
)
def test_requests_may_be_compressed(raw: RawClient, coding: str, body: bytes) -> None:
    response = raw.ask(call("ListTables", body, Content_Encoding=coding))
    assert "at 'limit' failed to satisfy constraint" in response.json["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        gzip.compress(b"{}", mtime=0)[:-1],
        gzip.compress(b"{}", mtime=0) + b"x",
        gzip.compress(b"{}".ljust(REQUEST_SIZE_BYTES + 1), mtime=0),
        b"",
    ],
    ids=["plain", "cut short", "too long", "a bomb", "empty"],
)
def test_what_is_no_gzip(raw: RawClient, body: bytes) -> None:
    response = raw.ask(call("ListTables", body, Content_Encoding="gzip"))
    assert (response.status, response.json) == (400, SERIALIZATION)


# CORS


def test_preflight(raw: RawClient) -> None:
    response = raw.ask(
        request(
            "OPTIONS",
            Origin="http://localhost:3000",
            Access_Control_Request_Method="POST",
            Access_Control_Request_Headers="x-amz-target,authorization",
        )
    )
    assert response.status == 200
    allowed = {name[21:]: value for name, value in response.headers.items() if "access-c" in name}
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["access-control-allow-headers"] == "x-amz-target,authorization"
    assert response.headers["access-control-allow-methods"] == "POST"
    assert response.headers["access-control-max-age"] == "172800"
    assert len(allowed) == 4


def test_browsers_may_read_answers(raw: RawClient) -> None:
    for data in (call("ListTables", Origin="null"), call("Nothing", Origin="http://a.b")):
        assert raw.ask(data).headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in raw.ask(call("ListTables")).headers
