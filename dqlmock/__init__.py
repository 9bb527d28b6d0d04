"""dqlmock: a fast, exact, in-process mock of Amazon DynamoDB.

The public API and nothing else.
"""

from dqlmock.engine.lifecycle import TableDelays
from dqlmock.errors import DqlmockError, UnmetExpectation, UnmockedRequestError
from dqlmock.mock import dql_mock, mock_dynamodb

__all__ = [
    "DqlmockError",
    "TableDelays",
    "UnmetExpectation",
    "UnmockedRequestError",
    "dql_mock",
    "mock_dynamodb",
]
