"""Where exports are written and imports are read: an object store, which is S3 on AWS.

Owns the protocol. Who stands behind it is for whoever starts the engine to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Protocol, TypeAlias

from dqlmock.errors import DqlmockError


class ObjectStore(Protocol):
    """The objects that one caller sees, by bucket and key.

    Each method raises ObjectStoreError where the store refuses, and DqlmockError where there is
    none.
    """

    def put(self, bucket: str, key: str, body: bytes, options: Mapping[str, str]) -> str:
        """Store an object and return its ETag, without quotes.

        Args:
            bucket: The bucket's name.
            key: The object's.
            body: Its bytes.
            options: Members of S3's PutObject, by name.
        """
        ...

    def get(self, bucket: str, key: str) -> bytes:
        """Return an object's bytes."""
        ...

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        """Yield the keys that start with a prefix, in their order."""
        ...


class ObjectStoreError(Exception):
    """A refusal of the store.

    Args:
        code: S3's name for it: `"NoSuchBucket"`.
        message: S3's text.
        status: The HTTP status.
        request_id: `x-amz-request-id`.
        host_id: `x-amz-id-2`.
    """

    def __init__(
        self, code: str, message: str, status: int = 400, request_id: str = "", host_id: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.request_id = request_id
        self.host_id = host_id


StoreOpener: TypeAlias = Callable[[str, str], ObjectStore]
"""From an account and a region to the objects that are seen from there."""


def no_objects(account: str, region: str) -> ObjectStore:
    """Refuse to open a store: what an engine does until it is told of one.

    Raises:
        DqlmockError: Always.
    """
    raise DqlmockError("This engine knows no S3 to export to or to import from")
