"""Which requests get as far as DynamoDB's storage: on AWS, only those are throttled.

Owns telling them apart. A malformed request is answered by DynamoDB's front end, which needs no
table to see what is wrong with it: so a DynamoDB without tables refuses it as well.
"""

from __future__ import annotations

from typing import Final

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.testing.call import decoded
from dqlmock.wire.dispatch import Pipe
from dqlmock.wire.messages import WireRequest

_REFUSALS: Final = frozenset(
    {
        "MissingAuthenticationTokenException",
        "SerializationException",
        "UnknownOperationException",
        "ValidationException",
    }
)


def passes_checks(request: WireRequest) -> bool:
    """Tell whether nothing is wrong with a request, as far as can be told without any table.

    >>> def scan(body):
    ...     return WireRequest("DynamoDB_20120810.Scan", body, "123456789012", "eu-west-1")
    >>> passes_checks(scan(b'{"TableName": "orders"}')), passes_checks(scan(b'{"Limit": 0}'))
    (True, False)
    """
    answer = Pipe(Engine(Clock())).answer(request)
    if answer.status == 200:
        return True
    return str(decoded(answer.body).get("__type", "")).rpartition("#")[2] not in _REFUSALS
