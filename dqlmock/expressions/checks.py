"""What AWS refuses in an expression once it knows the request's names and values.

Owns undefined placeholders, the number and types of operands, paths that touch, and the limits on
operators, IN operands and depth. Reported operands first, as they are written (DynamoDB Local).

Which of these rules a request breaks depends on the *types* of its values, but for two: BETWEEN
compares its bounds and `attribute_type` looks at the type's name. A plan is kept by types, so a
request that meets a plan only has those two left to check (`depends_on_values`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NoReturn

from dqlmock.errors import Family
from dqlmock.expressions import nodes
from dqlmock.expressions.functions import ORDERED_TYPES, ordered, type_of
from dqlmock.expressions.parse import invalid
from dqlmock.expressions.paths import TouchingPathsError, path_tree
from dqlmock.limits import EXPRESSION_OPERATORS, IN_OPERANDS, NESTING_LEVELS
from dqlmock.values.types import Attributes, AttributeValue

TYPE_WORDS: Final = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "SS": "STRING_SET",
    "NS": "NUMBER_SET",
    "BS": "BINARY_SET",
    "BOOL": "BOOLEAN",
    "NULL": "NULL",
    "L": "LIST",
    "M": "MAP",
}
"""How AWS spells types in the errors of ADD and DELETE."""

_OPERANDS: Final = {
    "attribute_exists": 1,
    "attribute_not_exists": 1,
    "attribute_type": 2,
    "begins_with": 2,
    "contains": 2,
    "size": 1,
    "if_not_exists": 2,
    "list_append": 2,
}
_PATH_FIRST: Final = frozenset({"attribute_exists", "attribute_not_exists", "if_not_exists"})
_OPERAND_TYPES: Final = {
    "begins_with": frozenset({"S", "B"}),
    "size": frozenset({"S", "B", "SS", "NS", "BS", "L", "M"}),
    "list_append": frozenset({"L"}),
    "+": frozenset({"N"}),
    "-": frozenset({"N"}),
    "BETWEEN": ORDERED_TYPES,
    **dict.fromkeys(("<", "<=", ">", ">="), ORDERED_TYPES),
}
_ADD_TYPES: Final = frozenset({"N", "SS", "NS", "BS"})
_DELETE_TYPES: Final = frozenset({"SS", "NS", "BS"})


def check(
    parameter: str,
    in_order: tuple[nodes.Node, ...],
    names: Mapping[str, str],
    values: Attributes,
) -> None:
    """Check an expression against the names and values of a request.

    Args:
        parameter: The request's parameter that holds the expression.
        in_order: The nodes of the expression, children before their parent, placeholders not
            replaced: `tuple(nodes.post_order(tree))`.
        names: Placeholder → attribute name.
        values: Placeholder → canonical value.

    Raises:
        ValidationException: The first fault.
    """
    checks = _Checks(parameter, names, values)
    tree = in_order[-1]
    if isinstance(tree, nodes.UpdateTree):
        checks.targets([action.path for action in tree.actions])
    for node in in_order:
        checks.node(node)
    if isinstance(tree, nodes.PathList):
        checks.targets(tree.paths)
    checks.operators(in_order)


def check_values(
    parameter: str,
    dependent: tuple[nodes.Node, ...],
    names: Mapping[str, str],
    values: Attributes,
) -> None:
    """Check only the nodes that `depends_on_values` found, all else being known to be right."""
    checks = _Checks(parameter, names, values)
    for node in dependent:
        checks.node(node)


def depends_on_values(in_order: tuple[nodes.Node, ...]) -> tuple[nodes.Node, ...]:
    """Return those nodes whose rules look at a value, not only at its type.

    >>> between = nodes.Between(nodes.Path(("a",)), nodes.Value(":l"), nodes.Value(":h"))
    >>> depends_on_values(tuple(nodes.post_order(between))) == (between,)
    True
    """
    return tuple(node for node in in_order if _looks_at_values(node))


def _looks_at_values(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Between):
        return isinstance(node.low, nodes.Value) and isinstance(node.high, nodes.Value)
    return isinstance(node, nodes.Call) and node.function == "attribute_type"


class _Checks:
    """The rules, for one expression of one request."""

    def __init__(self, parameter: str, names: Mapping[str, str], values: Attributes) -> None:
        self.parameter = parameter
        self.names = names
        self.values = values

    def fail(self, reason: str, family: Family = Family.EXPRESSION) -> NoReturn:
        if self.parameter == "ProjectionExpression":
            # Reads are worded alike in every region (aws-answers, proj_*).
            family = Family.BARE
        raise invalid(self.parameter, reason, family)

    def node(self, node: nodes.Node) -> None:
        match node:
            case nodes.Path():
                self.path(node)
            case nodes.Value():
                self.value(node)
            case nodes.Comparison():
                self.types(node.operator, (node.left, node.right))
                self.distinct(node.operator, node.left, (node.right,))
            case nodes.Arithmetic():
                self.types(node.operator, (node.left, node.right))
            case nodes.Between():
                self.between(node)
            case nodes.Membership():
                self.membership(node)
            case nodes.Call():
                self.call(node)
            case nodes.AddAction():
                self.action("ADD", node.value, _ADD_TYPES)
            case nodes.DeleteAction():
                self.action("DELETE", node.value, _DELETE_TYPES)
            case _:
                pass

    def path(self, path: nodes.Path) -> None:
        for step in path.steps:
            if isinstance(step, str) and step.startswith("#") and step not in self.names:
                self.fail(
                    "An expression attribute name used in the document path is not defined;"
                    f" attribute name: {step}"
                )
        if len(path.steps) > NESTING_LEVELS:
            self.fail(
                f"The document path has too many nesting levels; nesting levels: {len(path.steps)}"
            )

    def value(self, value: nodes.Value) -> None:
        if value.name not in self.values:
            self.fail(
                "An expression attribute value used in expression is not defined;"
                f" attribute value: {value.name}"
            )

    def targets(self, paths: list[nodes.Path] | tuple[nodes.Path, ...]) -> None:
        for path in paths:
            self.path(path)
        try:
            path_tree(with_names(path, self.names) for path in paths)
        except TouchingPathsError as error:
            self.fail(str(error))

    def operand_type(self, operand: nodes.Operand) -> str | None:
        """The operand's type where the request settles it; None for a path."""
        if isinstance(operand, nodes.Value):
            return type_of(self.values[operand.name])
        if isinstance(operand, nodes.Call) and operand.function == "size":
            return "N"
        return None

    def types(self, operator: str, operands: tuple[nodes.Operand, ...]) -> None:
        allowed = _OPERAND_TYPES.get(operator)
        if allowed is None:
            return
        for operand in operands:
            found = self.operand_type(operand)
            if found is not None and found not in allowed:
                self.wrong_type(operator, found)

    def wrong_type(self, operator: str, found: str) -> NoReturn:
        self.fail(
            "Incorrect operand type for operator or function;"
            f" operator or function: {operator}, operand type: {found}"
        )

    def distinct(
        self, operator: str, first: nodes.Operand, rest: tuple[nodes.Operand, ...]
    ) -> None:
        if not isinstance(first, nodes.Path):
            return
        path = with_names(first, self.names)
        for operand in rest:
            if isinstance(operand, nodes.Path) and with_names(operand, self.names) == path:
                self.fail(
                    "The first operand must be distinct from the remaining operands for this"
                    f" operator or function; operator: {operator}, first operand: {path}"
                )

    def between(self, node: nodes.Between) -> None:
        self.types("BETWEEN", (node.operand, node.low, node.high))
        self.distinct("BETWEEN", node.operand, (node.low, node.high))
        if isinstance(node.low, nodes.Value) and isinstance(node.high, nodes.Value):
            self.bounds(self.values[node.low.name], self.values[node.high.name])

    def bounds(self, low: AttributeValue, high: AttributeValue) -> None:
        pair = ordered(low, high)
        if pair is None:
            rule = "same data type for lower and upper bounds"
        elif pair[0] > pair[1]:
            rule = "upper bound to be greater than or equal to lower bound"
        else:
            return
        self.fail(
            f"The BETWEEN operator requires {rule}; lower bound operand: {_printed(low)},"
            f" upper bound operand: {_printed(high)}"
        )

    def membership(self, node: nodes.Membership) -> None:
        self.distinct("IN", node.operand, node.choices)
        if len(node.choices) > IN_OPERANDS:
            self.fail(
                "The IN operator is provided with too many operands;"
                f" number of operands: {len(node.choices)}"
            )

    def call(self, call: nodes.Call) -> None:
        function, arguments = call.function, call.arguments
        if len(arguments) != _OPERANDS[function]:
            self.fail(
                "Incorrect number of operands for operator or function;"
                f" operator or function: {function}, number of operands: {len(arguments)}"
            )
        if function in _PATH_FIRST and not isinstance(arguments[0], nodes.Path):
            self.fail(
                f"Operator or function requires a document path; operator or function: {function}"
            )
        self.types(function, arguments)
        if function != "list_append":
            self.distinct(function, arguments[0], arguments[1:])
        if function == "attribute_type":
            self.type_name(arguments[1])

    def type_name(self, operand: nodes.Operand) -> None:
        found = self.operand_type(operand)
        if found is None:
            self.wrong_type("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
        if not isinstance(operand, nodes.Value) or found != "S":
            self.wrong_type("attribute_type", found)
        name = self.values[operand.name]["S"]
        if name not in TYPE_WORDS:
            self.fail(
                f"Invalid attribute type name found; type: {name},"
                " valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
            )

    def action(self, keyword: str, value: nodes.Value, allowed: frozenset[str]) -> None:
        found = type_of(self.values[value.name])
        if found not in allowed:
            self.fail(
                f"Incorrect operand type for operator or function; operator: {keyword},"
                f" operand type: {TYPE_WORDS[found]}, typeSet: ALLOWED_FOR_{keyword}_OPERAND"
            )

    def operators(self, in_order: tuple[nodes.Node, ...]) -> None:
        count = sum(map(_operator_count, in_order))
        if count > EXPRESSION_OPERATORS:
            # AWS stops counting there: the number is 301, however many there are.
            self.fail(
                "The expression contains too many operators;"
                f" operator count: {EXPRESSION_OPERATORS + 1}"
            )


_OPERATORS: Final = (
    nodes.Comparison,
    nodes.Between,
    nodes.Membership,
    nodes.Not,
    nodes.Call,
    nodes.Arithmetic,
)


def _operator_count(node: nodes.Node) -> int:
    if isinstance(node, (nodes.And, nodes.Or)):
        return len(node.conditions) - 1
    return int(isinstance(node, _OPERATORS))


def _printed(value: AttributeValue) -> str:
    ((tag, content),) = value.items()
    return f"AttributeValue: {{{tag}:{_printed_content(tag, content)}}}"


def _printed_content(tag: str, content: Any) -> str:
    if tag != "B":
        return str(content)
    # Java prints the buffer, not what is in it; base64 text has 4 characters for 3 bytes.
    size_bytes = len(content) // 4 * 3 - content.count("=")
    return f"java.nio.HeapByteBuffer[pos=0 lim={size_bytes} cap={size_bytes}]"


def with_names(path: nodes.Path, names: Mapping[str, str]) -> nodes.Path:
    """Return a path with its placeholders replaced.

    >>> with_names(nodes.Path(("#a", 0, "b")), {"#a": "x.y"})
    Path(steps=('x.y', 0, 'b'))
    """
    if not any(isinstance(step, str) and step.startswith("#") for step in path.steps):
        return path
    return nodes.Path(
        tuple(
            names[step] if isinstance(step, str) and step.startswith("#") else step
            for step in path.steps
        )
    )
