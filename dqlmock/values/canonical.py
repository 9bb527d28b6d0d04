"""Attribute values of a request become canonical, or are refused as AWS refuses them.

Owns the rules that a value must obey on its own (one datatype, sets without duplicates, numbers in
range, NULL true, at most 32 levels) and those of the names of attributes. Knows nothing of keys, of
the size of an item, or of where the value stands in the request.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from dqlmock.errors import Family, ValidationException
from dqlmock.limits import ATTRIBUTE_NAME_SIZE_BYTES, NESTING_LEVELS
from dqlmock.values.number import normalise
from dqlmock.values.size import number_size_bytes, text_size_bytes, value_size_bytes
from dqlmock.values.types import Attributes, AttributeValue

_INVALID: Final = "One or more parameter values were invalid: "

_DEEPER: Final = 150 - NESTING_LEVELS
"""So far a caller's stack has room: each level takes two frames of a thousand."""

NAME_TOO_LARGE: Final = (
    f"Attribute name is too large, must be less than {ATTRIBUTE_NAME_SIZE_BYTES + 1} bytes"
)
"""AWS's words on the name of an attribute or a key of a map: ExtendDB/extenddb#365 quotes them."""

_SHORT_NAME: Final = ATTRIBUTE_NAME_SIZE_BYTES // 4
"""A character is at most four bytes of UTF-8: a name of so many characters needs no measuring."""

_TOP_LEVEL: Final = 2
"""Where an attribute's own map or list stands: the item is the first of the 32 levels.

AWS takes a leaf below 31 maps and refuses one below 32 (eu-west-2 and three more regions, 2026).
"""


def canonical_attributes(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, AttributeValue]:
    """Return attributes with every value canonical.

    Args:
        attributes: Name → value, the JSON types checked already; a value may have any number of
            members.

    Returns:
        A new dict in the same order. Values that were canonical are in it as they came, not copied.

    Raises:
        ValidationException: As `canonical_value` does, for the first value that breaks a rule; as
            `check_attribute_name` does.

    >>> canonical_attributes({"pk": {"S": "a"}, "n": {"N": "1.0"}})
    {'pk': {'S': 'a'}, 'n': {'N': '1'}}
    """
    result: dict[str, AttributeValue] = dict(attributes)
    for name, value in attributes.items():
        if len(value) != 1:
            raise _not_one_datatype(value, _TOP_LEVEL)
        if "S" not in value:  # text and numbers, which most values are, go the short way
            canonical = _number_value(value) if "N" in value else _canonical(value, _TOP_LEVEL)
            if canonical is not value:
                result[name] = canonical
        if not 0 < len(name) <= _SHORT_NAME:
            check_attribute_name(name)
    return result


def canonical_item(
    attributes: Mapping[str, Mapping[str, Any]],
) -> tuple[dict[str, AttributeValue], int]:
    """Return attributes with every value canonical, and their size in bytes.

    What `canonical_attributes` and `attributes_size_bytes` return, in one pass: every item that is
    written goes through here.

    Raises:
        ValidationException: As `canonical_attributes` does.

    >>> canonical_item({"pk": {"S": "a"}, "n": {"N": "1.0"}})
    ({'pk': {'S': 'a'}, 'n': {'N': '1'}}, 6)
    """
    result: dict[str, AttributeValue] = dict(attributes)
    size_bytes = 0
    for name, value in attributes.items():
        if len(value) != 1:
            raise _not_one_datatype(value, _TOP_LEVEL)
        if "S" in value:
            text = value["S"]
            size_bytes += len(text) if text.isascii() else text_size_bytes(text)
        elif "N" in value:
            text = value["N"]
            number = normalise(text)
            size_bytes += number_size_bytes(number)
            if number is not text:
                result[name] = {"N": number}
        else:
            canonical = result[name] = _canonical(value, _TOP_LEVEL)
            size_bytes += value_size_bytes(canonical)
        size_bytes += len(name) if name.isascii() else text_size_bytes(name)
        if not 0 < len(name) <= _SHORT_NAME:
            check_attribute_name(name)
    return result, size_bytes


def _number_value(value: Mapping[str, str]) -> Mapping[str, str]:
    text = value["N"]
    canonical = normalise(text)
    return value if canonical is text else {"N": canonical}


def check_attribute_name(name: str) -> None:
    """Check the name of an attribute, or a key of a map.

    Raises:
        ValidationException: It is empty or longer than 65,535 bytes. DynamoDB Local tells the
            fault of a value before the one of its name.

    >>> check_attribute_name("")
    Traceback (most recent call last):
    dqlmock.errors.ValidationException: Empty attribute name
    """
    if not name:
        raise ValidationException("Empty attribute name", Family.VALUE)
    if len(name.encode("utf-8", "surrogatepass")) > ATTRIBUTE_NAME_SIZE_BYTES:
        raise ValidationException(NAME_TOO_LARGE, Family.VALUE)


