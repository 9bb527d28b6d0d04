from __future__ import annotations

from typing import Any

from freezegun import freeze_time


def test_an_answer_has_the_headers_that_aws_sends(dynamodb: Any) -> None:
    headers = dynamodb.list_tables()["ResponseMetadata"]["HTTPHeaders"]
    assert list(headers) == [
        "server",
        "date",
        "content-type",
        "content-length",
        "x-amzn-requestid",
        "x-amz-crc32",
    ]


def test_the_date_follows_the_time(dynamodb: Any) -> None:
    with freeze_time("2026-11-21 08:09:10.9") as frozen:
        said = [_date(dynamodb), _date(dynamodb)]
        frozen.tick(0.2)
        said.append(_date(dynamodb))
    assert said == [
        "Sat, 21 Nov 2026 08:09:10 GMT",
        "Sat, 21 Nov 2026 08:09:10 GMT",
        "Sat, 21 Nov 2026 08:09:11 GMT",
    ]


def _date(client: Any) -> str:
    date: str = client.list_tables()["ResponseMetadata"]["HTTPHeaders"]["date"]
    return date
