"""What the operators and functions of conditions mean: values in, answer out.

Owns comparison, `contains`, `begins_with` and `size`. Knows nothing of expressions. Values are
canonical, so that equal values are equal dicts. A missing value, None, makes every answer False;
whoever compiles `<>` and `NOT` turns the answer round.

Source: "Condition and filter expressions, operators, and functions in DynamoDB"
(Expressions.OperatorsAndFunctions).
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any, Final

from dqlmock.values.number import to_decimal
from dqlmock.values.types import AttributeValue

ORDERED_TYPES: Final = frozenset({"S", "N", "B"})
"""Types with an order: what `<` and BETWEEN take."""

_ELEMENT_OF: Final = {"SS": "S", "NS": "N", "BS": "B"}


def _as_is(content: Any) -> Any:
    return content


# Python orders text by code point, which is the order of its UTF-8.
_ORDER: Final[dict[str, Callable[[Any], Any]]] = {"S": _as_is, "N": to_decimal, "B": b64decode}


def type_of(value: AttributeValue) -> str:
    """Return a value's type tag.

    >>> type_of({"SS": ["a"]})
    'SS'
    """
    return next(iter(value))


def ordered(left: AttributeValue | None, right: AttributeValue | None) -> tuple[Any, Any] | None:
    """Return two values as Python objects that compare as DynamoDB compares them.

    Returns:
        The pair; None if either is missing, their types differ, or the type has no order.

    >>> ordered({"N": "9"}, {"N": "10"})
    (Decimal('9'), Decimal('10'))
    """
    if left is None or right is None:
        return None
    ((tag, content),) = left.items()
    other = right.get(tag)
    order = _ORDER.get(tag)
    if other is None or order is None:
        return None
    return order(content), order(other)


def is_between(
    value: AttributeValue | None, low: AttributeValue | None, high: AttributeValue | None
) -> bool:
    """Tell whether low <= value <= high.

    >>> is_between({"N": "2"}, {"N": "1"}, {"N": "10"})
    True
    """
    lower, upper = ordered(low, value), ordered(value, high)
    if lower is None or upper is None:
        return False
    return bool(lower[0] <= lower[1] and upper[0] <= upper[1])


def contains(container: AttributeValue | None, sought: AttributeValue | None) -> bool:
    """Tell whether text holds text, a binary a binary, a set or a list an element.

    >>> contains({"SS": ["a", "b"]}, {"S": "a"})
    True
    """
    if container is None or sought is None:
        return False
    ((tag, content),) = container.items()
    if tag == "L":
        return sought in content
    if tag in _ELEMENT_OF:
        element = sought.get(_ELEMENT_OF[tag])
        return element is not None and element in content
    part = sought.get(tag)
    if part is None or tag not in ("S", "B"):
        return False
    return part in content if tag == "S" else b64decode(part) in b64decode(content)


def begins_with(value: AttributeValue | None, prefix: AttributeValue | None) -> bool:
    """Tell whether text begins with text, or a binary with a binary.

    >>> begins_with({"S": "order#1"}, {"S": "order#"})
    True
    """
    if value is None or prefix is None:
        return False
    if "S" in value and "S" in prefix:
        return bool(value["S"].startswith(prefix["S"]))
    if "B" in value and "B" in prefix:
        return b64decode(value["B"]).startswith(b64decode(prefix["B"]))
    return False


def size(value: AttributeValue | None) -> AttributeValue | None:
    """Return a value's size as a number.

    Returns:
        Text: its length in UTF-16 code units (DynamoDB Local). Binary: bytes. Sets, lists and
        maps: elements. None for a missing value and for types without a size: N, BOOL, NULL.

    >>> size({"S": "😀"})
    {'N': '2'}
    """
    if value is None:
        return None
    ((tag, content),) = value.items()
    if tag == "S":
        length = (
            len(content)
            if content.isascii()
            else len(content.encode("utf-16-le", "surrogatepass")) // 2
        )
    elif tag == "B":
        length = len(b64decode(content))
    elif tag in ("N", "BOOL", "NULL"):
        return None
    else:
        length = len(content)
    return {"N": str(length)}
