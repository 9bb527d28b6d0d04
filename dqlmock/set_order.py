"""The order in which AWS prints the members of an unordered set.

Messages that list names print a Java HashSet, so the order is fixed by the names' hash codes:
https://github.com/agno-agi/agno/issues/4769 shows thirteen names in exactly that order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

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
    return _in_buckets(distinct, capacity)


def remainder_order(names: Collection[str], left: Iterable[str]) -> list[str]:
    """Return what is left of some names as a Java HashSet does that was copied from all of them.

    A copy has room for its members from the start, so it may have more buckets than a set that has
    grown (DynamoDB Local).

    Args:
        names: All of them, distinct.
        left: Those that were not removed again.

    >>> remainder_order(["#a", "#b", "#c"], ["#a", "#c"])
    ['#c', '#a']
    """
    capacity = _CAPACITY
    while capacity < int(len(names) / _LOAD_FACTOR) + 1:
        capacity *= 2
    return _in_buckets(left, capacity)


def _in_buckets(names: Iterable[str], capacity: int) -> list[str]:
    return sorted(names, key=lambda name: _spread(_hash_code(name)) & (capacity - 1))


def _hash_code(text: str) -> int:
    code = 0
    units = text.encode("utf-16-be", "surrogatepass")
    for high, low in zip(units[::2], units[1::2], strict=True):
        code = (31 * code + (high << 8 | low)) & 0xFFFFFFFF
    return code


def _spread(code: int) -> int:
    return code ^ (code >> 16)
