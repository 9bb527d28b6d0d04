"""From plain values, as people write them, to attribute values."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

_TYPES: Final = frozenset(("S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"))
_NUMBERS: Final = (int, Decimal)


def is_wire_item(item: Mapping[str, Any], key: str) -> bool:
    """Tell DynamoDB JSON from plain values: no key of a plain item is a map.

    Args:
        item: With plain values, or in wire form.
        key: The name of the partition key.

    >>> is_wire_item({"id": {"S": "1"}}, "id"), is_wire_item({"id": "1", "at": {"S": "1"}}, "id")
    (True, False)
    """
    value = item.get(key)
    return isinstance(value, dict) and len(value) == 1 and not _TYPES.isdisjoint(value)


def to_wire(value: Any) -> dict[str, Any]:
    """Return a plain value as an attribute value in wire form.

    Args:
        value: What JSON and YAML have: text, numbers, booleans, null, lists, maps; bytes; sets of
            text.

    Raises:
        ValueError: A value that DynamoDB has no type for.

    >>> to_wire({"price": Decimal("12.50"), "tags": ["a", None]})
    {'M': {'price': {'N': '12.50'}, 'tags': {'L': [{'S': 'a'}, {'NULL': True}]}}}
    """
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, _NUMBERS):
        return {"N": str(value)}
    if value is None:
        return {"NULL": True}
    if isinstance(value, list):
        return {"L": [to_wire(member) for member in value]}
    if isinstance(value, dict):
        return {"M": {str(name): to_wire(member) for name, member in value.items()}}
    if isinstance(value, bytes):
        return {"B": b64encode(value).decode()}
    if isinstance(value, set) and all(isinstance(member, str) for member in value):
        return {"SS": sorted(value)}
    raise ValueError(f"expected text, a number, a boolean, null, a list or a map, found {value!r}")
