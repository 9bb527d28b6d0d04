"""Reading pages: a key range, walked in chunks until a page is full.

Owns what a page is: Limit, the 1 MB of a page, where it ends and how the next one starts. Handed a
key range and a filter; knows neither expressions nor requests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from dqlmock.limits import PAGE_SIZE_BYTES
from dqlmock.storage.protocol import Keyspace, StoredItem
from dqlmock.values.keys import KeyRange

Accept: TypeAlias = Callable[[StoredItem], StoredItem | None]
"""From an item read to the item returned, or None where a filter drops it."""

_CHUNK = 128


@dataclass(frozen=True, slots=True)
class Page:
    """One page of Query or Scan.

    Args:
        items: What passed the filter, in order.
        scanned: How many items were read.
        size_bytes: Their size: what the read is charged for.
        last: The last item read where more may follow, else None.
    """

    items: list[StoredItem]
    scanned: int
    size_bytes: int
    last: StoredItem | None


def read_page(
    keyspace: Keyspace,
    key_range: KeyRange,
    *,
    reverse: bool = False,
    limit: int | None = None,
    accept: Accept | None = None,
) -> Page:
    """Read one page.

    A page ends after `limit` items, or with the item that takes it to 1 MB; both count what was
    read, not what was accepted. Like AWS it doesn't look ahead: a page that ends by its limit has a
    `last` even when nothing follows.

    Args:
        keyspace: A table's or an index's.
        key_range: What to read, resumed where the page before ended.
        reverse: From the end.
        limit: Most items read, at least one; None for no limit.
        accept: Filter and projection; None returns every item as it is.
    """
    items: list[StoredItem] = []
    scanned = size_bytes = 0
    while True:
        wanted = _CHUNK if limit is None else min(_CHUNK, limit - scanned)
        chunk = keyspace.read(key_range, reverse=reverse, limit=wanted)
        for _, item in chunk:
            scanned += 1
            size_bytes += item.size_bytes
            kept = item if accept is None else accept(item)
            if kept is not None:
                items.append(kept)
            if size_bytes >= PAGE_SIZE_BYTES:
                return Page(items, scanned, size_bytes, item)
        if scanned == limit:
            return Page(items, scanned, size_bytes, chunk[-1][1])
        if len(chunk) < wanted:
            return Page(items, scanned, size_bytes, None)
        last_key = chunk[-1][0]
        key_range = key_range.before(last_key) if reverse else key_range.after(last_key)
