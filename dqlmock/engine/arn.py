"""The names DynamoDB gives its resources, and how one is read.

Owns the form of table, index and stream ARNs
(https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html).
Knows no tables.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import NamedTuple

from dqlmock.errors import ValidationException

ARN_PREFIX = "arn:"
"""What tells an ARN from a table's name, which holds no colon."""

_TABLE_ARN = re.compile(
    r"arn:aws[a-z-]*:dynamodb:(?P<region>[^:]+):(?P<account>\d+):table/(?P<name>[a-zA-Z0-9_.-]{3,255})"
)


_STREAM_ARN = re.compile(rf"(?P<table>{_TABLE_ARN.pattern})/stream/[^/]+")


@dataclass(frozen=True, slots=True)
class TableArn:
    """What a table's ARN says.

    Args:
        region: `"eu-west-1"`.
        account: The twelve digits of the owner's account.
        name: `TableName`.
    """

    region: str
    account: str
    name: str

    def __str__(self) -> str:
        name = partition(self.region).name
        return f"arn:{name}:dynamodb:{self.region}:{self.account}:table/{self.name}"

    @classmethod
    def parse(cls, text: str) -> TableArn:
        """Return the parts of a table's ARN.

        Raises:
            ValidationException: The text is no ARN of a table: malformed, or an index's or a
                stream's.

        >>> TableArn.parse("arn:aws:dynamodb:eu-west-1:123456789012:table/music").name
        'music'
        """
        match = _TABLE_ARN.fullmatch(text)
        if match is None:
            raise invalid_table_arn(text)
        return cls(match["region"], match["account"], match["name"])


def table_of_stream(stream_arn: str) -> TableArn | None:
    """Return the table that a stream's ARN names, None where the text is no ARN of a stream.

    >>> table_of_stream("arn:aws:dynamodb:eu-west-1:123456789012:table/music/stream/2023").name
    'music'
    """
    match = _STREAM_ARN.fullmatch(stream_arn)
    return match and TableArn(match["region"], match["account"], match["name"])


def invalid_table_arn(text: str) -> ValidationException:
    """Return the error for an ARN that does not name a table of the region it is sent to."""
    return ValidationException(f"Invalid TableArn: Invalid ResourceArn provided as input {text}")


class Partition(NamedTuple):
    """A part of AWS: a group of regions.

    Args:
        name: The second part of its ARNs: `"aws"`.
        domain: The end of its hosts' names: `"amazonaws.com"`.
    """

    name: str
    domain: str


_AWS = Partition("aws", "amazonaws.com")

# By how their regions' names begin, as botocore's list of partitions has them.
_OTHERS = {
    "cn-": Partition("aws-cn", "amazonaws.com.cn"),
    "eusc-": Partition("aws-eusc", "amazonaws.eu"),
    "us-gov-": Partition("aws-us-gov", "amazonaws.com"),
    "us-iso-": Partition("aws-iso", "c2s.ic.gov"),
    "us-isob-": Partition("aws-iso-b", "sc2s.sgov.gov"),
    "eu-isoe-": Partition("aws-iso-e", "cloud.adc-e.uk"),
    "us-isof-": Partition("aws-iso-f", "csp.hci.ic.gov"),
}


def partition(region: str) -> Partition:
    """Return the part of AWS a region belongs to.

    >>> partition("cn-north-1")
    Partition(name='aws-cn', domain='amazonaws.com.cn')
    >>> partition("eu-west-1").name
    'aws'
    """
    return next((part for prefix, part in _OTHERS.items() if region.startswith(prefix)), _AWS)


def index_arn(table_arn: str, index_name: str) -> str:
    """Return the ARN of a secondary index."""
    return f"{table_arn}/index/{index_name}"


def dated_arn(table_arn: str, kind: str, made_s: float, *, is_system: bool = False) -> str:
    """Return the ARN of what is named by when it was made: a backup, an export, an import.

    Its id is a time in milliseconds, and eight hexadecimal digits: those of a `SYSTEM` backup are
    zeros (AWS in hashicorp/terraform-provider-aws pull request 26771, September 2022).

    >>> dated_arn("arn:aws:dynamodb:eu-west-1:123456789012:table/music", "backup", 1576616366.7155)
    'arn:aws:dynamodb:eu-west-1:123456789012:table/music/backup/01576616366715-04b65634'
    """
    number = f"{int(made_s * 1000):014d}"
    digits = 0 if is_system else zlib.crc32(f"{table_arn}{number}".encode())
    return f"{table_arn}/{kind}/{number}-{digits:08x}"


def stream_label(now_s: float) -> str:
    """Return a stream's label: the time it was enabled, in UTC, to the millisecond.

    >>> stream_label(1438000000.1239)
    '2015-07-27T12:26:40.123'
    """
    moment = datetime.fromtimestamp(int(now_s * 1000) // 1000, timezone.utc)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{int(now_s * 1000) % 1000:03d}"


def stream_arn(table_arn: str, label: str) -> str:
    """Return the ARN of the stream of a table that carries a label."""
    return f"{table_arn}/stream/{label}"
