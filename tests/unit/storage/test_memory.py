"""The store in memory, and what it hands out."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from dqlmock.storage.memory import MemoryKeyspace
from dqlmock.storage.protocol import Keyspace, StoredItem
from dqlmock.values.keys import KeyRange

ONE, TWO = StoredItem(b"1", 10), StoredItem(b"2", 20)


@pytest.fixture
def keyspace() -> Keyspace:
    return MemoryKeyspace()


def test_put_get_delete(keyspace: Keyspace) -> None:
    assert keyspace.get(b"a") is None
    assert keyspace.put(b"a", ONE) is None
    assert keyspace.get(b"a") is ONE
    assert keyspace.put(b"a", TWO) is ONE
    assert (len(keyspace), keyspace.size_bytes()) == (1, 20)
    assert keyspace.delete(b"a") is TWO
    assert keyspace.delete(b"a") is None
    assert (len(keyspace), keyspace.size_bytes()) == (0, 0)


def test_reads_are_chunks_in_order(keyspace: Keyspace) -> None:
    for key in (b"c", b"a", b"d", b"b"):
        keyspace.put(key, ONE)
    inner = KeyRange(b"b", b"d")
    assert keyspace.read(inner, limit=9) == [(b"b", ONE), (b"c", ONE)]
    assert keyspace.read(inner, limit=1) == [(b"b", ONE)]
    assert keyspace.read(inner, reverse=True, limit=1) == [(b"c", ONE)]
    assert keyspace.read(inner.after(b"b"), limit=9) == [(b"c", ONE)]
    assert keyspace.read(inner.before(b"c"), reverse=True, limit=9) == [(b"b", ONE)]
    assert keyspace.read(KeyRange(b"d", b"b"), limit=9) == []
    assert keyspace.read(KeyRange(b"b", b"b"), limit=9) == []


def test_clear(keyspace: Keyspace) -> None:
    keyspace.put(b"a", ONE)
    keyspace.clear()
    assert (len(keyspace), keyspace.size_bytes(), keyspace.get(b"a")) == (0, 0, None)
    assert keyspace.read(KeyRange.everything(), limit=1) == []
    keyspace._check()


def test_check_finds_contradictions() -> None:
    keyspace = MemoryKeyspace()
    keyspace.put(b"a", ONE)
    keyspace._size_bytes += 1
    with pytest.raises(AssertionError):
        keyspace._check()
    keyspace._size_bytes -= 1
    keyspace._check()
    keyspace._items[b"b"] = ONE
    with pytest.raises(AssertionError):
        keyspace._check()


def test_threads_do_not_lose_writes(keyspace: Keyspace) -> None:
    start = threading.Barrier(4)
    failures: list[AssertionError] = []

    def work(worker: int) -> None:
        start.wait()
        try:
            for step in range(400):
                keyspace.put(b"shared", ONE)
                keyspace.put(b"%d-%03d" % (worker, step), ONE)
                chunk = keyspace.read(KeyRange.everything(), limit=50)
                assert chunk == sorted(chunk, key=lambda pair: pair[0])
                if step % 2:
                    assert keyspace.delete(b"%d-%03d" % (worker, step)) is ONE
        except AssertionError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(keyspace) == 4 * 200 + 1
    keyspace._check()


def test_an_item_is_decoded_afresh() -> None:
    attributes: dict[str, Any] = {
        "pk": {"S": "é\ud800\0"},
        "tags": {"SS": ["a"]},
        "m": {"M": {"b": {"NULL": True}}},
    }
    item = StoredItem.of(attributes, 7)
    first = item.attributes()
    assert first == attributes
    assert first is not item.attributes()
    assert first["tags"] is not item.attributes()["tags"]
    assert item.size_bytes == 7


def test_items_are_equal_by_content() -> None:
    assert StoredItem(b"1", 10) == ONE
    assert hash(StoredItem(b"1", 10)) == hash(ONE)
    assert StoredItem(b"1", 11) != ONE
    assert TWO != ONE
    assert ONE != b"1"
    assert repr(ONE) == "StoredItem(b'1', 10)"
