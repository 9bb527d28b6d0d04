"""Attribute values as a test writes them: plain Python or the wire's `{"S": "a"}`.

Owns the way from one to the other, for matching calls and for showing them. boto3's own
serializer is not used: what is matched is matched the same without boto3.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from dqlmock.errors import DqlmockError, DynamoDBError
from dqlmock.values.canonical import canonical_value
from dqlmock.values.number import normalise, to_decimal
from dqlmock.values.types import AttributeValue

_CONTENT: Final[Mapping[str, type | tuple[type, ...]]] = {
    "S": str,
    "N": str,
    "B": (str, bytes, bytearray),
    "BOOL": bool,
    "NULL": bool,
    "L": list,
    "M": Mapping,
    "SS": list,
    "NS": list,
    "BS": list,
}


def is_wire_value(value: object) -> bool:
    """Tell whether a value has the form of an attribute value on the wire.

    >>> is_wire_value({"S": "a"}), is_wire_value({"S": {"S": "a"}}), is_wire_value("a")
    (True, False, False)
    """
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    ((tag, content),) = value.items()
    kind = _CONTENT.get(tag)
    if kind is None or not isinstance(content, kind):
        return False
    members: Any = content
    if tag == "M":
        return all(is_wire_value(member) for member in members.values())
    return tag != "L" or all(is_wire_value(member) for member in members)


def wire_value(value: Any) -> AttributeValue:
    """Return a value of either form as the engine would hold it: canonical.

    Args:
        value: `"a"`, `1`, `Decimal("1.5")`, `b"..."`, `True`, `None`, a list, a dict, a set of
            strings, numbers or bytes; or a value in wire form.

    Raises:
        DqlmockError: No attribute has such a value.

    >>> wire_value({"a": [1, {"S": "b"}]})
    {'M': {'a': {'L': [{'N': '1'}, {'S': 'b'}]}}}
    >>> wire_value({"N": "1.0"})
    {'N': '1'}
    """
    try:
        return canonical_value(_wire(value))
    except (DynamoDBError, TypeError, ValueError, AttributeError) as error:
        raise DqlmockError(f"No attribute has such a value: {value!r} ({error})") from error


def _wire(value: Any) -> dict[str, Any]:
    if is_wire_value(value):
        ((tag, content),) = value.items()
        return {tag: _wire_content(tag, content)}
    if isinstance(value, Mapping):
        return {"M": {str(name): _wire(member) for name, member in value.items()}}
    if isinstance(value, list | tuple):
        return {"L": [_wire(member) for member in value]}
    if isinstance(value, set | frozenset):
        return _wire_set(value)
    return _wire_scalar(value)


def _wire_content(tag: str, content: Any) -> Any:
    if tag == "M":
        return {name: _wire(member) for name, member in content.items()}
    if tag == "L":
        return [_wire(member) for member in content]
    if tag in ("B", "BS"):
        return _base64(content) if tag == "B" else [_base64(member) for member in content]
    return content


def _wire_scalar(value: Any) -> dict[str, Any]:
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int | float | Decimal):
        return {"N": str(value)}
    if isinstance(value, bytes | bytearray):
        return {"B": _base64(value)}
    raise DqlmockError(f"No attribute has such a value: {value!r}")


def _wire_set(members: Iterable[Any]) -> dict[str, Any]:
    wired = [_wire_scalar(member) for member in members]
    tags = {tag for value in wired for tag in value}
    if len(tags) != 1 or not tags <= {"S", "N", "B"}:
        raise DqlmockError(f"A set holds strings, numbers or bytes, of one kind: {members!r}")
    (tag,) = tags
    return {f"{tag}S": [value[tag] for value in wired]}


def _base64(content: str | bytes | bytearray) -> str:
    return content if isinstance(content, str) else base64.b64encode(content).decode()


def plain_value(value: AttributeValue) -> Any:
    """Return a value in wire form as plain Python: what a person wants to read.

    Raises:
        DynamoDBError: A number that is none.
        ValueError: Binary that isn't base64.

    >>> plain_value({"M": {"a": {"L": [{"N": "1"}, {"S": "b"}]}}})
    {'a': [1, 'b']}
    """
    for tag, content in value.items():
        if tag == "M":
            return {name: plain_value(member) for name, member in content.items()}
        if tag == "L":
            return [plain_value(member) for member in content]
        if tag == "N":
            return _plain_number(content)
        if tag == "NS":
            return {_plain_number(member) for member in content}
        if tag == "B":
            return base64.b64decode(content)
        if tag == "BS":
            return {base64.b64decode(member) for member in content}
        if tag == "SS":
            return set(content)
        return None if tag == "NULL" else content
    return {}


def plain(value: Any) -> Any:
    """Return a parameter as plain Python, whatever it is and wherever attribute values stand in it.

    A value that DynamoDB has refused stays as it is.

    >>> plain({"Limit": 1, "Key": {"pk": {"N": "1"}, "sk": {"N": "one"}}})
    {'Limit': 1, 'Key': {'pk': 1, 'sk': {'N': 'one'}}}
    """
    if is_wire_value(value):
        try:
            return plain_value(value)
        except (DynamoDBError, ValueError):
            return value
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return value


def _plain_number(text: str) -> int | Decimal:
    number = to_decimal(normalise(text))
    return int(number) if number == int(number) else number
