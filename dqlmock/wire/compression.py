"""Compressed bodies of requests: gzip and deflate, as DynamoDB takes them.

That it takes both: github.com/scylladb/scylladb/pull/27917. That it takes no body that is too large
only once it is decompressed: github.com/scylladb/scylladb/pull/28820.
"""

from __future__ import annotations

import zlib
from typing import Final

from dqlmock.errors import SerializationException
from dqlmock.limits import REQUEST_SIZE_BYTES

FRAMES: Final = {"gzip": 31, "deflate": 15}
"""zlib's window bits for the frame of each coding, the preferred first."""


def decompressed(body: bytes, coding: str) -> bytes:
    """Return the body of a request without its compression.

    Args:
        body: What came over the wire.
        coding: Its `Content-Encoding`. One that isn't known changes nothing.

    Raises:
        SerializationException: It isn't compressed so, is cut short, or holds more than a request
            may: what can't be decompressed is no JSON.

    >>> decompressed(zlib.compress(b"{}"), "deflate")
    b'{}'
    """
    frame = FRAMES.get(coding.strip().lower())
    if frame is None:
        return body
    plain = b""
    while body or not plain:
        decompressor = zlib.decompressobj(wbits=frame)
        try:
            plain += decompressor.decompress(body, REQUEST_SIZE_BYTES - len(plain) + 1)
        except zlib.error as error:
            raise SerializationException("") from error
        if not decompressor.eof or len(plain) > REQUEST_SIZE_BYTES:
            raise SerializationException("")
        body = decompressor.unused_data  # gzip may have several parts, one behind the other
    return plain
