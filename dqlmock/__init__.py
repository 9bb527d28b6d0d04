"""dqlmock: a fast, exact, in-process mock of Amazon DynamoDB."""

from dqlmock.errors import DqlmockError, UnmockedRequestError

__all__ = ["DqlmockError", "UnmockedRequestError"]
