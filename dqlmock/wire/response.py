"""From a result or an error to the bytes of an answer. The only place that renders errors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WireResponse:
    """One answer, as bytes.

    Args:
        status: The HTTP status.
        headers: Request id, content type and length, CRC32 of the body.
        body: JSON.
    """

    status: int
    headers: dict[str, str]
    body: bytes
