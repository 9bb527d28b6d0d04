"""An object store in a dict, for the tests of exports and imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import md5

from dqlmock.engine.objects import ObjectStoreError


class Objects:
    """What S3 would hold: one bucket, `bucket`."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}
        self.options: dict[str, Mapping[str, str]] = {}
        self.callers: list[tuple[str, str]] = []

    def open(self, account: str, region: str) -> Objects:
        self.callers.append((account, region))
        return self

    def put(self, bucket: str, key: str, body: bytes, options: Mapping[str, str]) -> str:
        self._check(bucket)
        self.bodies[key], self.options[key] = body, options
        return md5(body).hexdigest()

    def get(self, bucket: str, key: str) -> bytes:
        self._check(bucket)
        if key not in self.bodies:
            raise ObjectStoreError("NoSuchKey", "The specified key does not exist.", 404, "R", "H")
        return self.bodies[key]

    def keys(self, bucket: str, prefix: str) -> Iterator[str]:
        self._check(bucket)
        return (key for key in sorted(self.bodies) if key.startswith(prefix))

    def _check(self, bucket: str) -> None:
        if bucket != "bucket":
            message = "The specified bucket does not exist"
            raise ObjectStoreError("NoSuchBucket", message, 404, "R", "H")


NO_BUCKET = {
    "FailureCode": "S3NoSuchBucket",
    "FailureMessage": (
        "The specified bucket does not exist (Service: Amazon S3; Status Code: 404; Error Code: "
        "NoSuchBucket; Request ID: R; S3 Extended Request ID: H; Proxy: null)"
    ),
}
"""How an export or an import ends that names another bucket: S3DataImport.Validation."""
