"""PynamoDB against a running server; see tests/clients/suites.py.

PynamoDB has no PartiQL and no streams.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite
from scenario import CLIENT_OPTIONS, ENDPOINT, FEATURES, TABLE


class Song(Model):  # type: ignore[misc]  # the library isn't there when types are checked
    class Meta:
        table_name = TABLE
        host = ENDPOINT
        region = CLIENT_OPTIONS["region_name"]
        aws_access_key_id = CLIENT_OPTIONS["aws_access_key_id"]
        aws_secret_access_key = CLIENT_OPTIONS["aws_secret_access_key"]
        billing_mode = "PAY_PER_REQUEST"

    artist = UnicodeAttribute(hash_key=True)
    song = UnicodeAttribute(range_key=True)
    plays = NumberAttribute(null=True)


def error_of(kind: type[Exception], run: Callable[[], object]) -> Any:
    try:
        run()
    except kind as error:
        return error
    raise AssertionError("nothing was raised")


def tables() -> None:
    Song.create_table(wait=True)
    assert Song.exists()


def items() -> None:
    song = Song("a", "s", plays=1)
    song.save()
    failed = error_of(PutError, lambda: song.save(condition=Song.artist.does_not_exist()))
    assert failed.cause_response_code == "ConditionalCheckFailedException", failed
    song.update(actions=[Song.plays.add(1)])
    assert Song.get("a", "s").plays == 2
    song.delete()
    assert Song.count("a") == 0


def pages() -> None:
    with Song.batch_write() as batch:
        for number in range(25):
            batch.save(Song("pages", f"song {number:02}"))
    found: Any = Song.query("pages", page_size=10)
    assert [song.song for song in found] == [f"song {number:02}" for number in range(25)]


def transactions() -> None:
    connection = Connection(
        region=Song.Meta.region,
        host=ENDPOINT,
    )
    connection.session.set_credentials("AKIAPYTHON", "secret")
    with TransactWrite(connection=connection) as transaction:
        transaction.save(Song("transact", "1"))
        transaction.save(Song("transact", "2"))

    def clash() -> None:
        with TransactWrite(connection=connection) as transaction:
            transaction.save(Song("transact", "3"))
            transaction.save(Song("transact", "1"), condition=Song.artist.does_not_exist())

    canceled = error_of(TransactWriteError, clash)
    assert canceled.cancellation_reasons[1].code == "ConditionalCheckFailed", canceled
    with TransactGet(connection=connection) as transaction:
        one = transaction.get(Song, "transact", "1")
    assert one.get().song == "1"


for section in (tables, items, pages, transactions):
    if section.__name__ in FEATURES:
        section()
        print(f"ok {section.__name__}")
