"""Syntax: what is refused, with which token and which neighbours, and what trees come out."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.parse import check_size, parse


def refusal(parameter: str, text: str) -> str:
    with pytest.raises(ValidationException) as caught:
        parse(parameter, text)
    assert caught.value.family is Family.EXPRESSION
    prefix = f"Invalid {parameter}: "
    assert caught.value.message.startswith(prefix)
    return caught.value.message[len(prefix) :]


@pytest.mark.parametrize(
    ("text", "token", "near"),
    [
        # What real DynamoDB answers (ConditionExpression takes the same path as the others).
        ("!!!", "!", "!!"),
        ("!!! INVALID !!!", "!", "!!"),
        # The token with its neighbours, white space as it is written.
        ("a == :v", "=", "== :v"),
        ("a ! b", "!", "a ! b"),
        ("a b c", "b", "a b c"),
        ("a = b c", "c", "b c"),
        ("a  =   %  b", "%", "=   %  b"),
        ("a = b)", ")", "b)"),
        ("a = b))", ")", "b))"),
        (" a = b ) x", ")", "b ) x"),
        ("a = b;", ";", "b;"),
        ("= a", "=", "= a"),
        (" IN (a)", "IN", " IN ("),
        ("a = b = c", "=", "b = c"),
        ("a <> b <> c", "<>", "b <> c"),
        ("(a = b) = c", "=", ") = c"),
        ("a = (b = c)", "=", "b = c"),
        # Keywords, in any case and in any kind of expression.
        ("a AND b", "AND", "a AND b"),
        ("a and b", "and", "a and b"),
        ("a OR b = c", "OR", "a OR b"),
        ("a between b or c", "or", "b or c"),
        ("SET = b", "SET", "SET ="),
        ("a.add = b", "add", ".add ="),
        ("delete(a)", "delete", "delete("),
        # Paths.
        ("a.b. = c", "=", ". = c"),
        ("a..b = c", ".", "..b"),
        (".a = b", ".", ".a"),
        ("a[] = b", "]", "[] ="),
        ("a[x] = b", "x", "[x]"),
        ("a[-1] = b", "-", "[-1"),
        ("a[1.5] = b", ".", "1.5"),
        ("a[01] = b", "1", "01]"),
        ("a[1 = b", "=", "1 = b"),
        ("a[#b]=c", "#b", "[#b]"),
        ("(a = (m[x]))", "x", "[x]"),
        ("a.1 = b", "1", ".1 ="),
        ("a-b = c", "-", "a-b"),
        ("a:b = c", ":b", "a:b ="),
        ("#a-b = c", "-", "#a-b"),
        # Characters and literals that the language doesn't have.
        ("a = 1", "1", "= 1"),
        ("1a = b", "1", "1a"),
        ("_a = b", "_", "_a"),
        ("a = 'x'", "'", "= 'x"),
        ('a = "x"', '"', '= "x'),
        ("é = b", "é", "é ="),
        ("# = a", "#", "# ="),
        ("a = : v", ":", "= : v"),
        ("a\u00a0=b", "\u00a0", "a\u00a0="),
        ("a\x0c=b", "\x0c", "a\x0c="),
        # Functions.
        ("attribute_exists a", "a", "attribute_exists a"),
        ("attribute_exists()", ")", "()"),
        ("contains(a, b = c)", "=", "b = c"),
        ("a.b.c(d)", "(", "c(d"),
        ("#a(b)", "(", "#a(b"),
        ("a in b", "b", "in b"),
        ("a in ()", ")", "()"),
    ],
)
def test_a_wrong_token_is_shown_with_its_neighbours(text: str, token: str, near: str) -> None:
    assert refusal("ConditionExpression", text) == f'Syntax error; token: "{token}", near: "{near}"'


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("a", "a"),
        ("a = ", "= "),
        ("(a = b", "b"),
        ("(a)", ")"),
        ("NOT", "NOT"),
        ("a = b AND", "AND"),
        ("a = b.", "."),
        ("a.b.c", "c"),
        ("attribute_exists(a", "a"),
        ("  ", "  "),
    ],
)
def test_the_end_of_the_text_is_shown_with_what_is_before(text: str, near: str) -> None:
    assert refusal("ConditionExpression", text) == f'Syntax error; token: "<EOF>", near: "{near}"'


@pytest.mark.parametrize(
    ("text", "token", "near"),
    [
        ("INVALID SYNTAX HERE", "INVALID", "INVALID SYNTAX"),
        ("x = :s", "x", "x ="),
        ("SET x = :s foo", "foo", ":s foo"),
        ("SET (x) = :s", "(", "SET (x"),
        ("SET size(a) = :s", "(", "size(a"),
        ("SET x = a + :n + :n", "+", ":n + :n"),
        ("SET x = (n + :n) + :n", "+", ") + :n"),
        ("SET x = if_not_exists(x, n + :n)", "+", "n + :n"),
        ("SET x = y = :s", "=", "y = :s"),
        ("SET x = NOT a", "NOT", "= NOT a"),
        ("ADD n a", "a", "n a"),
        ("ADD n = :n", "=", "n = :n"),
        ("REMOVE a b", "b", "a b"),
        ("SET add = :s", "add", "SET add ="),
    ],
)
def test_a_wrong_token_in_an_update(text: str, token: str, near: str) -> None:
    assert refusal("UpdateExpression", text) == f'Syntax error; token: "{token}", near: "{near}"'


@pytest.mark.parametrize(
    ("text", "token", "near"),
    [
        ("!!!", "!", "!!"),
        ("a,,b", ",", ",,b"),
        (":v", ":v", ":v"),
        ("a = b", "=", "a = b"),
        ("size(a)", "(", "size(a"),
        ("(a)", "(", "(a"),
        ("a AND b", "AND", "a AND b"),
    ],
)
def test_a_wrong_token_in_a_projection(text: str, token: str, near: str) -> None:
    message = f'Syntax error; token: "{token}", near: "{near}"'
    assert refusal("ProjectionExpression", text) == message


@pytest.mark.parametrize(
    "text",
    [
        "((a = b))",
        "(((a = b)))",
        "((a)) = b",
        "a = ((b))",
        "size(((a))) = b",
        "NOT ((a = b))",
        "(a = b) OR ((c = d))",
        "a = b AND ((c = d)) AND",
        "((attribute_not_exists(pk)))",
    ],
)
def test_parentheses_around_parentheses_are_refused(text: str) -> None:
    reason = "The expression has redundant parentheses;"
    assert refusal("ConditionExpression", text) == reason


def test_parentheses_around_parentheses_are_refused_in_an_update() -> None:
    reason = "The expression has redundant parentheses;"
    assert refusal("UpdateExpression", "SET x = ((a))") == reason


@pytest.mark.parametrize(
    ("bracketed", "plain"),
    [
        ("(a = b)", "a = b"),
        ("(a) = (b)", "a = b"),
        ("(a = (b))", "a = b"),
        ("((a = b) AND c = d)", "a = b AND c = d"),
        ("(size(a)) = b", "size(a) = b"),
        ("(contains(a, b))", "contains(a, b)"),
        ("size((a)) = b", "size(a) = b"),
        ("a IN ((b), (c))", "a IN (b, c)"),
        ("(contains(a, b)) AND (c = d)", "contains(a, b) AND c = d"),
        ("(NOT (a = b))", "NOT a = b"),
    ],
)
def test_single_parentheses_change_nothing_but_the_order(bracketed: str, plain: str) -> None:
    parameter = "ConditionExpression"
    assert parse(parameter, bracketed) == parse(parameter, plain)


def test_not_binds_stronger_than_and_and_and_stronger_than_or() -> None:
    tree = parse("ConditionExpression", "a = b OR NOT c = d AND e = f")
    assert isinstance(tree, nodes.Or)
    both = tree.conditions[1]
    assert isinstance(both, nodes.And)
    assert isinstance(both.conditions[0], nodes.Not)


def test_the_and_of_between_is_not_the_and_of_conditions() -> None:
    tree = parse("ConditionExpression", "a BETWEEN b AND c AND d = e")
    assert isinstance(tree, nodes.And)
    assert isinstance(tree.conditions[0], nodes.Between)


def test_keywords_ignore_case_and_white_space_is_free() -> None:
    text = "  set\tx=:s ,\r\ny = :n remove  a . b [ 0 ] add n :n delete s :s"
    assert parse("UpdateExpression", text) == parse(
        "UpdateExpression", "SET x = :s, y = :n REMOVE a.b[0] ADD n :n DELETE s :s"
    )


def test_an_empty_expression() -> None:
    assert refusal("UpdateExpression", "") == "The expression can not be empty;"


def test_the_size_of_an_expression_is_limited_in_bytes() -> None:
    too_long = "Expression size has exceeded the maximum allowed size;"
    assert refusal("FilterExpression", "a" * 4097) == too_long
    assert refusal("FilterExpression", "é" * 2049) == too_long
    assert refusal("FilterExpression", "é" * 2048).startswith("Syntax error")
    assert parse("ProjectionExpression", "a" * 4096)


def test_the_size_of_an_expression_is_told_in_bytes() -> None:
    with pytest.raises(ValidationException, match="allowed size; expression size: 4098"):
        check_size("FilterExpression", "é" * 2049, tell_size=True)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 4096,
        "!" * 4096,
        "NOT " * 1020 + "a=b",
        "size(" * 800 + "a",
        "(" * 2000 + "a=b" + ")" * 2000,
        " AND ".join(["a=b"] * 500),
        "a = " + "a." * 2040 + "a",
        "a" + "[0]" * 1300 + "=b",
        "a in (" + ",".join(["a"] * 2000) + ")",
    ],
)
def test_a_hostile_expression_is_parsed_or_refused(text: str) -> None:
    with suppress(ValidationException):
        parse("ConditionExpression", text)


def test_importing_the_room_does_not_load_the_parser() -> None:
    code = (
        "import sys; import dqlmock.expressions.request, dqlmock.expressions.legacy as legacy;"
        "from dqlmock.expressions import parse;"
        "assert not parse._built"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
