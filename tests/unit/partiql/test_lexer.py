from __future__ import annotations

import pytest

from dqlmock.partiql.lexer import string_content, tokenise


def types(text: str) -> list[str]:
    return [token.type for token in tokenise(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name _n $n n1", ["NAME"] * 4),
        ("select Select SELECT", ["SELECT"] * 3),
        ("date", ["KEYWORD"]),
        ('"date"', ["QUOTED"]),
        ("'it''s' ''", ["STRING", "STRING"]),
        ("1 1. .5 1.5 1e3 1.5E-3", ["NUMBER"] * 6),
        ("1d", ["UNKNOWN", "NAME"]),
        ("12d", ["NUMBER", "UNKNOWN", "NAME"]),
        ("size (a)", ["FUNCTION", "LEFT", "NAME", "RIGHT"]),
        ("size", ["KEYWORD"]),
        ("date(a)", ["KEYWORD", "LEFT", "NAME", "RIGHT"]),
        ('"f"(a)', ["FUNCTION", "LEFT", "NAME", "RIGHT"]),
        ("NOT IN not between is not", ["NOT_IN", "NOT_BETWEEN", "IS_NOT"]),
        ("NOT a IN", ["NOT", "NAME", "IN"]),
        ("'NOT' IN", ["STRING", "IN"]),
        ("INSERT INTO", ["INSERT_INTO"]),
        ("ALL OLD MODIFIED NEW", ["ALL_OLD", "MODIFIED_NEW"]),
        ("<<'a'>>", ["OPEN_BAG", "STRING", "CLOSE_BAG"]),
        ("< <= <> != >= >", ["ORDER_SIGN"] * 2 + ["EQUALITY"] * 2 + ["ORDER_SIGN"] * 2),
        ("a -- b\nc /* d\n */ e", ["NAME"] * 3),
        ("é", ["UNKNOWN"]),
        ("'never", ["UNKNOWN", "NAME"]),
    ],
)
def test_types(text: str, expected: list[str]) -> None:
    assert types(text) == expected


def test_parameters_are_numbered() -> None:
    assert [token.text for token in tokenise("? '?' ? /* ? */ ?")] == ["0", "'?'", "1", "2"]


def test_places_count_lines_and_columns() -> None:
    places = [token.place for token in tokenise("ab 'c\nd' e\n  NOT  IN")]
    assert places == ["1:1:2", "1:4:5", "2:4:1", "3:3:6"]


def test_quotes_are_doubled_inside() -> None:
    assert string_content('"a""b"') == 'a"b'
    assert string_content("'a\"\"b'") == 'a""b'
