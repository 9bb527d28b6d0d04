from __future__ import annotations

import threading
from typing import Any

import pytest

from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.partiql import parse as module
from dqlmock.partiql.nodes import (
    Delete,
    Exists,
    Insert,
    Literal,
    Parameter,
    Select,
    SortKey,
    Update,
)
from dqlmock.partiql.parse import parse


def where(text: str) -> Any:
    statement = parse(f"SELECT * FROM things WHERE {text}")
    assert isinstance(statement, Select)
    return statement.where


def refusal(text: str) -> str:
    with pytest.raises(ValidationException) as caught:
        parse(text)
    return caught.value.message


def path(*steps: str | int) -> nodes.Path:
    return nodes.Path(steps)


class TestStatements:
    def test_select(self) -> None:
        statement = parse('SELECT a, "b c".d[0] FROM "t-1"."i-1" ORDER BY a DESC, b')
        columns = (path("a"), path("b c", "d", 0))
        order = (SortKey("a", True), SortKey("b", False))
        assert statement == Select("t-1", "i-1", columns, None, order)

    def test_insert(self) -> None:
        statement = parse("INSERT INTO things VALUE {'a': 1, 'b': ?}")
        assert isinstance(statement, Insert)
        (a, one), (b, parameter) = statement.members
        assert (a, b) == ("a", "b")
        assert isinstance(one, Literal)
        assert one.value == {"N": "1"}
        assert parameter == Parameter("?0", 0)

    def test_update_keeps_the_order_of_its_clauses(self) -> None:
        statement = parse("UPDATE things SET a = ?, b = c REMOVE d.e SET f = 1 RETURNING ALL NEW *")
        assert isinstance(statement, Update)
        keywords = [section.keyword for section in statement.tree.sections]
        assert keywords == ["SET", "SET", "REMOVE", "SET"]
        roots = [action.path.steps[0] for action in statement.tree.actions]
        assert roots == ["a", "b", "d", "f"]
        assert statement.returning == "ALL NEW"

    def test_delete(self) -> None:
        assert parse("delete from things") == Delete("things", None, None)

    def test_exists(self) -> None:
        statement = parse("EXISTS(SELECT * FROM things)")
        assert statement == Exists(Select("things", None, None, None, ()))


class TestConditions:
    def test_and_binds_more_than_or_and_not_more_than_both(self) -> None:
        a, b, c = (
            nodes.Comparison("=", path(n), Parameter(f"?{i}", i)) for i, n in enumerate("abc")
        )
        assert where("a = ? OR b = ? AND NOT c = ?") == nodes.Or((a, nodes.And((b, nodes.Not(c)))))
        assert where("(a = ? OR b = ?) AND c = ?") == nodes.And((nodes.Or((a, b)), c))

    def test_many_make_one_node(self) -> None:
        assert len(where("a = 1 AND b = 2 AND c = 3").conditions) == 3
        assert len(where("a = 1 OR b = 2 OR c = 3 OR d = 4").conditions) == 4

    @pytest.mark.parametrize("choices", ["[?, ?]", "(?, ?)"])
    def test_in(self, choices: str) -> None:
        values = (Parameter("?0", 0), Parameter("?1", 1))
        assert where(f"a IN {choices}") == nodes.Membership(path("a"), values)
        assert where(f"a NOT IN {choices}") == nodes.Not(nodes.Membership(path("a"), values))

    def test_in_one_in_parentheses(self) -> None:
        assert where("a IN (?)") == nodes.Membership(path("a"), (Parameter("?0", 0),))

    def test_in_what_is_no_list(self) -> None:
        for choices in ("?", "1", "b", "size(b)", "[]", "<<1>>", "{'a': 1}"):
            assert refusal(f"SELECT * FROM things WHERE a IN {choices}").startswith("IN operator")

    def test_is(self) -> None:
        missing = nodes.Call("attribute_not_exists", (path("a"),))
        assert where("a IS MISSING") == missing
        assert where("a IS NOT MISSING") == nodes.Not(missing)
        for word, tag in (("NULL", "NULL"), ("BOOL", "BOOL"), ("blob", "B"), ("TUPLE", "M")):
            assert where(f"a IS {word}").arguments[1].value == {"S": tag}

    def test_functions_in_any_case(self) -> None:
        assert where("Begins_With(a, ?)").function == "begins_with"


