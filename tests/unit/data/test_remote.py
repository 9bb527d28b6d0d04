"""`dqlmock load` and `dqlmock dump` against a server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import boto3
import pytest

from dqlmock import cli

pytestmark = pytest.mark.skipif(
    find_spec("httptools") is None, reason="no server without its extra"
)


def test_load_and_dump(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dqlmock import Server  # needs the extra

    items = [{"id": str(number), "n": number} for number in range(60)]
    path = tmp_path / "in.json"
    path.write_text(json.dumps({"orders": {"keys": "id", "items": items}}))
    with Server() as server:
        assert cli.main(["load", str(path), "--endpoint", server.endpoint_url]) == 0
        assert capsys.readouterr().out == "1 tables and 60 items loaded\n"
        assert (
            cli.main(["dump", str(tmp_path / "out.json"), "--endpoint", server.endpoint_url]) == 0
        )
        dumped = json.loads((tmp_path / "out.json").read_text())
        assert len(dumped["orders"]["items"]) == 60
        assert (
            cli.main(["load", str(tmp_path / "out.json"), "--endpoint", server.endpoint_url]) == 0
        )
        path.write_text("{")
        assert cli.main(["load", str(path), "--endpoint", server.endpoint_url]) == 2
        assert "in.json, line 1: expected JSON" in capsys.readouterr().err


def load(server: Any, *paths: Path) -> int:
    return cli.main(["load", *map(str, paths), "--endpoint", server.endpoint_url])


@pytest.fixture
def server() -> Iterator[Any]:
    from dqlmock import Server  # needs the extra

    with Server(account="123456789012", region="us-east-1") as running:
        yield running


def client_of(server: Any) -> Any:
    return boto3.client(
        "dynamodb",
        region_name="us-east-1",
        endpoint_url=server.endpoint_url,
        aws_access_key_id="123456789012",
        aws_secret_access_key="x",
    )


def test_tables_that_are_there_need_no_declaration(
    server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = client_of(server)
    for number in range(102):  # more than ListTables shows at once
        client.create_table(
            TableName=f"tab-{number:03}",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "N"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            ProvisionedThroughput={"ReadCapacityUnits": 3, "WriteCapacityUnits": 4},
        )
    (tmp_path / "tab-101.csv").write_text("id,name\n1,ada\n2,bob\n2,eve\n")
    assert load(server, tmp_path) == 0
    assert capsys.readouterr().out == "0 tables and 2 items loaded\n"
    assert client.get_item(TableName="tab-101", Key={"id": {"N": "2"}})["Item"]["name"] == {
        "S": "eve"
    }
    (tmp_path / "tab-101.csv").write_text("id,name\n3,ada\nx,bob\n")
    assert load(server, tmp_path) == 2
    assert "tab-101.csv, line 3: " in capsys.readouterr().err
    assert client.scan(TableName="tab-101")["Count"] == 2
    (tmp_path / "tab-101.csv").unlink()
    (tmp_path / "tables.json").write_text('{"tab-101": {"keys": "other", "items": []}}')
    (tmp_path / "tab-101.jsonl").write_text('{"id": 3}')
    assert load(server, tmp_path) == 2
    assert "tables.json, line 1: The table 'tab-101' is there already" in capsys.readouterr().err


def test_templates_make_tables(server: Any, tmp_path: Path) -> None:
    template = {
        "Resources": {
            "Shop": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "TableName": "shop",
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "BillingMode": "PAY_PER_REQUEST",
                    "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
                },
            }
        }
    }
    (tmp_path / "stack.json").write_text(json.dumps(template))
    (tmp_path / "shop.csv").write_text("id\n1\n")
    assert load(server, tmp_path) == 0
    client = client_of(server)
    assert client.scan(TableName="shop")["Count"] == 1
    described = client.describe_time_to_live(TableName="shop")["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


def test_what_is_left_unprocessed_is_sent_again(server: Any, tmp_path: Path) -> None:
    items = [{"id": str(number)} for number in range(30)]
    (tmp_path / "in.json").write_text(json.dumps({"orders": {"keys": "id", "items": items}}))
    server.faults.on("BatchWriteItem").leave_unprocessed(10, times=2)
    assert load(server, tmp_path) == 0
    assert client_of(server).scan(TableName="orders")["Count"] == 30


def test_what_is_never_processed_is_told(
    server: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("dqlmock.data.remote._PAUSE_S", 0)
    (tmp_path / "in.json").write_text('{"orders": {"keys": "id", "items": [{"id": "1"}]}}')
    server.faults.on("BatchWriteItem").leave_unprocessed(1, times=10)
    assert load(server, tmp_path) == 2
    assert "left items unprocessed, 10 times" in capsys.readouterr().err


def test_a_dump_keeps_what_defines_a_table(server: Any, tmp_path: Path) -> None:
    client = client_of(server)
    units = {"ReadCapacityUnits": 3, "WriteCapacityUnits": 4}
    index = {
        "IndexName": "by_n",
        "KeySchema": [{"AttributeName": "n", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
        "ProvisionedThroughput": units,
    }
    client.create_table(
        TableName="tab",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("id", "n")
        ],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        ProvisionedThroughput=units,
        GlobalSecondaryIndexes=[index],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        TableClass="STANDARD_INFREQUENT_ACCESS",
    )
    out = tmp_path / "out.json"
    assert cli.main(["dump", str(out), "--endpoint", server.endpoint_url]) == 0
    before = client.describe_table(TableName="tab")["Table"]
    server.db.reset()
    assert load(server, out) == 0
    after = client.describe_table(TableName="tab")["Table"]
    for member in ("KeySchema", "StreamSpecification", "TableClassSummary"):
        assert after[member] == before[member]
    for described in (after, *after["GlobalSecondaryIndexes"]):
        assert described["ProvisionedThroughput"]["WriteCapacityUnits"] == 4


def test_a_terminal_is_shown_how_far_it_is(
    server: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    items = [{"id": str(number % 20)} for number in range(30)]
    (tmp_path / "in.json").write_text(json.dumps({"orders": {"keys": "id", "items": items}}))
    assert load(server, tmp_path) == 0
    checked, sent, _ = capsys.readouterr().err.split("\n")
    assert checked.endswith(f"[{'#' * 40}] 30/30 items checked")
    assert sent.endswith(f"[{'#' * 40}] 20/20 items loaded")
    out = tmp_path / "out.json"
    assert cli.main(["dump", str(out), "--endpoint", server.endpoint_url]) == 0
    assert capsys.readouterr().err.endswith(f"[{'#' * 40}] 20/20 items read\n")
