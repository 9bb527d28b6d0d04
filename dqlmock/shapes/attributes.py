"""Decoding of attribute values: the hot loop of every write.

Owns which JSON makes an attribute value, and what is base64. Numbers, duplicates in sets and
values without a type are rules of the values themselves, checked elsewhere.

Nothing here recurses, so a document may be as deep as JSON lets it be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from dqlmock.errors import Family, SerializationException, ValidationException
from dqlmock.shapes import faults

_SCALAR_TYPES: Final = {"S": str, "N": str, "BOOL": bool, "NULL": bool}

# A null member of a set: DynamoDB Local 2026-11, one text for each type of set.
_NULL_MEMBER: Final = {
    "SS": "One or more parameter values were invalid: "
    "An string set may not have a null string as a member",
    "NS": "A value provided cannot be converted into a number",
    "BS": "The supplied Item contains a null AttributeValue",
}

# Text that AWS takes for a boolean: dynalite's tests of most operations, recorded of AWS.
_BOOLEANS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# The last character before the padding carries 4 bits ("=") or 2 bits ("=="); the rest are zero.
_LAST_OF_THREE: Final = frozenset(_ALPHABET[::0b000100])
_LAST_OF_TWO: Final = frozenset(_ALPHABET[::0b010000])


def check_base64(text: str) -> None:
    """Check that text is what an encoder of padded base64 (RFC 4648) would have written.

    AWS's codec refuses bits that no encoder sets (aws.amazon.com/blogs/developer/
    a-fast-and-correct-base-64-codec), and tells them before a character of no base64: dynalite's
    tests recorded `+/+=` and `=+/=` of DynamoDB in October 2018.

    Raises:
        SerializationException: It is not.

    >>> check_base64("YQ==")
    >>> check_base64("YR==")
    Traceback (most recent call last):
    dqlmock.errors.SerializationException: Invalid last non-pad Base64 character dectected
    """
    if len(text) % 4:
        raise SerializationException(faults.BASE64_LENGTH.format(length=len(text)))
    if text.endswith("="):
        last, allowed = (
            (text[-3], _LAST_OF_TWO) if text.endswith("==") else (text[-2], _LAST_OF_THREE)
        )
        if last in _ALPHABET and last not in allowed:
            raise SerializationException(faults.BASE64_LAST)
    if not _BASE64.fullmatch(text):
        raise SerializationException(faults.BASE64_TEXT)


def decode_string(value: Any) -> str:
    """Return a string as it is.

    Raises:
        SerializationException: Not a string.
    """
    if type(value) is not str:
        raise faults.scalar_fault(value, "string")
    return value


def decode_boolean(value: Any) -> bool:
    """Return a boolean, given as one or as text.

    Raises:
        SerializationException: Not a boolean.

    >>> decode_boolean(True), decode_boolean("no")
    (True, False)
    """
    if type(value) is bool:
        return value
    spelled = _BOOLEANS.get(value.lower()) if type(value) is str else None
    if spelled is None:
        raise faults.scalar_fault(value, "boolean")
    return spelled


def decode_binary(value: Any) -> str:
    """Return a blob's base64 text as it is.

    Raises:
        SerializationException: Not a string, or not base64.
    """
    if type(value) is not str:
        raise faults.scalar_fault(value, "blob")
    check_base64(value)
    return value


def decode_attributes(value: Any) -> dict[str, Any]:
    """Decode the JSON of an item, a key or any other map of attribute values.

    Well-formed input is returned as it is, not copied.

    Raises:
        SerializationException: A member of the wrong JSON type, at any depth.
        ValidationException: A null member of a set.

    >>> decode_attributes({"pk": {"S": "a", "X": 1}, "n": None})
    {'pk': {'S': 'a'}, 'n': {}}
    """
    if type(value) is not dict:
        raise faults.map_fault(value, faults.ATTRIBUTE_VALUE, element=False)
    if _is_canonical(value.values()):
        return value
    return _rebuild(value)


def decode_attributes_element(value: Any) -> dict[str, Any]:
    """Decode a map of attribute values that is itself a member of a list: a key of BatchGetItem.

    Raises:
        SerializationException: A member of the wrong JSON type, at any depth.
    """
    if type(value) is not dict:
        raise faults.map_fault(value, faults.ATTRIBUTE_VALUE, element=True)
    return decode_attributes(value)


def decode_attribute_list(value: Any) -> list[Any]:
    """Decode the JSON of a list of attribute values: `AttributeValueList`, PartiQL's `Parameters`.

    Raises:
        SerializationException: A member of the wrong JSON type, at any depth.
    """
    if type(value) is not list:
        raise faults.list_fault(value, element=False)
    if _is_canonical(value):
        return value
    return list(_rebuild(dict(enumerate(value))).values())


def decode_attribute_value(value: Any) -> dict[str, Any]:
    """Decode the JSON of one attribute value that is a member of a structure.

    Raises:
        SerializationException: A member of the wrong JSON type, at any depth.
    """
    if type(value) is not dict:
        raise faults.structure_fault(value, "AttributeValue", element=False)
    decoded: dict[str, Any] = decode_attributes({"": value})[""]
    return decoded


def _is_canonical(values: Iterable[Any]) -> bool:
    """Tell whether every value has one known type tag and JSON of the right type."""
    pending = [values]
    while pending:
        for value in pending.pop():
            if type(value) is not dict or len(value) != 1:
                return False
            for tag in value:
                content = value[tag]
            if _SCALAR_TYPES.get(tag) is type(content):
                continue
            if type(content) is list:
                if tag == "L":
                    pending.append(content)
                    continue
            elif type(content) is dict:
                if tag == "M":
                    pending.append(content.values())
                    continue
                return False
            if not _is_canonical_leaf(tag, content):
                return False
    return True


def _is_canonical_leaf(tag: str, content: Any) -> bool:
    if tag == "B":
        return _is_base64(content)
    if type(content) is not list:
        return False
    if tag == "BS":
        return all(map(_is_base64, content))
    return tag in {"SS", "NS"} and all(type(member) is str for member in content)


def _is_base64(value: Any) -> bool:
    # False for what isn't base64 at all: which fault comes first, the copy in document order tells.
    try:
        decode_binary(value)
    except SerializationException:
        return False
    return True


_Task: TypeAlias = "tuple[Callable[..., None], Any, Any, Any]"


def _rebuild(values: dict[Any, Any]) -> dict[Any, Any]:
    """Return a decoded copy, or raise for what comes first in the document, as AWS's parser does.

    Work to do stands on a stack, the next piece last.
    """
    decoded: dict[Any, Any] = {}
    tasks = _tasks(_rebuild_value, decoded, values.items())
    while tasks:
        step, target, key, value = tasks.pop()
        step(tasks, target, key, value)
    return decoded


def _tasks(
    step: Callable[..., None], target: Any, entries: Iterable[tuple[Any, Any]]
) -> list[_Task]:
    return [(step, target, key, value) for key, value in reversed(list(entries))]


def _rebuild_value(tasks: list[_Task], target: Any, key: Any, value: Any) -> None:
    decoded: dict[str, Any] = {}
    target[key] = decoded
    # A null in the place of a value is a value without a type: "Supplied AttributeValue is empty".
    if value is None:
        return
    if type(value) is not dict:
        raise faults.structure_fault(value, "AttributeValue", element=True)
    tasks.extend(_tasks(_rebuild_content, decoded, value.items()))


def _rebuild_content(tasks: list[_Task], target: dict[str, Any], tag: str, content: Any) -> None:
    if content is None:
        return
    if tag == "L":
        if type(content) is not list:
            raise faults.list_fault(content, element=False)
        members = [None] * len(content)
        target[tag] = members
        tasks.extend(_tasks(_rebuild_value, members, enumerate(content)))
    elif tag == "M":
        if type(content) is not dict:
            raise faults.map_fault(content, faults.ATTRIBUTE_VALUE, element=False)
        values: dict[str, Any] = {}
        target[tag] = values
        tasks.extend(_tasks(_rebuild_value, values, content.items()))
    elif tag in _LEAVES:
        target[tag] = _LEAVES[tag](content)


def _set_decoder(tag: str, member_decoder: Callable[[Any], str]) -> Callable[[Any], list[str]]:
    def decode_set(content: Any) -> list[str]:
        if type(content) is not list:
            raise faults.list_fault(content, element=False)
        if None in content:
            raise ValidationException(_NULL_MEMBER[tag], Family.VALUE)
        return [member_decoder(member) for member in content]

    return decode_set


_LEAVES: Final[dict[str, Callable[[Any], Any]]] = {
    "S": decode_string,
    "N": decode_string,
    "B": decode_binary,
    "BOOL": decode_boolean,
    "NULL": decode_boolean,
    "SS": _set_decoder("SS", decode_string),
    "NS": _set_decoder("NS", decode_string),
    "BS": _set_decoder("BS", decode_binary),
}