def canonical_value(value: Mapping[str, Any], *, any_depth: bool = False) -> AttributeValue:
    """Return a value in its canonical form (see `dqlmock.values.types`).

    Args:
        value: A value whose JSON types were checked: text under S and N, padded base64 under B,
            lists under SS, NS, BS and L, a dict under M. It may have no member, or several.
        any_depth: Take a value of up to 150 levels: what is not stored may nest deeper.

    Returns:
        The value itself where it was canonical, else a copy of what had to change.

    Raises:
        ValidationException: Family VALUE: not exactly one datatype, an empty set, duplicates in a
            set, NULL: false, a number that DynamoDB can't store. Family NESTING: maps and lists
            nest deeper than 32 levels, the item counted as the first.

    Source: messages as answered by AWS in May and September 2026.

    >>> canonical_value({"NS": ["10", "9.50"]})
    {'NS': ['9.5', '10']}
    """
    if "S" in value and len(value) == 1:
        return value
    return _canonical(value, _TOP_LEVEL - _DEEPER if any_depth else _TOP_LEVEL)


def check_nesting(attributes: Attributes) -> None:
    """Check that no value of an updated item nests deeper than 32 levels, the item the first.

    Raises:
        ValidationException: Family NESTING: one does. The text is shorter than the one for a
            value of the request (DynamoDB Local and dynalite).

    >>> check_nesting({"pk": {"S": "a"}, "tags": {"L": [{"M": {}}]}})
    """
    try:
        for value in attributes.values():
            if "M" in value or "L" in value:
                _canonical(value, _TOP_LEVEL)
    except ValidationException as error:
        message = error.message.partition(":")[0]
        raise ValidationException(message, Family.NESTING) from error


def _canonical(value: Mapping[str, Any], level: int) -> Mapping[str, Any]:
    if len(value) != 1:
        raise _not_one_datatype(value, level)
    for tag, content in value.items():
        canonical = _RULES[tag](content, level)
        if canonical is not content:
            return {tag: canonical}
    return value


def _not_one_datatype(value: Mapping[str, Any], level: int) -> ValidationException:
    if not value:
        return ValidationException(
            "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
            Family.VALUE,
        )
    # What is wrong with one of the members is said before that there are several; the order among
    # the members is fixed, whatever the request's (DynamoDB Local).
    for tag in ("SS", "N", "NS", "BS", "M", "L", "NULL"):
        if tag in value:
            _RULES[tag](value[tag], level)
    return ValidationException(
        "Supplied AttributeValue has more than one datatypes set, "
        "must contain exactly one of the supported datatypes",
        Family.VALUE,
    )


def _unchanged(content: Any, level: int) -> Any:
    return content


def _number(content: str, level: int) -> str:
    return normalise(content)


def _null(content: bool, level: int) -> bool:
    if content is not True:
        raise _invalid("Null attribute value types must have the value of true")
    return content


def _map(content: dict[str, Mapping[str, Any]], level: int) -> dict[str, Mapping[str, Any]]:
    _check_level(level)
    changed = {}
    for name, value in content.items():
        canonical = _canonical(value, level + 1)
        if canonical is not value:
            changed[name] = canonical
        if not 0 < len(name) <= _SHORT_NAME:
            check_attribute_name(name)
    return {**content, **changed} if changed else content


def _list(content: list[Mapping[str, Any]], level: int) -> list[Mapping[str, Any]]:
    _check_level(level)
    changed = None
    for position, value in enumerate(content):
        canonical = _canonical(value, level + 1)
        if canonical is not value:
            if changed is None:
                changed = list(content)
            changed[position] = canonical
    return content if changed is None else changed


def _check_level(level: int) -> None:
    if level > NESTING_LEVELS:
        raise ValidationException(
            "Nesting Levels have exceeded supported limits: "
            "Attributes in the item have nested levels beyond supported limit",
            Family.NESTING,
        )


def _string_set(content: list[str], level: int) -> list[str]:
    if not content:
        raise _invalid("An string set  may not be empty")
    if len(set(content)) < len(content):
        raise _duplicates(content, ", ", "] contains duplicates.")
    # Python orders text by code point, which is the order of its UTF-8.
    return _same_if_equal(sorted(content), content)


def _number_set(content: list[str], level: int) -> list[str]:
    if not content:
        raise _invalid("An number set  may not be empty")
    numbers = [normalise(text) for text in content]
    if len(set(numbers)) < len(numbers):
        raise ValidationException("Input collection contains duplicates", Family.VALUE)
    return _same_if_equal(sorted(numbers, key=Decimal), content)


def _binary_set(content: list[str], level: int) -> list[str]:
    if not content:
        raise _invalid("Binary sets should not be empty")
    if len(set(content)) < len(content):
        raise _duplicates(content, ",", "]of type BS contains duplicates.")
    return _same_if_equal(sorted(content, key=b64decode), content)


def _same_if_equal(ordered: list[str], content: list[str]) -> list[str]:
    return content if ordered == content else ordered


def _invalid(reason: str) -> ValidationException:
    return ValidationException(_INVALID + reason, Family.VALUE)


def _duplicates(members: list[str], separator: str, end: str) -> ValidationException:
    # Since 2026 members stand in quotes, those of BS without a blank between them.
    quoted = separator.join(f'"{member}"' for member in members)
    return ValidationException(
        f"{_INVALID}Input collection [{quoted}{end}",
        Family.VALUE,
        older=f"{_INVALID}Input collection [{', '.join(members)}{end}",
    )


_RULES: Final[dict[str, Callable[[Any, int], Any]]] = {
    "S": _unchanged,
    "N": _number,
    "B": _unchanged,
    "BOOL": _unchanged,
    "NULL": _null,
    "M": _map,
    "L": _list,
    "SS": _string_set,
    "NS": _number_set,
    "BS": _binary_set,
}
