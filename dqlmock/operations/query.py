"""Query (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.keys import (
    check_condition_not_empty,
    check_condition_type,
    check_partition_size,
    check_scalar_keys,
    check_sort_size,
)
from dqlmock.engine.read import read_page
from dqlmock.errors import ValidationException
from dqlmock.expressions import legacy
from dqlmock.expressions.compile import Filter
from dqlmock.expressions.keycond import BoundKey, KeyConditions
from dqlmock.expressions.request import Expressions
from dqlmock.operations.parameters import (
    ExpressionParameters,
    check_conditional_operator,
    expressions_of,
)
from dqlmock.operations.reading import (
    Selection,
    Source,
    check_select,
    check_specific_attributes,
    listed_projection,
)
from dqlmock.operations.start_key import (
    check_position_attribute,
    check_position_length,
    check_position_values,
    start_position,
)
from dqlmock.values.keys import KeyRange, partition_prefix, storage_key
from dqlmock.values.types import Attributes, AttributeValue

_PARAMETERS = ExpressionParameters(
    expressions=("ProjectionExpression", "FilterExpression", "KeyConditionExpression"),
    legacy=("AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"),
    valued=("FilterExpression", "KeyConditionExpression"),
    replaced={"KeyConditions": "KeyConditionExpression"},
)


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    _PARAMETERS.check(request)
    check_specific_attributes(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Read one page of a partition, in the order of its sort key."""
    predicate = _legacy_filter_of(request)
    projection = listed_projection(request)
    position = start_position(request)
    expressions = expressions_of(request)
    conditions = _key_conditions_of(request, expressions)
    if "FilterExpression" in request:
        predicate = expressions.filter(request["FilterExpression"])
    if "ProjectionExpression" in request:
        projection = expressions.projection(request["ProjectionExpression"])
    expressions.finish()
    key_conditions = conditions()

    source = Source.of(database, request)
    bound = _bound(source, key_conditions, position)
    key_range = _key_range(source, bound)
    check_conditional_operator(request, "QueryFilter")
    reverse = not request.get("ScanIndexForward", True)
    if position is not None:
        key_range = _resume(source, bound, key_range, position, reverse=reverse)
    if projection is not None:
        check_scalar_keys(source.table.schema, projection.nested)
    _check_filter(source, request, predicate)
    source.check_all_attributes(request)
    check_scalar_keys(source.table.schema, expressions.nested())
    check_select(request)
    selection = Selection.of(source, request, predicate, projection)
    page = read_page(
        source.keyspace,
        key_range,
        reverse=reverse,
        limit=request.get("Limit"),
        accept=selection.accept(),
    )
    end = _last_value(source, bound, reverse=reverse)
    if end is not None and page.last is not None and page.last.attributes()[end[0]] == end[1]:
        page = replace(page, last=None)
    return selection.answer(request, page)


def _key_conditions_of(
    request: dict[str, Any], expressions: Expressions
) -> Callable[[], KeyConditions]:
    text = request.get("KeyConditionExpression")
    if text is not None:
        return expressions.key_condition(text)
    conditions = request.get("KeyConditions")
    if conditions is None:
        # AWS tells an operator with nothing to join first (ExtendDB/extenddb,
        # tests/test_conditional_operator.py, run against AWS).
        check_conditional_operator(request, "QueryFilter")
        raise ValidationException(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in "
            "the request."
        )
    return lambda: legacy.key_conditions(conditions)


def _bound(source: Source, conditions: KeyConditions, position: Attributes | None) -> BoundKey:
    schema, key = source.table.schema, source.key

    def compared(name: str, operands: tuple[AttributeValue, ...]) -> None:
        for value in operands:
            check_condition_type(schema, name, value)

    if position is None:
        return conditions.bind(key.partition, key.sort, compared=compared)
    check_position_length(source, position)
    reached = partial(check_position_attribute, source, position)
    return conditions.bind(key.partition, key.sort, reached, compared)


def _legacy_filter_of(request: dict[str, Any]) -> Filter | None:
    conditions = request.get("QueryFilter")
    if not conditions:
        return None
    return legacy.filter_conditions(conditions, request.get("ConditionalOperator"))


def _check_filter(source: Source, request: dict[str, Any], predicate: Filter | None) -> None:
    if predicate is None:
        return
    kind = "Filter Expression" if "FilterExpression" in request else "QueryFilter"
    for name in source.key.names:
        if name in predicate.attributes:
            raise ValidationException(
                f"{kind} can only contain non-primary key attributes: Primary key attribute: {name}"
            )
    source.check_filtered(predicate.attributes)


def _key_range(source: Source, bound: BoundKey) -> KeyRange:
    """Return what a query reads.

    Raises:
        ValidationException: A value is empty, or larger than a key may be: facebook/ThreatExchange
            #1324 quotes AWS of a table's partition key, nextauthjs/next-auth#5827 of an index's;
            DynamoDB Local refuses sort keys, also where they are bounds.
    """
    index = source.index
    for name, value in zip(source.key.partition, bound.partition, strict=True):
        check_condition_not_empty(index, name, value)
        check_partition_size(value)
    prefix = partition_prefix(*bound.partition)
    for name, value in zip(source.key.sort, bound.sort_equal, strict=False):
        check_condition_not_empty(index, name, value)
        check_sort_size(value)
        prefix = storage_key(prefix, value)
    if bound.sort is None:
        return KeyRange.partition(prefix)
    for value in bound.sort.operands:
        check_condition_not_empty(index, source.key.sort[len(bound.sort_equal)], value)
        check_sort_size(value)
    return KeyRange.sort(prefix, bound.sort.operator, *bound.sort.operands)


def _last_value(
    source: Source, bound: BoundKey, *, reverse: bool
) -> tuple[str, AttributeValue] | None:
    """Return the sort key behind which a query of a table can find nothing, None where none is.

    A table has one item at most with the sort key that bounds a query; an index may have several.
    AWS refuses to begin behind it (aws/aws-sdk-ruby issue 2456, December 2020;
    note.kiriukun.com/entry/20200530-the-provided-starting-key-does-not-match-the-range-key-
    predicate-in-dynamodb), and so tells of no further page there (DynamoDB Local does both).
    """
    condition, far = bound.sort, ">=" if reverse else "<="
    if source.index is not None or condition is None or condition.operator not in (far, "BETWEEN"):
        return None
    return source.key.sort[0], condition.operands[0 if reverse else -1]


def _resume(
    source: Source, bound: BoundKey, key_range: KeyRange, position: Attributes, *, reverse: bool
) -> KeyRange:
    check_position_values(source, position)
    partition = dict(zip(source.key.partition, bound.partition, strict=True))
    key = source.storage_key({**position, **partition})
    is_within = key_range.start <= key < key_range.stop
    end = _last_value(source, bound, reverse=reverse)
    if not is_within or (end is not None and position[end[0]] == end[1]):
        raise ValidationException(
            "The provided starting key does not match the range key predicate"
        )
    if any(position[name] != value for name, value in partition.items()):
        if bound.sort is None and not bound.sort_equal:
            raise ValidationException(
                "The provided starting key is outside query boundaries based on provided conditions"
            )
        raise ValidationException("The query can return at most one row and cannot be restarted")
    return key_range.before(key) if reverse else key_range.after(key)
