"""ExclusiveStartKey: what it has to look like, for Query and Scan.

Owns the check of its attributes against the keys of what is read, and the words AWS has for each
fault. dynalite is the source of the order and of which words stand behind "The provided starting
key is invalid"; that an empty value stands behind them is DynamoDB Local's.
"""

from __future__ import annotations

from typing import Any, Final

from dqlmock.engine.keys import (
    KEY_MISMATCH,
    check_index_value_not_empty,
    check_key_sizes,
    check_not_empty,
)
from dqlmock.errors import Family, ValidationException
from dqlmock.operations.reading import Source
from dqlmock.values.canonical import canonical_attributes
from dqlmock.values.types import Attributes

_INVALID: Final = "The provided starting key is invalid"
_TOLD_BARE: Final = (
    "contains duplicates",
    "number set",
    "numeric value",
    "significant digits",
    "number with magnitude",
    "ttribute name",
)
"""What is wrong with a value is told behind "… is invalid: ", but for these."""


def start_position(request: dict[str, Any]) -> Attributes | None:
    """Return ExclusiveStartKey with canonical values, None where the request has none.

    Raises:
        ValidationException: A value that no attribute could have.
    """
    start = request.get("ExclusiveStartKey")
    if start is None:
        return None
    try:
        return canonical_attributes(start)
    except ValidationException as error:
        if any(words in error.message for words in _TOLD_BARE):
            raise
        raise _because(error) from error


def check_position_length(source: Source, position: Attributes) -> None:
    """Check that a position has as many attributes as the keys of the source and its table.

    Raises:
        ValidationException: It has more or fewer.
    """
    if len(position) != len(source.position_names):
        raise ValidationException(_INVALID)


def check_position_attribute(source: Source, position: Attributes, name: str) -> None:
    """Check that a position has a value of the right type for a key attribute of the source.

    Raises:
        ValidationException: It has none, or one of another type.
    """
    value = position.get(name)
    if value is None:
        raise ValidationException(_INVALID)
    if source.table.schema.types[name] not in value:
        raise ValidationException(KEY_MISMATCH)


def check_position_values(source: Source, position: Attributes) -> None:
    """Check where a Query is to go on, once attributes and types of the source's key are right.

    Raises:
        ValidationException: Values that can't be keys, or not the table's key.
    """
    _check_own_values(source, position)
    _check_table_key(source, position)


def check_scanned_position(source: Source, position: Attributes) -> None:
    """Check where a Scan is to go on, by the key of the index that is scanned.

    Args:
        source: What is scanned.
        position: From `start_position`.

    Raises:
        ValidationException: As for a Query.
    """
    if source.index is None:
        return
    check_position_length(source, position)
    for name in source.key.names:
        check_position_attribute(source, position, name)
    _check_own_values(source, position)


def check_scanned_table_key(source: Source, position: Attributes) -> None:
    """Check where a Scan is to go on, by the key of the table.

    Args:
        source: What is scanned.
        position: From `start_position`.

    Raises:
        ValidationException: As for a Query; one that doesn't match the table's schema is reworded
            where Scan's checks have moved (capture scan-bad-start-key).
    """
    try:
        if len(position) != len(source.position_names):
            raise ValidationException(f"{_INVALID}: {KEY_MISMATCH}")
        _check_table_key(source, position)
    except ValidationException as error:
        if error.message.endswith(KEY_MISMATCH):
            raise ValidationException(_INVALID, Family.START_KEY, older=error.message) from error
        raise


def _check_own_values(source: Source, position: Attributes) -> None:
    try:
        for name in source.key.names:
            if source.index is None:
                check_not_empty(name, position[name])
            else:
                check_index_value_not_empty(source.index, name, position[name])
    except ValidationException as error:
        raise _because(error) from error
    check_key_sizes(source.key, position)


def _check_table_key(source: Source, position: Attributes) -> None:
    schema = source.table.schema
    try:
        for name in schema.key.names:
            if name not in position or schema.types[name] not in position[name]:
                raise ValidationException(KEY_MISMATCH)
            check_not_empty(name, position[name])
        check_key_sizes(schema.key, position)
    except ValidationException as error:
        raise _because(error) from error


def _because(error: ValidationException) -> ValidationException:
    older = f"{_INVALID}: {error.older}" if error.older else None
    return ValidationException(f"{_INVALID}: {error.message}", error.family, older=older)
