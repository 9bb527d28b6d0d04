"""The service model: what it is read as, and when."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dqlmock.shapes import request_shape
from dqlmock.shapes.model import ServiceModel, service_model
from dqlmock.shapes.overlay import TABLE, compile_pattern, is_table_arn
from dqlmock.shapes.request import RequestShape

EVERY_OPERATION = [
    (service, operation)
    for service in ("dynamodb", "dynamodbstreams")
    for operation in service_model(service).operations()
]


@pytest.mark.parametrize(("service", "operation"), EVERY_OPERATION)
def test_every_operation_compiles(service: str, operation: str) -> None:
    shape = request_shape(operation, service)
    assert shape.decode({}) == {}
    added = {"TableThroughputMode"} if operation in {"CreateTable", "UpdateTable"} else set()
    members = service_model(service).input_shape(operation).members.keys()
    assert shape.members == members | added


def test_compiled_once() -> None:
    assert request_shape("PutItem") is request_shape("PutItem")


def test_threads_share_a_shape() -> None:
    def check(_: int) -> None:
        request_shape("TagResource").check({"ResourceArn": "a", "Tags": []})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(check, range(64)))


@pytest.mark.parametrize(
    ("operation", "service"),
    [("PutItems", "dynamodb"), ("GetRecords", "dynamodb"), ("PutItem", "dynamodbstreams")],
)
def test_unknown_operation(operation: str, service: str) -> None:
    with pytest.raises(KeyError):
        request_shape(operation, service)


def test_import_reads_no_model() -> None:
    code = (
        "import dqlmock.shapes.request as r, dqlmock.shapes.model as m\n"
        "assert m.service_model.cache_info().currsize == 0\n"
        "r.request_shape('PutItem')\n"
        "assert m.service_model.cache_info().currsize == 1\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_row_has_evidence_and_a_target_of_its_own() -> None:
    assert all(row.evidence for row in TABLE)
    assert len({row.target for row in TABLE}) == len(TABLE)


def test_every_row_hits_something() -> None:
    targets = {"operation"}
    for service in ("dynamodb", "dynamodbstreams"):
        raw = service_model(service)._raw
        owners = {name: shape.get("members", {}) for name, shape in raw["shapes"].items()}
        for operation in raw["operations"]:
            owners[operation] = service_model(service).input_shape(operation).members
        for owner, members in owners.items():
            targets |= {owner, *(f"{owner}.{m}" for m in members), *(f"*.{m}" for m in members)}
    assert {row.target for row in TABLE} <= targets


def test_every_enum_row_has_the_model_s_values() -> None:
    for row in TABLE:
        if "enum" in row.change:
            assert set(row.change["enum"]) == set(service_model("dynamodb").shape(row.target).enum)


def test_every_pattern_compiles() -> None:
    for service in ("dynamodb", "dynamodbstreams"):
        for shape in service_model(service)._raw["shapes"].values():
            if "pattern" in shape:
                assert compile_pattern(shape["pattern"]) is not None


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        (r"\p{Print}+", "a ~", "a\n"),
        (
            r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*",
            "a\N{GRINNING FACE}\n",
            "a\0",
        ),
        (r"\w+", "abc", "é"),
    ],
)
def test_patterns_are_java_s(pattern: str, matching: str, other: str) -> None:
    compiled = compile_pattern(pattern)
    assert compiled is not None
    assert compiled.fullmatch(matching)
    assert not compiled.fullmatch(other)


def old_model() -> ServiceModel:
    """A model as it was before tables' names could be ARNs, and without the members of today."""
    element = {
        "type": "structure",
        "required": ["AttributeName", "KeyType"],
        "members": {"AttributeName": {"shape": "Text"}, "KeyType": {"shape": "Text"}},
    }
    table = {"type": "string", "min": 3, "max": 255, "pattern": "[a-zA-Z0-9_.-]+"}
    raw: dict[str, Any] = {
        "operations": {
            "CreateTable": {"input": {"shape": "CreateTableInput"}},
            "DeleteTable": {"input": {"shape": "DeleteTableInput"}},
            "DescribeLimits": {},
        },
        "shapes": {
            "CreateTableInput": {
                "type": "structure",
                "required": ["TableName", "KeySchema", "AttributeDefinitions"],
                "members": {"TableName": {"shape": "TableName"}, "KeySchema": {"shape": "Keys"}},
            },
            "DeleteTableInput": {
                "type": "structure",
                "required": ["TableName"],
                "members": {"TableName": {"shape": "TableName"}},
            },
            "Keys": {"type": "list", "member": {"shape": "Element"}, "min": 1, "max": 2},
            "Element": element,
            "TableName": table,
            "Text": {"type": "string"},
        },
    }
    return ServiceModel(raw)


def test_older_models() -> None:
    model = old_model()
    RequestShape(model, "CreateTable").check({"TableName": "abc"})
    RequestShape(model, "DeleteTable").check({"TableName": "a"})
    RequestShape(model, "DeleteTable").check(
        {"TableName": "arn:aws:dynamodb:us-east-1:123456789012:table/abc"}
    )
    assert RequestShape(model, "CreateTable").decode({"WarmThroughput": {}}) == {}
    assert RequestShape(model, "DescribeLimits").decode({"A": 1}) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("arn:aws:dynamodb:us-east-1:123456789012:table/abc", True),
        ("arn:aws-us-gov:dynamodb:us-gov-west-1:123456789012:table/a.b-c_D", True),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/ab", False),
        ("arn:aws:dynamodb:us-east-1:12345:table/abc", False),
        ("arn:aws:dynamodb:us-east-1:123456789012:table/abc/index/i", False),
        ("arn:aws:s3:us-east-1:123456789012:table/abc", False),
        ("abc", False),
    ],
)
def test_table_arn(text: str, expected: bool) -> None:
    assert is_table_arn(text) is expected
