from __future__ import annotations

import botocore.session
import pytest

from dqlmock.engine.arn import TableArn, index_arn, partition, stream_arn, stream_label
from dqlmock.errors import ValidationException


@pytest.mark.parametrize(
    ("region", "text"),
    [
        ("eu-west-1", "arn:aws:dynamodb:eu-west-1:123456789012:table/a.b-c_D"),
        ("cn-north-1", "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/a.b-c_D"),
        ("us-gov-east-1", "arn:aws-us-gov:dynamodb:us-gov-east-1:123456789012:table/a.b-c_D"),
    ],
)
def test_an_arn_is_written_as_it_is_read(region: str, text: str) -> None:
    arn = TableArn.parse(text)
    assert arn == TableArn(region, "123456789012", "a.b-c_D")
    assert str(arn) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "music",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/ab",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/abc\n",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/abc/index/def",
        "arn:aws:dynamodb:eu-west-1:abc:table/abc",
        "arn:aws:dynamodb::123456789012:table/abc",
        "arn:aws:sqs:eu-west-1:123456789012:table/abc",
        f"arn:aws:dynamodb:eu-west-1:123456789012:table/{'a' * 256}",
    ],
)
def test_what_is_no_table_arn_is_refused(text: str) -> None:
    with pytest.raises(ValidationException) as refused:
        TableArn.parse(text)
    assert refused.value.message == (
        f"Invalid TableArn: Invalid ResourceArn provided as input {text}"
    )


def test_indexes_and_streams_lie_below_their_table() -> None:
    assert index_arn("arn", "gsi") == "arn/index/gsi"
    assert stream_arn("arn", "2023") == "arn/stream/2023"


@pytest.mark.parametrize(
    ("now_s", "label"),
    [
        (0.0, "1970-01-01T00:00:00.000"),
        (1_700_000_000.5, "2023-11-14T22:13:20.500"),
        (1_700_000_000.9999, "2023-11-14T22:13:20.999"),
    ],
)
def test_a_stream_is_labelled_with_the_millisecond(now_s: float, label: str) -> None:
    assert stream_label(now_s) == label


def test_botocore_has_every_region_in_the_same_partition() -> None:
    session = botocore.session.get_session()
    partitions = {
        region: name
        for name in session.get_available_partitions()
        for region in session.get_available_regions("dynamodb", name)
    }
    assert len(set(partitions.values())) > 3
    assert {region: partition(region).name for region in partitions} == partitions


@pytest.mark.parametrize("region", ["eu-west-1", "cn-north-1", "us-iso-east-1", "us-gov-west-1"])
def test_botocore_calls_hosts_of_the_same_domain(region: str) -> None:
    session = botocore.session.get_session()
    session.set_credentials("AKIAIOSFODNN7EXAMPLE", "secret")
    client = session.create_client("dynamodb", region_name=region)
    assert client.meta.endpoint_url == f"https://dynamodb.{region}.{partition(region).domain}"
