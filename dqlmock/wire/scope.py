"""Who calls, and where: what the `Authorization` header of Signature Version 4 tells.

Owns the reading of the credential scope, for every door. Signatures themselves are never checked:
any key will do.
"""

from __future__ import annotations

from functools import lru_cache

_NOBODY = (None, "")


def caller(authorization: bytes | str | None) -> tuple[str | None, str]:
    """Return the account (None where the access key names none) and the region of a signature.

    The region is empty where there is no signature.

    >>> caller("AWS4-HMAC-SHA256 Credential=111122223333/20260101/eu-west-1/dynamodb/aws4_request,")
    ('111122223333', 'eu-west-1')
    >>> caller(None)
    (None, '')
    """
    if not authorization:
        return _NOBODY
    if isinstance(authorization, str):
        authorization = authorization.encode("latin-1")
    start = authorization.find(b"Credential=") + 11
    return (
        of_scope(authorization[start : authorization.find(b",", start)]) if start > 10 else _NOBODY
    )


@lru_cache(maxsize=256)
def of_scope(scope: bytes) -> tuple[str | None, str]:
    """Return the account and the region of a credential scope.

    >>> of_scope(b"AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/dynamodb/aws4_request")
    (None, 'us-east-1')
    """
    parts = scope.decode("latin-1").split("/")
    if len(parts) != 5:
        return _NOBODY
    access_key, _, region, _, _ = parts
    return access_key if names_account(access_key) else None, region


def names_account(access_key: str) -> bool:
    """Whether an access key stands for an account: twelve digits.

    >>> names_account("111122223333"), names_account("AKIAIOSFODNN7EXAMPLE")
    (True, False)
    """
    return len(access_key) == 12 and access_key.isascii() and access_key.isdigit()
