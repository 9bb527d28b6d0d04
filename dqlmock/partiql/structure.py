"""What DynamoDB refuses in a well-formed statement, whatever its parameters and its table.

Owns what may stand where in a WHERE clause and behind `=` of SET: well formed is more than
supported. Checked once, when a statement is first seen.

Source: "PartiQL functions" and "PartiQL operators" for DynamoDB (ql-functions, ql-operators); the
errors' words are DynamoDB Local's.
"""

from __future__ import annotations

from typing import Any, Final

from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.structure import PREDICATES
from dqlmock.partiql.nodes import Missing, Unsupported
from dqlmock.partiql.terms import unsupported

_UPDATE_FUNCTIONS: Final = frozenset({"if_not_exists", "list_append"})
_SIGNS: Final = frozenset({"+", "-"})
_CONNECTIVES = nodes.And | nodes.Or
_CONDITIONS = nodes.Comparison | nodes.Between | nodes.Membership | nodes.Not | _CONNECTIVES


def check_condition(root: Any) -> None:
    """Check what stands in a WHERE clause.

    Raises:
        ValidationException: The first thing that is not supported there, in reading order.

    >>> check_condition(nodes.Path(("a",)))
    Traceback (most recent call last):
    ...
    dqlmock.errors.ValidationException: WHERE clause must contain an expression that resolves to \
a boolean
    """
    _expect_condition(root, "WHERE clause must contain an expression that resolves to a boolean")
    pending: list[Any] = [root]
    while pending:
        node = pending.pop()
        _check_in_condition(node)
        pending.extend(reversed(nodes.children(node)))


def _check_in_condition(node: Any) -> None:
    match node:
        case nodes.And() | nodes.Or():
            for below in node.conditions:
                if isinstance(below, nodes.Call) and below.function == "size":
                    raise _number_joined(type(node).__name__.upper())
                _expect_condition(below, "The arguments to AND/OR must be Expressions")
        case nodes.Not():
            _expect_condition(node.condition, "The argument to NOT must be a Type or Expression")
        case nodes.Call():
            _check_call(node, "condition")
            _check_operands(node)
        case nodes.Arithmetic():
            raise _operator("Condition", node.operator)
        case nodes.Comparison() | nodes.Between() | nodes.Membership():
            _check_operands(node)
        case _:
            _check_value(node)


def _number_joined(operator: str) -> ValidationException:
    return ValidationException(
        "Incorrect operand type for operator or function;"
        f" operator or function: {operator}, operand type: N"
    )


def _expect_condition(node: Any, message: str) -> None:
    if isinstance(node, nodes.Call):
        _check_call(node, "condition")
        if node.function in PREDICATES:
            return
    _check_value(node)
    if isinstance(node, nodes.Arithmetic):
        raise _operator("Condition", node.operator)
    if not isinstance(node, _CONDITIONS):
        raise ValidationException(message)


def _check_operands(node: Any) -> None:
    """Refuse conditions where a value is expected; DynamoDB Local takes some of them for values."""
    for operand in nodes.children(node):
        if isinstance(operand, nodes.Call) and operand.function in PREDICATES:
            raise ValidationException(
                "The function is not allowed to be used this way in an expression;"
                f" function: {operand.function}"
            )
        if isinstance(operand, _CONDITIONS):
            raise _operator("Condition", _symbol(operand))


def check_assigned(root: Any) -> None:
    """Check what stands behind the `=` of a SET clause.

    Raises:
        ValidationException: The first thing that is not supported there, in reading order.
    """
    pending: list[Any] = [root]
    while pending:
        node = pending.pop()
        match node:
            case nodes.Call():
                _check_call(node, "update")
            case nodes.Arithmetic():
                if node.operator not in _SIGNS:
                    raise _operator("Update", node.operator)
            case nodes.Path() | nodes.Value():
                _check_value(node)
            case _:
                raise _operator("Update", _symbol(node))
        pending.extend(reversed(nodes.children(node)))


def _check_call(call: nodes.Call, context: str) -> None:
    function = call.function
    if function in _SIGNS:
        raise ValidationException(
            "Incorrect number of operands for operator or function;"
            f" operator or function: {function}, number of operands: {len(call.arguments)}"
        )
    in_conditions = function in PREDICATES or function == "size"
    if not in_conditions and function not in _UPDATE_FUNCTIONS:
        raise ValidationException(f"Unrecognized function: {function}")
    if in_conditions != (context == "condition"):
        article = "a" if context == "condition" else "an"
        expression = f"{article} {context} expression"
        raise ValidationException(
            f"The function is not allowed in {expression}; function: {function}"
        )


def _check_value(node: Any) -> None:
    if isinstance(node, Missing):
        raise ValidationException("MISSING must be compared using IS operator")
    if isinstance(node, Unsupported):
        raise unsupported(node.what, node.keys, node.place)


def _operator(context: str, symbol: str) -> ValidationException:
    return ValidationException(f"Unsupported operator in {context} Expression. Operator: {symbol}")


def _symbol(node: Any) -> str:
    match node:
        case nodes.Comparison():
            return node.operator
        case nodes.Between():
            return "between"
        case nodes.Membership():
            return "in"
        case _:
            return type(node).__name__.lower()
