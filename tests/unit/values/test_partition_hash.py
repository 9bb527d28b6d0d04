"""The place of a partition."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5

import pytest

from dqlmock.values.partition_hash import HASH_BYTES, partition_hash
from dqlmock.values.types import AttributeValue


def place(hashed: bytes) -> bytes:
    return md5(b"Outliers" + hashed, usedforsecurity=False).digest()[:HASH_BYTES]


@pytest.mark.parametrize("raw", [b"", b"a", b"a\0b", "äáöü".encode()])
def test_strings_and_binaries_are_hashed_as_they_are(raw: bytes) -> None:
    assert partition_hash({"S": raw.decode()}) == place(raw)
    assert partition_hash({"B": b64encode(raw).decode()}) == place(raw)


# What dynalite hashes, whose scans of numbers came back in AWS's order.
@pytest.mark.parametrize(
    ("text", "hashed"),
    [
        ("0", "80"),
        ("1", "c102"),
        ("10", "c10b"),
        ("100", "c202"),
        ("12300", "c30218"),
        ("999.9", "c20a645b"),
        ("0.5", "c033"),
        ("0.012345", "c002182e"),
        ("0.001", "bf0b"),
        ("0." + "0" * 129 + "1", "8002"),
        ("9" + "0" * 125, "ff5b"),
        ("-1", "3e6466"),
        ("-0.09", "3f5c66"),
        ("-999.9", "3d5c020b66"),
        ("-" + "12" * 19, "2c" + "59" * 19 + "66"),
        ("-" + "1" * 37 + ".1", "2c" + "64" + "5a" * 18 + "5b"),
    ],
)
def test_numbers_are_hashed_by_exponent_and_pairs_of_digits(text: str, hashed: str) -> None:
    assert partition_hash({"N": text}) == place(bytes.fromhex(hashed))


def test_several_values_do_not_run_together() -> None:
    def of(*texts: str) -> bytes:
        values: list[AttributeValue] = [{"S": text} for text in texts]
        return partition_hash(*values)

    assert len({of("ab", "c"), of("a", "bc"), of("abc"), of("abc", "")}) == 4
