"""From an HTTP request to an answer: what AWS's front end does before DynamoDB is asked.

Owns methods, content types, CORS, the completeness of a signature, and the server's
500 boundary. Knows neither sockets nor operations.

What it answers where a request doesn't get as far as an operation is what dynalite's authors
recorded from DynamoDB (github.com/architect/dynalite), where no other source is named.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter
from typing import Final
from urllib.parse import parse_qs

from dqlmock.errors import (
    DqlmockError,
    DynamoDBError,
    IncompleteSignatureException,
    InternalServerError,
    InvalidSignatureException,
)
from dqlmock.server.compression import compressed
from dqlmock.server.messages import HttpRequest
from dqlmock.server.metrics import Metrics
from dqlmock.wire.compression import decompressed
from dqlmock.wire.messages import NoAnswer, WireRequest, WireResponse
from dqlmock.wire.response import encode, error_answer, respond, too_large
from dqlmock.wire.scope import caller, of_scope

Door = Callable[[WireRequest], WireResponse]
Admin = Callable[[HttpRequest], WireResponse]

ADMIN_PATH: Final = b"/_dqlmock/"

_log = logging.getLogger("dqlmock.server")

_JSON_TYPES = {
    b"application/x-amz-json-1.0": "application/x-amz-json-1.0",
    b"application/json": "application/json",
}
_HEALTH_PATHS = (b"/", b"/health")
"""Where GET is the health check; elsewhere it is a 404 (scylladb/scylladb#26079, 2025)."""
_PREFLIGHT_MAX_AGE_S = 172_800


class Front:
    """Answers HTTP requests.

    Args:
        door: Answers a call of DynamoDB.
        metrics: Where calls are counted.
        admin: Answers what lies under `/_dqlmock/`, None where there is no such thing.
        account: Of callers whose access key isn't twelve digits.
        region: Named in the health check.
        shared: All callers meet in one account and region, those given.

    Attributes:
        door: Answers a call of DynamoDB; another may take its place.
    """

    def __init__(
        self,
        door: Door,
        metrics: Metrics,
        admin: Admin | None,
        *,
        account: str,
        region: str,
        shared: bool,
    ) -> None:
        self.door = door
        self._metrics = metrics
        self._admin = admin
        self._account = account
        self._region = region
        self._shared = shared

    def respond(self, request: HttpRequest) -> WireResponse:
        """Answer a request, whatever it is.

        Raises:
            NoAnswer: A test wants it, or its answer, lost.
        """
        headers = request.headers
        if request.method == b"POST" and not request.url.startswith(ADMIN_PATH):
            response = self._called(request)
        else:
            response = self._route(request)
        if b"origin" in headers:
            response.headers["Access-Control-Allow-Origin"] = "*"
        if b"accept-encoding" in headers:
            return compressed(response, headers[b"accept-encoding"])
        return response

    def _route(self, request: HttpRequest) -> WireResponse:
        if self._admin is not None and request.url.startswith(ADMIN_PATH):
            return self._admin(request)
        if request.method == b"GET" and request.url.partition(b"?")[0] in _HEALTH_PATHS:
            healthy = f"healthy: dynamodb.{self._region}.amazonaws.com "
            return respond(200, healthy.encode(), "")
        if request.method == b"OPTIONS" and b"origin" in request.headers:
            return _preflight(request.headers)
        return _unknown(head_only=request.method == b"HEAD")

    def _called(self, request: HttpRequest) -> WireResponse:
        if request.is_too_large:
            return too_large()
        headers = request.headers
        kind = _content_type(headers.get(b"content-type", b""))
        if kind is None:
            if request.body or b"content-type" in headers:
                return _unknown()
            kind = "application/json"
        target = headers.get(b"x-amz-target", b"").decode("latin-1")
        started = perf_counter()
        response = self._answer(request, target)
        self._metrics.observe(target, response.status, perf_counter() - started)
        if kind == "application/json":
            response.headers["Content-Type"] = kind
        return response

    def _answer(self, request: HttpRequest, target: str) -> WireResponse:
        headers = request.headers
        account, region = None, ""
        try:
            account, region = _signed_by(request)
            body = request.body
            if b"content-encoding" in headers:
                body = decompressed(body, headers[b"content-encoding"].decode("latin-1"))
            if region and self._shared:
                account, region = self._account, self._region
            return self.door(WireRequest(target, body, account or self._account, region))
        except DynamoDBError as error:
            return error_answer(error, target.rpartition(".")[2], region or self._region)
        except DqlmockError as error:  # what AWS answers and dqlmock can't, by its own name
            told = {"__type": "dqlmock#DqlmockError", "message": str(error)}
            return respond(400, encode(told))
        except NoAnswer:
            raise
        except Exception:
            # A bug of the mock. The caller is another process: it can't be shown a traceback.
            _log.exception("dqlmock failed to answer %r", target)
            failure = InternalServerError("Internal server error")
            return error_answer(failure, "", region or self._region)


def _signed_by(request: HttpRequest) -> tuple[str | None, str]:
    """Return account and region of the signature; an empty region where there is none.

    Raises:
        IncompleteSignatureException: A part of it is missing.
    """
    headers = request.headers
    authorization = headers.get(b"authorization")
    if authorization is None:
        return _presigned_by(request.url) if b"X-Amz-Credential=" in request.url else (None, "")
    head, named, _ = authorization.partition(b"Signature=")
    signed_by = _named_before_signature(head) if named and b"x-amz-date" in headers else None
    return signed_by or _named_by(headers, authorization)


@lru_cache(maxsize=256)
def _named_before_signature(head: bytes) -> tuple[str | None, str] | None:
    """Read what comes before the signature, the same from call to call; None if it lacks a part."""
    if not head.startswith(b"AWS4-") or b"SignedHeaders=" not in head:
        return None
    account, region = caller(head)
    return (account, region) if region else None


def _named_by(headers: dict[bytes, bytes], authorization: bytes) -> tuple[str | None, str]:
    """Return account and region of an `Authorization` header.

    Raises:
        IncompleteSignatureException: A part of it is missing.
        InvalidSignatureException: Its scope names no region.
    """
    if not authorization.startswith(b"AWS4-"):
        return None, ""
    if (
        b"Signature=" not in authorization
        or b"SignedHeaders=" not in authorization
        or b"Credential=" not in authorization
        or (b"x-amz-date" not in headers and b"date" not in headers)
    ):
        raise _incomplete(headers, authorization)
    account, region = caller(authorization)
    if not region:
        raise _misshapen(authorization)
    return account, region


def _presigned_by(url: bytes) -> tuple[str | None, str]:
    query = parse_qs(url.partition(b"?")[2])
    return of_scope(query.get(b"X-Amz-Credential", [b""])[0])


def _incomplete(headers: dict[bytes, bytes], authorization: bytes) -> IncompleteSignatureException:
    # The text: github.com/architect/dynalite/issues/28.
    missing = [
        f"Authorization header requires '{name}' parameter. "
        for name in ("Credential", "Signature", "SignedHeaders")
        if f"{name}=".encode() not in authorization
    ]
    if b"x-amz-date" not in headers and b"date" not in headers:
        missing.append(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
        )
    text = authorization.decode("latin-1")
    return IncompleteSignatureException(f"{''.join(missing)}Authorization={text}")


def _misshapen(authorization: bytes) -> DynamoDBError:
    # The texts: github.com/boto/boto3/issues/1752, github.com/aws/aws-sdk-js/issues/4002 (of a
    # region that there isn't).
    scope = authorization.partition(b"Credential=")[2].partition(b",")[0].decode("latin-1")
    if scope.count("/") == 4:
        return InvalidSignatureException("Credential should be scoped to a valid region, not ''. ")
    return IncompleteSignatureException(
        "Credential must have exactly 5 slash-delimited elements, "
        f"e.g. keyid/date/region/service/term, got '{scope}'"
    )


@lru_cache(maxsize=64)
def _content_type(header: bytes) -> str | None:
    return _JSON_TYPES.get(header.partition(b";")[0].strip().lower())


def _unknown(*, head_only: bool = False) -> WireResponse:
    response = respond(404, b"<UnknownOperationException/>\n", "")
    return WireResponse(404, response.headers, b"") if head_only else response


def _preflight(headers: dict[bytes, bytes]) -> WireResponse:
    response = respond(200, b"", "")
    response.headers.update(
        {
            "Access-Control-Allow-Headers": _wanted(headers, b"headers", "*"),
            "Access-Control-Allow-Methods": _wanted(headers, b"method", "POST"),
            "Access-Control-Max-Age": str(_PREFLIGHT_MAX_AGE_S),
        }
    )
    return response


def _wanted(headers: dict[bytes, bytes], what: bytes, default: str) -> str:
    return headers.get(b"access-control-request-" + what, b"").decode("latin-1") or default
