"""DynamoDB's numbers: text in, canonical text out, and exact sums of 38 digits.

Owns the grammar, the range and the printed form of a number. Knows nothing of the global decimal
context: what a test does to it changes no answer.
"""

from __future__ import annotations

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal

from dqlmock.errors import Family, ValidationException
from dqlmock.limits import NUMBER_DIGITS, NUMBER_MAX_EXPONENT, NUMBER_MIN_EXPONENT

_is_canonical = re.compile(
    r"-?(?:[1-9][0-9]{0,18}(?:\.[0-9]{0,17}[1-9])?|0\.[0-9]{0,17}[1-9])|0"
).fullmatch
"""Canonical texts of at most 37 digits: most numbers, told from the others in one match."""

_parse = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?").fullmatch

_EXPONENT_DIGITS = 9
"""Longer exponents are out of any range: int() is spared texts of a megabyte."""

_EXACT = Context(prec=400, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
"""Wide enough for any sum of two numbers: 126 digits before the point, 167 behind it."""


def normalise(text: str) -> str:
    """Return the canonical text of a number, as DynamoDB gives it back.

    Plain digits without exponent, without zeros in front or at the end of a fraction; zero has no
    sign. Two numbers are equal exactly when their canonical texts are.

    Args:
        text: What a request holds: an optional sign, digits with at most one point among or around
            them, an optional exponent. No blanks.

    Returns:
        The canonical text, at most 168 characters long. Canonical text comes back as it is.

    Raises:
        ValidationException: Family VALUE. The text is no number, has more than 38 significant
            digits, or its magnitude is not below 1E126 or, other than zero, below 1E-130.

    Source: "Naming rules and data types" for the range; tests against AWS for the printed form.

    >>> normalise("00042"), normalise("1.50E3"), normalise("-0"), normalise("1E-3")
    ('42', '1500', '0', '0.001')
    """
    if text.isdecimal() and text.isascii() and text[0] != "0" and len(text) <= NUMBER_DIGITS:
        return text
    if _is_canonical(text):
        return text
    match = _parse(text)
    if match is None:
        raise _not_numeric(text)
    sign, whole, fraction, exponent_text = match.groups(default="")
    digits = whole + fraction
    if not digits:
        raise _not_numeric(text)
    if not text.isascii():
        # Digits of any script count, as in Java's BigDecimal (DynamoDB Local).
        digits = "".join(str(int(digit)) for digit in digits)
    digits = digits.lstrip("0")
    if not digits:
        _check_zero(_exponent(exponent_text) - len(fraction))
        return "0"
    significant = digits.rstrip("0")
    exponent = _exponent(exponent_text) - len(fraction) + len(digits) - len(significant)
    _check_range(significant, exponent)
    canonical = _plain(significant, exponent)
    if sign == "-":
        canonical = "-" + canonical
    return text if text == canonical else canonical


def to_decimal(text: str) -> Decimal:
    """Return the exact value of a canonical number.

    >>> to_decimal("1.5")
    Decimal('1.5')
    """
    return Decimal(text)


def add(a: str, b: str) -> str:
    """Return the exact sum of two canonical numbers, as canonical text.

    Raises:
        ValidationException: Family VALUE. The sum needs more than 38 digits or is out of range.

    >>> add("0.1", "0.2")
    '0.3'
    """
    if _is_short_integer(a) and _is_short_integer(b):
        return str(int(a) + int(b))
    return _result(_EXACT.add(Decimal(a), Decimal(b)))


def subtract(a: str, b: str) -> str:
    """Return the exact difference of two canonical numbers, as canonical text.

    Raises:
        ValidationException: Family VALUE. The difference needs more than 38 digits or is out of
            range.

    >>> subtract("1", "1.5")
    '-0.5'
    """
    if _is_short_integer(a) and _is_short_integer(b):
        return str(int(a) - int(b))
    return _result(_EXACT.subtract(Decimal(a), Decimal(b)))


def _result(number: Decimal) -> str:
    # Of what is calculated AWS tells the overflow before the digits: the sum of two numbers of 38
    # nines at the limit (tests of ExtendDB/extenddb, test_item_operations, run against AWS).
    if number.adjusted() > NUMBER_MAX_EXPONENT:
        raise _overflow()
    return normalise(format(number, "f"))


def _is_short_integer(text: str) -> bool:
    return len(text) < NUMBER_DIGITS and "." not in text


def _exponent(text: str) -> int:
    if len(text) <= _EXPONENT_DIGITS:
        return int(text or "0")
    sign = "-" if text[0] == "-" else ""
    digits = text.lstrip("+-").lstrip("0")
    if len(digits) > _EXPONENT_DIGITS:
        digits = "9" * _EXPONENT_DIGITS
    return int(sign + (digits or "0"))


def _check_zero(exponent: int) -> None:
    # scylladb/scylladb#26079: by September 2025 AWS took 0e1000 no longer. It doesn't say in which
    # words, nor whether a zero can be too small.
    if exponent > NUMBER_MAX_EXPONENT:
        raise _overflow()


def _check_range(digits: str, exponent: int) -> None:
    if len(digits) > NUMBER_DIGITS:
        raise ValidationException(
            "Attempting to store more than 38 significant digits in a Number", Family.VALUE
        )
    magnitude = exponent + len(digits) - 1
    if magnitude > NUMBER_MAX_EXPONENT:
        raise _overflow()
    if magnitude < NUMBER_MIN_EXPONENT:
        raise ValidationException(
            "Number underflow. "
            "Attempting to store a number with magnitude smaller than supported range",
            Family.VALUE,
        )


def _overflow() -> ValidationException:
    return ValidationException(
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
        Family.VALUE,
    )


def _plain(digits: str, exponent: int) -> str:
    if exponent >= 0:
        return digits + "0" * exponent
    point = len(digits) + exponent
    if point > 0:
        return f"{digits[:point]}.{digits[point:]}"
    return f"0.{'0' * -point}{digits}"


def _not_numeric(text: str) -> ValidationException:
    # AWS, 2026-09: an empty member of NS is answered with the bare colon at the end. Before, an
    # empty text had no colon at all.
    message = "The parameter cannot be converted to a numeric value"
    return ValidationException(f"{message}: {text}", Family.VALUE, older=None if text else message)
