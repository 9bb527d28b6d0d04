"""Files of every format, and what is said of bad ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import boto3
import pytest

from dqlmock import dql_mock
from dqlmock.data.faults import DataFileError
from dqlmock.data.load import load
from dqlmock.errors import DqlmockError
from tests.engine_state import state_of

needs_yaml = pytest.mark.skipif(find_spec("yaml") is None, reason="PyYAML is not installed")
needs_hcl = pytest.mark.skipif(find_spec("hcl2") is None, reason="python-hcl2 is not installed")

YAML = """
orders:
  keys: customer, placed:N
  items:
    - {customer: ada, placed: 1, price: 12.50, at: 2026-01-01, tags: [a, null, true]}
    - {customer: bob, placed: 2}
"""
TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: dev}
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub orders-${Stage}
      AttributeDefinitions:
        - {AttributeName: id, AttributeType: S}
        - {AttributeName: c, AttributeType: S}
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - IndexName: by_c
          KeySchema: [{AttributeName: c, KeyType: HASH}]
          Projection: {ProjectionType: ALL}
          ProvisionedThroughput: {ReadCapacityUnits: "2", WriteCapacityUnits: 3}
      ProvisionedThroughput: {ReadCapacityUnits: "5", WriteCapacityUnits: 5}
      StreamSpecification: {StreamViewType: KEYS_ONLY}
      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}
"""
TERRAFORM = """
variable "stage" {
  default = "dev"
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders-${var.stage}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  range_key    = "n"
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "n"
    type = "N"
  }
  global_secondary_index {
    name               = "by_n"
    read_capacity      = 1 # of no use on demand, but modules have it
    write_capacity     = 1
    hash_key           = "n"
    projection_type    = "INCLUDE"
    non_key_attributes = ["note"]
  }
  ttl {
    attribute_name = "ttl"
    enabled        = true
  }
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
  tags = { team = "shop" }
}
"""


@pytest.fixture
def db() -> Iterator[Any]:
    with dql_mock() as running:
        yield running


def items(table: str) -> list[Any]:
    found: list[Any] = boto3.resource("dynamodb").Table(table).scan()["Items"]
    return sorted(found, key=str)


def described(table: str) -> Any:
    return boto3.client("dynamodb").describe_table(TableName=table)["Table"]


