"""How a server is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dqlmock.errors import DqlmockError


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How a server is run.

    Args:
        host: The address to bind to.
        port: The port, 0 for a free one.
        region: The region of the health check, and of a shared database.
        account: The account of callers whose access key isn't twelve digits.
        shared_db: All accounts and regions meet in one.
        admin: Answer under `/_dqlmock/`.
        wording: Word errors as AWS did before or after its rollout of 2026, whatever the region;
            by default each region words them as it does on AWS.

    Raises:
        DqlmockError: The account is no account, the port no port, or the wording unknown.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    region: str = "us-east-1"
    account: str = "123456789012"
    shared_db: bool = False
    admin: bool = True
    wording: Literal["older", "newest"] | None = None

    def __post_init__(self) -> None:
        if len(self.account) != 12 or not self.account.isdigit():
            raise DqlmockError(f"An account has twelve digits: {self.account!r}")
        if not 0 <= self.port <= 65_535:
            raise DqlmockError(f"A port lies between 0 and 65535: {self.port}")
