"""The parts of statements: sources, columns, sort keys, assignments, and what they may not be.

Owns the step from terms to the parts of a statement. Knows neither the grammar nor parameters.

Source: "PartiQL statements for DynamoDB" (ql-reference.statements); the errors' words are DynamoDB
Local's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.paths import TouchingPathsError, path_tree
from dqlmock.limits import NESTING_LEVELS, TABLE_NAME_MAX_LENGTH, TABLE_NAME_MIN_LENGTH
from dqlmock.partiql.keywords import OTHER_TYPE_WORDS, TYPE_WORDS
from dqlmock.partiql.lexer import Token
from dqlmock.partiql.nodes import Literal, Missing, Parameter, SetArgument, SortKey, Unsupported
from dqlmock.partiql.structure import check_assigned
from dqlmock.partiql.terms import (
    Term,
    duplicate_key,
    map_key,
    operator_term,
    unexpected_component,
    unsupported,
)
from dqlmock.values.types import SET_TYPES

Change: TypeAlias = tuple[str, nodes.Action, SetArgument | None]
"""The keyword of a section, its action, and the argument that has to be a set."""

_TABLE_NAME = re.compile(
    rf"[a-zA-Z0-9_.-]{{{TABLE_NAME_MIN_LENGTH},{TABLE_NAME_MAX_LENGTH}}}", re.ASCII
)
_SET_FUNCTIONS: Final = {"set_add": "ADD", "set_delete": "DELETE"}


def select_source(term: Term) -> tuple[str, str | None]:
    """Return the table and the index that a SELECT reads.

    Raises:
        ValidationException: It is no name, or more than two.
    """
    if term.steps is None or not all(isinstance(step, str) for step in term.steps):
        raise ValidationException("Unexpected from source")
    if len(term.steps) > 2:
        raise ValidationException("A path may contain at most 2 components in the FROM clause")
    table, *index = [_checked_name(str(step)) for step in term.steps]
    return table, index[0] if index else None


def inserted_table(term: Term) -> str:
    """Return the table that an INSERT writes to.

    Raises:
        ValidationException: It is no table's name.
    """
    steps = term.steps or []
    if len(steps) > 1:
        raise ValidationException(
            # With the table's place, as nubo-db/dynoxide measured in August 2026 (pull 190).
            "FROM clause may only contain a single table name in data manipulation statements"
            f" at {term.place}"
        )
    return _checked_name(str(steps[0]))


def changed_table(term: Term) -> str:
    """Return the table that an UPDATE or DELETE writes to.

    Raises:
        ValidationException: It is no table's name.
    """
    table, index = select_source(term)
    if index is not None:
        raise ValidationException("This operation is not supported on an index")
    return table


def _checked_name(name: str) -> str:
    if not _TABLE_NAME.fullmatch(name):
        raise ValidationException(
            "Table name should be within the length "
            f"[{TABLE_NAME_MIN_LENGTH}, {TABLE_NAME_MAX_LENGTH}] and only contain "
            "'a-z', 'A-Z', '0-9', '-', '_', '.'."
        )
    return name


def columns_of(columns: Sequence[Term] | None) -> tuple[nodes.Path, ...] | None:
    """Return the paths of a select list, None for `*`.

    Raises:
        ValidationException: A column is no path, or two would have the same name or overlap.
    """
    if columns is None:
        return None
    paths: dict[str, nodes.Path] = {}
    for column in columns:
        if column.steps is None and not isinstance(column.node, nodes.Path):
            raise unexpected_component(column.place)
        _check_depth(column.node)
        name = column_name(column.node.steps)
        if name in paths:
            raise ValidationException(f"Duplicate identifiers in select clause: {name}")
        paths[name] = column.node
    try:
        path_tree(paths.values())
    except TouchingPathsError as error:
        raise ValidationException(str(error)) from None
    return tuple(paths.values())


def _check_depth(path: nodes.Path) -> None:
    if len(path.steps) > NESTING_LEVELS:
        raise ValidationException(
            f"The document path has too many nesting levels; nesting levels: {len(path.steps)}"
        )


def column_name(steps: nodes.Steps) -> str:
    """Return what a column is called in the answer: the last name of its path, and its indexes.

    >>> column_name(("m", "y", 1))
    'y[1]'
    """
    last = max(at for at, step in enumerate(steps) if isinstance(step, str))
    return str(steps[last]) + "".join(f"[{index}]" for index in steps[last + 1 :])


def sort_key(term: Term, *, descending: bool) -> SortKey:
    """Return a key of ORDER BY.

    Raises:
        ValidationException: It is no name.
    """
    node = term.node
    if isinstance(node, nodes.Path) and len(node.steps) == 1:
        return SortKey(str(node.steps[0]), descending)
    kind = "PATH" if isinstance(node, nodes.Path) else _printed(term)
    raise ValidationException(
        f"Argument to ORDER BY must be of type VariableReference. Type: {kind}"
    )


def _printed(term: Term) -> str:
    if isinstance(term.node, Literal):
        ((_, content),) = term.node.value.items()
        return str(content)
    return term.what


def insert_members(term: Term) -> tuple[tuple[str, Literal | Parameter], ...]:
    """Return the attributes of an item to be inserted.

    Raises:
        ValidationException: It is no map, or a value is neither a literal nor a parameter.
    """
    if term.pairs is None:
        raise ValidationException(
            "Unsupported format in item expression. Please use struct format {...} to express "
            f"item values for insert statement. at {term.place}"
        )
    members: dict[str, Literal | Parameter] = {}
    for key, value in term.pairs:
        name = map_key(key)
        if name in members:
            raise duplicate_key(name, key.place)
        members[name] = _inserted(value)
    return tuple(members.items())


def _inserted(term: Term) -> Literal | Parameter:
    node = term.node
    if isinstance(node, Literal | Parameter):
        return node
    if isinstance(node, Unsupported):
        raise unsupported(node.what, node.keys, node.place)
    what = "MISSING" if isinstance(node, Missing) else term.what
    if isinstance(node, nodes.Path) and len(node.steps) == 1:
        what = str(node.steps[0])
    raise unsupported(what, (), term.place)


def set_action(target: Term, value: Term) -> Change:
    """Return what an assignment of a SET clause does.

    Raises:
        ValidationException: What is assigned is not supported there.
    """
    path, node = target.node, value.node
    if isinstance(node, nodes.Call) and node.function in _SET_FUNCTIONS:
        return _set_function(path, node, value)
    if value.what == "is":
        raise ValidationException("IS operator is not supported in update expressions")
    check_assigned(node)
    return "SET", nodes.SetAction(path, node), None


def _set_function(path: nodes.Path, call: nodes.Call, term: Term) -> Change:
    function = call.function.upper()
    if len(call.arguments) != 2:
        raise ValidationException(f"{function} must have exactly two arguments at {term.place}")
    first, argument = call.arguments
    if first != path:
        raise ValidationException(
            f"The first argument to {function} must equal the assignment value"
        )
    place = term.members[0].place if term.members else term.place
    if not isinstance(argument, Literal | Parameter):
        raise no_set(function, place)
    if isinstance(argument, Literal) and SET_TYPES.isdisjoint(argument.value):
        raise no_set(function, place)
    keyword = _SET_FUNCTIONS[call.function]
    action = nodes.AddAction if keyword == "ADD" else nodes.DeleteAction
    late = SetArgument(function, argument, place) if isinstance(argument, Parameter) else None
    return keyword, action(path, argument), late


def no_set(function: str, place: str) -> ValidationException:
    """Return the error for a second argument that is no set."""
    return ValidationException(
        f"The second argument to {function} must be a value with type SET at {place}"
    )


def membership(operand: Term, operator: Token, choices: Term) -> Term:
    """Return the term of IN.

    Raises:
        ValidationException: What stands behind it is no list, or an empty one.
    """
    if not choices.members or isinstance(choices.node, nodes.Call):
        raise ValidationException(
            "IN operator must have a left hand argument of type Variable Reference and right hand "
            "argument of type Seq with at least one member"
        )
    node: nodes.Condition = nodes.Membership(
        operand.node, tuple(member.node for member in choices.members)
    )
    if operator.type == "NOT_IN":
        node = nodes.Not(node)
    return operator_term(node, "in", operator.place, [operand, *choices.members])


def is_type(operand: Term, operator: Token, word: str) -> Term:
    """Return the term of IS: MISSING, NULL, or a type.

    Raises:
        ValidationException: The operand is no path and no literal, or the type is one that
            attributes don't have.
    """
    node = operand.node
    if not isinstance(node, nodes.Path | nodes.Value):
        raise ValidationException(
            "The left hand side argument to IS must be a Variable Reference, Literal, or Path"
        )
    if word != "MISSING" and word not in TYPE_WORDS:
        raise ValidationException(
            f"Unsupported data type for IS operator: {OTHER_TYPE_WORDS[word]}. Supported data "
            "types are [MISSING, NULL, BOOLEAN, BLOB, STRING, NUMERIC, STRUCT, TUPLE, LIST] at "
            f"{operator.place}"
        )
    test = _type_test(node, word, operator)
    condition: Any = nodes.Not(test) if operator.type == "IS_NOT" else test
    return operator_term(condition, "is", operator.place, [operand])


def _type_test(node: nodes.Path | nodes.Value, word: str, operator: Token) -> nodes.Call:
    if word == "MISSING":
        return nodes.Call("attribute_not_exists", (node,))
    type_name = Literal(f":is{operator.start_pos}", {"S": TYPE_WORDS[word]})
    return nodes.Call("attribute_type", (node, type_name))