@needs_yaml
def test_yaml(db: Any, tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(YAML)
    loaded = db.load(tmp_path)
    assert (loaded.tables, loaded.items) == (1, 2)
    ada, bob = items("orders")
    assert ada["price"] == Decimal("12.50")
    assert ada["at"] == "2026-01-01"
    assert ada["tags"] == ["a", None, True]
    assert bob == {"customer": "bob", "placed": Decimal(2)}


def test_json_of_every_shape(db: Any, tmp_path: Path) -> None:
    request = {
        "TableName": "whole",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    }
    wire = {"id": {"S": "1"}, "n": {"N": "1.0"}}
    files: dict[str, Any] = {
        "a.json": request,
        "b.json": {"whole": [{"id": "plain", "n": 1.5, "m": {"S": "a map"}}]},
        "c.json": {"whole": [{"PutRequest": {"Item": {**wire, "id": {"S": "batch"}}}}]},
        "d/whole.json": {"Items": [{**wire, "id": {"S": "scan"}}], "Count": 1},
        "e/whole.json": [{"id": "list"}],
        "f.json": {"short": {"keys": "id", "items": [{"id": "x"}]}},
    }
    for name, document in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(document, indent=1))
    lines = "\n".join(json.dumps({"Item": {"id": {"S": f"line {n}"}}}) for n in range(3))
    (tmp_path / "g").mkdir()
    (tmp_path / "g/whole.json.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "g/whole.jsonl").write_text('{"id": "plain line"}\n')
    (tmp_path / "README.md").write_text("no data")
    db.load(tmp_path)
    names = {item["id"] for item in items("whole")}
    assert names == {
        "plain", "batch", "scan", "list", "line 0", "line 1", "line 2", "plain line",
    }  # fmt: skip
    assert items("short") == [{"id": "x"}]
    assert [item["m"] for item in items("whole") if "m" in item] == [{"S": "a map"}]


def test_lines_of_json_end_where_json_says(db: Any, tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_text('{"orders": {"keys": "id"}}')
    texts = ["a\u2028b", "c\x85d"]
    lines = "\r\n".join(json.dumps({"id": text}, ensure_ascii=False) for text in texts)
    (tmp_path / "orders.jsonl").write_bytes(lines.encode())
    db.load(tmp_path)
    assert {item["id"] for item in items("orders")} == set(texts)


def test_lines_of_both_kinds_keep_every_digit(db: Any, tmp_path: Path) -> None:
    exact = "1234567890123456789.0123456789"
    (tmp_path / "tables.json").write_text('{"orders": {"keys": "id"}}')
    lines = [
        f'{{"id": {{"S": "a"}}, "n": {{"N": "{exact}"}}}}',
        f'{{"id": "b", "n": {exact}}}',
        f'{{"id": {{"S": "c"}}, "n": {{"N": "{exact}"}}}}',
        f'{{"id": "d", "n": {exact}}}',
    ]
    (tmp_path / "orders.jsonl").write_text("\n".join(lines))
    db.load(tmp_path)
    found = {item["id"]: str(item["n"]) for item in items("orders")}
    assert found == dict.fromkeys("abcd", exact)


def test_a_line_with_a_number_that_is_none(db: Any, tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text('{"orders": {"keys": "id"}}')
    (tmp_path / "orders.jsonl").write_text('{"id": "a", "n": NaN}')
    with pytest.raises(DataFileError, match=r"expected text, a number, .* found nan"):
        db.load(tmp_path)


PACKED = gzip.compress(b'[{"id": "1"}]')


@pytest.mark.parametrize(
    "content", [b"[]", PACKED[:-9], PACKED[:12] + bytes(8) + PACKED[20:]], ids=["no", "cut", "bad"]
)
def test_a_file_that_is_not_packed_as_its_name_says(
    db: Any, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "orders.json.gz"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match="expected a file packed by gzip") as caught:
        db.load(tmp_path)
    assert caught.value.path == path


def test_csv(db: Any, tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_text('{"orders": {"keys": "id, n:N"}}')
    (tmp_path / "orders.csv").write_text(
        "id,n,price:N,paid:BOOL,tags:L,note\n"
        'a,1,12.50,TRUE,"[1,""x""]",\n'
        '"b\nc",2,,,,"with, comma"\n'
    )
    db.load(tmp_path)
    first, second = items("orders")
    assert first == {
        "id": "a", "n": 1, "price": Decimal("12.50"), "paid": True, "tags": [1, "x"],
    }  # fmt: skip
    assert second == {"id": "b\nc", "n": 2, "note": "with, comma"}


@needs_yaml
def test_cloudformation(db: Any, tmp_path: Path) -> None:
    (tmp_path / "template.yml").write_text(TEMPLATE)
    db.load(tmp_path / "template.yml")
    table = described("orders-dev")
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    assert table["GlobalSecondaryIndexes"][0]["ProvisionedThroughput"]["WriteCapacityUnits"] == 3
    assert table["StreamSpecification"]["StreamViewType"] == "KEYS_ONLY"
    ttl = boto3.client("dynamodb").describe_time_to_live(TableName="orders-dev")
    assert ttl["TimeToLiveDescription"]["AttributeName"] == "ttl"


@needs_hcl
def test_terraform(db: Any, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM)
    db.load(tmp_path)
    table = described("orders-dev")
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["id", "n"]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["Projection"] == {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]}
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"
    tags = boto3.client("dynamodb").list_tags_of_resource(ResourceArn=table["TableArn"])
    assert tags["Tags"] == [{"Key": "team", "Value": "shop"}]


MANY_UNITS = {
    "Resources": {
        "T": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {"ProvisionedThroughput": {"ReadCapacityUnits": "many"}},
        }
    }
}

BAD = {
    "syntax.json": ('{"t": [\n{"id": 1}\n', 3, "expected JSON: "),
    "shape.json": ('{\n"t":\n {"nothing": 1}}', 3, "expected table 't' to have keys"),
    "text.json": ('"text"', 1, "expected tables or items"),
    "item.json": ('{"good":\n [{"id": "1"},\n {"no": 1}]}', 3, "Missing the key id in the item"),
    "none.json": ('[{"id": "1"}]', 1, "expected a table 'none'"),
    "no_list.json": ('{"good": {\n"items": 1}}', 1, "expected a list of items"),
    "keys.json": ('{"x": {"keys": "a:Q"}}', 1, "The keys of a table look like"),
    "twice.json": ('{\n"good": {"keys": "other"}}', 2, "is there already"),
    "refused.json": ('{"x!": {"keys": "id"}}', 1, "The table 'x!' can't be created: "),
    "wire.json": ('{"good": [\n{"id": {"S": 1}}]}', 2, ""),
    "number.json": ('{"x": {"keys": 3}}', 1, "those of 'x' are 3"),
    "member.json": (
        '{"x": {"keys": "id", "itmes": []}}',
        1,
        "table 'x' has no member 'itmes'. Did you mean 'items'?",
    ),
    "template.json": (
        '{"Resources":\n{"T": {"Type": "AWS::DynamoDB::Table", "Properties": 3}}}',
        2,
        "expected the properties of a AWS::DynamoDB::Table",
    ),
    "units.json": (json.dumps(MANY_UNITS, indent=1), 3, "expected a number, found 'many'"),
    "deep.json": ("[" * 100_000, None, "expected JSON that is nested less deeply"),
    "deep.jsonl": ("\n" + "[" * 100_000, 2, "expected JSON that is nested less deeply"),
    "good.jsonl": ('{"id": "1"}\n\n{"id": "2"\n', 3, "expected JSON: "),
    "good.csv": ("id,n:N\n1,1\n2,x\n", 3, "numeric value"),
    "head.csv": ("id,n:Q\n", 1, "expected a column like name or name:N"),
    "columns.csv": ("id,n\n1,2,3\n", 2, "expected 2 columns, found 3"),
    "boolean.csv": ("id,b:BOOL\n1,maybe\n", 2, "column b: expected true or false, found 'maybe'"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_and_nothing_is_loaded(db: Any, tmp_path: Path, name: str) -> None:
    text, line, reason = BAD[name]
    (tmp_path / "a_good.json").write_text('{"good": {"keys": "id", "items": [{"id": "0"}]}}')
    (tmp_path / name).write_text(text)
    before = state_of(db.engine)
    with pytest.raises(DataFileError) as caught:
        db.load(tmp_path)
    assert caught.value.path == tmp_path / name
    assert caught.value.line == line
    assert reason in str(caught.value)
    assert state_of(db.engine) == before


BAD_YAML = {
    "empty.yaml": ("", 1, "expected tables or items, found None"),
    "comment.yaml": ("# nothing\n", 1, "expected tables or items, found None"),
    "syntax.yaml": ("a: [\n", 2, "expected YAML: "),
    "item.yaml": ("good:\n  - id: x\n  - no: 1\n", 3, "Missing the key id in the item"),
    "import.yaml": (
        "Resources:\n  T: {Type: AWS::DynamoDB::Table, Properties: {TableName: !ImportValue x}}",
        2,
        "Fn::ImportValue takes AWS to know",
    ),
}


@needs_yaml
@pytest.mark.parametrize("name", BAD_YAML)
def test_bad_yaml_is_told_by_its_line(db: Any, tmp_path: Path, name: str) -> None:
    text, line, reason = BAD_YAML[name]
    (tmp_path / "a_good.json").write_text('{"good": {"keys": "id"}}')
    (tmp_path / name).write_text(text)
    with pytest.raises(DataFileError) as caught:
        db.load(tmp_path)
    assert (caught.value.path, caught.value.line) == (tmp_path / name, line)
    assert reason in caught.value.reason


@needs_hcl
@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (('default = "dev"', ""), 6, "takes Terraform to know"),
        (('name         = "orders-${var.stage}"', ""), 6, "expected a table with name"),
        (("resource", "resource }"), 6, "expected Terraform's language"),
    ],
)
def test_bad_terraform_is_told_by_its_line(
    db: Any, tmp_path: Path, change: tuple[str, str], line: int, reason: str
) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM.replace(*change))
    with pytest.raises(DataFileError) as caught:
        db.load(tmp_path)
    assert (caught.value.line, caught.value.reason.find(reason) >= 0) == (line, True)


def test_files_that_are_not_there_or_no_data(db: Any, tmp_path: Path) -> None:
    with pytest.raises(DqlmockError, match="There is no file"):
        db.load(tmp_path / "missing.json")
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(DataFileError, match=r"expected a file named \.yaml"):
        db.load(tmp_path / "notes.txt")
    (tmp_path / "t.json").write_bytes(b'{"t":\n\xff}')
    with pytest.raises(DataFileError, match="line 2: expected UTF-8"):
        db.load(tmp_path / "t.json")


def test_progress_is_told(db: Any, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    line = '{"Item":{"id":{"S":"%d"},"n":{"N":"1"},"note":{"S":"some text of an item"}}}\n'
    path.write_text("".join(line % number for number in range(2_500)))
    (tmp_path / "a.json").write_text('{"many": {"keys": "id"}}')
    told: list[tuple[int, ...]] = []
    load(db.engine, [tmp_path], db.account, "us-east-1", lambda *progress: told.append(progress))
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]
