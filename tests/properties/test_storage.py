"""MemoryKeyspace against a naive sorted dict, checked after every step."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dqlmock.storage.memory import MemoryKeyspace
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.keys import KeyRange

keys = st.binary(min_size=1, max_size=2) | st.sampled_from([b"a", b"ab", b"b", b"\xff"])
items = st.builds(StoredItem, st.binary(max_size=3), st.integers(0, 409_600))


class MemoryKeyspaceMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.keyspace = MemoryKeyspace()
        self.model: dict[bytes, StoredItem] = {}

    @rule(key=keys, item=items)
    def put(self, key: bytes, item: StoredItem) -> None:
        assert self.keyspace.put(key, item) is self.model.get(key)
        self.model[key] = item

    @rule(key=keys)
    def delete(self, key: bytes) -> None:
        assert self.keyspace.delete(key) is self.model.pop(key, None)

    @rule(key=keys)
    def get(self, key: bytes) -> None:
        assert self.keyspace.get(key) is self.model.get(key)

    @rule(start=keys, stop=keys, reverse=st.booleans(), limit=st.integers(1, 5))
    def read(self, start: bytes, stop: bytes, reverse: bool, limit: int) -> None:
        wanted = sorted(
            ((key, item) for key, item in self.model.items() if start <= key < stop),
            key=lambda pair: pair[0],
            reverse=reverse,
        )
        read = []
        rest = KeyRange(start, stop)
        while chunk := self.keyspace.read(rest, reverse=reverse, limit=limit):
            assert len(chunk) <= limit
            read += chunk
            last, _ = chunk[-1]
            rest = rest.before(last) if reverse else rest.after(last)
        assert read == wanted

    @rule()
    def clear(self) -> None:
        self.keyspace.clear()
        self.model.clear()

    @invariant()
    def agrees(self) -> None:
        self.keyspace._check()
        assert len(self.keyspace) == len(self.model)
        assert self.keyspace.size_bytes() == sum(item.size_bytes for item in self.model.values())


TestMemoryKeyspace = MemoryKeyspaceMachine.TestCase
TestMemoryKeyspace.settings = settings(max_examples=50, stateful_step_count=40)
