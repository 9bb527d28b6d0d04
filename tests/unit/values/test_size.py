"""Sizes in bytes, as measured at AWS's 400 KB limit and at DynamoDB Local's 1 KB steps."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.values.number import normalise
from dqlmock.values.size import attributes_size_bytes, value_size_bytes

MEASURED_AT_AWS = {
    1: "0 -0",
    2: "1 12 15 0042 100 0.15 0.0000001 1E125 1E-100",
    3: "123 1234 1010 1.2 1.200 1.5 -42 -0.15 -1E125",
    4: "12345 123456 100.5 1.234",
    5: "1234567 12345678 3.14159 -12345",
    6: "123456789 1234567891",
    7: "12345678912 123456789123",
    11: "1234567890123456789",
    20: "12345678901234567890123456789012345678",
}
MEASURED_AT_LOCAL = {
    2: "10 1000 1200 0.1 0.0015 12E124 1E-130",
    3: "120 12000 1230 12300 0.015 0.123 12.5 1.25 10.01 -1",
    4: "123.5 100.05 1.001 -1.5",
    5: "1000.001",
    21: "1234567890123456789.0123456789012345678 -12345678901234567890123456789012345678",
}


@pytest.mark.parametrize(
    ("text", "size_bytes"),
    [
        (text, size_bytes)
        for measured in (MEASURED_AT_AWS, MEASURED_AT_LOCAL)
        for size_bytes, texts in measured.items()
        for text in texts.split()
    ],
)
def test_numbers_count_their_pairs_of_digits(text: str, size_bytes: int) -> None:
    assert value_size_bytes({"N": normalise(text)}) == size_bytes


@pytest.mark.parametrize(
    ("value", "size_bytes"),
    [
        ({"S": ""}, 0),
        ({"S": "abc"}, 3),
        ({"S": "é"}, 2),
        ({"S": "\U0001f600"}, 4),
        ({"S": "\ud800"}, 3),
        ({"B": ""}, 0),
        ({"B": "YQ=="}, 1),
        ({"B": "YWI="}, 2),
        ({"B": "YWJj"}, 3),
        ({"B": "YWJjZA=="}, 4),
        ({"BOOL": True}, 1),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"M": {}}, 3),
        ({"L": [{"S": "abc"}]}, 7),
        ({"L": [{"L": []}]}, 7),
        ({"L": [{"BOOL": True}, {"NULL": True}]}, 7),
        ({"M": {"ab": {"S": "abc"}}}, 9),
        ({"M": {"ab": {"S": "abc"}, "c": {"N": "1"}}}, 13),
        ({"M": {"é": {"S": ""}}}, 6),
        ({"SS": [""]}, 0),
        ({"SS": ["abc", "de"]}, 5),
        ({"NS": ["1", "3.5", "22"]}, 7),
        ({"BS": ["YQ==", "YmM="]}, 3),
    ],
)
def test_values_measured_at_dynamodb_local(value: dict[str, Any], size_bytes: int) -> None:
    assert value_size_bytes(value) == size_bytes
    assert attributes_size_bytes({"name": value}) == 4 + size_bytes


def test_names_count_their_utf8() -> None:
    assert attributes_size_bytes({}) == 0
    assert attributes_size_bytes({"é": {"S": "é"}, "pk": {"N": "0"}}) == 2 + 2 + 2 + 1


def test_a_value_without_a_member_has_no_size() -> None:
    with pytest.raises(ValueError, match="no member"):
        value_size_bytes({})
