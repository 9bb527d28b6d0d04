"""boto3's clients and resources, made once and kept.

To make a client takes boto3 about 50 ms, more than a hundred calls on the mock. A client made at
any time is caught by whichever mock runs, so one for each region is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, Final

import boto3

_SERVICE: Final = "dynamodb"
# No twelve digits: the account is the running mock's. The fake keys keep a client that somebody
# calls without a mock from doing anything on AWS.
_FAKE_KEY: Final = "FAKEDBYDQLMOCK"


class Clients:
    """Clients and resources by region, shared by everyone who asks.

    A test that changes a client (registers event handlers, puts a Stubber on it) makes its own.

    >>> clients = Clients()
    >>> clients.client("eu-west-1") is clients.client("eu-west-1")
    True
    """

    def __init__(self) -> None:
        self._session: Any = None
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = Lock()

    def client(self, region: str, service: str = _SERVICE) -> Any:
        """Return the client of a region.

        Args:
            region: `"eu-west-1"`.
            service: `"dynamodb"` or `"dynamodbstreams"`.
        """
        return self._get("client", service, region)

    def resource(self, region: str) -> Any:
        """Return the DynamoDB resource of a region."""
        return self._get("resource", _SERVICE, region)

    def _get(self, kind: str, service: str, region: str) -> Any:
        made = self._made.get((f"{kind} {service}", region))
        if made is None:
            with self._lock:
                if self._session is None:
                    self._session = boto3.Session()
                make: Callable[..., Any] = getattr(self._session, kind)
                made = self._made[f"{kind} {service}", region] = make(
                    service,
                    region_name=region,
                    aws_access_key_id=_FAKE_KEY,
                    aws_secret_access_key=_FAKE_KEY,
                )
        return made
