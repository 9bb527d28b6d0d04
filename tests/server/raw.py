"""A client that sends what it is told to, byte by byte, and reads what HTTP says is there."""

from __future__ import annotations

import json
import socket
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

SIGNED = {
    "Content-Type": "application/x-amz-json-1.0",
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": (
        "AWS4-HMAC-SHA256 Credential=AKIATEST/20260101/us-east-1/dynamodb/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=00"
    ),
}


class RawResponse:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class RawClient:
    """One connection.

    Args:
        endpoint_url: Where to.
    """

    def __init__(self, endpoint_url: str, timeout_s: float = 20) -> None:
        url = urlsplit(endpoint_url)
        self._socket = socket.create_connection((url.hostname, url.port or 80), timeout_s)
        self._read = b""

    def __enter__(self) -> RawClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def end(self) -> None:
        """Say that nothing more will be sent."""
        self._socket.shutdown(socket.SHUT_WR)

    def receive(self, *, to_head: bool = False) -> RawResponse:
        """Read one response; of the answer to a HEAD request there is no body."""
        while b"\r\n\r\n" not in self._read:
            self._more()
        head, _, self._read = self._read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        assert len(headers) == len(lines), "a header is there twice"
        length = 0 if to_head else int(headers.get("content-length", 0))
        while len(self._read) < length:
            self._more()
        body, self._read = self._read[:length], self._read[length:]
        return RawResponse(int(first.split()[1]), headers, body)

    def _more(self) -> None:
        data = self._socket.recv(65_536)
        if not data:
            raise EOFError
        self._read += data

    def is_closed(self) -> bool:
        """Wait for the server's end of the connection to close."""
        return not self._socket.recv(1)

    def ask(self, data: bytes) -> RawResponse:
        self.send(data)
        return self.receive()


def request(
    method: str = "POST",
    path: str = "/",
    body: bytes = b"",
    version: str = "HTTP/1.1",
    **headers: str | None,
) -> bytes:
    """Return a request. Headers are written with underscores; None leaves one out."""
    all_headers: dict[str, str | None] = {"Host": "localhost", "Content-Length": str(len(body))}
    all_headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"{name}: {value}" for name, value in all_headers.items() if value is not None]
    return "\r\n".join([f"{method} {path} {version}", *lines, "", ""]).encode("latin-1") + body


def call(operation: str, body: bytes | dict[str, Any] = b"{}", **headers: str | None) -> bytes:
    """Return a signed call of DynamoDB."""
    encoded = body if isinstance(body, bytes) else json.dumps(body).encode()
    all_headers: dict[str, Any] = {name.replace("-", "_"): text for name, text in SIGNED.items()}
    all_headers["X_Amz_Target"] = f"DynamoDB_20120810.{operation}"
    return request(body=encoded, **{**all_headers, **headers})
