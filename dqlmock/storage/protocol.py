"""What the engine asks of a store: an ordered map from storage keys to items.

Owns `StoredItem`, `Encoded` and the `Keyspace` protocol. Knows bytes and their order: neither AWS's
messages nor what a key means.
"""

from __future__ import annotations

from typing import Protocol, final

from dqlmock.json_bytes import decode, encode
from dqlmock.values.keys import KeyRange
from dqlmock.values.types import Attributes


@final
class StoredItem:
    """An item at rest: written once, never changed.

    Args:
        encoded: The attributes in canonical form as JSON, as they go over the wire.
        size_bytes: The item's size by DynamoDB's rules, not the length of `encoded`.

    >>> item = StoredItem.of({"pk": {"S": "é"}}, 4)
    >>> item.encoded.decode(), item.attributes()
    ('{"pk":{"S":"é"}}', {'pk': {'S': 'é'}})
    """

    __slots__ = ("encoded", "size_bytes")

    def __init__(self, encoded: bytes, size_bytes: int) -> None:
        self.encoded = encoded
        self.size_bytes = size_bytes

    @classmethod
    def of(cls, attributes: Attributes, size_bytes: int) -> StoredItem:
        """Return canonical attributes as an item at rest."""
        # The copy: an encoder's bytes keep the room of its buffer, a thousand for an item of ten.
        return cls(b"".join((encode(attributes), b"")), size_bytes)

    def attributes(self) -> Attributes:
        """Return the attributes, decoded afresh: the caller may keep them."""
        decoded: Attributes = decode(self.encoded, "surrogatepass")
        return decoded

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StoredItem):
            return NotImplemented
        return self.encoded == other.encoded and self.size_bytes == other.size_bytes

    def __hash__(self) -> int:
        return hash(self.encoded)

    def __repr__(self) -> str:
        return f"StoredItem({self.encoded!r}, {self.size_bytes})"


@final
class Encoded:
    """A part of an answer that is JSON already: a structure laid out around items at rest.

    Args:
        encoded: The JSON text.

    >>> item = StoredItem.of({"pk": {"S": "a"}}, 3)
    >>> Encoded(b'{"Keys":%s}' % item.encoded)
    Encoded(b'{"Keys":{"pk":{"S":"a"}}}')
    """

    __slots__ = ("encoded",)

    def __init__(self, encoded: bytes) -> None:
        self.encoded = encoded

    def __repr__(self) -> str:
        return f"Encoded({self.encoded!r})"


class Keyspace(Protocol):
    """An ordered map from storage keys to items, for one table or one index.

    Safe to use from several threads: each call is atomic by itself. `n` is the number of items.
    """

    def get(self, key: bytes) -> StoredItem | None:
        """Return the item under a key, None if there is none. O(1) or O(log n)."""
        ...

    def put(self, key: bytes, item: StoredItem) -> StoredItem | None:
        """Store an item and return the one it replaces. O(log n)."""
        ...

    def delete(self, key: bytes) -> StoredItem | None:
        """Remove an item and return it, None if there was none. O(log n)."""
        ...

    def read(
        self, key_range: KeyRange, *, reverse: bool = False, limit: int
    ) -> list[tuple[bytes, StoredItem]]:
        """Return the first items of a range, as they stood at one moment. O(log n + limit).

        Args:
            key_range: Where to read. To go on, pass `key_range.after(last key)`, in reverse
                `key_range.before(last key)`.
            reverse: Start at the upper end, in descending order.
            limit: Most items to return, at least 1.

        Returns:
            Keys and items in order; fewer than `limit` only where the range holds no more.
        """
        ...

    def __len__(self) -> int:
        """Return the number of items. O(1)."""
        ...

    def size_bytes(self) -> int:
        """Return the sizes of all items together. O(1)."""
        ...

    def clear(self) -> None:
        """Remove all items."""
        ...

    def _check(self) -> None:
        """Raise AssertionError where the store contradicts itself. O(n), for tests."""
        ...
