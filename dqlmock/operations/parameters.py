"""Parameters that several operations share: expressions, their placeholders, their legacy forms.

Owns the rules on which of them exclude or require each other. Knows no operation's work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.request import Expressions
from dqlmock.values.canonical import canonical_value
from dqlmock.values.types import AttributeValue


@dataclass(frozen=True, slots=True)
class ExpressionParameters:
    """Which parameters of an operation hold expressions, and which are their legacy forms.

    Args:
        expressions: Parameter names, in the order in which AWS lists them.
        legacy: Legacy parameter names, in the order in which AWS lists them.
        valued: Those whose text may use ExpressionAttributeValues, as AWS lists them when none
            of them is present.
        replaced: The expression that a legacy parameter can't be mixed with, where that is a single
            one: KeyConditions may come with any expression but KeyConditionExpression (dynalite and
            DynamoDB Local).
    """

    expressions: tuple[str, ...]
    legacy: tuple[str, ...]
    valued: tuple[str, ...]
    replaced: Mapping[str, str] = field(default_factory=dict)

    def check(self, request: dict[str, Any]) -> None:
        """Check which of the parameters come together.

        Raises:
            ValidationException: New and legacy ones mixed; placeholders without an expression.
        """
        names = request.get("ExpressionAttributeNames")
        values = request.get("ExpressionAttributeValues")
        present = [name for name in self.expressions if name in request]
        if present:
            self._check_not_mixed(request, present)
        elif names is not None:
            raise _misplaced(
                "ExpressionAttributeNames can only be specified when using expressions"
            )
        if values is not None and not any(name in request for name in self.valued):
            raise self._values_without_expression()

    def check_together(self, requests: Iterable[dict[str, Any]]) -> None:
        """Check what several parts of one request have together.

        Raises:
            ValidationException: New parameters in one part, legacy ones in another.

        >>> parameters = ExpressionParameters(("ProjectionExpression",), ("AttributesToGet",), ())
        >>> parameters.check_together([{"ProjectionExpression": "a"}, {"Keys": []}])
        """
        together = {name: None for request in requests for name in request}
        present = [name for name in self.expressions if name in together]
        if present:
            self._check_not_mixed(together, present)

    def _check_not_mixed(self, request: Collection[str], present: Sequence[str]) -> None:
        legacy = [
            name
            for name in self.legacy
            if name in request and self.replaced.get(name, present[0]) in present
        ]
        if legacy:
            raise _misplaced(
                "Can not use both expression and non-expression parameters in the same request: "
                f"Non-expression parameters: {{{', '.join(legacy)}}} "
                f"Expression parameters: {{{', '.join(present)}}}"
            )

    def _values_without_expression(self) -> ValidationException:
        message = "ExpressionAttributeValues can only be specified when using expressions"
        if not self.valued:
            return _misplaced(message)
        verb = "is" if len(self.valued) == 1 else "are"
        older = f"{message}: {' and '.join(self.valued)} {verb} null"
        return ValidationException(message, Family.PARAMETERS, older=older)


def _misplaced(message: str) -> ValidationException:
    return ValidationException(message, Family.PARAMETERS)


def check_table_name(request: dict[str, Any]) -> None:
    """Check that an operation on a table names one; of those on items the service model does so.

    Raises:
        ValidationException: There is no TableName.
    """
    if "TableName" not in request:
        raise ValidationException(
            "The parameter 'TableName' is required but was not present in the request"
        )


def expressions_of(request: dict[str, Any], *, any_depth: bool = False) -> Expressions:
    """Return the expressions of a request, its substituted values checked and made canonical.

    Args:
        request: The request.
        any_depth: Take values that nest deeper than an attribute may.

    Raises:
        ValidationException: A value that no attribute could have, named by its placeholder.
    """
    judge = partial(_substitute, any_depth=any_depth)
    return Expressions(
        request.get("ExpressionAttributeNames"), request.get("ExpressionAttributeValues"), judge
    )


def _substitute(name: str, value: AttributeValue, *, any_depth: bool) -> AttributeValue:
    try:
        return canonical_value(value, any_depth=any_depth)
    except ValidationException as error:
        if error.family is Family.NESTING:
            raise
        # Where the check has moved it names no placeholder: UpdateItem on AWS with an empty set in
        # July 2026 (ministackorg/ministack issue 1038) and with an oversized name within a map in
        # September (ExtendDB/extenddb issue 365). PutItem moved together with it.
        older = (
            "ExpressionAttributeValues contains invalid value: "
            f"{error.older or error.message} for key {name}"
        )
        raise ValidationException(error.message, error.family, older=older) from error


def check_conditional_operator(request: dict[str, Any], parameter: str) -> None:
    """Check that ConditionalOperator has something to join.

    Told when table, index and key are known to be right, and behind the faults of the conditions
    themselves (DynamoDB Local).

    Args:
        request: The request.
        parameter: Its parameter that holds conditions: `"Expected"`, or a filter.

    Raises:
        ValidationException: There are fewer than two conditions.

    >>> expected = {"a": {"Exists": False}, "b": {"Exists": False}}
    >>> request = {"Expected": expected, "ConditionalOperator": "OR"}
    >>> check_conditional_operator(request, "Expected")
    """
    if request.get("ConditionalOperator") is None:
        return
    conditions = request.get(parameter)
    if not conditions:
        raise ValidationException("ConditionalOperator cannot be used without Filter or Expected")
    if len(conditions) < 2:
        raise ValidationException(
            "ConditionalOperator can only be used when Filter or Expected has two or more elements"
        )
