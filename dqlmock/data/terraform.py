"""Tables from Terraform's `aws_dynamodb_table`.

Owns what differs between that resource and CreateTable
(https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table).
The language is parsed by python-hcl2, an optional dependency.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from dqlmock.data.contents import Contents
from dqlmock.data.faults import DataFileError
from dqlmock.data.tables import Definition
from dqlmock.errors import DqlmockError

_TYPE: Final = "aws_dynamodb_table"
_VARIABLE: Final = re.compile(r"\$\{\s*var\.(\w+)\s*\}")
_OPEN: Final = re.compile(r"\$\{")


def read_terraform(path: Path, text: str) -> Contents:
    """Return the tables of a Terraform file; its other resources are none of ours.

    Raises:
        DataFileError: It is none, or a name takes Terraform to know.
        DqlmockError: python-hcl2 is not installed.
    """
    document = _parse(path, text)
    defaults = {
        name: block["default"]
        for variable in document.get("variable", ())
        for name, block in variable.items()
        if "default" in block
    }
    contents = Contents(path, _line_finder(text))
    for resource in document.get("resource", ()):
        for name, block in resource.get(_TYPE, {}).items():
            contents.tables.append((_request(contents, name, block, defaults), name))
    return contents


def _request(contents: Contents, name: str, block: Any, defaults: Mapping[str, Any]) -> Definition:
    try:
        return dict(_members(_resolve(block, defaults)))
    except KeyError as error:
        raise contents.fault(name, f"expected a table with {error.args[0]}") from error
    except ValueError as error:
        raise contents.fault(name, str(error)) from error


def _parse(path: Path, text: str) -> Any:
    try:
        import hcl2  # the extra `hcl`
        from lark.exceptions import UnexpectedInput  # what it raises
    except ModuleNotFoundError as error:
        raise DqlmockError(
            f"{path}: Terraform takes python-hcl2: pip install 'dqlmock[hcl]'"
        ) from error
    try:
        return _unquoted(hcl2.load(io.StringIO(text)))
    except UnexpectedInput as error:
        raise DataFileError(path, error.line, "expected Terraform's language") from error


def _unquoted(value: Any) -> Any:
    """Return values without the quotes that python-hcl2 leaves around text and labels."""
    if isinstance(value, list):
        return [_unquoted(member) for member in value]
    if isinstance(value, Mapping):
        return {_unquoted(name): _unquoted(member) for name, member in value.items()}
    return value[1:-1] if isinstance(value, str) and value[:1] == '"' else value


def _line_finder(text: str) -> Callable[[Any], int | None]:
    def line_of(name: Any) -> int | None:
        found = re.search(rf'"?{_TYPE}"?\s+"?{re.escape(name)}"?', text)
        return None if found is None else text.count("\n", 0, found.start()) + 1

    return line_of


def _resolve(value: Any, defaults: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_resolve(member, defaults) for member in value]
    if isinstance(value, Mapping):
        return {name: _resolve(member, defaults) for name, member in value.items()}
    if not isinstance(value, str):
        return value
    resolved = _VARIABLE.sub(lambda match: str(defaults.get(match[1], match[0])), value)
    if _OPEN.search(resolved):
        raise ValueError(f"{value!r} takes Terraform to know; variables need a default")
    return resolved


def _members(block: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "TableName", block["name"]
    yield (
        "AttributeDefinitions",
        [
            {"AttributeName": each["name"], "AttributeType": each["type"]}
            for each in block.get("attribute", ())
        ],
    )
    yield "KeySchema", _key_schema(block)
    mode = block.get("billing_mode", "PROVISIONED")
    yield "BillingMode", mode
    yield from _throughput(block, mode)
    for member, blocks in (
        ("GlobalSecondaryIndexes", block.get("global_secondary_index")),
        ("LocalSecondaryIndexes", block.get("local_secondary_index")),
    ):
        if blocks:
            yield member, [_index(each, block, mode) for each in blocks]
    yield from _options(block)


def _options(block: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if block.get("stream_enabled"):
        view_type = block.get("stream_view_type")
        yield "StreamSpecification", {"StreamEnabled": True, "StreamViewType": view_type}
    if block.get("deletion_protection_enabled"):
        yield "DeletionProtectionEnabled", True
    if "table_class" in block:
        yield "TableClass", block["table_class"]
    if block.get("tags"):
        yield "Tags", [{"Key": key, "Value": str(tag)} for key, tag in block["tags"].items()]
    for ttl in block.get("ttl", ()):
        if ttl.get("enabled", True):
            name = ttl["attribute_name"]
            yield "TimeToLiveSpecification", {"Enabled": True, "AttributeName": name}


def _index(index: Mapping[str, Any], table: Mapping[str, Any], mode: str) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": index["projection_type"]}
    if index.get("non_key_attributes"):
        projection["NonKeyAttributes"] = index["non_key_attributes"]
    keys = index if "hash_key" in index else {**index, "hash_key": table["hash_key"]}
    request = {"IndexName": index["name"], "KeySchema": _key_schema(keys), "Projection": projection}
    return {**request, **dict(_throughput(index, mode))}


def _key_schema(block: Mapping[str, Any]) -> list[dict[str, str]]:
    kinds = (("hash_key", "HASH"), ("range_key", "RANGE"))
    return [
        {"AttributeName": block[member], "KeyType": kind}
        for member, kind in kinds
        if member in block
    ]


def _throughput(block: Mapping[str, Any], mode: str) -> Iterator[tuple[str, Any]]:
    # Terraform's provider leaves units out of what it sends for a table on demand.
    if mode == "PROVISIONED" and ("read_capacity" in block or "write_capacity" in block):
        reads, writes = int(block["read_capacity"]), int(block["write_capacity"])
        yield "ProvisionedThroughput", {"ReadCapacityUnits": reads, "WriteCapacityUnits": writes}
