"""How a mock is run. Owns the options and their checks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from dqlmock.errors import DqlmockError


@dataclass(frozen=True)
class Options:
    """How a mock is run.

    Args:
        passthrough: Clients whose calls may leave the process: `("s3",)`.
        region: The region where the environment names none.
        account: The account of callers whose access key isn't twelve digits.
        engine: Options of the engine, by name.

    Raises:
        DqlmockError: DynamoDB itself is to be let through, or the account is no account.
    """

    passthrough: tuple[str, ...] = ()
    region: str = "us-east-1"
    account: str = "123456789012"
    engine: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if "dynamodb" in self.passthrough or "dynamodbstreams" in self.passthrough:
            raise DqlmockError("DynamoDB is what is mocked: it can't be let through")
        if len(self.account) != 12 or not self.account.isdigit():
            raise DqlmockError(f"An account has twelve digits: {self.account!r}")


def names(passthrough: Collection[str]) -> tuple[str, ...]:
    """Return the services that are let through.

    Raises:
        DqlmockError: They are one text, which would be taken for its letters.
    """
    if isinstance(passthrough, str):
        raise DqlmockError(f'passthrough takes several names: ("{passthrough}",)')
    return tuple(passthrough)
