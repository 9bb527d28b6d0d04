"""Scan (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys
from dqlmock.engine.read import read_page
from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.compile import Filter
from dqlmock.expressions.legacy import filter_conditions
from dqlmock.expressions.parse import check_size
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
    check_scanned_position,
    check_scanned_table_key,
    start_position,
)
from dqlmock.values.keys import KeyRange
from dqlmock.values.types import Attributes

_PARAMETERS = ExpressionParameters(
    expressions=("ProjectionExpression", "FilterExpression"),
    legacy=("AttributesToGet", "ScanFilter", "ConditionalOperator"),
    valued=("FilterExpression",),
)


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    _PARAMETERS.check(request)
    check_specific_attributes(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Read one page of a table or an index, in the order of its partitions' hashes."""
    projection = listed_projection(request)
    predicate = _legacy_filter_of(request)
    position = start_position(request)
    _check_segments(request)
    expressions = expressions_of(request)
    if "FilterExpression" in request:
        check_size("FilterExpression", request["FilterExpression"], tell_size=True)
        predicate = expressions.filter(request["FilterExpression"])
    if "ProjectionExpression" in request:
        projection = expressions.projection(request["ProjectionExpression"])
    expressions.finish()

    source = Source.of(database, request)
    check_conditional_operator(request, "ScanFilter")
    if position is not None:
        check_scanned_position(source, position)
    source.check_all_attributes(request)
    key_range = _key_range(request)
    if position is not None:
        key_range = _resume(source, request, key_range, position)
    check_scalar_keys(source.table.schema, expressions.nested())
    check_select(request)
    selection = Selection.of(source, request, predicate, projection)
    page = read_page(
        source.keyspace, key_range, limit=request.get("Limit"), accept=selection.accept()
    )
    return selection.answer(request, page)


def _check_segments(request: dict[str, Any]) -> None:
    segment = request.get("Segment")
    total = request.get("TotalSegments")
    if segment is None and total is not None:
        raise ValidationException(
            "The Segment parameter is required but was not present in the request when parameter "
            "TotalSegments is present"
        )
    if total is None and segment is not None:
        raise ValidationException(
            "The TotalSegments parameter is required but was not present in the request when "
            "Segment parameter is present"
        )
    if segment is not None and total is not None and segment >= total:
        message = (
            "The Segment parameter is zero-based and must be less than parameter TotalSegments"
        )
        older = f"{message}: Segment: {segment} is not less than TotalSegments: {total}"
        raise ValidationException(message, Family.START_KEY, older=older)


def _legacy_filter_of(request: dict[str, Any]) -> Filter | None:
    conditions = request.get("ScanFilter")
    if not conditions:
        return None
    return filter_conditions(conditions, request.get("ConditionalOperator"))


def _key_range(request: dict[str, Any]) -> KeyRange:
    total = request.get("TotalSegments")
    return KeyRange.everything() if total is None else KeyRange.segment(request["Segment"], total)


def _resume(
    source: Source, request: dict[str, Any], key_range: KeyRange, position: Attributes
) -> KeyRange:
    check_scanned_table_key(source, position)
    key = source.storage_key(position)
    if not key_range.start <= key < key_range.stop:
        raise ValidationException(
            "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
            "ExclusiveStartKey with correct Segment. "
            f"TotalSegments: {request['TotalSegments']} Segment: {request['Segment']}"
        )
    return key_range.after(key)
