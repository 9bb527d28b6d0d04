"""A whole engine to one file and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from dqlmock import TableDelays, dql_mock
from dqlmock.data.faults import DataFileError
from dqlmock.errors import DqlmockError
from tests.engine_state import check, state_of

TABLES: dict[str, Any] = {
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "n", "AttributeType": "N"},
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_n",
            "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]},
            "ProvisionedThroughput": {"ReadCapacityUnits": 2, "WriteCapacityUnits": 2},
        }
    ],
    "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    "TableClass": "STANDARD_INFREQUENT_ACCESS",
    "Tags": [{"Key": "team", "Value": "shop"}],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
}


@pytest.fixture
def db() -> Iterator[Any]:
    with dql_mock() as running:
        yield running


def fill(region: str) -> None:
    client = boto3.client("dynamodb", region_name=region)
    client.create_table(TableName="tab", **TABLES)
    specification = {"Enabled": True, "AttributeName": "ttl"}
    client.update_time_to_live(TableName="tab", TimeToLiveSpecification=specification)
    for number in range(20):
        item: dict[str, Any] = {"pk": {"S": f"é {number}"}, "n": {"N": str(number % 3)}}
        item["ttl"] = {"N": "99999999999"}
        item["bytes"] = {"B": b"\x00\xff"}
        client.put_item(TableName="tab", Item=item)


def without_streams(state: dict[str, Any]) -> dict[str, Any]:
    """Streams begin anew: the rest is as it was."""
    for database in state["databases"].values():
        del database["streams"]
        for table in database["tables"].values():
            del table["stream"]
            settings = table["settings"]
            start = settings.index("stream=StreamSettings")
            table["settings"] = settings[:start] + settings[settings.index("time_to_live=") :]
    return state


@pytest.mark.parametrize("name", ["all.dql", "all.dql.gz"])
def test_all_is_back(db: Any, tmp_path: Path, name: str) -> None:
    fill("us-east-1")
    fill("eu-west-1")
    before = without_streams(state_of(db.engine))
    db.dump(tmp_path / name)
    db.engine.reset()
    boto3.client("dynamodb").create_table(TableName="other", **TABLES)
    db.restore(tmp_path / name)
    assert without_streams(state_of(db.engine)) == before
    check(db.engine)
    table = boto3.client("dynamodb").describe_table(TableName="tab")["Table"]
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    assert table["LatestStreamArn"]


def test_a_table_that_is_being_changed_is_not_dumped(tmp_path: Path) -> None:
    with dql_mock(delays=TableDelays(create_s=10)) as db:
        boto3.client("dynamodb").create_table(TableName="tab", **TABLES)
        with pytest.raises(DqlmockError, match="The table 'tab' is CREATING"):
            db.dump(tmp_path / "file")
    assert not (tmp_path / "file").exists()


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (lambda lines: [b"{}\n"], 1, "expected a dump of dqlmock"),
        (lambda lines: [lines[0], b"{}\n"], 2, "expected the keys and settings of a table"),
        (lambda lines: lines[:5], 6, "expected an item: the table has 20"),
        (lambda lines: [*lines[:3], b"{no\n"], 4, "expected a line of a dump"),
    ],
)
def test_a_bad_dump_is_told_and_changes_nothing(
    db: Any, tmp_path: Path, change: Any, line: int, reason: str
) -> None:
    fill("us-east-1")
    db.dump(tmp_path / "file")
    lines = (tmp_path / "file").read_bytes().splitlines(keepends=True)
    (tmp_path / "bad").write_bytes(b"".join(change(lines)))
    before = state_of(db.engine)
    with pytest.raises(DataFileError) as caught:
        db.restore(tmp_path / "bad")
    assert caught.value.line == line
    assert reason in caught.value.reason
    assert state_of(db.engine) == before
