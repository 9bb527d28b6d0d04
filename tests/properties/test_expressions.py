"""Expressions of every shape: only ValidationException, and what a naive interpreter says."""

from __future__ import annotations

import copy
from base64 import b64decode
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dqlmock.errors import ValidationException
from dqlmock.expressions.request import Expressions

TEXTS = st.sampled_from(["", "a", "ab", "b", "é"])
NUMBERS = st.sampled_from(["-1", "0", "1", "2", "10", "0.5"])
BINARIES = st.sampled_from(["", "YQ==", "YWI=", "Yg=="])
SCALARS = st.one_of(
    st.builds(lambda text: {"S": text}, TEXTS),
    st.builds(lambda text: {"N": text}, NUMBERS),
    st.builds(lambda text: {"B": text}, BINARIES),
    st.builds(lambda flag: {"BOOL": flag}, st.booleans()),
    st.just({"NULL": True}),
    st.builds(lambda members: {"SS": sorted(members)}, st.sets(TEXTS, min_size=1)),
    st.builds(lambda members: {"NS": sorted(members, key=Decimal)}, st.sets(NUMBERS, min_size=1)),
    st.builds(
        lambda members: {"BS": sorted(members, key=b64decode)}, st.sets(BINARIES, min_size=1)
    ),
)
ATTRIBUTE_NAMES = ("a", "b", "c")
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.builds(lambda elements: {"L": elements}, st.lists(inner, max_size=3)),
        st.builds(
            lambda members: {"M": members},
            st.dictionaries(st.sampled_from(ATTRIBUTE_NAMES), inner, max_size=3),
        ),
    ),
    max_leaves=6,
)
ITEMS = st.dictionaries(st.sampled_from(ATTRIBUTE_NAMES), VALUES)
PLACEHOLDERS = (":v", ":w", ":x")
REQUEST_VALUES = st.fixed_dictionaries(dict.fromkeys(PLACEHOLDERS, VALUES))

