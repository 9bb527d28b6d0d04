"""From a result or an error to the bytes of an answer. The only place that renders errors."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from itertools import count
from typing import Any

from dqlmock import json_bytes
from dqlmock.engine.capacity import Meter
from dqlmock.errors import DynamoDBError, ValidationException
from dqlmock.operations.tagging import NO_BODY
from dqlmock.storage.protocol import Encoded, StoredItem
from dqlmock.wire.date import http_date
from dqlmock.wire.messages import WireResponse
from dqlmock.wire.wording import word

_CONTENT_TYPE = "application/x-amz-json-1.0"
_REQUEST_ID_TAIL = "VV4KQNSO5AEMVJF66Q9ASUAAJG"  # the tail of every request id of DynamoDB
_request_numbers = count(1)


def answer(result: Mapping[str, Any]) -> WireResponse:
    """Return the answer of an operation that went well.

    Args:
        result: The members of the answer: JSON values, a `StoredItem`, `Encoded`, or a list of
            them. What the call consumed may stand beside them (`operations.capacity.Result`).

    >>> answer({"Count": 0}).body
    b'{"Count":0}'
    """
    return respond(200, encode(result), meter=getattr(result, "meter", None))


def error_answer(
    error: DynamoDBError, operation: str, region: str, wording: str | None = None
) -> WireResponse:
    """Return the answer of an operation that failed.

    Args:
        error: What went wrong.
        operation: The API operation.
        region: The region called: the message is in its wording.
        wording: `"older"` or `"newest"`, whatever the region; None to go by the region.

    >>> from dqlmock.errors import ResourceNotFoundException
    >>> error_answer(ResourceNotFoundException("gone"), "GetItem", "us-east-1").status
    400
    """
    message = error.message
    if isinstance(error, ValidationException):
        message = word(error, operation, region, wording)
    body = {"__type": error.wire_type}
    if message:  # AWS leaves the member out where it has nothing to say
        body[error.message_key] = message
    body.update(error.fields)
    return respond(error.status, encode(body), meter=error.meter)


def too_large() -> WireResponse:
    """Return the answer to a request of more than 16 MB.

    "413 Request Entity Too Large" stands in AWS's table of API errors; the body is that of DynamoDB
    Local.

    >>> too_large().status
    413
    """
    return respond(413, b'{"Message":""}', "")


def encode(members: Mapping[str, Any]) -> bytes:
    """Return members as JSON; items go in as the bytes they are stored as.

    >>> encode({"Item": StoredItem.of({"pk": {"S": "a"}}, 3), "Count": 1})
    b'{"Item":{"pk":{"S":"a"}},"Count":1}'
    >>> encode({"Responses": [{"Item": StoredItem.of({"pk": {"S": "a"}}, 3)}, {}]})
    b'{"Responses":[{"Item":{"pk":{"S":"a"}}},{}]}'
    """
    return b"" if members is NO_BODY else json_bytes.encode(members, _as_stored)


def _as_stored(value: StoredItem | Encoded) -> json_bytes.raw:
    return json_bytes.raw(value.encoded)


def respond(
    status: int,
    body: bytes,
    content_type: str = _CONTENT_TYPE,
    *,
    meter: Meter | None = None,
) -> WireResponse:
    """Return a body with the headers that every answer of DynamoDB carries.

    Args:
        status: The HTTP status.
        body: What is sent.
        content_type: Empty for an answer that names none.
        meter: Reckons what the call consumed.

    >>> respond(200, b"{}").headers["x-amz-crc32"]
    '2745614147'
    """
    headers = {
        "Server": "Server",
        "Date": http_date(),
        "Content-Type": content_type,
        "Content-Length": str(len(body)),
        "x-amzn-RequestId": f"{next(_request_numbers):026d}{_REQUEST_ID_TAIL}",
        "x-amz-crc32": str(zlib.crc32(body)),
    }
    if not content_type:
        del headers["Content-Type"]
    return WireResponse(status, headers, body, meter)
