"""What is fuzzed: a text becomes an expression or a statement, and is planned.

Only an answer of DynamoDB's may be raised. Run as a program it is a coverage-guided fuzzer:
`python -m tests.fuzz.targets -max_total_time=60`, with libFuzzer's options.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any, Final

from dqlmock.errors import DynamoDBError
from dqlmock.expressions.request import Expressions
from dqlmock.partiql.statement import prepare

NAMES: Final = {"#n": "status", "#m": "a.b"}
VALUES: Final[dict[str, Any]] = {
    ":v": {"N": "1"},
    ":s": {"S": "a"},
    ":l": {"L": [{"N": "1"}]},
    ":t": {"SS": ["a"]},
}
ITEM: Final[dict[str, Any]] = {
    "a": {"N": "5"},
    "b": {"L": [{"M": {"c": {"S": "x"}}}]},
    "status": {"SS": ["a", "b"]},
}


def condition(text: str) -> None:
    """Plan a condition and try it."""
    Expressions(NAMES, VALUES).condition(text)(ITEM)


def update(text: str) -> None:
    """Plan an update and apply it."""
    Expressions(NAMES, VALUES).update(text).apply(ITEM)


def projection(text: str) -> None:
    """Plan a projection and cut an item by it."""
    Expressions(NAMES, VALUES).projection(text).apply(ITEM)


def statement(text: str) -> None:
    """Plan a PartiQL statement and bind it."""
    prepare(text).bind([{"S": "a"}] * text.count("?"))


TARGETS: Final = (condition, update, projection, statement)

WORDS: Final = (
    *("a", "b[0].c", "#n", ":v", ":s", ":l", ":t", "id", "'a'", '"a"', "?", "1", "-1.5e3"),
    *("AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE", "size(", "contains("),
    *("attribute_type(", "begins_with(", "attribute_exists(", "if_not_exists(", "list_append("),
    *(
        "SELECT",
        "*",
        "FROM",
        "WHERE",
        "ORDER BY",
        "DESC",
        "INSERT INTO",
        "VALUE",
        "UPDATE",
        "EXISTS(",
    ),
    *("RETURNING ALL OLD *", "IS NOT MISSING", "{", "}", "<<", ">>", "[", "]", "(", ")", ",", "."),
    *("=", "<>", "<=", "+", "-", ":", "#", ";", "--", "/*", "\n", "\x00", "é", "\ud800", " "),
)
"""Pieces to make texts from. The fuzzer finds most of them by itself, sooner or later."""


def attack(number: int, text: str) -> None:
    """Hand a text to a target; anything raised but an answer of DynamoDB's is a bug."""
    with suppress(DynamoDBError):
        TARGETS[number % len(TARGETS)](text)


def _attack_bytes(data: bytes) -> None:
    if data:
        attack(data[0], data[1:].decode("utf-8", "surrogateescape"))


def main() -> None:
    """Fuzz until libFuzzer's options say stop."""
    import atheris  # an optional dependency, which has no wheels for some platforms

    for target in TARGETS:
        attack(TARGETS.index(target), "a = a")  # builds the parsers before they are watched
    atheris.instrument_all()
    atheris.Setup(sys.argv, _attack_bytes)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
