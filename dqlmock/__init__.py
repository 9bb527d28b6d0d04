"""dqlmock: a fast, exact, in-process mock of Amazon DynamoDB.

The public API and nothing else. Each name is loaded when it is first asked for: the server does
without what patches boto3, and the mock without the server's extra (docs/decisions/0007).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dqlmock.engine.lifecycle import TableDelays
    from dqlmock.errors import DqlmockError, UnfiredFault, UnmetExpectation, UnmockedRequestError
    from dqlmock.mock import dql_mock, mock_dynamodb
    from dqlmock.server import Server, ServerProcess

_HOMES = {
    "DqlmockError": "dqlmock.errors",
    "Server": "dqlmock.server",
    "ServerProcess": "dqlmock.server",
    "TableDelays": "dqlmock.engine.lifecycle",
    "UnfiredFault": "dqlmock.errors",
    "UnmetExpectation": "dqlmock.errors",
    "UnmockedRequestError": "dqlmock.errors",
    "dql_mock": "dqlmock.mock",
    "mock_dynamodb": "dqlmock.mock",
}

__all__ = [
    "DqlmockError",
    "Server",
    "ServerProcess",
    "TableDelays",
    "UnfiredFault",
    "UnmetExpectation",
    "UnmockedRequestError",
    "dql_mock",
    "mock_dynamodb",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
