"""Putting an error into the words of the region called. The one maker of AWS's envelope.

Owns "1 validation error detected: " and the two wordings of a violation; who uses which is in
`dqlmock.shapes.cohorts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from dqlmock.errors import ConstraintViolations, Family, ValidationException, Violation
from dqlmock.shapes.cohorts import is_newest

_TERSE_REASONS: Final = (
    "Member must have length greater than or equal to",
    "Member must have value greater than or equal to",
)
"""What the newest wording names with a capital and without the value."""

_NEWEST_RETURN_VALUES: Final = "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"
"""As AWS prints it, the slip in UPDATE_NEW included."""

_BATCH_GET_KEYS: Final = re.compile(r"requestItems\.(?P<table>.+)\.member\.keys")
"""AWS spells this path as the request does, and shows no value (conformance of May 2026)."""


def word(
    error: ValidationException, operation: str, region: str, wording: str | None = None
) -> str:
    """Return the message a region gives for an error of an operation.

    >>> word(ValidationException("Empty", Family.EXPRESSION), "UpdateItem", "us-east-1")
    '1 validation error detected: Empty'
    >>> word(ValidationException("Empty", Family.EXPRESSION), "UpdateItem", "me-central-1")
    'Empty'
    """
    if isinstance(error, ConstraintViolations):
        newest = is_newest(operation, None, region, wording)
        return _word_violations(error.violations, operation, newest=newest)
    if not is_newest(operation, error.family, region, wording):
        return error.older or error.message
    if error.family is Family.START_KEY:  # reworded without an envelope
        return error.message
    return _envelope([error.message])


def _word_violations(violations: Iterable[Violation], operation: str, *, newest: bool) -> str:
    listed = list(violations)
    if newest:
        listed = _stop_early(listed, operation)
        return _envelope([_newest_text(violation) for violation in listed])
    return _envelope([_older_text(violation) for violation in listed])


def _stop_early(violations: list[Violation], operation: str) -> list[Violation]:
    for violation in violations:
        if violation.path == "tableName" and violation.reason.startswith(_TERSE_REASONS):
            return [violation]
    if operation == "UpdateItem":
        for violation in violations:
            if violation.path == "returnValues":
                return [violation]
    return violations


def _envelope(texts: list[str]) -> str:
    errors = "error" if len(texts) == 1 else "errors"
    return f"{len(texts)} validation {errors} detected: {'; '.join(texts)}"


def _older_text(violation: Violation) -> str:
    keys = _BATCH_GET_KEYS.fullmatch(violation.path)
    if keys and violation.value is not None:
        path = f"RequestItems.{keys['table']}.member.Keys"
        return f"Value at '{path}' failed to satisfy constraint: {violation.reason}"
    value = "null" if violation.value is None else f"'{violation.value}'"
    return f"Value {value} at '{violation.path}' failed to satisfy constraint: {violation.reason}"


def _newest_text(violation: Violation) -> str:
    if violation.path == "returnValues" and violation.value is not None:
        return (
            "Failed to satisfy constraint: Member must satisfy enum value set: "
            + _NEWEST_RETURN_VALUES
        )
    if _BATCH_GET_KEYS.fullmatch(violation.path):
        return _older_text(violation)
    if violation.value is not None and violation.reason.startswith(_TERSE_REASONS):
        path = violation.path[0].upper() + violation.path[1:]
        return f"Value at '{path}' failed to satisfy constraint: {violation.reason}"
    return _older_text(violation)
