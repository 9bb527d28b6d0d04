"""The order in which AWS prints the members of an unordered set.

Messages that list names print a Java HashSet, so the order is fixed by the names' hash codes:
https://github.com/agno-agi/agno/issues/4769 shows thirteen names in exactly that order.
"""

from __future__ import annotations

from collections.abc import Iterable

_CAPACITY = 16
_LOAD_FACTOR = 0.75


def hash_set_order(names: Iterable[str]) -> list[str]:
    """Return the names as a Java HashSet iterates over them, once each.

    >>> hash_set_order(["name", "id", "status"])
    ['name', 'id', 'status']
    >>> hash_set_order(["Album", "Artist", "Sales"])
    ['Artist', 'Sales', 'Album']
    """
    distinct = list(dict.fromkeys(names))
    capacity = _CAPACITY
    while len(distinct) > capacity * _LOAD_FACTOR:
        capacity *= 2
    return sorted(distinct, key=lambda name: _spread(_hash_code(name)) & (capacity - 1))


def _hash_code(text: str) -> int:
    code = 0
    units = text.encode("utf-16-be", "surrogatepass")
    for high, low in zip(units[::2], units[1::2], strict=True):
        code = (31 * code + (high << 8 | low)) & 0xFFFFFFFF
    return code


def _spread(code: int) -> int:
    return code ^ (code >> 16)
