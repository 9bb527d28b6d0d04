"""botocore's own service model, loaded on first use.

Owns the translation of the model's JSON into `Shape`. Knows no AWS message, and nothing of what
AWS does differently from the model: that stands in `overlay`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of a service model, with what its constraints say.

    Args:
        name: `"KeySchemaElement"`.
        kind: The model's type: `"structure"`, `"list"`, `"map"`, `"string"`, `"integer"`, …
        members: Of a structure, in the model's order: member name → shape name.
        required: Of a structure: members that may not be null.
        element: Of a list or a map: the shape of its members or values.
        key: Of a map: the shape of its keys.
        minimum: Smallest value of a number; smallest length of anything else.
        maximum: Largest value, or length.
        pattern: The regular expression that the whole string must match, as AWS prints it.
        enum: The values a string may take, in the order in which AWS prints them.
        accepts_arn: The ARN of a table passes in place of its name.
        reports_once: Only the first constraint that the value breaks is reported.
        unchecked: The constraints of the shape itself are not checked as such.
        report_first: Of a structure: members whose violations are reported before the others'.
    """

    name: str
    kind: str
    members: Mapping[str, str]
    required: tuple[str, ...] = ()
    element: str = ""
    key: str = ""
    minimum: int | None = None
    maximum: int | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    accepts_arn: bool = False
    reports_once: bool = False
    unchecked: bool = False
    report_first: tuple[str, ...] = ()


class ServiceModel:
    """The shapes and operations of one service.

    Args:
        raw: A `service-2.json` document, as botocore's loader returns it.

    >>> dynamodb = service_model("dynamodb")
    >>> dynamodb.shape("KeyType").enum
    ('HASH', 'RANGE')
    >>> list(dynamodb.input_shape("DeleteTable").members)
    ['TableName']
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw

    def shape(self, name: str) -> Shape:
        """Return the shape of that name.

        Raises:
            KeyError: The model has no such shape.
        """
        raw = self._raw["shapes"][name]
        members = raw.get("members", {})
        return Shape(
            name=name,
            kind=raw["type"],
            members={member: reference["shape"] for member, reference in members.items()},
            required=tuple(raw.get("required", ())),
            element=raw.get("member", raw.get("value", {})).get("shape", ""),
            key=raw.get("key", {}).get("shape", ""),
            minimum=raw.get("min"),
            maximum=raw.get("max"),
            pattern=raw.get("pattern"),
            enum=tuple(raw.get("enum", ())),
        )

    def input_shape(self, operation: str) -> Shape:
        """Return the structure that an operation takes.

        Raises:
            KeyError: The service has no such operation.
        """
        reference = self._raw["operations"][operation].get("input")
        if reference is None:
            return Shape(f"{operation}Input", "structure", {})
        return self.shape(reference["shape"])

    def output_shape(self, operation: str) -> Shape:
        """Return the structure that an operation answers.

        Raises:
            KeyError: The service has no such operation.

        >>> "UnprocessedKeys" in service_model("dynamodb").output_shape("BatchGetItem").members
        True
        """
        reference = self._raw["operations"][operation].get("output")
        if reference is None:
            return Shape(f"{operation}Output", "structure", {})
        return self.shape(reference["shape"])

    def error_shapes(self, operation: str) -> list[str]:
        """Return the names of the errors that the model lists for an operation.

        >>> "ConditionalCheckFailedException" in service_model("dynamodb").error_shapes("PutItem")
        True
        """
        errors = self._raw["operations"][operation].get("errors", ())
        return [reference["shape"] for reference in errors]

    def operations(self) -> list[str]:
        """Return the names of all operations.

        >>> "GetRecords" in service_model("dynamodbstreams").operations()
        True
        """
        return list(self._raw["operations"])


@cache
def service_model(service: str) -> ServiceModel:
    """Return the model of a service, read from botocore's data on the first call (30 ms).

    Args:
        service: botocore's name of it: `"dynamodb"` or `"dynamodbstreams"`.
    """
    return ServiceModel(json.loads(_newest_document(service)))


def _newest_document(service: str) -> bytes:
    # botocore's Loader would do, but importing it takes as long as all of dqlmock.
    spec = find_spec("botocore")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    versions = Path(spec.submodule_search_locations[0], "data", service)
    newest = max(version for version in versions.iterdir() if version.is_dir())
    packed = newest / "service-2.json.gz"
    if packed.exists():
        return zlib.decompress(packed.read_bytes(), wbits=31)
    return (newest / "service-2.json").read_bytes()
