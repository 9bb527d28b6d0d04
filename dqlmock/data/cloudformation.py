"""Tables from a CloudFormation or SAM template.

Owns what differs between AWS::DynamoDB::Table and CreateTable
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dqlmock.data.contents import Contents

_TYPE: Final = "AWS::DynamoDB::Table"
_SAME: Final = (
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "LocalSecondaryIndexes",
    "BillingMode",
    "ProvisionedThroughput",
    "OnDemandThroughput",
    "WarmThroughput",
    "TableClass",
    "DeletionProtectionEnabled",
    "Tags",
    "TimeToLiveSpecification",
)
_INDEX: Final = (
    "IndexName",
    "KeySchema",
    "Projection",
    "ProvisionedThroughput",
    "OnDemandThroughput",
    "WarmThroughput",
)
_VARIABLE: Final = re.compile(r"\$\{([^!}][^}]*)\}")


def is_template(document: Any) -> bool:
    """Tell whether a document is a template."""
    return isinstance(document, Mapping) and isinstance(document.get("Resources"), Mapping)


def add_tables(contents: Contents, template: Mapping[str, Any]) -> None:
    """Add the tables of a template; its other resources are none of ours.

    Raises:
        DataFileError: A property that takes AWS to know.
    """
    for name, resource in template["Resources"].items():
        if isinstance(resource, Mapping) and resource.get("Type") == _TYPE:
            place = ("Resources", name)
            try:
                properties = _Resolver(template).resolve(resource.get("Properties") or {})
                members = dict(_members(name, properties))
            except ValueError as error:
                raise contents.fault(place, str(error)) from error
            except (AttributeError, TypeError) as error:  # a map where a list belongs, and so on
                raise contents.fault(place, f"expected the properties of a {_TYPE}") from error
            contents.tables.append((members, place))


class _Resolver:
    """Replaces references by the defaults of parameters, and those to resources by their names."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        parameters = template.get("Parameters") or {}
        self._names = {
            name: parameter["Default"]
            for name, parameter in parameters.items()
            if isinstance(parameter, Mapping) and "Default" in parameter
        }

    def resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.resolve(member) for member in value]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref":
                return self._named(argument)
            if function == "Fn::Sub" and isinstance(argument, str):
                return _VARIABLE.sub(lambda match: str(self._named(match[1])), argument)
            if str(function).startswith("Fn::"):
                raise ValueError(f"expected a value, Ref or Fn::Sub: {function} takes AWS to know")
        return {name: self.resolve(member) for name, member in value.items()}

    def _named(self, name: str) -> Any:
        return self._names.get(name, name.rpartition("::")[2])


def _members(name: str, properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "TableName", name
    for member in _SAME:
        if member in properties:
            yield member, _with_numbers(properties[member])
    if "GlobalSecondaryIndexes" in properties:
        indexes = properties["GlobalSecondaryIndexes"]
        yield (
            "GlobalSecondaryIndexes",
            [
                {key: _with_numbers(index[key]) for key in _INDEX if key in index}
                for index in indexes
            ],
        )
    if "StreamSpecification" in properties:
        view_type = properties["StreamSpecification"].get("StreamViewType")
        yield "StreamSpecification", {"StreamEnabled": True, "StreamViewType": view_type}
    if properties.get("SSESpecification", {}).get("SSEEnabled") is True:
        yield "SSESpecification", {"Enabled": True, "SSEType": "KMS"}


def _with_numbers(value: Any) -> Any:
    """Return units as numbers: a template may have them as text."""
    if not isinstance(value, Mapping):
        return value
    return {
        name: _number(member) if name.endswith(("Units", "PerSecond")) else member
        for name, member in value.items()
    }


def _number(units: Any) -> int:
    try:
        return int(units)
    except ValueError as error:
        raise ValueError(f"expected a number, found {units!r}") from error
