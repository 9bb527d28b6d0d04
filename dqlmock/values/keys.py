"""Keys as bytes that sort as DynamoDB sorts, and ranges of them.

Owns the encoding and `KeyRange`; stores see only bytes. A storage key is

    hash of the partition key (8 bytes) · partition key values · sort key values

with every value escaped and terminated, so that no key is the beginning of another and comparing
keys as bytes compares their values in turn. Knows nothing of tables, indexes or conditions.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from dqlmock.limits import NUMBER_MIN_EXPONENT, PARTITION_KEY_SIZE_BYTES
from dqlmock.values.partition_hash import HASH_BYTES, partition_hash
from dqlmock.values.types import AttributeValue

TERMINATOR: Final = b"\x00\x01"
"""Ends an encoded value. Below anything a value can hold there: a zero byte is escaped 00 FF."""

SortOperator: TypeAlias = Literal["=", "<", "<=", ">", ">=", "BETWEEN", "begins_with"]

_HASHES: Final = 1 << (8 * HASH_BYTES)
_END: Final = b"\xff" * (HASH_BYTES + PARTITION_KEY_SIZE_BYTES + 1)
"""Above every storage key, even of the last hash: a value of FF bytes ends before this does."""

_PREFIXES_KEPT: Final = 2048
"""A call is seldom the only one to a partition."""

_ZERO: Final = b"\x80"
_POSITIVE: Final = 0x8001
_NEGATIVE: Final = 0x7FFF
_COMPLEMENT: Final = str.maketrans("0123456789", "9876543210")


def encode_key_value(value: AttributeValue) -> bytes:
    r"""Return a key value as bytes in DynamoDB's order, without a terminator.

    Strings sort by their UTF-8, binaries as unsigned bytes, numbers by value. Values of different
    types have no order: a key attribute has one type.

    Args:
        value: A canonical value of type S, N or B.

    Returns:
        Bytes in which every zero byte is followed by FF.

    Raises:
        ValueError: The value is of another type.

    >>> encode_key_value({"S": "a"}), encode_key_value({"B": "AAE="})
    (b'a', b'\x00\xff\x01')
    >>> encode_key_value({"N": "-2"}) < encode_key_value({"N": "-1.5"})
    True
    """
    encoded: bytes
    if "S" in value:
        encoded = value["S"].encode("utf-8", "surrogatepass")
    elif "N" in value:
        return _encode_number(value["N"])
    elif "B" in value:
        encoded = b64decode(value["B"])
    else:
        raise ValueError(f"not a key value: {dict(value)}")
    return encoded.replace(b"\x00", b"\x00\xff")


def partition_prefix(*values: AttributeValue) -> bytes:
    """Return what all storage keys of a partition begin with, and no others.

    Args:
        values: The partition key's values, one for each partition key attribute.

    Returns:
        The partition's hash, alike on every machine and in every process, then the values.

    >>> partition_prefix({"S": "a"}).hex()
    'f6558e516275dee2610001'
    """
    if len(values) == 1:
        for tag, content in values[0].items():
            return _remembered_prefix(tag, content)
    return storage_key(partition_hash(*values), *values)


@lru_cache(maxsize=_PREFIXES_KEPT)
def _remembered_prefix(tag: str, content: str) -> bytes:
    value: AttributeValue = {tag: content}
    encoded = encode_key_value(value) + TERMINATOR
    return partition_hash(value) + encoded


def storage_key(prefix: bytes, *sort_values: AttributeValue) -> bytes:
    r"""Return the key under which an item is stored.

    Args:
        prefix: The partition's prefix.
        sort_values: The sort key's values, none where the table has no sort key.

    >>> storage_key(b"prefix-", {"S": "a"})
    b'prefix-a\x00\x01'
    """
    for value in sort_values:
        prefix += encode_key_value(value) + TERMINATOR
    return prefix


@dataclass(slots=True)
class KeyRange:
    """The storage keys from `start` up to, but without, `stop`; none where `stop` is not above.

    Args:
        start: The first key that may be in the range.
        stop: The first key above it.

    >>> KeyRange.sort(b"p-", "begins_with", {"S": "ab"})
    KeyRange(start=b'p-ab', stop=b'p-ac')
    """

    start: bytes
    stop: bytes

    @classmethod
    def everything(cls) -> KeyRange:
        """Return the range of all keys."""
        return cls(b"", _END)

    @classmethod
    def partition(cls, prefix: bytes) -> KeyRange:
        """Return the range of all keys that begin with `prefix`.

        Args:
            prefix: A partition's prefix, and after it leading sort key values, if any are fixed.
        """
        return cls(prefix, _above(prefix))

    @classmethod
    def sort(cls, prefix: bytes, operator: SortOperator, *operands: AttributeValue) -> KeyRange:
        """Return the range of the keys in a partition whose sort key meets a condition.

        Args:
            prefix: A partition's prefix, and after it leading sort key values, if any are fixed.
            operator: How the sort key's next value compares.
            operands: One canonical value; two for BETWEEN, the lower first, both included.

        Raises:
            ValueError: The operator is none of these.
        """
        first = prefix + encode_key_value(operands[0])
        if operator == "begins_with":
            return cls(first, _above(first))
        first += TERMINATOR
        if operator == "=":
            return cls(first, _above(first))
        if operator == "<":
            return cls(prefix, first)
        if operator == "<=":
            return cls(prefix, _above(first))
        if operator == ">":
            return cls(_above(first), _above(prefix))
        if operator == ">=":
            return cls(first, _above(prefix))
        if operator == "BETWEEN":
            return cls(first, _above(prefix + encode_key_value(operands[1]) + TERMINATOR))
        raise ValueError(f"no condition on a sort key: {operator}")

    @classmethod
    def segment(cls, segment: int, total: int) -> KeyRange:
        """Return the keys of one segment of a parallel scan.

        The segments of one total share out all keys: each is in exactly one of them, and a
        partition is never split.

        Args:
            segment: Which one, from 0.
            total: How many there are, up to 1,000,000.

        Raises:
            ValueError: `segment` is not below `total`, or negative.
        """
        if not 0 <= segment < total:
            raise ValueError(f"no segment {segment} of {total}")
        start = (segment * _HASHES // total).to_bytes(HASH_BYTES, "big")
        if segment == total - 1:
            return cls(start, _END)
        return cls(start, ((segment + 1) * _HASHES // total).to_bytes(HASH_BYTES, "big"))

    def after(self, key: bytes) -> KeyRange:
        """Return what is left of the range above a storage key."""
        return KeyRange(max(self.start, key + b"\x00"), self.stop)

    def before(self, key: bytes) -> KeyRange:
        """Return what is left of the range below a storage key."""
        return KeyRange(self.start, min(self.stop, key))


def _above(prefix: bytes) -> bytes:
    """Return the first bytes above everything that begins with `prefix`."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes((kept[-1] + 1,)) if kept else _END


def _encode_number(text: str) -> bytes:
    """Encode sign and magnitude in two bytes, then the digits; below zero all of it inverted.

    The two bytes are odd, so neither needs an escape. Inverted digits end in a colon, which is
    above every digit: of two numbers below zero the one with more digits sorts first.
    """
    if text.isdecimal() and text != "0":  # the short way of most: no sign, no fraction
        step = 2 * (len(text) - 1 - NUMBER_MIN_EXPONENT)
        return (_POSITIVE + step).to_bytes(2, "big") + text.rstrip("0").encode()
    if text == "0":
        return _ZERO
    negative = text[0] == "-"
    whole, _, fraction = (text[1:] if negative else text).partition(".")
    if whole == "0":
        digits = fraction.lstrip("0")
        magnitude = len(digits) - len(fraction) - 1
    else:
        digits = whole + fraction if fraction else whole.rstrip("0")
        magnitude = len(whole) - 1
    step = 2 * (magnitude - NUMBER_MIN_EXPONENT)
    if negative:
        return (_NEGATIVE - step).to_bytes(2, "big") + digits.translate(_COMPLEMENT).encode() + b":"
    return (_POSITIVE + step).to_bytes(2, "big") + digits.encode()
