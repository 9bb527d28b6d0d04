"""What every door hands into the pipe, and what it gets back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from dqlmock.engine.capacity import Meter


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
        meter: Reckons what the call consumed, also where the request did not ask; None where the
            answer did not come from the engine, or the call consumed nothing.
        delay_s: How long the caller is to wait for it: the door waits as its callers can.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    meter: Meter | None = None
    delay_s: float = 0.0


Loss: TypeAlias = Literal["connect timeout", "read timeout", "closed", "unreachable"]
"""How a caller comes to have no answer."""


class NoAnswer(Exception):
    """A call whose caller hears nothing of it: what each door makes of it is what a network would.

    Args:
        loss: What the caller finds.
        kept: What the log keeps in the place of an answer.

    >>> NoAnswer("closed", WireResponse(0, {}, b"{}")).loss
    'closed'
    """

    def __init__(self, loss: Loss, kept: WireResponse) -> None:
        super().__init__(loss)
        self.loss: Loss = loss
        self.kept = kept
