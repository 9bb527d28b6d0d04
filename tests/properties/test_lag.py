"""What a read that lags sees is what stood there: all of it, in order, whatever the page."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.storage.journal import Journal
from dqlmock.storage.memory import MemoryKeyspace
from dqlmock.storage.protocol import StoredItem
from dqlmock.testing.lag import Lag, LaggingKeyspace, Reach, _View
from dqlmock.values.keys import KeyRange

KEYS = st.sampled_from([bytes([letter]) for letter in b"abcdefg"])
CHANGES = st.lists(st.tuples(KEYS, st.booleans()), max_size=20)


def item(number: int) -> StoredItem:
    return StoredItem.of({"n": {"N": str(number)}}, 2)


@given(
    before=CHANGES,
    after=CHANGES,
    limit=st.integers(1, 8),
    reverse=st.booleans(),
    ends=st.tuples(KEYS, KEYS),
)
def test_the_past_reads_as_it_was(
    before: list[tuple[bytes, bool]],
    after: list[tuple[bytes, bool]],
    limit: int,
    reverse: bool,
    ends: tuple[bytes, bytes],
) -> None:
    lag = Lag(Engine(Clock()), Reach(writes=100))
    lagging = LaggingKeyspace(lag, MemoryKeyspace(), "t", Journal(), lag.count)
    past: dict[bytes, StoredItem] = {}
    for number, (key, puts) in enumerate([*before, *after]):
        if number == len(before):
            past = dict(lagging.read(KeyRange.everything(), limit=100))
            seen_until = lag.now()
        if puts:
            lagging.put(key, item(number))
        else:
            lagging.delete(key)
    if not after:
        past = dict(lagging.read(KeyRange.everything(), limit=100))
        seen_until = lag.now()
    lag._seen.view = _View({"t"}, seen_until)
    wanted = KeyRange(*ends)
    expected = sorted(
        ((key, kept) for key, kept in past.items() if wanted.start <= key < wanted.stop),
        key=lambda entry: entry[0],
        reverse=reverse,
    )
    assert lagging.read(wanted, reverse=reverse, limit=limit) == expected[:limit]
    assert all(lagging.get(key) == past.get(key) for key, _ in [*before, *after])
    lag._seen.view = _View({"another"}, -math.inf)
    assert lagging.read(wanted, limit=8) == lagging.kept.read(wanted, limit=8)
