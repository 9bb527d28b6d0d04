"""Expression text to nodes. The only module of the room that imports lark.

Owns syntax: what is reported here is what AWS reports before it looks at any name. Knows nothing
of what names and values mean. The parser is built on first use; parsing takes time linear in the
text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Transformer
from lark.lexer import Lexer

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.lalr import Tables, UnexpectedTokenError
from dqlmock.expressions.lexer import Token, path_steps, syntax_error, tokenise
from dqlmock.limits import EXPRESSION_SIZE_BYTES

_ENTRANCES = {
    "ConditionExpression": "condition",
    "FilterExpression": "condition",
    "KeyConditionExpression": "condition",
    "UpdateExpression": "update",
    "ProjectionExpression": "projection",
}

_building = threading.Lock()
_built: dict[str, Tables] = {}


def invalid(parameter: str, reason: str, family: Family = Family.EXPRESSION) -> ValidationException:
    """Return the error for an expression that can't be accepted.

    Args:
        parameter: The request's parameter: `"UpdateExpression"`.
        reason: What AWS says behind the parameter's name.
        family: The group the message belongs to.

    >>> str(invalid("FilterExpression", "The expression can not be empty;"))
    'Invalid FilterExpression: The expression can not be empty;'
    """
    return ValidationException(f"Invalid {parameter}: {reason}", family)


def parse(parameter: str, text: str) -> nodes.Tree:
    """Parse one expression.

    Args:
        parameter: The request's parameter that holds it: `"ConditionExpression"`.
        text: The expression.

    Returns:
        Its tree, placeholders of names not yet replaced.

    Raises:
        ValidationException: The text is empty, too long, no expression, or has parentheses
            around parentheses.

    >>> parse("ProjectionExpression", "a, b[0]")
    PathList(paths=(Path(steps=('a',)), Path(steps=('b', 0))))
    """
    check_size(parameter, text)
    try:
        tree = _tables(_ENTRANCES[parameter]).parse(tokenise(text))
    except UnexpectedTokenError as error:
        offset = None if error.token is None else error.token.start_pos
        raise invalid(parameter, syntax_error(text, offset)) from None
    except _RedundantParenthesesError:
        raise invalid(parameter, "The expression has redundant parentheses;") from None
    return cast("nodes.Tree", tree)


def check_size(parameter: str, text: str, *, tell_size: bool = False) -> None:
    """Refuse an expression that is empty or too long.

    AWS tells the size in Scan's FilterExpression alone (us-east-1 and eu-west-2, September 2026:
    floci-io/floci pull request 3447; UpdateItem in 2023: aws/aws-sdk-java-v2 issue 4597). DynamoDB
    Local tells it everywhere.

    Args:
        parameter: The request's parameter that holds the expression.
        text: The expression.
        tell_size: Whether the message has the size.

    Raises:
        ValidationException: It is empty or too long.

    >>> check_size("ProjectionExpression", "a" * 4097)
    Traceback (most recent call last):
    ...
    dqlmock.errors.ValidationException: Invalid ProjectionExpression: Expression size has exceeded \