class TestLiterals:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("'it''s'", {"S": "it's"}),
            ("1.50", {"N": "1.5"}),
            ("-1", {"N": "-1"}),
            ("- - 1", {"N": "1"}),
            ("+1e2", {"N": "100"}),
            ("-0", {"N": "0"}),
            ("true", {"BOOL": True}),
            ("NULL", {"NULL": True}),
            ("[]", {"L": []}),
            ("[1, ['a']]", {"L": [{"N": "1"}, {"L": [{"S": "a"}]}]}),
            ("(1, 2)", {"L": [{"N": "1"}, {"N": "2"}]}),
            ("('a')", {"S": "a"}),
            ("{}", {"M": {}}),
            ("{'k': {'l': NULL}}", {"M": {"k": {"M": {"l": {"NULL": True}}}}}),
            ("<<'b', 'a'>>", {"SS": ["a", "b"]}),
            ("<<10, 9.0>>", {"NS": ["9", "10"]}),
        ],
    )
    def test_values(self, text: str, value: dict[str, Any]) -> None:
        right = where(f"a = {text}").right
        assert isinstance(right, Literal)
        assert right.value == value

    def test_each_has_a_name_of_its_own(self) -> None:
        condition = where("a BETWEEN 1 AND 1 OR a IS NULL")
        between, is_null = condition.conditions
        names = {between.low.name, between.high.name, is_null.arguments[1].name}
        assert len(names) == 3


class TestMalformed:
    @pytest.mark.parametrize(
        ("text", "detail"),
        [
            ("", "Expected data manipulation"),
            ("WITH a", "Expected data manipulation"),
            ("UPDATE things WHERE a = 1", "Expected data manipulation"),
            ("UPDATE", "Expected identifier for simple path"),
            ("UPDATE things SET", "Expected identifier for simple path"),
            ("INSERT INTO things (a, b) VALUES (1, 2)", "Expected identifier for simple path"),
            ("INSERT INTO things (a, key) VALUES (key)", "Unexpected keyword"),
            ("INSERT INTO things (a) VALUES (1, key)", "Expected identifier for simple path"),
            ("UPDATE things SET a", "Expected '='"),
            ("UPDATE things SET a.b < 1", "Expected '='"),
            ("UPDATE things REMOVE a, b WHERE c = 1", "Unexpected token after expression"),
            ("DELETE things", "Expected FROM after DELETE"),
            ("SELECT a", "Expected FROM after SELECT list"),
            ("SELECT * FROM", "Unexpected term"),
            ("SELECT a. FROM things", "Invalid path dot component"),
            ("SELECT a, FROM things", "Unexpected keyword"),
            ("SELECT * FROM things WHERE", "Unexpected term"),
            ("SELECT * FROM things WHERE a = = 1", "Unexpected operator"),
            (
                "SELECT * FROM things WHERE a AND",
                "Missing right-hand side expression of infix operator",
            ),
            ("SELECT * FROM things ORDER a", "Expected BY"),
            ("SELECT * FROM things;;", "Unexpected token after expression"),
            ("SELECT * FROM things WHERE (a = 1", "Expected RIGHT_PAREN"),
            ("SELECT * FROM things WHERE a = [1", "Expected RIGHT_BRACKET"),
            ("SELECT * FROM things WHERE a = <<1", "Expected RIGHT_DOUBLE_ANGLE_BRACKET"),
            ("INSERT INTO things VALUE {'a': 1", "Expected RIGHT_CURLY"),
        ],
    )
    def test_details(self, text: str, detail: str) -> None:
        assert refusal(text) == f"Statement wasn't well formed, can't be processed: {detail}"


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE things SET a = set_add(b, <<1>>) WHERE pk = 1 AND",
        "SELECT a, a FROM things WHERE pk =",
        "INSERT INTO things VALUE {'a': <<>>, 'b'}",
        "SELECT * FROM things WHERE a IN [] AND )",
    ],
)
def test_form_comes_before_what_is_not_supported(text: str) -> None:
    assert refusal(text).startswith("Statement wasn't well formed, can't be processed: ")


def test_threads_share_one_parser() -> None:
    module._built_tables.cache_clear()
    threads = [threading.Thread(target=parse, args=("SELECT * FROM things",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert module._built_tables.cache_info().misses == 1
