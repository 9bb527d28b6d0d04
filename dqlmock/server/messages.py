"""An HTTP request as the front reads it, and an answer as it goes onto the wire.

Owns the text of a response head. Knows neither sockets nor DynamoDB.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from dqlmock.wire.date import http_date
from dqlmock.wire.messages import WireResponse


class HttpRequest(NamedTuple):
    """One request, complete.

    Args:
        method: In upper case.
        url: The request target: path and query.
        headers: Names in lower case; of a header that is repeated, the last.
        body: As it was sent; empty where `is_too_large`.
        is_too_large: The body was longer than a request may be, and is gone.
    """

    method: bytes
    url: bytes
    headers: dict[bytes, bytes]
    body: bytes
    is_too_large: bool = False


_STATUS_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus
}


def render(response: WireResponse, connection: str = "") -> bytes:
    r"""Return an answer as the bytes of an HTTP/1.1 response.

    Args:
        response: Its headers include Content-Length.
        connection: The Connection header, empty where HTTP/1.1's default holds.

    >>> render(WireResponse(404, {"Content-Length": "0"}, b""), "close").split(b"\r\n")[0]
    b'HTTP/1.1 404 Not Found'
    """
    lines = [f"{name}: {value}\r\n" for name, value in response.headers.items()]
    if "Date" not in response.headers:
        lines.append(f"Date: {http_date()}\r\n")
    if connection:
        lines.append(f"Connection: {connection}\r\n")
    head = f"{_STATUS_LINES[response.status]}{''.join(lines)}\r\n"
    return head.encode("latin-1") + response.body
