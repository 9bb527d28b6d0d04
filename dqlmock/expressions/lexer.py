"""Text to tokens, and what AWS prints of them in a syntax error.

Knows nothing of grammar. Nothing is refused here: a character that starts no token becomes a token
of its own, which no rule of the grammar accepts, so that it is reported where the parser meets it.

A whole document path is one token for the parser, for paths are most of any expression and a
token saved is time saved. In a syntax error AWS counts each name, dot and bracket of a path, so
there the text is split once more, finely.
"""

from __future__ import annotations

import re

KEYWORDS = ("AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE")
"""Words of the grammar, in any case. They are keywords in every kind of expression: `SET = :v` is
a syntax error in a condition too (DynamoDB Local)."""

_KEYWORD = rf"(?i:{'|'.join(KEYWORDS)})(?![A-Za-z0-9_])"
_NAME = r"[A-Za-z][A-Za-z0-9_]*"
_STEP = rf"(?:(?!{_KEYWORD}){_NAME}|\#[A-Za-z0-9_]+)"
_INDEX = r"(?:0|[1-9][0-9]*)"  # 01 is two tokens, and so a syntax error
_SPACE = r"[ \t\r\n]"
_REST = rf"""
    | (?P<VALUE> :[A-Za-z0-9_]+)
    | (?P<INDEX> {_INDEX})
    | (?P<COMPARATOR> <> | <= | >= | < | >)
    | (?P<SYMBOL> [=(),.\[\]+-])
    | {_SPACE}+
    | (?P<UNKNOWN> .)
"""

_TOKEN = re.compile(
    rf"""(?P<FUNCTION> (?!{_KEYWORD}) {_NAME} (?={_SPACE}*\())
    | (?P<PATH> {_STEP} (?: {_SPACE}*\.{_SPACE}*{_STEP}
                          | {_SPACE}*\[{_SPACE}*{_INDEX}{_SPACE}*\] )*)
    | (?P<KEYWORD> {_KEYWORD})
    {_REST}""",
    re.VERBOSE | re.DOTALL,
)
_FINE_TOKEN = re.compile(rf"(?P<WORD> {_NAME} | \#[A-Za-z0-9_]+) {_REST}", re.VERBOSE | re.DOTALL)
_PATH_STEP = re.compile(r"[#A-Za-z][A-Za-z0-9_]*|[0-9]+")

_SYMBOLS = {
    "=": "EQUALS",
    "(": "LEFT",
    ")": "RIGHT",
    ",": "COMMA",
    ".": "DOT",
    "[": "OPEN",
    "]": "CLOSE",
    "+": "SIGN",
    "-": "SIGN",
}


class Token:
    """A token: its type as the grammar calls it, its text, and where it starts.

    The parser takes it in place of lark's own Token, which is several times slower to make.

    Args:
        type_: `"PATH"`, `"COMMA"`, …
        text: As it is written.
        start: Offset of its first character.
    """

    __slots__ = ("start_pos", "text", "type")

    # lark copies these, and start_pos, to the token that it makes for the end of the text.
    line = column = end_line = end_column = end_pos = None

    def __init__(self, type_: str, text: str, start: int) -> None:
        self.type = type_
        self.text = text
        self.start_pos = start


def tokenise(text: str) -> list[Token]:
    """Split an expression into tokens.

    Args:
        text: The expression.

    Returns:
        The tokens in order, white space left out.

    >>> [token.type for token in tokenise("size(a.#b[0]) >= :v")]
    ['FUNCTION', 'LEFT', 'PATH', 'RIGHT', 'COMPARATOR', 'VALUE']
    """
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind is None:
            continue
        word = match.group()
        if kind == "SYMBOL":
            kind = _SYMBOLS[word]
        elif kind == "KEYWORD":
            kind = word.upper()
        tokens.append(Token(kind, word, match.start()))
    return tokens


def path_steps(text: str) -> tuple[str | int, ...]:
    """Split the text of a path token into names, placeholders and indexes.

    >>> path_steps("a . #b[12]")
    ('a', '#b', 12)
    """
    if text.isalnum():
        return (text,)
    return tuple(int(s) if s[0].isdigit() else s for s in _PATH_STEP.findall(text))


def syntax_error(text: str, offset: int | None) -> str:
    """Return what AWS says of a token that can't stand where it stands.

    Args:
        text: The expression.
        offset: Where the token starts; None means the end of the text.

    Returns:
        The token, and the text from the token before it to the one after it, as it is written.

    >>> syntax_error("a = = b", 4)
    'Syntax error; token: "=", near: "= = b"'
    >>> syntax_error("a =", None)
    'Syntax error; token: "<EOF>", near: "="'
    """
    tokens = [match for match in _FINE_TOKEN.finditer(text) if match.lastgroup]
    at = len(tokens)
    if offset is not None:
        at = next(i for i, token in enumerate(tokens) if token.start() == offset)
    # White space counts as a token where there is no other before or behind (DynamoDB Local).
    start = tokens[at - 1].start() if at else 0
    end = tokens[at + 1].end() if at + 1 < len(tokens) else len(text)
    offender = tokens[at].group() if offset is not None else "<EOF>"
    return f'Syntax error; token: "{offender}", near: "{text[start:end]}"'
