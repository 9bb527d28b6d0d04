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
from dqlmock.wire.messages import WireResponse

Respond = Callable[[HttpRequest], WireResponse]

HEAD_SIZE_BYTES: Final = 64 * 1024
"""Longest request line and headers together. Signed headers and session tokens fit many times."""

_BAD_REQUEST = WireResponse(400, {"Content-Length": "0"}, b"")
_HEAD_TOO_LARGE = WireResponse(431, {"Content-Length": "0"}, b"")
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
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[tuple[HttpRequest, str]] = deque()
        self._is_paused = False
        self._is_closing = False
        self.last_read_s = now_s()
        self._begin()

    def _begin(self) -> None:
        """Expect another request."""
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._pieces: list[bytes] = []
        self._size_bytes = 0
        self._head_size_bytes = 0
        self._has_begun = False
        self._has_head = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way: no request half read, no answer half written."""
        return not (self._has_begun or self._waiting or self._transport.get_write_buffer_size())

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
            # The request is answered as if it hadn't asked; what follows is HTTP/1.1 still.
            self._parser = httptools.HttpRequestParser(self)
            if rest := data[upgrade.args[0] :]:
                self.data_received(rest)
        except httptools.HttpParserError:
            self._refuse(_BAD_REQUEST)
        else:
            if self._has_begun and not self._has_head:
                self._head_size_bytes += len(data)
                if self._head_size_bytes > HEAD_SIZE_BYTES:
                    self._refuse(_HEAD_TOO_LARGE)

    def _refuse(self, response: WireResponse) -> None:
        """Answer what is no request, or can't become one, and hear no more."""
        if not self._transport.is_closing():
            self._transport.write(render(response, "close"))
            self._transport.close()

    def on_message_begin(self) -> None:
        """See httptools."""
        self._has_begun = True

    def on_url(self, url: bytes) -> None:
        """See httptools."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """See httptools."""
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        """See httptools."""
        self._has_head = True
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
        transport.write(render(self._respond(request), connection))
        if connection == "close":
            transport.close()

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
