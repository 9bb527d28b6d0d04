from __future__ import annotations

import pytest

from dqlmock.clock import Clock
from dqlmock.engine.streams import Stream, StreamRegister
from dqlmock.errors import ResourceNotFoundException, TrimmedDataAccessException
from dqlmock.storage.protocol import StoredItem

DAY_S = 86_400
ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/music/stream/2023"


class SetClock(Clock):
    """A clock that shows what it is set to."""

    def __init__(self, now_s: float = 1_700_000_000.0) -> None:
        super().__init__()
        self.moment_s = now_s

    def now_s(self) -> float:
        return self.moment_s


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def stream(clock: SetClock) -> Stream:
    return Stream(ARN, "2023", "music", ("pk",), "NEW_IMAGE", clock)


def append(stream: Stream, number: int) -> None:
    attributes = {"pk": {"N": str(number)}}
    item = StoredItem.of(attributes, 4)
    stream.append(number.to_bytes(8, "big"), None, item, attributes)


def only_shard(stream: Stream) -> str:
    (shard,) = stream.shards()
    return shard.shard_id


def keys(stream: Stream, position: int = 10**20 + 1, limit: int = 10**6) -> list[str]:
    page = stream.read(only_shard(stream), position, limit)
    return [record.keys.attributes()["pk"]["N"] for record in page.records]


def test_trimming_keeps_what_is_24_hours_old(stream: Stream, clock: SetClock) -> None:
    append(stream, 0)
    clock.moment_s += DAY_S
    assert keys(stream) == ["0"]
    clock.moment_s += 1
    with pytest.raises(TrimmedDataAccessException):
        keys(stream)
    assert keys(stream, stream.oldest(only_shard(stream))) == []


@pytest.mark.parametrize("count", [10, 1023, 1024, 1500, 5000])
def test_trimming_many_records_keeps_the_others_in_place(
    stream: Stream, clock: SetClock, count: int
) -> None:
    shard = only_shard(stream)
    for number in range(count):
        append(stream, number)
    clock.moment_s += DAY_S
    append(stream, count)
    clock.moment_s += 10
    append(stream, count + 1)
    oldest = stream.oldest(shard)
    assert oldest == 10**20 + 2 + count
    assert keys(stream, oldest) == [str(count), str(count + 1)]
    with pytest.raises(TrimmedDataAccessException):
        stream.read(shard, oldest - 1, 1)
    stream.close()
    assert stream.read(shard, oldest, 1).following == oldest + 1
    assert stream.read(shard, oldest, 2).following is None


def test_records_trimmed_one_by_one(stream: Stream, clock: SetClock) -> None:
    shard = only_shard(stream)
    for number in range(5000):
        append(stream, number)
        clock.moment_s += DAY_S / 1000
        first = max(0, number - 1000)
        oldest = stream.oldest(shard) - 10**20 - 2
        assert first <= oldest <= first + 2
    assert len(shard_records(stream)) <= 2 * 1002 + 1024


def shard_records(stream: Stream) -> list[object]:
    (shard,) = stream.shards()
    return list(shard._records)


def test_time_that_runs_backwards_trims_nothing_new(stream: Stream, clock: SetClock) -> None:
    append(stream, 0)
    clock.moment_s -= 10 * DAY_S
    append(stream, 1)
    assert keys(stream) == ["0", "1"]
    clock.moment_s += 10 * DAY_S + 1
    assert keys(stream) == ["0", "1"]  # what came after a record goes after it
    clock.moment_s += DAY_S
    assert keys(stream, stream.oldest(only_shard(stream))) == []


def test_a_closed_stream_takes_no_records(stream: Stream) -> None:
    shard = only_shard(stream)
    append(stream, 0)
    stream.close()
    append(stream, 1)
    assert keys(stream) == ["0"]
    assert stream.read(shard, stream.newest(shard), 10).following is None


def test_an_unknown_shard(stream: Stream) -> None:
    for call in (
        lambda: stream.read("x", 1, 1),
        lambda: stream.oldest("x"),
        lambda: stream.newest("x"),
        lambda: stream.at_time("x", 1),
        lambda: stream.holds("x", 1),
    ):
        with pytest.raises(ResourceNotFoundException, match="Shard does not exist"):
            call()


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_every_hash_has_a_shard(clock: SetClock, count: int) -> None:
    stream = Stream(ARN, "2023", "music", ("pk",), "KEYS_ONLY", clock, shards=count)
    attributes = {"pk": {"N": "1"}}
    bounds = [shard.start for shard in stream.shards()]
    assert len(bounds) == count
    hashes = [*bounds, *(bound - 1 for bound in bounds[1:]), 2**64 - 1]
    for place in hashes:
        key = place.to_bytes(8, "big") + b"rest"
        stream.append(key, None, StoredItem.of(attributes, 4), attributes)
    seen = [
        len(stream.read(shard.shard_id, shard.first_sequence, 100).records)
        for shard in stream.shards()
    ]
    assert seen == [2] * count


def test_a_register_forgets_24_hours_after_the_end(stream: Stream, clock: SetClock) -> None:
    register = StreamRegister(clock)
    assert register.find(ARN) is None
    register.add(stream)
    clock.moment_s += 100 * DAY_S
    assert register.find(ARN) is stream
    stream.close()
    clock.moment_s += DAY_S
    assert register.find(ARN) is stream
    assert list(register.all()) == [stream]
    clock.moment_s += 1
    assert register.find(ARN) is None
    assert list(register.all()) == []
    assert ARN not in register
