"""One TCP connection: bytes in, requests out; answers in, bytes out.

Owns keep-alive, pipelining, flow control and the bounds on what a client may send, on httptools'
parser. Knows nothing of DynamoDB: a complete request is handed to `respond`.

Requests are answered at once, in the order in which they come: an answer takes microseconds, which
is less than handing it to a thread would.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, cast

import httptools

from dqlmock.limits import REQUEST_SIZE_BYTES
from dqlmock.server.messages import HttpRequest, render
from dqlmock.wire.messages import NoAnswer, WireResponse

Respond = Callable[[HttpRequest], WireResponse]

HEAD_SIZE_BYTES: Final = 64 * 1024
"""Longest request line and headers together. Signed headers and session tokens fit many times."""

_BAD_REQUEST = WireResponse(400, {"Content-Length": "0"}, b"")
_HEAD_TOO_LARGE = WireResponse(431, {"Content-Length": "0"}, b"")
_BODY_TOO_LARGE = WireResponse(413, {"Content-Length": "0"}, b"")
_READ_LIMIT_BYTES = 4 * REQUEST_SIZE_BYTES
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(asyncio.Protocol):
    """Reads requests from a connection and writes the answers.

    Args:
        respond: Answers a request.
        open_connections: Where this one is listed while it is open.
        now_s: The event loop's time.
    """

    def __init__(
        self,
        respond: Respond,
        open_connections: set[Connection],
        now_s: Callable[[], float],
    ) -> None:
        self._respond = respond
        self._open = open_connections
        self._now_s = now_s
        self._transport: asyncio.Transport
        self._headers: dict[bytes, bytes] = {}
        self._raw_headers: dict[bytes, bytes] = {}
        # httptools calls this for every header: a method of ours would cost a frame each time.
        self.on_header = self._raw_headers.__setitem__
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[HttpRequest, str]] = deque()
        self._is_paused = False
        self._is_closing = False
        self.last_read_s = now_s()
        self._begin()

    def _begin(self) -> None:
        """Expect another request."""
        self._url = b""
        self._pieces: list[bytes] = []
        self._size_bytes = 0
        self._read_bytes = 0
        self._has_head = False
        self._raw_headers.clear()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way: no request half read, no answer half written."""
        return not (self._url or self._waiting or self._transport.get_write_buffer_size())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name
        self._open.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._open.discard(self)
        self._waiting.clear()
        self._is_closing = True

    def close(self) -> None:
        """Close once all that is under way has been answered."""
        self._is_closing = True
        if self.is_idle:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        self.last_read_s = self._now_s()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._decline_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(_BAD_REQUEST)
        else:
            if self._url:
                self._bound(len(data))

    def _bound(self, read_bytes: int) -> None:
        """Refuse a request that goes on and on: in its head, its body, or after it."""
        self._read_bytes += read_bytes
        if not self._has_head and self._read_bytes > HEAD_SIZE_BYTES:
            self._refuse(_HEAD_TOO_LARGE)
        elif self._read_bytes > _READ_LIMIT_BYTES:
            self._refuse(_BODY_TOO_LARGE)

    def _decline_upgrade(self, rest: bytes) -> None:
        """Read a request again without its offer to speak another protocol.

        Java's HttpClient offers HTTP/2 with every first request. httptools takes it for the end
        of HTTP, the body unread.
        """
        method = self._parser.get_method()
        if method == b"CONNECT":
            self._refuse(_BAD_REQUEST)
            return
        lines = [
            b"%s: %s\r\n" % (name, value)
            for name, value in self._headers.items()
            if name not in (b"connection", b"upgrade")
        ]
        head = b"%s %s HTTP/1.1\r\n%s\r\n" % (method, self._url, b"".join(lines))
        self._begin()
        self._parser = httptools.HttpRequestParser(self)
        self.data_received(head + rest)

    def _refuse(self, response: WireResponse) -> None:
        """Answer what is no request, or can't become one, and hear no more."""
        if not self._transport.is_closing():
            self._transport.write(render(response, "close"))
            self._transport.close()

    def on_url(self, url: bytes) -> None:
        """See httptools."""
        self._url += url

    def on_headers_complete(self) -> None:
        """See httptools."""
        self._has_head = True
        self._headers = {name.lower(): value for name, value in self._raw_headers.items()}
        if b"expect" in self._headers and self._headers[b"expect"].lower() == b"100-continue":
            self._transport.write(_CONTINUE)

    def on_body(self, piece: bytes) -> None:
        """See httptools."""
        self._size_bytes += len(piece)
        if self._size_bytes <= REQUEST_SIZE_BYTES:
            self._pieces.append(piece)
        else:  # read to its end, so that the answer finds a client that listens
            self._pieces.clear()

    def on_message_complete(self) -> None:
        """See httptools."""
        if self._parser.should_upgrade():
            return
        pieces = self._pieces
        request = HttpRequest(
            self._parser.get_method(),
            self._url,
            self._headers,
            pieces[0] if len(pieces) == 1 else b"".join(pieces),
            self._size_bytes > REQUEST_SIZE_BYTES,
        )
        connection = self._connection_header()
        self._begin()
        if self._is_paused or self._waiting:
            self._waiting.append((request, connection))
        else:
            self._answer(request, connection)

    def _connection_header(self) -> str:
        if self._is_closing or not self._parser.should_keep_alive():
            return "close"
        return "" if self._parser.get_http_version() == "1.1" else "keep-alive"

    def _answer(self, request: HttpRequest, connection: str) -> None:
        transport = self._transport
        if transport.is_closing():
            return
        try:
            response = self._respond(request)
        except NoAnswer as lost:
            self._lose(lost)
            return
        if response.delay_s:
            self._hold_back(response, connection)
            return
        transport.write(render(response, connection))
        if connection == "close":
            transport.close()

    def _lose(self, lost: NoAnswer) -> None:
        """Answer nothing, as a test wants it: say nothing for ever, or break off."""
        if lost.loss == "read timeout":
            self._is_paused = True
            self._transport.pause_reading()
        else:
            self._transport.abort()

    def _hold_back(self, response: WireResponse, connection: str) -> None:
        """Answer later, as a test wants it, and nothing else on this connection before."""
        self._is_paused = True
        self._transport.pause_reading()
        asyncio.get_running_loop().call_later(
            response.delay_s, self._answer_late, response, connection
        )

    def _answer_late(self, response: WireResponse, connection: str) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(render(response, connection))
        if connection == "close":
            self._transport.close()
        else:
            self.resume_writing()

    def pause_writing(self) -> None:
        """See asyncio.Protocol: the client doesn't read; no more is answered until it does."""
        self._is_paused = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """See asyncio.Protocol."""
        self._is_paused = False
        while self._waiting and not self._is_paused:
            self._answer(*self._waiting.popleft())
        if not self._is_paused and not self._transport.is_closing():
            self._transport.resume_reading()
            if self._is_closing and self.is_idle:
                self._transport.close()
