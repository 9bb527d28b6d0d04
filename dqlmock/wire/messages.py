"""What every door hands into the pipe, and what it gets back."""

from __future__ import annotations

from typing import NamedTuple


class WireRequest(NamedTuple):
    """One API call, as bytes.

    Args:
        target: The `X-Amz-Target` header, `"DynamoDB_20120810.PutItem"`; empty where absent.
        body: The request body.
        account: The 12-digit account the caller belongs to.
        region: The region called: it selects the state, and AWS's wording. Empty where the
            request carries no signature that names one.
    """

    target: str
    body: bytes
    account: str
    region: str


class WireResponse(NamedTuple):
    """One answer, as bytes.

    Args:
        status: The HTTP status.
        headers: Request id, content type and length, CRC32 of the body.
        body: JSON.
    """

    status: int
    headers: dict[str, str]
    body: bytes