the maximum allowed size;
    """
    if not text:
        raise invalid(parameter, "The expression can not be empty;")
    size_bytes = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size_bytes > EXPRESSION_SIZE_BYTES:
        size = f" expression size: {size_bytes}" if tell_size else ""
        raise invalid(parameter, f"Expression size has exceeded the maximum allowed size;{size}")


class _RedundantParenthesesError(Exception):
    """`((a = b))`: AWS refuses it as soon as the outer parenthesis closes."""


class _Group:
    """A node in parentheses, until the rule above takes it out of them."""

    __slots__ = ("node",)

    def __init__(self, node: Any) -> None:
        self.node = node


def _bare(matched: Any) -> Any:
    """The node behind what a rule matched: out of its parentheses, or out of its token."""
    if type(matched) is _Group:
        matched = matched.node
    if type(matched) is not Token:
        return matched
    if matched.type == "PATH":
        return nodes.Path(path_steps(matched.text))
    return nodes.Value(matched.text)


class _NoLexer(Lexer):
    """Stands where lark wants a lexer: `Tables` are handed tokens."""

    def __init__(self, lexer_conf: Any) -> None:
        """Lark passes its lexer configuration, which has nothing to say here."""

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Any]:
        """Yield nothing."""
        return iter(())


class _Builder(Transformer[Any, nodes.Tree]):
    """Makes a node of every rule as it is recognised. Keeps no state: requests share it.

    A method gets everything that its rule matched, punctuation included: filtering it out, as lark
    does by default, costs more than all the rest of a reduction.
    """

    def condition(self, matched: list[Any]) -> Any:
        return _bare(matched[0])

    def group(self, matched: list[Any]) -> _Group:
        if type(matched[1]) is _Group:
            raise _RedundantParenthesesError
        return _Group(matched[1])

    def either(self, matched: list[Any]) -> nodes.Or:
        return nodes.Or(tuple(matched[0]))

    def both(self, matched: list[Any]) -> nodes.And:
        return nodes.And(tuple(matched[0]))

    def negated(self, matched: list[Any]) -> nodes.Not:
        return nodes.Not(_bare(matched[1]))

    def compared(self, matched: list[Any]) -> nodes.Comparison:
        left, operator, right = matched
        return nodes.Comparison(operator.text, _bare(left), _bare(right))

    def between(self, matched: list[Any]) -> nodes.Between:
        operand, _between, low, _and, high = matched
        return nodes.Between(_bare(operand), _bare(low), _bare(high))

    def membership(self, matched: list[Any]) -> nodes.Membership:
        return nodes.Membership(_bare(matched[0]), tuple(matched[3]))

    def call(self, matched: list[Any]) -> nodes.Call:
        return nodes.Call(matched[0].text, tuple(matched[2]))

    def first(self, matched: list[Any]) -> list[Any]:
        return [_bare(matched[0])]

    def two(self, matched: list[Any]) -> list[Any]:
        return [_bare(matched[0]), _bare(matched[2])]

    def more(self, matched: list[Any]) -> list[Any]:
        members: list[Any] = matched[0]
        members.append(_bare(matched[-1]))
        return members

    def projection(self, matched: list[Any]) -> nodes.PathList:
        return nodes.PathList(tuple(matched[0]))

    def update(self, matched: list[Any]) -> nodes.UpdateTree:
        return nodes.UpdateTree(tuple(matched[0]))

    def set_section(self, matched: list[Any]) -> nodes.Section:
        return nodes.Section("SET", tuple(matched[1]))

    def remove_section(self, matched: list[Any]) -> nodes.Section:
        return nodes.Section("REMOVE", tuple(map(nodes.RemoveAction, matched[1])))

    def add_section(self, matched: list[Any]) -> nodes.Section:
        return nodes.Section("ADD", tuple(nodes.AddAction(*pair) for pair in matched[1]))

    def delete_section(self, matched: list[Any]) -> nodes.Section:
        return nodes.Section("DELETE", tuple(nodes.DeleteAction(*pair) for pair in matched[1]))

    def assignment(self, matched: list[Any]) -> nodes.SetAction:
        return nodes.SetAction(_bare(matched[0]), _bare(matched[2]))

    def arithmetic(self, matched: list[Any]) -> nodes.Arithmetic:
        left, operator, right = matched
        return nodes.Arithmetic(operator.text, _bare(left), _bare(right))

    def pair(self, matched: list[Any]) -> tuple[nodes.Path, nodes.Value]:
        return _bare(matched[0]), _bare(matched[1])


def _tables(entrance: str) -> Tables:
    tables = _built.get(entrance)
    if tables is None:
        with _building:
            parser = _parser()
            for start in _ENTRANCES.values():
                configuration = parser.parse_interactive(start=start).parser_state.parse_conf
                _built[start] = Tables(configuration)
        tables = _built[entrance]
    return tables


@cache
def _parser() -> Lark:
    return Lark(
        files("dqlmock.expressions").joinpath("grammar.lark").read_text(encoding="utf-8"),
        start=["condition", "update", "projection"],
        parser="lalr",
        lexer=_NoLexer,
        transformer=_Builder(),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