PATHS = st.builds(
    lambda name, steps: name + "".join(steps),
    st.sampled_from(ATTRIBUTE_NAMES),
    st.lists(st.sampled_from([".a", ".b", "[0]", "[1]"]), max_size=2),
)
OPERANDS = st.one_of(
    PATHS,
    st.sampled_from(PLACEHOLDERS),
    st.builds("size({})".format, PATHS),
)
COMPARATORS = ("=", "<>", "<", "<=", ">", ">=")
LEAVES = st.one_of(
    st.builds("{} {} {}".format, OPERANDS, st.sampled_from(COMPARATORS), OPERANDS),
    st.builds("{} BETWEEN {} AND {}".format, OPERANDS, OPERANDS, OPERANDS),
    st.builds("{} IN ({}, {})".format, OPERANDS, OPERANDS, OPERANDS),
    st.builds(
        "{}({})".format, st.sampled_from(["attribute_exists", "attribute_not_exists"]), PATHS
    ),
    st.builds("{}({}, {})".format, st.sampled_from(["contains", "begins_with"]), PATHS, OPERANDS),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("NOT {}".format, inner),
        st.builds("{} AND {}".format, inner, inner),
        st.builds("{} OR {}".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
    ),
    max_leaves=5,
)
TOKENS = st.sampled_from(
    [
        *("a", "b.c", "d[0]", "#n", ":v", "status", "size", "contains", "if_not_exists"),
        *("list_append", "AND", "OR", "NOT", "IN", "BETWEEN", "SET", "REMOVE", "ADD", "DELETE"),
        *("0", "01", "é", "\U0001f600", "<>", "<=", *"(),.[]=+-!<>"),
    ]
)
SOUPS = st.one_of(st.lists(TOKENS, max_size=12).map(" ".join), st.text(max_size=20))
UPDATES = st.lists(
    st.one_of(
        st.builds("SET {} = {}".format, PATHS, OPERANDS),
        st.builds("SET {} = {} + {}".format, PATHS, OPERANDS, OPERANDS),
        st.builds("SET {} = if_not_exists({}, {})".format, PATHS, PATHS, OPERANDS),
        st.builds("SET {} = list_append({}, {})".format, PATHS, OPERANDS, OPERANDS),
        st.builds("REMOVE {}, {}".format, PATHS, PATHS),
        st.builds("ADD {} :v".format, PATHS),
        st.builds("DELETE {} :v".format, PATHS),
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


def used(text: str, values: dict[str, Any]) -> dict[str, Any] | None:
    return {name: value for name, value in values.items() if name in text} or None


@given(SOUPS, REQUEST_VALUES, ITEMS)
def test_nothing_but_validation_exceptions_comes_out_of_any_text(
    text: str, values: dict[str, Any], item: dict[str, Any]
) -> None:
    for take in ("condition", "update", "projection", "key_condition"):
        message = refusal(take, text, values, item)
        assert message is None or message


def refusal(take: str, text: str, values: dict[str, Any], item: dict[str, Any]) -> str | None:
    try:
        taken = getattr(Expressions({"#n": "a"}, values), take)(text)
        if take == "condition":
            assert taken(item) in (True, False)
        elif take == "key_condition":
            taken.bind(["a"], ["b"])
        else:
            taken.apply(item)
    except ValidationException as error:
        return error.message
    return None


@settings(max_examples=300)
@given(CONDITIONS, REQUEST_VALUES, ITEMS)
def test_conditions_mean_what_a_naive_interpreter_says(
    text: str, values: dict[str, Any], item: dict[str, Any]
) -> None:
    try:
        condition = Expressions(None, used(text, values)).condition(text)
    except ValidationException:
        return
    before = copy.deepcopy(item)
    assert condition(item) == Interpreter(text, values, item).disjunction()
    assert item == before


@settings(max_examples=300)
@given(UPDATES, REQUEST_VALUES, ITEMS)
def test_an_update_leaves_the_old_item_alone_and_keeps_the_rest(
    text: str, values: dict[str, Any], item: dict[str, Any]
) -> None:
    before = copy.deepcopy(item)
    try:
        update = Expressions(None, used(text, values)).update(text)
        updated = update.apply(item)
    except ValidationException:
        assert item == before
        return
    assert item == before
    for name in set(item) - set(update.roots):
        assert updated[name] is item[name]
    assert set(updated) - set(item) <= set(update.roots)
    assert update.apply(item) == updated


@given(st.permutations(["SET a = b", "REMOVE b", "ADD c :v"]), NUMBERS, VALUES)
def test_sections_in_any_order_read_before_they_write(
    sections: list[str], number: str, value: Any
) -> None:
    update = Expressions(None, {":v": {"N": number}}).update(" ".join(sections))
    assert update.apply({"b": value}) == {"a": value, "c": {"N": number}}


class Interpreter:
    """Reads a condition of this file's shapes by hand: no grammar, no nodes, no closures."""

    def __init__(self, text: str, values: dict[str, Any], item: dict[str, Any]) -> None:
        self.words = text.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split()
        self.values = values
        self.item = item

    def next(self) -> str:
        return self.words.pop(0)

    def peek(self) -> str:
        return self.words[0] if self.words else ""

    def disjunction(self) -> bool:
        holds = self.conjunction()
        while self.peek() == "OR":
            self.next()
            holds = self.conjunction() or holds
        return holds

    def conjunction(self) -> bool:
        holds = self.negation()
        while self.peek() == "AND":
            self.next()
            holds = self.negation() and holds
        return holds

    def negation(self) -> bool:
        if self.peek() == "NOT":
            self.next()
            return not self.negation()
        if self.peek() == "(":
            self.next()
            holds = self.disjunction()
            self.next()
            return holds
        return self.leaf()

    def leaf(self) -> bool:
        if self.peek().startswith("attribute_"):
            function = self.next()
            _, path, _ = self.next(), self.operand(), self.next()
            return (path is not None) == (function == "attribute_exists")
        if self.peek() in ("contains", "begins_with"):
            function = self.next()
            _, left, _, right, _ = (
                self.next(),
                self.operand(),
                self.next(),
                self.operand(),
                self.next(),
            )
            return (contains if function == "contains" else begins_with)(left, right)
        left = self.operand()
        operator = self.next()
        if operator == "BETWEEN":
            low, _, high = self.operand(), self.next(), self.operand()
            return compare("<=", low, left) and compare("<=", left, high)
        if operator == "IN":
            _, one, _, two, _ = (
                self.next(),
                self.operand(),
                self.next(),
                self.operand(),
                self.next(),
            )
            return left is not None and left in (one, two)
        return compare(operator, left, self.operand())

    def operand(self) -> Any:
        word = self.next()
        if word == "size":
            _, value, _ = self.next(), self.operand(), self.next()
            return size(value)
        return self.values[word] if word.startswith(":") else self.follow(word)

    def follow(self, path: str) -> Any:
        value: Any = {"M": self.item}
        for step in path.replace("[", ".").replace("]", "").split("."):
            if step.isdigit():
                elements = value.get("L", [])
                value = elements[int(step)] if int(step) < len(elements) else None
            else:
                value = value.get("M", {}).get(step)
            if value is None:
                return None
        return value


def plain(value: Any) -> Any:
    ((tag, content),) = value.items()
    if tag == "N":
        return Decimal(content)
    return b64decode(content) if tag == "B" else content


def compare(operator: str, left: Any, right: Any) -> bool:
    if operator in ("=", "<>"):
        return (left is not None and left == right) == (operator == "=")
    if left is None or right is None or left.keys() != right.keys() or not {*left} & {*"SNB"}:
        return False
    one, two = plain(left), plain(right)
    if isinstance(one, str):
        one, two = one.encode(), two.encode()
    return bool({"<": one < two, "<=": one <= two, ">": one > two, ">=": one >= two}[operator])


def contains(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    ((tag, content),) = left.items()
    if tag == "L":
        return right in content
    if tag in ("SS", "NS", "BS"):
        return any({tag[0]: member} == right for member in content)
    return tag in ("S", "B") and tag in right and plain(right) in plain(left)


def begins_with(left: Any, right: Any) -> bool:
    if left is None or right is None or left.keys() != right.keys():
        return False
    return bool({*left} & {"S", "B"}) and plain(left).startswith(plain(right))


def size(value: Any) -> Any:
    if value is None or {*value} & {"N", "BOOL", "NULL"}:
        return None
    return {"N": str(len(plain(value)))}
