"""dqlmock: a fast, exact, in-process mock of Amazon DynamoDB.

The public API and nothing else. A name is loaded when it is first asked for: pytest imports the
package to find its plugin, also in projects and runs that never start a mock.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dqlmock.engine.lifecycle import TableDelays
    from dqlmock.errors import DqlmockError, UnmockedRequestError
    from dqlmock.mock import dql_mock, mock_dynamodb

__all__ = [
    "DqlmockError",
    "TableDelays",
    "UnmockedRequestError",
    "dql_mock",
    "mock_dynamodb",
]

_HOMES = {
    "DqlmockError": "dqlmock.errors",
    "TableDelays": "dqlmock.engine.lifecycle",
    "UnmockedRequestError": "dqlmock.errors",
    "dql_mock": "dqlmock.mock",
    "mock_dynamodb": "dqlmock.mock",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
