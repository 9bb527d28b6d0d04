"""Keys and indexes as CreateTable and UpdateTable define them.

Owns the rules on AttributeDefinitions, KeySchema, Projection and the lists of indexes, in AWS's
order, and their translation into the engine's schemas. Knows no throughput and no state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from dqlmock.engine.schema import IndexSchema, KeySchema, ProjectionType, TableSchema
from dqlmock.errors import ConstraintViolations, ValidationException, Violation
from dqlmock.limits import (
    GLOBAL_SECONDARY_INDEXES,
    INDEX_KEY_ATTRIBUTES,
    LOCAL_SECONDARY_INDEXES,
    PROJECTED_NON_KEY_ATTRIBUTES,
)
from dqlmock.set_order import hash_set_order

Member: TypeAlias = Mapping[str, Any]
"""A structure of a request."""


def invalid(message: str) -> ValidationException:
    """Return a ValidationException of the kind that most rules on tables raise."""
    return ValidationException(f"One or more parameter values were invalid: {message}")


def check_key_schema_given(request: Member) -> None:
    """Check that a table has a key: told as a fault of the model, before any other rule.

    Args:
        request: The request of CreateTable, of valid shape.

    Raises:
        ConstraintViolations: It has none.
    """
    if request.get("KeySchema") is None:
        # dynalite, which recorded it from DynamoDB; the model has it optional since 2025. DynamoDB
        # Local has other words, and the same order.
        raise ConstraintViolations([Violation("keySchema", None, "Member must not be null")])


def check_definition(request: Member) -> None:
    """Check a table's attribute definitions, keys and indexes against each other.

    Args:
        request: The request of CreateTable, of valid shape, with a key.

    Raises:
        ValidationException: The first rule broken, in AWS's order.
    """
    defined = _defined_names(request)
    _check_table_key(request["KeySchema"], defined)
    local = request.get("LocalSecondaryIndexes")
    indexes = request.get("GlobalSecondaryIndexes")
    if local is None and indexes is None:
        _check_key_alone_defined(_names(request["KeySchema"]), defined)
    names: set[str] = set()
    if local is not None:
        _check_local_indexes(local, request["KeySchema"], defined, names)
    if indexes is not None:
        _check_global_indexes(indexes, defined, names)
    _check_all_used(request, defined)
    check_projected_count(
        len(index["Projection"].get("NonKeyAttributes", ()))
        for index in (*_local_indexes(request), *_global_indexes(request))
    )


def check_new_index(create: Member, defined: Sequence[str]) -> None:
    """Check the index that UpdateTable is to create.

    Args:
        create: `GlobalSecondaryIndexUpdates.N.Create`, of valid shape.
        defined: Names in the request's own AttributeDefinitions: AWS wants the attributes of the
            new key there even where the table defines them already.

    Raises:
        ValidationException: The first rule broken, in AWS's order.
    """
    _check_defined(create["KeySchema"], defined)
    _check_global_key(create["KeySchema"])
    _check_projection(create["Projection"])


def table_schema(request: Member) -> TableSchema:
    """Return the schema that a checked request of CreateTable defines."""
    indexes = [index_schema(index, is_global=False) for index in _local_indexes(request)]
    indexes += [index_schema(index, is_global=True) for index in _global_indexes(request)]
    return TableSchema(
        key=_key_schema(request["KeySchema"]),
        types=attribute_types(request),
        indexes={index.name: index for index in indexes},
    )


def index_schema(index: Member, *, is_global: bool) -> IndexSchema:
    """Return the schema that a checked index definition stands for."""
    projection = index["Projection"]
    return IndexSchema(
        name=index["IndexName"],
        key=_key_schema(index["KeySchema"]),
        is_global=is_global,
        projection=ProjectionType(projection["ProjectionType"]),
        non_key_attributes=tuple(projection.get("NonKeyAttributes", ())),
    )


def attribute_types(request: Member) -> dict[str, str]:
    """Return the type tags that a request defines, in its order.

    >>> attribute_types({"AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]})
    {'pk': 'S'}
    """
    return {
        definition["AttributeName"]: definition["AttributeType"]
        for definition in request.get("AttributeDefinitions", ())
    }


def _defined_names(request: Member) -> list[str]:
    return [definition["AttributeName"] for definition in request.get("AttributeDefinitions", ())]


def _local_indexes(request: Member) -> Sequence[Member]:
    return request.get("LocalSecondaryIndexes") or ()


def _global_indexes(request: Member) -> Sequence[Member]:
    return request.get("GlobalSecondaryIndexes") or ()


def _key_schema(elements: Sequence[Member]) -> KeySchema:
    return KeySchema(
        partition=tuple(e["AttributeName"] for e in elements if e["KeyType"] == "HASH"),
        sort=tuple(e["AttributeName"] for e in elements if e["KeyType"] == "RANGE"),
    )


def _names(elements: Sequence[Member]) -> list[str]:
    return [element["AttributeName"] for element in elements]


def _check_table_key(elements: Sequence[Member], defined: Sequence[str]) -> None:
    check_enough_defined(elements, defined)
    _check_defined(elements, defined)
    _check_pair(elements)


def check_enough_defined(elements: Sequence[Member], defined: Sequence[str]) -> None:
    """Check that there are as many definitions as a key has elements.

    They are counted before they are looked at: two elements of one name want two definitions
    (conformance suite), one definition of another name is told otherwise (dynalite). CreateTable
    counts those of the table's key alone (dynalite), UpdateTable those of a new index
    (alexdebrie/dynamodbguide.com#16 quotes AWS).

    Raises:
        ValidationException: There are fewer.
    """
    if len(defined) < len(elements):
        raise ValidationException("Invalid KeySchema: Some index key attribute have no definition")


def _check_defined(elements: Sequence[Member], defined: Sequence[str]) -> None:
    names = _names(elements)
    if any(name not in defined for name in names):
        raise invalid(
            "Some index key attributes are not defined in AttributeDefinitions. "
            f"Keys: [{', '.join(names)}], "
            f"AttributeDefinitions: [{', '.join(hash_set_order(defined))}]"
        )


def _check_distinct(elements: Sequence[Member]) -> None:
    if len(set(_names(elements))) != len(elements):
        raise ValidationException(
            "Both the Hash Key and the Range Key element in the KeySchema have the same name"
        )


def _check_first(elements: Sequence[Member]) -> None:
    if elements[0]["KeyType"] != "HASH":
        raise ValidationException(
            "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
        )


def _check_pair(elements: Sequence[Member]) -> None:
    _check_distinct(elements)
    _check_first(elements)
    if len(elements) > 1 and elements[1]["KeyType"] != "RANGE":
        raise ValidationException(
            "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"
        )


def _check_global_key(elements: Sequence[Member]) -> None:
    _check_distinct(elements)
    _check_first(elements)
    types = [element["KeyType"] for element in elements]
    hashes = types.count("HASH")
    if "RANGE" in types[:hashes]:
        raise ValidationException(
            "Invalid KeySchema: All HASH key attributes must precede RANGE key attributes "
            "in the KeySchema"
        )
    for key_type in ("HASH", "RANGE"):
        if types.count(key_type) > INDEX_KEY_ATTRIBUTES:
            raise ValidationException(
                "Invalid KeySchema: The KeySchema exceeds the maximum allowed number of "
                f"{key_type} key attributes"
            )


def _check_local_indexes(
    indexes: Sequence[Member],
    table_key: Sequence[Member],
    defined: Sequence[str],
    names: set[str],
) -> None:
    if not indexes:
        raise invalid("List of LocalSecondaryIndexes is empty")
    if len(table_key) < 2:
        raise invalid(
            "Table KeySchema does not have a range key, which is required when specifying a "
            "LocalSecondaryIndex"
        )
    for index in indexes:
        _check_defined(index["KeySchema"], defined)
        _check_pair(index["KeySchema"])
        _check_local_key(index, table_key)
        _check_projection(index["Projection"])
        _check_new_name(index["IndexName"], names)
    if len(indexes) > LOCAL_SECONDARY_INDEXES:
        raise invalid(
            f"Number of LocalSecondaryIndexes exceeds per-table limit of {LOCAL_SECONDARY_INDEXES}"
        )


def _check_local_key(index: Member, table_key: Sequence[Member]) -> None:
    name = index["IndexName"]
    if len(index["KeySchema"]) < 2:
        raise invalid(f"Index KeySchema does not have a range key for index: {name}")
    index_hash = index["KeySchema"][0]["AttributeName"]
    table_hash = table_key[0]["AttributeName"]
    if index_hash != table_hash:
        raise invalid(
            "Index KeySchema does not have the same leading hash key as table KeySchema for "
            f"index: {name}. index hash key: {index_hash}, table hash key: {table_hash}"
        )


def _check_global_indexes(
    indexes: Sequence[Member], defined: Sequence[str], names: set[str]
) -> None:
    if not indexes:
        raise invalid("List of GlobalSecondaryIndexes is empty")
    for index in indexes:
        check_new_index(index, defined)
        _check_new_name(index["IndexName"], names)
    if len(indexes) > GLOBAL_SECONDARY_INDEXES:
        raise invalid(
            f"GlobalSecondaryIndex count exceeds the per-table limit of {GLOBAL_SECONDARY_INDEXES}"
        )


def check_projected_count(counts: Iterable[int]) -> None:
    """Check how many NonKeyAttributes the indexes of a table are to have together.

    Args:
        counts: Those of each index; one that two indexes project counts twice.

    Raises:
        ValidationException: More than 100. AWS documents the rule, but nobody quotes its words for
            it: the general ones stand in.
    """
    if sum(counts) > PROJECTED_NON_KEY_ATTRIBUTES:
        raise ValidationException("One or more parameter values were invalid")


def _check_projection(projection: Member) -> None:
    kind = projection.get("ProjectionType")
    named = "NonKeyAttributes" in projection
    if kind is None:
        raise invalid("Unknown ProjectionType: null")
    if kind == "INCLUDE" and not named:
        raise invalid("ProjectionType is INCLUDE, but NonKeyAttributes is not specified")
    if kind != "INCLUDE" and named:
        raise invalid(f"ProjectionType is {kind}, but NonKeyAttributes is specified")


def _check_new_name(name: str, names: set[str]) -> None:
    if name in names:
        raise invalid(f"Duplicate index name: {name}")
    names.add(name)


def _check_key_alone_defined(key: Sequence[str], defined: Sequence[str]) -> None:
    if any(name not in key for name in defined):
        # go-to-k/cdkd#1741 quotes us-east-1 (August 2026); until then AWS was quoted with the words
        # below, last in hashicorp/terraform-provider-aws#39875 (2024).
        raise invalid(
            "Some AttributeDefinitions are not used. AttributeDefinitions: "
            f"[{', '.join(defined)}], KeySchema: [{', '.join(key)}]"
        )
    if len(key) != len(defined):
        raise invalid(
            "Number of attributes in KeySchema does not exactly match number of attributes "
            "defined in AttributeDefinitions"
        )


def _check_all_used(request: Member, defined: Sequence[str]) -> None:
    used = dict.fromkeys(_all_key_names(request))
    if any(name not in used for name in defined):
        raise invalid(
            f"Some AttributeDefinitions are not used. AttributeDefinitions: "
            f"[{', '.join(defined)}], keys used: [{', '.join(used)}]"
        )
    twice = next((name for at, name in enumerate(defined) if name in defined[:at]), None)
    if twice is not None:
        # scylladb/scylladb#13870 quotes AWS.
        raise ValidationException(f"Attribute Name is duplicated: {twice}")


def _all_key_names(request: Member) -> Iterable[str]:
    yield from _names(request["KeySchema"])
    for index in (*_local_indexes(request), *_global_indexes(request)):
        yield from _names(index["KeySchema"])
