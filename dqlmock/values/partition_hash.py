"""Where DynamoDB places a partition: the order of a Scan, and which segment finds an item.

Owns the hash alone; keys.py puts it in front of a storage key.
"""

from __future__ import annotations

from base64 import b64decode
from hashlib import md5
from typing import Final

from dqlmock.values.types import AttributeValue

HASH_BYTES: Final = 8
"""What is kept of MD5's 16: enough that two partitions seldom share a place."""

# AWS documents no hash. This one gives the order in which AWS answered a Scan wherever that was
# written down: 14 strings and 14 numbers in dynalite's test/scan.js (its commit a82d553 of 2013
# found the salt), the users in boto's tests/integration/dynamodb2/test_highlevel.py, two items in
# LocalStack's test_loan_broker.snapshot.json (October 2025).
_SALT: Final = b"Outliers"

_ZERO: Final = b"\x80"
_MOST_PAIRS: Final = 20
_END_BELOW_ZERO: Final = b"\x66"
# Two decimal digits, read as if they were hexadecimal, to the byte that stands for them.
_ABOVE_ZERO: Final = bytes((pair >> 4) * 10 + (pair & 15) + 1 & 255 for pair in range(256))
_BELOW_ZERO: Final = bytes(101 - (pair >> 4) * 10 - (pair & 15) & 255 for pair in range(256))


def partition_hash(*values: AttributeValue) -> bytes:
    """Return the place of a partition, as bytes that compare as places do.

    Args:
        values: The partition key's canonical values, one for each partition key attribute. Those of
            several are ended each, so that they don't run together: what AWS does with them is not
            known.

    Returns:
        `HASH_BYTES` bytes, alike on every machine and in every process.

    >>> sorted(["sadie", "johndoe", "jane", "bob"], key=lambda name: partition_hash({"S": name}))
    ['bob', 'jane', 'johndoe', 'sadie']
    """
    if len(values) == 1:
        hashed = _hashed_form(values[0])
    else:
        hashed = b"".join([_hashed_form(value) + b"\x00" for value in values])
    return md5(_SALT + hashed, usedforsecurity=False).digest()[:HASH_BYTES]


def _hashed_form(value: AttributeValue) -> bytes:
    encoded: bytes
    if "S" in value:
        encoded = value["S"].encode("utf-8", "surrogatepass")
    elif "N" in value:
        encoded = _number_form(value["N"])
    else:
        encoded = b64decode(value["B"])
    return encoded


def _number_form(text: str) -> bytes:
    """Return a number as an exponent and digits to the base of 100; below zero all of it inverted.

    >>> _number_form("999.9").hex(), _number_form("-0.09").hex(), _number_form("0").hex()
    ('c20a645b', '3f5c66', '80')
    """
    if text.isdecimal() and text != "0":  # the short way of most: no sign, no fraction
        pairs = bytes.fromhex("0" + text if len(text) % 2 else text)
        return bytes((192 + len(pairs),)) + pairs.rstrip(b"\x00").translate(_ABOVE_ZERO)
    if text == "0":
        return _ZERO
    negative = text[0] == "-"
    whole, _, fraction = (text[1:] if negative else text).partition(".")
    exponent = (len(whole) + 1) // 2
    pairs = bytes.fromhex("0" * (len(whole) % 2) + whole + fraction + "0" * (len(fraction) % 2))
    significant = pairs.lstrip(b"\x00")
    exponent -= len(pairs) - len(significant)
    digits = significant.rstrip(b"\x00").translate(_BELOW_ZERO if negative else _ABOVE_ZERO)
    if not negative:
        return bytes((192 + exponent,)) + digits
    return (
        bytes((63 - exponent,)) + digits + (_END_BELOW_ZERO if len(digits) < _MOST_PAIRS else b"")
    )
