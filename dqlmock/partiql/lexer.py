"""Statements to tokens, and where a token stands.

Knows nothing of grammar. Nothing is refused here: what starts no token becomes a token of its own,
which no rule of the grammar accepts.
"""

from __future__ import annotations

import re
from typing import Final

from dqlmock.partiql.keywords import FUNCTION_WORDS, GRAMMAR_WORDS, RESERVED_WORDS

_TOKEN = re.compile(
    r"""(?P<SPACE> [ \t\r\n]+ | --[^\n]* | /\*.*?\*/)
    | (?P<WORD> [A-Za-z_$][A-Za-z0-9_$]*)
    | (?P<QUOTED> "(?:[^"]|"")*")
    | (?P<STRING> '(?:[^']|'')*')
    | (?P<ION> `[^`]*`)
    | (?P<NUMBER> (?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z_$]))
    | (?P<PARAMETER> \?)
    | (?P<SYMBOL> << | >> | <> | != | <= | >= | \|\| | [=<>()\[\]{},:;.+\-*/%@])
    | (?P<UNKNOWN> .)
    """,
    re.VERBOSE | re.DOTALL,
)

_SYMBOLS: Final = {
    "<<": "OPEN_BAG",
    ">>": "CLOSE_BAG",
    "<>": "EQUALITY",
    "!=": "EQUALITY",
    "<=": "ORDER_SIGN",
    ">=": "ORDER_SIGN",
    "<": "ORDER_SIGN",
    ">": "ORDER_SIGN",
    "||": "CONCATENATION",
    "=": "EQUALS",
    "(": "LEFT",
    ")": "RIGHT",
    "[": "OPEN",
    "]": "CLOSE",
    "{": "OPEN_MAP",
    "}": "CLOSE_MAP",
    ",": "COMMA",
    ":": "COLON",
    ";": "SEMICOLON",
    ".": "DOT",
    "+": "SIGN",
    "-": "SIGN",
    "*": "STAR",
    "/": "FACTOR",
    "%": "FACTOR",
    "@": "AT_SIGN",
}

_PAIRS: Final = {
    ("NOT", "IN"): "NOT_IN",
    ("NOT", "BETWEEN"): "NOT_BETWEEN",
    ("NOT", "LIKE"): "NOT_LIKE",
    ("IS", "NOT"): "IS_NOT",
    ("INSERT", "INTO"): "INSERT_INTO",
    ("ALL", "OLD"): "ALL_OLD",
    ("ALL", "NEW"): "ALL_NEW",
    ("MODIFIED", "OLD"): "MODIFIED_OLD",
    ("MODIFIED", "NEW"): "MODIFIED_NEW",
}


class Token:
    """A token.

    Args:
        type_: Its type as the grammar calls it: `"NAME"`, `"COMMA"`, …
        text: As it is written.
        start: Offset of its first character.
        line: Its line, from 1.
        column: Its column, from 1.
    """

    __slots__ = ("column", "line", "start_pos", "text", "type")

    # lark copies these, and the place, to the token that it makes for the end of the text.
    end_line = end_column = end_pos = None

    def __init__(self, type_: str, text: str, start: int, line: int, column: int) -> None:
        self.type = type_
        self.text = text
        self.start_pos = start
        self.line = line
        self.column = column

    @property
    def word(self) -> str:
        """The text in capitals, as keywords are compared."""
        return self.text.upper()

    @property
    def place(self) -> str:
        """Line, column and length, as AWS prints them: `"1:8:3"`."""
        return f"{self.line}:{self.column}:{len(self.text)}"


def tokenise(text: str) -> list[Token]:
    """Split a statement into tokens; comments and white space are left out.

    Args:
        text: The statement.

    Returns:
        The tokens in order. A parameter's text is its position, from 0.

    >>> [(token.type, token.text) for token in tokenise("pk = ? AND v IN [?]")][2:5]
    [('PARAMETER', '0'), ('AND', 'AND'), ('NAME', 'v')]
    """
    tokens: list[Token] = []
    parameters, line, line_start = 0, 1, 0
    for match in _TOKEN.finditer(text):
        kind, part, start = str(match.lastgroup), match.group(), match.start()
        if kind == "PARAMETER":
            part, parameters = str(parameters), parameters + 1
        elif kind == "SYMBOL":
            kind = _SYMBOLS[part]
        elif kind == "WORD":
            kind = _word_type(part)
        if kind == "LEFT" and tokens:
            tokens[-1].type = _before_parenthesis(tokens[-1])
        if kind != "SPACE":
            tokens.append(Token(kind, part, start, line, start - line_start + 1))
        if "\n" in part:
            line += part.count("\n")
            line_start = start + part.rindex("\n") + 1
    return _paired(tokens)


def _word_type(text: str) -> str:
    word = text.upper()
    if word in GRAMMAR_WORDS:
        return word
    return "KEYWORD" if word in RESERVED_WORDS else "NAME"


def _before_parenthesis(token: Token) -> str:
    if token.type in ("NAME", "QUOTED") or token.word in FUNCTION_WORDS:
        return "FUNCTION"
    return token.type


def _paired(tokens: list[Token]) -> list[Token]:
    """Join the two words that make one token, as PartiQL's lexer does."""
    joined: list[Token] = []
    for token in tokens:
        if joined:
            before = joined[-1]
            pair = _PAIRS.get((before.word, token.word))
            if pair is not None and before.type in ("NOT", "IS", "KEYWORD"):
                before.type = pair
                before.text += " " + token.text
                continue
        joined.append(token)
    return joined


def string_content(text: str) -> str:
    """Return what a quoted string or name stands for.

    >>> string_content("'it''s'")
    "it's"
    """
    quote = text[0]
    return text[1:-1].replace(quote * 2, quote)
