"""From a result or an error to the bytes of an answer. The only place that renders errors."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from itertools import count
from typing import Any

from dqlmock.engine.capacity import Meter
from dqlmock.errors import DynamoDBError, ValidationException
from dqlmock.storage.protocol import StoredItem
from dqlmock.wire.messages import WireResponse
from dqlmock.wire.wording import word

_CONTENT_TYPE = "application/x-amz-json-1.0"
_REQUEST_ID_TAIL = "VV4KQNSO5AEMVJF66Q9ASUAAJG"  # the tail of every request id of DynamoDB
_request_numbers = count(1)
_dumps = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def answer(result: Mapping[str, Any]) -> WireResponse:
    """Return the answer of an operation that went well.

    Args:
        result: The members of the answer: JSON values, a `StoredItem`, or a list of them. What
            the call consumed may stand beside them (`operations.capacity.Result`).

    >>> answer({"Count": 0}).body
    b'{"Count":0}'
    """
    return _respond(200, encode(result), getattr(result, "meter", None))


def error_answer(error: DynamoDBError, operation: str, region: str) -> WireResponse:
    """Return the answer of an operation that failed, in the wording of the region called.

    >>> from dqlmock.errors import ResourceNotFoundException
    >>> error_answer(ResourceNotFoundException("gone"), "GetItem", "us-east-1").status
    400
    """
    message = error.message
    if isinstance(error, ValidationException):
        message = word(error, operation, region)
    body = {"__type": error.wire_type}
    if message:  # AWS leaves the member out where it has nothing to say
        body[error.message_key] = message
    body.update(error.fields)
    return _respond(error.status, encode(body), error.meter)


def encode(members: Mapping[str, Any]) -> bytes:
    """Return members as JSON; items go in as the bytes they are stored as.

    >>> encode({"Item": StoredItem.of({"pk": {"S": "a"}}, 3), "Count": 1})
    b'{"Item":{"pk":{"S":"a"}},"Count":1}'
    """
    if not members:
        return b"{}"
    parts = [b'"%s":%s' % (name.encode(), _encode_member(value)) for name, value in members.items()]
    return b"{%s}" % b",".join(parts)


def _encode_member(value: Any) -> bytes:
    kind = type(value)
    if kind is StoredItem:
        encoded: bytes = value.encoded
        return encoded
    if kind is list and value and type(value[0]) is StoredItem:
        return b"[%s]" % b",".join([item.encoded for item in value])
    return _dumps(value).encode()


def _respond(status: int, body: bytes, meter: Meter | None) -> WireResponse:
    headers = {
        "Server": "Server",
        "Content-Type": _CONTENT_TYPE,
        "Content-Length": str(len(body)),
        "x-amzn-RequestId": f"{next(_request_numbers):026d}{_REQUEST_ID_TAIL}",
        "x-amz-crc32": str(zlib.crc32(body)),
    }
    return WireResponse(status, headers, body, meter)
