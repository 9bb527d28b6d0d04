"""What AWS refuses in an expression before it looks at names and values.

Owns reserved words, function names, where a function may stand, and the range of list indexes.
These depend on the text alone, so they are checked once, when a text is first seen. They are
reported in reading order, all of them before anything `checks` finds (DynamoDB Local).
"""

from __future__ import annotations

from itertools import repeat
from typing import Final

from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.parse import invalid
from dqlmock.expressions.reserved import RESERVED_WORDS

PREDICATES: Final = frozenset(
    {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"}
)
"""Functions that are conditions."""

_CONDITION_FUNCTIONS: Final = PREDICATES | {"size"}
_UPDATE_FUNCTIONS: Final = frozenset({"if_not_exists", "list_append"})
_HIGHEST_INDEX: Final = 2**32 - 2
"""Measured on AWS in September 2026 (floci-io/floci issue 3073); DynamoDB Local: 2**31 - 1."""

_AS_CONDITION, _AS_OPERAND, _AS_ASSIGNED = "condition", "operand", "assigned"
_USE_BELOW: Final[dict[type, str]] = {
    nodes.And: _AS_CONDITION,
    nodes.Or: _AS_CONDITION,
    nodes.Not: _AS_CONDITION,
    nodes.SetAction: _AS_ASSIGNED,
}


def check_structure(parameter: str, tree: nodes.Tree) -> None:
    """Check what depends on the text alone.

    Args:
        parameter: The request's parameter that holds the expression.
        tree: The expression, placeholders not replaced.

    Raises:
        ValidationException: The first fault in reading order.

    >>> from dqlmock.expressions.parse import parse
    >>> check_structure("ConditionExpression", parse("ConditionExpression", "size(a) = :v"))
    >>> check_structure("ConditionExpression", parse("ConditionExpression", "foo(a)"))
    Traceback (most recent call last):
    ...
    dqlmock.errors.ValidationException: Invalid ConditionExpression: Invalid function name; \
function: foo
    """
    in_update = isinstance(tree, nodes.UpdateTree)
    sections: set[str] = set()
    pending: list[tuple[nodes.Node, str]] = [(tree, _AS_CONDITION)]
    while pending:
        node, use = pending.pop()
        if isinstance(node, nodes.Path):
            _check_path(parameter, node)
            continue
        if isinstance(node, nodes.Call):
            _check_call(parameter, node, use, in_update=in_update)
        elif isinstance(node, nodes.Section):
            _check_section(parameter, node, sections)
        use = _USE_BELOW.get(type(node), _AS_OPERAND)
        pending.extend(zip(reversed(nodes.children(node)), repeat(use)))


def _check_path(parameter: str, path: nodes.Path) -> None:
    for step in path.steps:
        if isinstance(step, int):
            if step > _HIGHEST_INDEX:
                raise invalid(
                    parameter,
                    f"List index is not within the allowable range; index: [{step}]",
                )
        elif step.upper() in RESERVED_WORDS:
            raise invalid(
                parameter, f"Attribute name is a reserved keyword; reserved keyword: {step}"
            )


def _check_section(parameter: str, section: nodes.Section, before: set[str]) -> None:
    if section.keyword in before:
        raise invalid(
            parameter,
            f'The "{section.keyword}" section can only be used once in an update expression;',
        )
    before.add(section.keyword)


def _check_call(parameter: str, call: nodes.Call, use: str, *, in_update: bool) -> None:
    function = call.function
    if function not in _CONDITION_FUNCTIONS and function not in _UPDATE_FUNCTIONS:
        raise invalid(parameter, f"Invalid function name; function: {function}")
    if in_update and function in _CONDITION_FUNCTIONS:
        raise _not_allowed(parameter, "in an update expression", function)
    if not in_update and function in _UPDATE_FUNCTIONS:
        # Filters and key conditions are called condition expressions as well.
        raise _not_allowed(parameter, "in a condition expression", function)
    if not _fits(function, use):
        raise _not_allowed(parameter, "to be used this way in an expression", function)


def _fits(function: str, use: str) -> bool:
    if function in PREDICATES:
        return use == _AS_CONDITION
    if function == "list_append":
        return use == _AS_ASSIGNED
    return use != _AS_CONDITION


def _not_allowed(parameter: str, where: str, function: str) -> ValidationException:
    return invalid(parameter, f"The function is not allowed {where}; function: {function}")
