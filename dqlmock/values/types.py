"""The one representation of attribute values inside dqlmock.

A value keeps the shape it has on the wire, a dict of one member, and is **canonical**: numbers are
normalised text, the members of sets are distinct and sorted, base64 is padded as RFC 4648 says. So
two values are equal for DynamoDB exactly when their dicts are equal, an item is written to the wire
as it stands, and nothing is converted on the way. Whoever looks inside a number or a binary (order,
size, prefixes, keys) turns it into a Decimal or into bytes there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

AttributeValue: TypeAlias = Mapping[str, Any]
"""`{"S": "text"}`, `{"N": "1.5"}`, `{"M": {"name": value}}`, …: one member, its type tag."""

Attributes: TypeAlias = Mapping[str, AttributeValue]
"""An item's attributes, or part of them (a key): name → value. Never changed in place."""

SET_TYPES = frozenset({"SS", "NS", "BS"})
KEY_TYPES = frozenset({"S", "N", "B"})
