"""S3, opened when it is needed: botocore's part of it takes 10 ms to load."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dqlmock.engine.objects import ObjectStore


def open_s3(account: str, region: str) -> ObjectStore:
    """Return the objects of S3 as one caller sees them.

    Args:
        account: Twelve digits.
        region: Where S3 is called.
    """
    from dqlmock.intercept.other_services import S3Objects

    return S3Objects(account, region)
