"""Statement text to nodes. The only module of the room that imports lark.

Owns syntax and the shape of statements. Knows neither parameters nor tables. The parser is built on
first use; parsing takes time linear in the text.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any, cast

from lark import Lark, Transformer
from lark.lexer import Lexer

from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.lalr import Tables, UnexpectedTokenError
from dqlmock.partiql import terms
from dqlmock.partiql.keywords import OTHER_TYPE_WORDS, TYPE_WORDS
from dqlmock.partiql.lexer import Token, tokenise
from dqlmock.partiql.nodes import Delete, Exists, Insert, Select, Statement, Update
from dqlmock.partiql.shape import (
    changed_table,
    columns_of,
    insert_members,
    inserted_table,
    is_type,
    membership,
    select_source,
    set_action,
    sort_key,
)
from dqlmock.partiql.structure import check_condition
from dqlmock.partiql.syntax import malformed, syntax_error
from dqlmock.partiql.terms import Term, operator_term

_building = threading.Lock()
_OPERATORS = {"!=": "<>"}
_FUNCTION_OPERATORS = {"LIKE": "like", "NOT_LIKE": "not_like"}


def parse(text: str) -> Statement:
    """Parse one statement.

    Args:
        text: The statement.

    Raises:
        ValidationException: It is not well formed, which is told first, or asks for what DynamoDB
            doesn't support.

    >>> parse("DELETE FROM orders WHERE id = ?").table
    'orders'
    """
    tokens = tokenise(text)
    try:
        return cast("Statement", _tables().parse(tokens))
    except UnexpectedTokenError as error:
        at = len(tokens) if error.token is None else tokens.index(error.token)
        raise syntax_error(text, tokens, at, error.expected) from None


class _NoLexer(Lexer):
    """Stands where lark wants a lexer: `Tables` are handed tokens."""

    def __init__(self, lexer_conf: Any) -> None:
        """Lark passes its lexer configuration, which has nothing to say here."""

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Any]:
        """Yield nothing."""
        return iter(())


class _Builder(Transformer[Any, Statement]):
    """Makes statements and terms as they are recognised. Keeps no state: requests share it."""

    def statement(self, matched: list[Any]) -> Any:
        return matched[0]

    def exists(self, matched: list[Any]) -> Exists:
        return Exists(matched[2])

    def select(self, matched: list[Any]) -> Select:
        _select, columns, _from, source, where, order = matched
        table, index = select_source(source)
        return Select(table, index, columns_of(columns), where, order or ())

    def everything(self, matched: list[Any]) -> None:
        return None

    def columns(self, matched: list[Any]) -> Any:
        return matched[0]

    def absent(self, matched: list[Any]) -> None:
        return None

    def where(self, matched: list[Any]) -> nodes.Condition:
        condition = matched[1].node
        check_condition(condition)
        return cast("nodes.Condition", condition)

    def order(self, matched: list[Any]) -> Any:
        return tuple(matched[2])

    def sort_key(self, matched: list[Any]) -> Any:
        return sort_key(matched[0], descending=len(matched) > 1 and matched[1].type == "DESC")

    def insert(self, matched: list[Any]) -> Insert:
        _insert, target, _value, item = matched
        return Insert(inserted_table(target), insert_members(item))

    def update(self, matched: list[Any]) -> Update:
        _update, target, clauses, where, returning = matched
        table = changed_table(target)
        actions = [action for clause in clauses for action in clause]
        sections = tuple(nodes.Section(keyword, (action,)) for keyword, action, _ in actions)
        sets = tuple(argument for _, _, argument in actions if argument is not None)
        return Update(table, nodes.UpdateTree(sections), sets, where, returning)

    def set_clause(self, matched: list[Any]) -> Any:
        return matched[1]

    def remove_clause(self, matched: list[Any]) -> Any:
        return [("REMOVE", nodes.RemoveAction(matched[1].node), None)]

    def assignment(self, matched: list[Any]) -> Any:
        return set_action(matched[0], matched[2])

    def delete(self, matched: list[Any]) -> Delete:
        _delete, _from, target, where, returning = matched
        return Delete(changed_table(target), where, returning)

    def returning(self, matched: list[Any]) -> str:
        return str(matched[1])

    def returned(self, matched: list[Any]) -> str:
        return str(matched[0].word)

    def first(self, matched: list[Any]) -> list[Any]:
        return [matched[0]]

    def two(self, matched: list[Any]) -> list[Any]:
        return [matched[0], matched[2]]

    def more(self, matched: list[Any]) -> list[Any]:
        members: list[Any] = matched[0]
        members.append(matched[-1])
        return members

    def pair(self, matched: list[Any]) -> tuple[Term, Term]:
        return matched[0], matched[2]

    def either(self, matched: list[Any]) -> Term:
        conditions = tuple(term.node for term in matched[0])
        return operator_term(nodes.Or(conditions), "or", matched[0][0].place, matched[0])

    def both(self, matched: list[Any]) -> Term:
        conditions = tuple(term.node for term in matched[0])
        return operator_term(nodes.And(conditions), "and", matched[0][0].place, matched[0])

    def negated(self, matched: list[Any]) -> Term:
        return operator_term(nodes.Not(matched[1].node), "not", matched[0].place, [matched[1]])

    def compared(self, matched: list[Any]) -> Term:
        left, token, right = matched
        operator = _OPERATORS.get(token.text, token.text)
        node = nodes.Comparison(operator, left.node, right.node)
        return operator_term(node, operator, token.place, [left, right])

    def membership(self, matched: list[Any]) -> Term:
        return membership(*matched)

    def typed(self, matched: list[Any]) -> Term:
        operand, operator, type_ = matched
        word = type_.word
        if word != "MISSING" and word not in TYPE_WORDS and word not in OTHER_TYPE_WORDS:
            raise malformed("Expected type name")
        return is_type(operand, operator, word)

    def between(self, matched: list[Any]) -> Term:
        operand, operator, low, _and, high = matched
        node: nodes.Condition = nodes.Between(operand.node, low.node, high.node)
        if operator.type == "NOT_BETWEEN":
            node = nodes.Not(node)
        return operator_term(node, "between", operator.place, [operand, low, high])

    def operated(self, matched: list[Any]) -> Term:
        left, token, right = matched
        operator = _FUNCTION_OPERATORS.get(token.type, token.text)
        node = nodes.Arithmetic(operator, left.node, right.node)
        return operator_term(node, operator, token.place, [left, right])

    def signed(self, matched: list[Any]) -> Term:
        sign, term = matched
        number = terms.negative_term(sign, term)
        if number is not None:
            return number
        return operator_term(nodes.Call(sign.text, (term.node,)), sign.text, sign.place, [term])

    def path(self, matched: list[Any]) -> Term:
        return terms.name_term(matched[-1])

    def path_name(self, matched: list[Any]) -> Term:
        return _extended(matched[0], terms.name_of(matched[2]), matched[1])

    def path_index(self, matched: list[Any]) -> Term:
        return _extended(matched[0], terms.index_step(matched[2]), matched[1])

    def wildcard(self, matched: list[Any]) -> None:
        raise ValidationException("Changing item's hierarchy while reading isn't supported")

    def string(self, matched: list[Any]) -> Term:
        return terms.string_term(matched[0])

    def number(self, matched: list[Any]) -> Term:
        return terms.number_term(matched[0])

    def boolean(self, matched: list[Any]) -> Term:
        return terms.boolean_term(matched[0])

    def null(self, matched: list[Any]) -> Term:
        return terms.null_term(matched[0])

    def missing(self, matched: list[Any]) -> Term:
        return terms.missing_term(matched[0])

    def parameter(self, matched: list[Any]) -> Term:
        return terms.parameter_term(matched[0])

    def call(self, matched: list[Any]) -> Term:
        name, arguments = matched[0], _inside(matched)
        function = terms.function_name(name)
        node = nodes.Call(function, tuple(argument.node for argument in arguments))
        term = operator_term(node, function, name.place, arguments)
        term.members = tuple(arguments)
        return term

    def group(self, matched: list[Any]) -> Term:
        members = _inside(matched)
        if len(members) > 1:
            return terms.list_term(matched[0], members)
        return terms.group_term(members[0])

    def list_(self, matched: list[Any]) -> Term:
        return terms.list_term(matched[0], _inside(matched))

    def bag(self, matched: list[Any]) -> Term:
        return terms.bag_term(matched[0], _inside(matched))

    def map_(self, matched: list[Any]) -> Term:
        return terms.map_term(matched[0], _inside(matched))


def _inside(matched: list[Any]) -> list[Any]:
    """The members between what opens and what closes them."""
    return matched[-2] if type(matched[-2]) is list else []


def _extended(term: Term, step: str | int, token: Token) -> Term:
    if term.steps is None:
        raise terms.unexpected_component(token.place)
    term.steps.append(step)
    return term


def _tables() -> Tables:
    with _building:
        return _built_tables()


@cache
def _built_tables() -> Tables:
    parser = Lark(
        FilePath(__file__).with_name("grammar.lark").read_text(encoding="utf-8"),
        start="statement",
        parser="lalr",
        lexer=_NoLexer,
        transformer=_Builder(),
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
    return Tables(parser.parse_interactive().parser_state.parse_conf)
