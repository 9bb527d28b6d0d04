"""Keys as bytes, and ranges of them."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from dqlmock.values.keys import (
    TERMINATOR,
    KeyRange,
    encode_key_value,
    partition_prefix,
    storage_key,
)

PREFIX = partition_prefix({"S": "p"})


def key(text: str) -> bytes:
    return storage_key(PREFIX, {"S": text})


def test_zero_bytes_are_escaped() -> None:
    assert encode_key_value({"S": "a\0b"}) == b"a\x00\xffb"
    assert encode_key_value({"B": "AAA="}) == b"\x00\xff\x00\xff"
    assert encode_key_value({"S": ""}) == encode_key_value({"B": ""}) == b""


def test_numbers_sort_by_value_on_both_sides_of_zero() -> None:
    rising = ["0", "0." + "0" * 129 + "1", "0.01", "0.011", "0.02", "0.1", "0.11", "0.9", "1"]
    rising += ["1.000000001", "1.5", "1.51", "2", "9", "10", "11", "99", "100", "9" + "0" * 125]
    ordered = ["-" + text for text in rising[:0:-1]] + rising
    encoded = [storage_key(b"", {"N": text}) for text in ordered]
    assert all(one < following for one, following in pairwise(encoded))


def test_a_value_that_is_no_key_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not a key value"):
        encode_key_value({"BOOL": True})


def test_prefixes_are_alike_in_every_process() -> None:
    program = (
        "from dqlmock.values.keys import partition_prefix;"
        "print(partition_prefix({'S': 'p'}, {'N': '1'}).hex())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == partition_prefix({"S": "p"}, {"N": "1"}).hex()


def test_prefixes_of_several_values_do_not_run_together() -> None:
    one = partition_prefix({"S": "ab"}, {"S": "c"})
    other = partition_prefix({"S": "a"}, {"S": "bc"})
    assert one[8:] == b"ab" + TERMINATOR + b"c" + TERMINATOR
    assert one != other
    assert one[:8] != other[:8]


def test_a_key_appends_each_sort_value() -> None:
    assert storage_key(PREFIX) == PREFIX
    assert storage_key(PREFIX, {"S": "a"}, {"S": ""}) == PREFIX + b"a\x00\x01\x00\x01"


def test_everything_holds_keys_of_the_first_and_the_last_hash() -> None:
    largest = b"\xff" * 8 + b"\xff" * 2048 + TERMINATOR + b"\xff" * 1024 + TERMINATOR
    everything = KeyRange.everything()
    for holder in (everything, KeyRange.segment(0, 1), KeyRange.segment(6, 7)):
        assert holder.start <= largest < holder.stop
    for holder in (everything, KeyRange.segment(0, 1), KeyRange.segment(0, 7)):
        assert holder.start <= bytes(8) + TERMINATOR < holder.stop
    assert KeyRange.partition(b"\xff" * 8).stop == everything.stop


def test_a_pinned_sort_value_narrows_the_partition() -> None:
    pinned = storage_key(PREFIX, {"S": "a"})
    inside = storage_key(PREFIX, {"S": "a"}, {"N": "1"})
    outside = storage_key(PREFIX, {"S": "aa"}, {"N": "1"})
    for key_range in (KeyRange.partition(pinned), KeyRange.sort(PREFIX, "=", {"S": "a"})):
        assert key_range.start <= inside < key_range.stop
        assert not key_range.start <= outside < key_range.stop


def test_after_and_before_leave_out_the_key_itself() -> None:
    key_range = KeyRange.sort(PREFIX, "BETWEEN", {"S": "b"}, {"S": "d"})
    after, before = key_range.after(key("c")), key_range.before(key("c"))
    assert after.start <= key("c\0") < key("d") < after.stop
    assert not after.start <= key("c")
    assert before.start <= key("b") < key("bz") < before.stop
    assert not key("c") < before.stop


def test_after_and_before_never_widen_a_range() -> None:
    key_range = KeyRange.sort(PREFIX, "BETWEEN", {"S": "b"}, {"S": "d"})
    assert key_range.after(key("a")) == key_range
    assert key_range.before(key("e")) == key_range


def test_what_is_no_range_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no condition on a sort key: <>"):
        KeyRange.sort(PREFIX, "<>", {"S": "a"})  # type: ignore[arg-type]  # the mistake itself
    for segment, total in ((-1, 2), (2, 2), (0, 0)):
        with pytest.raises(ValueError, match="no segment"):
            KeyRange.segment(segment, total)


def test_a_million_segments_meet() -> None:
    total = 1_000_000
    for segment in (0, 1, 499_999, 999_998):
        assert KeyRange.segment(segment, total).stop == KeyRange.segment(segment + 1, total).start
    assert KeyRange.segment(0, total).start == bytes(8)
    assert KeyRange.segment(total - 1, total).stop == KeyRange.everything().stop
