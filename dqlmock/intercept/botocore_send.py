"""The door for botocore: boto3's clients and resources, and whatever else sends through botocore.

Owns the patch of `URLLib3Session.send`, the one place where botocore hands a request to the
network, so every client is caught, however and whenever it was made. A DynamoDB call is known by
its `X-Amz-Target`, never by its host. Account and region stand in the credential scope of the
`Authorization` header. Knows nothing of what is answered.

Whatever isn't DynamoDB is refused, unless its service is let through.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.endpoint import Endpoint
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.httpsession import URLLib3Session

from dqlmock.errors import SerializationException, UnmockedRequestError
from dqlmock.intercept.answers import Answer
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.services import is_let_through
from dqlmock.intercept.switchboard import Line, board
from dqlmock.wire.compression import decompressed
from dqlmock.wire.messages import Loss, NoAnswer, WireRequest
from dqlmock.wire.scope import caller

Send: TypeAlias = Callable[[URLLib3Session, AWSPreparedRequest], AWSResponse]

_TARGETS = ("DynamoDB_20120810.", "DynamoDBStreams_20120810.")

_LINK_LOCAL = {
    "169.254.169.254": "imds",
    "fd00:ec2::254": "imds",
    "169.254.170.2": "container-credentials",
    "169.254.170.23": "container-credentials",
    "fd00:ec2::23": "container-credentials",
}
"""Where code on AWS fetches its credentials."""


def patch(patches: Patches) -> None:
    """Catch what botocore sends."""
    patches.replace(URLLib3Session, "send", _catching)
    patches.replace(Endpoint, "create_request", _noting)


def _noting(original: Callable[..., AWSPreparedRequest]) -> Callable[..., AWSPreparedRequest]:
    """Note the operation on each request: nothing else tells it once a request is prepared."""

    def create_request(
        endpoint: Endpoint, params: Any, operation_model: Any = None
    ) -> AWSPreparedRequest:
        request = original(endpoint, params, operation_model)
        request.dqlmock_operation = operation_model
        return request

    return create_request


def _catching(original: Send) -> Send:
    def send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        line = board.only or board.pick()
        if line is None:
            return original(session, request)
        caught = caught_request(request, line)
        if caught is None:
            return original(session, request)
        try:
            response = line.door(caught)
        except NoAnswer as lost:
            raise network_error(lost, request) from None
        if response.delay_s:
            time.sleep(response.delay_s)
        return Answer(request.url, response.status, response.headers, response.body)

    return send


_NETWORK_ERRORS: Final[Mapping[Loss, type[BotoCoreError]]] = {
    "connect timeout": ConnectTimeoutError,
    "read timeout": ReadTimeoutError,
    "closed": ConnectionClosedError,
    "unreachable": EndpointConnectionError,
}
"""What `URLLib3Session.send` makes of urllib3's exceptions; botocore retries each of them."""


def network_error(lost: NoAnswer, request: AWSPreparedRequest) -> BotoCoreError:
    """Return what botocore, and aiobotocore, raise where a call has no answer."""
    error = _NETWORK_ERRORS[lost.loss]
    return error(error=lost, request=request, endpoint_url=request.url)


def caught_request(request: AWSPreparedRequest, line: Line) -> WireRequest | None:
    """Return a request that is DynamoDB's as the pipe takes it, None for one that may leave.

    Args:
        request: What botocore, or aiobotocore, is about to send.
        line: The mock that it belongs to.

    Raises:
        UnmockedRequestError: It is another service's, which isn't let through.
    """
    target = dynamodb_target(request.headers.get("X-Amz-Target"))
    if target is None:
        _check_let_through(request, line.passthrough)
        return None
    return wire_request(target, request, line)


def wire_request(target: str, request: Any, line: Line) -> WireRequest:
    """Return a request as the pipe takes it.

    Args:
        target: Its `X-Amz-Target`.
        request: Anything with headers and a body: botocore's, or of the `requests` library.
        line: The mock that it belongs to.
    """
    account, region = caller(request.headers.get("Authorization"))
    body = request.body
    if body.__class__ is not bytes:
        body = _as_bytes(body)
    # Looking for a header of botocore's costs more than a look at the body.
    if body[:1] != b"{" and (coding := request.headers.get("Content-Encoding")):
        body = _plain(body, coding)
    return WireRequest(target, body, account or line.account, region)


@lru_cache(maxsize=256)
def dynamodb_target(header: bytes | str | None) -> str | None:
    """Return the target if it is DynamoDB's or DynamoDB Streams', None for any other.

    >>> dynamodb_target(b"DynamoDB_20120810.PutItem")
    'DynamoDB_20120810.PutItem'
    >>> dynamodb_target("AmazonSSM.GetParameter")
    """
    if not header:
        return None
    target = header.decode("latin-1") if isinstance(header, bytes) else header
    return target if target.startswith(_TARGETS) else None


def _plain(body: bytes, coding: bytes | str) -> bytes:
    """Return a body without its compression; one that can't be decompressed is left as it is.

    The pipe answers it as AWS does: what is compressed is no JSON.
    """
    try:
        return decompressed(body, coding.decode("latin-1") if isinstance(coding, bytes) else coding)
    except SerializationException:
        return body


def _as_bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytearray, memoryview)):
        return bytes(body)
    return bytes(body.read()) if hasattr(body, "read") else b"".join(body)


def let_leave(request: AWSPreparedRequest) -> None:
    """Let one request leave that isn't DynamoDB's, whatever services are let through."""
    request.dqlmock_leaves = True


def _check_let_through(request: AWSPreparedRequest, passthrough: frozenset[str]) -> None:
    """Raise UnmockedRequestError unless a request that isn't DynamoDB's may leave."""
    if getattr(request, "dqlmock_leaves", False):
        return
    operation_model = getattr(request, "dqlmock_operation", None)
    if operation_model is None:
        service, operation = _named_by_url(request)
        allowed = service in passthrough and service != "imds"
    else:
        model = operation_model.service_model
        service, operation = model.service_name, operation_model.name
        allowed = is_let_through(model.service_id.hyphenize(), service, passthrough)
    if not allowed:
        raise UnmockedRequestError(service, operation, request.url)


def _named_by_url(request: AWSPreparedRequest) -> tuple[str, str]:
    """Name a request that no client made: a credential fetcher's, a presigned one."""
    url = urlsplit(request.url)
    host = url.hostname or ""
    operation = f"{request.method} {url.path or '/'}"
    if host in _LINK_LOCAL:
        return _LINK_LOCAL[host], operation
    scope = parse_qs(url.query).get("X-Amz-Credential", [""])[0].split("/")
    if len(scope) == 5:
        return scope[3], operation
    if host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws")):
        return host.split(".")[0], operation
    return host, operation
