"""Numbers: which texts are numbers, how they come back, and exact sums."""

from __future__ import annotations

import decimal
from decimal import Decimal

import pytest

from dqlmock.errors import Family, ValidationException
from dqlmock.values.number import add, normalise, subtract, to_decimal

DIGITS = "12345678901234567890123456789012345678"
TOO_PRECISE = "Attempting to store more than 38 significant digits in a Number"
OVERFLOW = (
    "Number overflow. Attempting to store a number with magnitude larger than supported range"
)
UNDERFLOW = (
    "Number underflow. Attempting to store a number with magnitude smaller than supported range"
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("-0.000", "0"),
        ("0E125", "0"),
        ("0.0E126", "0"),
        ("0E-99999999999", "0"),
        ("00042", "42"),
        ("-00042", "-42"),
        ("+5", "5"),
        ("5.", "5"),
        (".5", "0.5"),
        ("+.5e3", "500"),
        ("-.5", "-0.5"),
        ("1.0", "1"),
        ("3.1400", "3.14"),
        ("3.1400E-3", "0.00314"),
        ("1.5E2", "150"),
        ("1e+05", "100000"),
        ("12e-1", "1.2"),
        ("1E00000000000000000000002", "100"),
        ("1E-00000000000000000000002", "0.01"),
        (DIGITS, DIGITS),
        (DIGITS + "00000", DIGITS + "00000"),
        (f"{DIGITS}E87", DIGITS + "0" * 87),
        (f"-{DIGITS}E88", f"-{DIGITS}" + "0" * 88),
        (f"0.{DIGITS}", f"0.{DIGITS}"),
        ("1" + "0" * 125, "1" + "0" * 125),
        ("1." + "0" * 200, "1"),
        ("0" * 500 + "1", "1"),
        ("1E125", "1" + "0" * 125),
        ("-1E125", "-1" + "0" * 125),
        ("1E-130", "0." + "0" * 129 + "1"),
        ("9.9999999999999999999999999999999999999E+125", "9" * 38 + "0" * 88),
        ("\uff11\uff12", "12"),
        ("\uff11\uff12.\u0663", "12.3"),
    ],
)
def test_numbers_come_back_as_plain_digits(text: str, canonical: str) -> None:
    assert normalise(text) == canonical


@pytest.mark.parametrize(
    "text", ["7", "-1.5", "1700000000", "0", DIGITS, "-" + DIGITS, "0." + DIGITS, "0.001"]
)
def test_canonical_text_comes_back_as_it_is(text: str) -> None:
    assert normalise(text) is text


@pytest.mark.parametrize(
    "text",
    [
        *(" ", "abc", "1 ", " 1", "1\n", "1_0", "0x10", "NaN", "Infinity", "1E", "e5", "1e1.5"),
        *("--1", "+-1", ".", "+", "-.", "1.2.3", "1f", "\u00b2", "1,5"),
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValidationException) as refused:
        normalise(text)
    message = f"The parameter cannot be converted to a numeric value: {text}"
    assert (refused.value.message, refused.value.older) == (message, None)
    assert refused.value.family is Family.VALUE


def test_an_empty_text_is_worded_differently_in_older_regions() -> None:
    with pytest.raises(ValidationException) as refused:
        normalise("")
    assert refused.value.message == "The parameter cannot be converted to a numeric value: "
    assert refused.value.older == "The parameter cannot be converted to a numeric value"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (DIGITS + "9", TOO_PRECISE),
        (f"-{DIGITS}.9", TOO_PRECISE),
        (f"{DIGITS}9E200", TOO_PRECISE),
        ("1E126", OVERFLOW),
        ("0E126", OVERFLOW),
        ("-0.0E1000", OVERFLOW),
        ("-1E126", OVERFLOW),
        ("1" + "0" * 126, OVERFLOW),
        ("1E" + "9" * 5000, OVERFLOW),
        ("1E+" + "0" * 5000 + "126", OVERFLOW),
        (f"{DIGITS}E89", OVERFLOW),
        ("1E-131", UNDERFLOW),
        ("-1E-131", UNDERFLOW),
        ("9.9E-131", UNDERFLOW),
        ("1E-" + "9" * 5000, UNDERFLOW),
    ],
)
def test_numbers_out_of_range_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValidationException) as refused:
        normalise(text)
    assert (refused.value.message, refused.value.family) == (message, Family.VALUE)


@pytest.mark.parametrize(
    ("a", "b", "total", "difference"),
    [
        ("1", "2", "3", "-1"),
        ("0.1", "0.2", "0.3", "-0.1"),
        ("-5", "5", "0", "-10"),
        ("1.5", "-1.5", "0", "3"),
        ("9" * 37, "1", "1" + "0" * 37, "9" * 36 + "8"),
        ("9" * 38, "1", "1" + "0" * 38, "9" * 37 + "8"),
        ("1", "0." + "0" * 36 + "1", "1." + "0" * 36 + "1", "0." + "9" * 37),
    ],
)
def test_sums_are_exact(a: str, b: str, total: str, difference: str) -> None:
    assert add(a, b) == total
    assert subtract(a, b) == difference


def test_sums_out_of_range_are_refused() -> None:
    big, tiny = "9" + "0" * 125, "0." + "0" * 129 + "1"
    with pytest.raises(ValidationException, match="38 significant digits"):
        add("1", "0." + "0" * 37 + "1")
    with pytest.raises(ValidationException, match="38 significant digits"):
        add(big, tiny)
    with pytest.raises(ValidationException, match="38 significant digits"):
        subtract("9" * 38, "-2")
    with pytest.raises(ValidationException, match="Number overflow"):
        add(big, big)
    with pytest.raises(ValidationException, match="Number overflow"):
        subtract("-" + big, big)
    # Too many digits beside: tests of ExtendDB/extenddb, run against AWS, find an overflow.
    largest = "9" * 38 + "0" * 88
    with pytest.raises(ValidationException, match="Number overflow"):
        add(largest, largest)
    with pytest.raises(ValidationException, match="Number overflow"):
        subtract("-" + largest, largest)
    assert subtract(largest, largest) == "0"
    with pytest.raises(ValidationException, match="Number underflow"):
        subtract(tiny, tiny + "1")
    assert subtract(tiny, tiny) == "0"


def test_the_global_decimal_context_changes_nothing() -> None:
    before = decimal.getcontext().copy()
    with decimal.localcontext() as context:
        context.prec = 2
        context.traps[decimal.Inexact] = True
        assert add("123.45", "0.001") == "123.451"
        assert normalise("1.23450") == "1.2345"
        assert to_decimal("1.23456") == Decimal("1.23456")
        assert not any(context.flags.values())
    assert repr(decimal.getcontext()) == repr(before)
