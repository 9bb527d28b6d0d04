"""Cost of expressions: microseconds for a request seen before, milliseconds for a hostile text.

Run `python -m benchmarks.expressions`.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from dqlmock.errors import ValidationException
from dqlmock.expressions.parse import parse
from dqlmock.expressions.request import Expressions

NAMES = {"#s": "status"}
VALUES: dict[str, Any] = {":o": {"N": "1"}, ":s": {"S": "x"}, ":m": {"N": "10"}}
ITEM: dict[str, Any] = {"pk": {"S": "a"}, "qty": {"N": "5"}, "status": {"S": "y"}}
HOSTILE = {
    "4096 parentheses": "(" * 4096,
    "1000 assignments": "SET " + ",".join(["a=a"] * 1000),
    "500 ANDs": " AND ".join(["a=b"] * 500),
    "a.a.a.a": "a = " + "a." * 2040 + "a",
    "2000 operands": "a in (" + ",".join(["a"] * 2000) + ")",
}


def microseconds(call: Callable[[], object], number: int) -> float:
    return min(timeit.repeat(call, number=number, repeat=5)) / number * 1e6


def request() -> Expressions:
    expressions = Expressions(NAMES, VALUES)
    expressions.condition("attribute_exists(pk) AND qty < :m")
    expressions.update("SET qty = qty + :o, #s = :s")
    expressions.finish()
    return expressions


def hostile(text: str) -> None:
    with suppress(ValidationException):
        update = text.startswith("SET")
        parse("UpdateExpression" if update else "ConditionExpression", text)


def main() -> None:
    expressions = request()
    condition = expressions.condition("attribute_exists(pk) AND qty < :m")
    update = expressions.update("SET qty = qty + :o, #s = :s")
    print(f"{'request seen before':24} {microseconds(request, 5000):8.2f} us")
    print(f"{'condition':24} {microseconds(lambda: condition(ITEM), 5000):8.2f} us")
    print(f"{'update':24} {microseconds(lambda: update.apply(ITEM), 5000):8.2f} us")
    for label, text in HOSTILE.items():
        cost = microseconds(lambda: hostile(text), 3)  # noqa: B023  # called at once
        print(f"{label:24} {cost / 1000:8.2f} ms")


if __name__ == "__main__":
    main()
