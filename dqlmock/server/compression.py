"""Compressed bodies of answers: gzip and deflate, as DynamoDB has them.

That it compresses answers from some 4 KB on: github.com/AllocZero/EfficientDynamoDb/issues/259,
github.com/aio-libs/aiobotocore/pull/57. Errors are never compressed (EfficientDynamoDb, pull 281).
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Final

from dqlmock.wire.compression import FRAMES
from dqlmock.wire.messages import WireResponse

_FROM_BYTES: Final = 4096


def compressed(response: WireResponse, accepted: bytes) -> WireResponse:
    """Compress the body of an answer for a client that takes it.

    The CRC is that of the compressed body: the SDKs of Java and Go compute it of what came over the
    wire.

    Args:
        response: An answer.
        accepted: The client's `Accept-Encoding`.

    >>> response = compressed(WireResponse(200, {}, b"a" * 5000), b"deflate")
    >>> response.headers["Content-Encoding"], len(response.body) < 100
    ('deflate', True)
    """
    coding = _coding(accepted)
    if coding is None or response.status != 200 or len(response.body) < _FROM_BYTES:
        return response
    compressor = zlib.compressobj(1, wbits=FRAMES[coding])
    body = compressor.compress(response.body) + compressor.flush()
    response.headers["Content-Encoding"] = coding
    response.headers["Content-Length"] = str(len(body))
    response.headers["x-amz-crc32"] = str(zlib.crc32(body))
    return response._replace(body=body)


@lru_cache(maxsize=64)
def _coding(accepted: bytes) -> str | None:
    taken = set()
    for member in accepted.decode("latin-1").lower().split(","):
        name, _, quality = member.partition(";")
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip())
    return next((coding for coding in FRAMES if coding in taken), None)
