"""The door for the `requests` library: a POST that its caller has signed, or forgot to sign.

Owns the patch of `HTTPAdapter.send`. `requests` is a client of the whole web, so only DynamoDB's
calls are caught here and nothing is refused. A call is DynamoDB's if its `X-Amz-Target` or the
scope of its signature says so, whatever its host. Where a mock of `responses` was active before,
its `send` is the original, and decides (`dqlmock.intercept.responses_rules`). Imported only once
`requests` is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.client import responses as reasons
from io import BytesIO
from typing import Any, Final

from requests.adapters import HTTPAdapter
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, ReadTimeout, RequestException
from requests.models import PreparedRequest, Response
from urllib3 import HTTPResponse

from dqlmock.intercept.botocore_send import dynamodb_target, wire_request
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.switchboard import Line, board
from dqlmock.wire.messages import Loss, NoAnswer

_NETWORK_ERRORS: Final[Mapping[Loss, type[RequestException]]] = {
    "connect timeout": ConnectTimeout,
    "read timeout": ReadTimeout,
    "closed": RequestsConnectionError,
    "unreachable": RequestsConnectionError,
}


def patch(patches: Patches) -> None:
    """Catch DynamoDB's calls."""
    patches.replace(HTTPAdapter, "send", _catching)


def _catching(original: Callable[..., Response]) -> Callable[..., Response]:
    def send(
        adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **options: Any
    ) -> Response:
        theirs = getattr(original, "__module__", None) == "responses"
        line = None if theirs else line_of(request)
        if line is None:
            return original(adapter, request, *args, **options)
        return adapter.build_response(request, answer(request, line))

    return send


def line_of(request: PreparedRequest) -> Line | None:
    """Return the mock that a call belongs to; None where it isn't DynamoDB's, or no mock runs."""
    if board.idle or not is_dynamodb(request):
        return None
    return board.only or board.pick()


def is_dynamodb(request: PreparedRequest) -> bool:
    """Whether a request means DynamoDB.

    >>> scope = "AKIDEXAMPLE/20260101/us-east-1/dynamodb/aws4_request"
    >>> headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, Signature=0"}
    >>> from requests import Request
    >>> is_dynamodb(Request("POST", "http://localhost:8000", headers).prepare())
    True
    >>> is_dynamodb(Request("GET", "https://example.com").prepare())
    False
    """
    if dynamodb_target(request.headers.get("X-Amz-Target")) is not None:
        return True
    authorization = request.headers.get("Authorization")
    if isinstance(authorization, str):
        authorization = authorization.encode("latin-1")
    return authorization is not None and b"/dynamodb/aws4_request" in authorization


def answer(request: PreparedRequest, line: Line) -> HTTPResponse:
    """Answer a call in the shape that `requests` builds its responses from.

    Raises:
        RequestException: A test has had the call, or its answer, lost.
    """
    target = request.headers.get("X-Amz-Target") or ""
    if isinstance(target, bytes):
        target = target.decode("latin-1")
    try:
        response = line.door(wire_request(target, request, line))
    except NoAnswer as lost:
        raise _NETWORK_ERRORS[lost.loss](lost, request=request) from None
    if response.delay_s:
        time.sleep(response.delay_s)
    return HTTPResponse(
        body=BytesIO(response.body),
        headers=response.headers,
        status=response.status,
        reason=reasons.get(response.status),
        preload_content=False,
        request_method=request.method,
    )
