"""Records that are kept, from several threads and across savepoints."""

from __future__ import annotations

from threading import Thread

from dqlmock.engine.kinesis import RECORDS_KEPT, KinesisRecord, KinesisRecords
from dqlmock.storage.journal import Journal


def kept(records: KinesisRecords, stream_arn: str = "arn") -> list[bytes]:
    return [record.data for record in records.of(stream_arn) or []]


def test_streams_are_kept_apart() -> None:
    records = KinesisRecords(Journal())
    for arn in ("one", "two"):
        records.open(arn)
        records.put(arn, "0", arn.encode())
    assert records.of("one") == [KinesisRecord("0", b"one")]
    assert records.of("two") == [KinesisRecord("0", b"two")]
    assert records.of("three") is None


def test_a_stream_that_is_opened_again_keeps_its_records() -> None:
    records = KinesisRecords(Journal())
    records.open("arn")
    records.put("arn", "0", b"1")
    records.open("arn")
    assert kept(records) == [b"1"]


def test_what_is_put_back_was_forgotten_for_want_of_room() -> None:
    journal = Journal()
    records = KinesisRecords(journal)
    records.open("arn")
    numbers = [b"%d" % number for number in range(RECORDS_KEPT + 5)]
    for data in numbers[:RECORDS_KEPT]:
        records.put("arn", "0", data)
    level = journal.open()
    for data in numbers[RECORDS_KEPT:]:
        records.put("arn", "0", data)
    assert kept(records) == numbers[5:]
    journal.undo(level)
    assert kept(records) == numbers[:RECORDS_KEPT]


def test_threads_lose_no_record() -> None:
    records = KinesisRecords(Journal())
    records.open("arn")

    def put(name: bytes) -> None:
        for number in range(500):
            records.put("arn", "0", b"%s%d" % (name, number))

    threads = [Thread(target=put, args=(name,)) for name in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = kept(records)
    assert len(found) == 1500
    assert [data for data in found if data.startswith(b"a")] == [b"a%d" % n for n in range(500)]
