"""What AWS says of a statement that it can't parse.

Owns the words. They are those of PartiQL's reference parser (partiql-lang-kotlin 0.x), which
DynamoDB passes on behind a sentence of its own: "Expected data manipulation" is quoted from AWS in
awsdocs/aws-sdk-for-javascript-v3#98 and nubo-db/dynoxide#149, "Expected identifier for simple path"
and "Unexpected from source" on Stack Overflow. Where that parser says nothing that is known, the
statement itself stands there, as in DynamoDB Local. What is well formed but not supported is said
without the sentence (DynamoDB Local).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dqlmock.errors import ValidationException
from dqlmock.partiql.lexer import Token

_STARTS: Final = frozenset({"SELECT", "INSERT_INTO", "UPDATE", "DELETE", "EXISTS"})
_JOINS: Final = frozenset({"JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "OUTER"})
_UNSUPPORTED_STATEMENTS: Final = {
    ("CREATE", "TABLE"): "CreateTable",
    ("DROP", "TABLE"): "DropTable",
    ("CREATE", "INDEX"): "CreateIndex",
    ("DROP", "INDEX"): "DropIndex",
}
_INFIX: Final = frozenset(
    {
        *("AND", "OR", "IN", "NOT_IN", "BETWEEN", "NOT_BETWEEN", "LIKE", "NOT_LIKE"),
        *("EQUALS", "EQUALITY", "ORDER_SIGN", "SIGN", "STAR", "FACTOR", "CONCATENATION"),
    }
)
_CLOSERS: Final = {
    "LEFT": "RIGHT_PAREN",
    "OPEN": "RIGHT_BRACKET",
    "OPEN_BAG": "RIGHT_DOUBLE_ANGLE_BRACKET",
    "OPEN_MAP": "RIGHT_CURLY",
}
_CLOSING: Final = frozenset({"RIGHT", "CLOSE", "CLOSE_BAG", "CLOSE_MAP"})
_EXPECTED: Final = {
    "DELETE": "Expected FROM after DELETE",
    "DOT": "Invalid path dot component",
    "IS": "Expected type name",
    "IS_NOT": "Expected type name",
    "ORDER": "Expected BY",
    "RETURNING": "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.",
}
"""What is missing behind a token, whatever else stands there."""

_PATH: Final = frozenset({"NAME", "QUOTED", "DOT", "OPEN", "CLOSE", "NUMBER", "STRING"})
_RETURNED: Final = frozenset({"ALL_OLD", "ALL_NEW", "MODIFIED_OLD", "MODIFIED_NEW"})
_INSERTED: Final = frozenset({"OPEN", "OPEN_BAG", "OPEN_MAP", "LEFT", "STRING", "PARAMETER"})
_ALIASES: Final = frozenset({"NAME", "QUOTED"})
_KEYWORDS: Final = frozenset({"KEYWORD", "FROM", "WHERE", "ORDER", "SELECT", "VALUE", "BY", "INTO"})
_CHANGES: Final = frozenset({"SET", "REMOVE"})


_MALFORMED: Final = "Statement wasn't well formed, can't be processed: "
_NO_SUCH_STATEMENT: Final = "Unsupported operation: "


def is_malformed(error: ValidationException) -> bool:
    """Tell whether a text is no statement that DynamoDB could look into.

    >>> is_malformed(malformed("Expected data manipulation"))
    True
    >>> is_malformed(ValidationException("Aliasing is not supported"))
    False
    """
    return error.message.startswith((_MALFORMED, _NO_SUCH_STATEMENT))


def malformed(detail: str) -> ValidationException:
    """Return the error for a statement that can't be parsed.

    >>> str(malformed("Expected data manipulation"))
    "Statement wasn't well formed, can't be processed: Expected data manipulation"
    """
    return ValidationException(f"{_MALFORMED}{detail}")


def syntax_error(
    text: str, tokens: Sequence[Token], at: int, expected: frozenset[str]
) -> ValidationException:
    """Return the error for a token that can't stand where it stands.

    Args:
        text: The statement.
        tokens: Its tokens.
        at: Index of the token; the number of tokens for the end of the statement.
        expected: Types of the tokens that could stand there.
    """
    if not tokens or tokens[0].type not in _STARTS:
        return _no_statement(tokens)
    found = tokens[at] if at < len(tokens) else None
    if found is not None:
        message = _unsupported_clause(tokens, at, found, expected)
        if message:
            return ValidationException(message)
    return malformed(_detail(tokens, at, found, expected) or text)


def _no_statement(tokens: Sequence[Token]) -> ValidationException:
    words = tuple(token.word for token in tokens[:2])
    if words in _UNSUPPORTED_STATEMENTS:
        return ValidationException(f"{_NO_SUCH_STATEMENT}{_UNSUPPORTED_STATEMENTS[words]}")
    if words[:1] == ("EXEC",):
        return ValidationException(f"{_NO_SUCH_STATEMENT}Exec")
    return malformed("Expected data manipulation")


def _unsupported_clause(
    tokens: Sequence[Token], at: int, found: Token, expected: frozenset[str]
) -> str | None:
    """What AWS says of a clause that PartiQL has and DynamoDB has not."""
    word, before, statement = found.word, tokens[at - 1], tokens[0].type
    after = tokens[min(at + 1, len(tokens) - 1)]
    if before.type == "SELECT" and word == "DISTINCT":
        return "Unsupported token in expression: DISTINCT"
    if before.type == "SELECT" and word == "VALUE" and after.type != "FROM":
        return "Select projection doesn't support value or pivot keywords"
    if "PARAMETER" in expected:
        return _unsupported_expression(tokens, at)
    if word == "LIMIT" and at + 1 < len(tokens):
        return f"Unsupported clause: LIMIT at {tokens[at + 1].place}"
    if word == "GROUP":
        return "Unsupported clause: GROUP BY"
    if statement == "INSERT_INTO" and word == "ON":
        return "Unsupported clause: ON CONFLICT"
    if statement == "INSERT_INTO" and word == "RETURNING":
        return "RETURNING is not supported in INSERT"
    if statement == "INSERT_INTO" and "VALUE" in expected and found.type in _INSERTED:
        return f"{_NO_SUCH_STATEMENT}InsertOp"
    if before.type in _RETURNED:
        return "Expected '*' after ( MODIFIED | ALL ) ( NEW | OLD ) in RETURNING clause"
    if found.type == "COMMA" and at > 1 and tokens[at - 2].type in _RETURNED:
        return "Invalid syntax with multiple returning elements in RETURNING clause"
    return _unsupported_source(tokens, at, expected)


def _unsupported_expression(tokens: Sequence[Token], at: int) -> str | None:
    found = tokens[at]
    if found.type == "EXISTS" and at + 2 < len(tokens):
        found = tokens[at + 2]
    if found.word == "SELECT" and at > 1 and tokens[at - 2].type == "FROM":
        return "Unexpected from source"
    if found.word in ("SELECT", "CASE"):
        return f"Unsupported token in expression: {found.word} at {found.place}"
    if found.type == "ION" and found.text[1:-1].isdecimal():
        return f"Ion Literals are not supported: INT under key root at {found.place}"
    return None


def _unsupported_source(tokens: Sequence[Token], at: int, expected: frozenset[str]) -> str | None:
    found, before = tokens[at], {token.type for token in tokens[:at]}
    is_alias = found.word in ("AS", "AT") or found.type in _ALIASES
    if is_alias and (_lacks_changes(tokens, at) or _is_alias_of_deleted(tokens, at)):
        return "Aliasing is not supported"
    if tokens[0].type != "SELECT" or not before.isdisjoint(("WHERE", "ORDER")):
        return None
    if "FROM" in before and (found.type == "COMMA" or found.word in _JOINS):
        return "Only select from a single table or index is supported."
    if is_alias and expected.intersection(("FROM", "WHERE")):
        return "Aliasing is not supported"
    return None


def _is_alias_of_deleted(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the WHERE clause of a DELETE follows an alias that stands there."""
    before = [token.type for token in tokens[:at]]
    if before[:2] != ["DELETE", "FROM"] or len(before) < 3 or "WHERE" in before:
        return False
    where = at + (1 if tokens[at].type in _ALIASES else 2)
    return where < len(tokens) and tokens[where].type == "WHERE"


