"""What a call should look like, and how one that came differs from it.

Owns matching, for the filters of the call log and for expected calls alike. A parameter that is
expected may be a plain value, `...` (given, whatever it is), None (not given) or a predicate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from dqlmock.errors import DqlmockError
from dqlmock.testing.attribute_values import is_wire_value, plain, wire_value
from dqlmock.testing.call import shown
from dqlmock.testing.requests import Touch, indexes_of, tables_of, touches
from dqlmock.testing.service import check_parameters, model_of
from dqlmock.wire.messages import WireRequest

Key: TypeAlias = Mapping[str, Any]
"""Attributes, each as plain Python or in wire form: `{"id": "1"}` or `{"id": {"S": "1"}}`."""

_ACTIONS: Final = (
    ("TransactWriteItems", "TransactItems"),
    ("ExecuteTransaction", "TransactStatements"),
    ("BatchExecuteStatement", "Statements"),
)
"""Where actions are listed."""


@dataclass(frozen=True)
class Pattern:
    """What a request should look like; what is None doesn't matter.

    Args:
        operation: The API operation: `"Query"`.
        table: The table's name, also where the request gives its ARN.
        index: The index that is read.
        key: The key of an item that is read or written, or what a Query's key condition equates;
            or some of its attributes.
        item: Some attributes of an item that is put.
        region: The region called.
        parameters: By name; maps are compared by the members that are named here.

    Raises:
        DqlmockError: DynamoDB has no such operation, or the operation no such parameter.

    >>> pattern = Pattern("GetItem", table="orders", key={"id": "1"})
    >>> body = b'{"TableName": "orders", "Key": {"id": {"S": "2"}}}'
    >>> request = WireRequest("DynamoDB_20120810.GetItem", body, "123456789012", "eu-west-1")
    >>> list(pattern.differences(request, {"TableName": "orders", "Key": {"id": {"S": "2"}}}))
    ["key {'id': '2'}, expected {'id': '1'}"]
    """

    operation: str | None = None
    table: str | None = None
    index: str | None = None
    key: Key | None = None
    item: Key | None = None
    region: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.operation is not None:
            model_of(self.operation)
            check_parameters(self.operation, self.parameters)

    def differences(self, request: WireRequest, parameters: Mapping[str, Any]) -> Iterator[str]:
        """Yield how a request differs, the most telling difference first; nothing if it matches.

        Args:
            request: The request.
            parameters: The same, decoded.
        """
        operation = request.target.rpartition(".")[2]
        if self.operation is not None and operation != self.operation:
            yield f"{operation}, expected {self.operation}"
            return
        if self.region is not None and request.region != self.region:
            yield f"in region {request.region}, expected {self.region}"
        yield from self._item_differences(operation, parameters)
        for name, expected in self.parameters.items():
            yield from _differences(name, expected, parameters.get(name))

    def actions(self, parameters: Mapping[str, Any]) -> tuple[int, list[int]]:
        """Return how many actions a transaction has, and the numbers of those that are meant.

        Args:
            parameters: The transaction's, or those of a batch of statements, decoded. One that
                looks as it should has an action that does; where none is named, it is the first.
        """
        operation, name = next(pair for pair in _ACTIONS if pair[1] in parameters)
        listed = parameters.get(name, [])
        members = listed if isinstance(listed, list) else []
        meant = []
        if self.table is not None or self.key is not None or self.item is not None:
            meant = [
                number
                for number, member in enumerate(members)
                if next(self._item_differences(operation, {name: [member]}), None) is None
            ]
        return len(members), meant or [0]

    def _item_differences(self, operation: str, parameters: Mapping[str, Any]) -> Iterator[str]:
        yield from self._place_differences(parameters)
        yield from self._touch_differences(operation, parameters)

    def _place_differences(self, parameters: Mapping[str, Any]) -> Iterator[str]:
        if self.table is not None:
            tables = tables_of(parameters)
            if self.table not in tables:
                yield f"table {', '.join(tables) or 'not given'}, expected {self.table}"
        if self.index is not None:
            indexes = indexes_of(parameters)
            if self.index not in indexes:
                yield f"index {', '.join(indexes) or 'not given'}, expected {self.index}"

    def _touch_differences(self, operation: str, parameters: Mapping[str, Any]) -> Iterator[str]:
        if self.key is None and self.item is None:
            return
        touched = [
            touch
            for touch in touches(operation, parameters)
            if self.table is None or touch.table == self.table
        ]
        if self.key is not None and not any(_has(touch.key, self.key) for touch in touched):
            yield f"key {_shown_keys(touched, self.key)}, expected {shown(self.key)}"
        puts = [touch for touch in touched if touch.kind == "put"]
        if self.item is not None and not any(_has(touch.key, self.item) for touch in puts):
            yield f"item {_shown_keys(puts, self.item)}, expected {shown(self.item)}"

    def __str__(self) -> str:
        parts = [self.operation or "any call"]
        if self.table is not None:
            parts.append(f"to {self.table}")
        named = {"index": self.index, "key": self.key, "item": self.item, "region": self.region}
        said = [f"{name}={shown(value)}" for name, value in named.items() if value is not None]
        said.extend(f"{name}={_shown(value)}" for name, value in self.parameters.items())
        if said:
            parts.append(f"with {', '.join(said)}")
        return " ".join(parts)


def _has(attributes: Mapping[str, Any], expected: Key) -> bool:
    return all(
        name in attributes and next(_differences(name, value, attributes[name]), None) is None
        for name, value in expected.items()
    )


def _shown_keys(touched: list[Touch], expected: Key) -> str:
    keys = [{name: touch.key.get(name) for name in expected} for touch in touched[:3]]
    more = f" and {len(touched) - 3} more" if len(touched) > 3 else ""
    return (", ".join(shown(key) for key in keys) or "not given") + more


def _shown(expected: Any) -> str:
    if expected is ...:
        return "..."
    if callable(expected):
        return getattr(expected, "__name__", None) or repr(expected)
    return shown(expected)


def _differences(path: str, expected: Any, actual: Any) -> Iterator[str]:
    """Yield where a value differs from what is expected of it."""
    if expected is None:
        if actual is not None and actual != {"NULL": True}:
            yield f"{path}={shown(actual)}, expected not to be given"
    elif actual is None:
        yield f"{path} is not given, expected {_shown(expected)}"
    elif expected is ...:
        return
    elif _is_predicate(expected):
        if not expected(plain(actual)):
            yield f"{path}={shown(actual)}, expected {_shown(expected)}"
    elif is_wire_value(actual):
        if not _same_value(expected, actual):
            yield f"{path}={shown(actual)}, expected {_shown(expected)}"
    else:
        yield from _structure_differences(path, expected, actual)


def _structure_differences(path: str, expected: Any, actual: Any) -> Iterator[str]:
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        for name, member in expected.items():
            yield from _differences(f"{path}.{name}", member, actual.get(name))
    elif isinstance(expected, list | tuple) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{path} has {len(actual)} members, expected {len(expected)}"
        for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from _differences(f"{path}[{number}]", one, other)
    elif expected != actual:
        yield f"{path}={shown(actual)}, expected {shown(expected)}"


def _is_predicate(expected: Any) -> bool:
    return callable(expected) and not isinstance(expected, type)


def _same_value(expected: Any, actual: Mapping[str, Any]) -> bool:
    try:
        return wire_value(expected) == wire_value(actual)
    except DqlmockError:  # no value at all: mock.ANY and the like
        return bool(expected == plain(actual))