def _lacks_changes(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the target of an UPDATE stands there, but neither SET nor REMOVE yet."""
    if tokens[0].type != "UPDATE" or at < 2:
        return False
    return _CHANGES.isdisjoint(token.type for token in tokens[:at])


def _detail(
    tokens: Sequence[Token], at: int, found: Token | None, expected: frozenset[str]
) -> str | None:
    before = tokens[at - 1]
    if before.type in _EXPECTED:
        return _EXPECTED[before.type]
    if "PARAMETER" in expected:
        return _no_expression(before, found)
    if expected <= _ALIASES:
        return _no_path(tokens, at)
    if _lacks_changes(tokens, at):
        return "Expected data manipulation"
    if tokens[0].type == "SELECT" and all(token.type != "FROM" for token in tokens[:at]):
        return "Expected FROM after SELECT list"
    if _lacks_equals(tokens, at):
        return "Expected '='"
    closer = _open_bracket(tokens[:at])
    if closer is not None:
        return f"Expected {closer}"
    return "Unexpected token after expression" if "$END" in expected else None


def _no_path(tokens: Sequence[Token], at: int) -> str:
    """What AWS says of a target that is no path.

    A name before a parenthesis is a call to PartiQL, whose arguments it parses first: passren/
    PyDynamoDB#26 quotes AWS for the columns of an INSERT as SQL has it.
    """
    if [token.type for token in tokens[at : at + 2]] == ["FUNCTION", "LEFT"]:
        for before, argument in zip(tokens[at + 1 :], tokens[at + 2 :], strict=False):
            if before.type == "RIGHT":
                break
            if before.type in ("LEFT", "COMMA") and argument.type in _KEYWORDS:
                return "Unexpected keyword"
    return "Expected identifier for simple path"


def _lacks_equals(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether the target of an assignment stands there, but nothing is assigned yet."""
    for token in reversed(tokens[:at]):
        if token.type == "SET":
            return True
        if token.type not in _PATH:
            return False
    return False


def _open_bracket(tokens: Sequence[Token]) -> str | None:
    """Return what closes the innermost bracket that is open, None where none is."""
    pending: list[str] = []
    for token in tokens:
        if token.type in _CLOSERS:
            pending.append(_CLOSERS[token.type])
        elif token.type in _CLOSING and pending:
            pending.pop()
    return pending[-1] if pending else None


def _no_expression(before: Token, found: Token | None) -> str:
    if found is None and before.type in _INFIX:
        return "Missing right-hand side expression of infix operator"
    if found is None:
        return "Unexpected term"
    if found.type in _KEYWORDS:
        return "Unexpected keyword"
    return "Unexpected operator" if found.type in _INFIX else "Unexpected term"
