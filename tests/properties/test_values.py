"""Properties of numbers, keys, ranges and sizes."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqlmock.errors import ValidationException
from dqlmock.values.canonical import canonical_value
from dqlmock.values.keys import (
    KeyRange,
    SortOperator,
    encode_key_value,
    partition_prefix,
    storage_key,
)
from dqlmock.values.number import add, normalise, subtract
from dqlmock.values.size import value_size_bytes

Value = dict[str, Any]


@st.composite
def number_texts(draw: st.DrawFn) -> str:
    """Numbers that DynamoDB stores, in any notation."""
    digits = str(draw(st.integers(0, 10 ** draw(st.integers(1, 38)) - 1)))
    exponent = draw(st.integers(-130, 125)) - len(digits) + 1
    exponent += draw(st.sampled_from([0, 0, -exponent]))
    point = draw(st.integers(0, len(digits)))
    sign = draw(st.sampled_from(["", "-", "+"]))
    shifted = exponent + len(digits) - point
    zeros = draw(st.sampled_from(["", "0", "000"]))
    text = f"{sign}{zeros}{digits[:point]}.{digits[point:]}"
    return f"{text}{draw(st.sampled_from('eE'))}{shifted}" if shifted else text


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Canonical numbers."""
    try:
        return normalise(draw(number_texts()))
    except ValidationException:
        return draw(st.sampled_from(["0", "1", "-1"]))


texts = st.text(st.one_of(st.sampled_from("\0\x01ab\uffff\U0001f600"), st.characters()), max_size=8)
binaries = st.binary(max_size=6).map(lambda raw: b64encode(raw).decode())
key_values: st.SearchStrategy[Value] = st.one_of(
    st.builds(lambda text: {"S": text}, texts),
    st.builds(lambda text: {"N": text}, numbers()),
    st.builds(lambda text: {"B": text}, binaries),
)


def in_order(value: Value) -> Any:
    """DynamoDB's order, told by other means than the encoding."""
    ((tag, content),) = value.items()
    if tag == "N":
        return Decimal(content)
    return content.encode("utf-8", "surrogatepass") if tag == "S" else b64decode(content)


@st.composite
def close_numbers(draw: st.DrawFn) -> tuple[Value, Value]:
    """Two numbers that share digits, a magnitude or neither."""
    digits = draw(st.text("0159", min_size=1, max_size=4))
    other = draw(st.sampled_from([digits, digits + "1", digits + "9", digits[:-1], digits[::-1]]))
    shift = draw(st.integers(-6, 3))
    sign = draw(st.sampled_from(["", "-"]))
    one = normalise(f"{sign}0{digits}E{shift}")
    return {"N": one}, {"N": normalise(f"{sign}0{other}E{shift - draw(st.integers(-1, 1))}")}


def pairs(strategy: st.SearchStrategy[str], tag: str) -> st.SearchStrategy[tuple[Value, Value]]:
    values = strategy.map(lambda content: {tag: content})
    return st.tuples(values, values)


@given(number_texts())
def test_normalise_is_exact_and_idempotent(text: str) -> None:
    with localcontext() as context:
        context.prec = 400
        value = Decimal(text)
        try:
            canonical = normalise(text)
        except ValidationException:
            assert value != 0
            assert not Decimal("1E-130") <= abs(value) < Decimal("1E126")
            return
        assert Decimal(canonical) == value
        assert normalise(canonical) == canonical
        assert "E" not in canonical
        assert canonical == "0" or canonical[0] != "0" or canonical[1] == "."


@given(numbers(), numbers())
def test_sums_are_exact_or_refused(a: str, b: str) -> None:
    with localcontext() as context:
        context.prec = 400
        for operation, exact in (
            (add, Decimal(a) + Decimal(b)),
            (subtract, Decimal(a) - Decimal(b)),
        ):
            try:
                result = operation(a, b)
            except ValidationException:
                digits = len(exact.normalize().as_tuple().digits)
                assert digits > 38 or not -130 <= exact.adjusted() <= 125
                continue
            assert Decimal(result) == exact
            assert normalise(result) == result


@given(st.one_of(pairs(texts, "S"), pairs(numbers(), "N"), close_numbers(), pairs(binaries, "B")))
def test_encoded_values_sort_as_their_values_do(pair: tuple[Value, Value]) -> None:
    one, other = pair
    encoded, values = (
        (storage_key(b"", one), storage_key(b"", other)),
        (in_order(one), in_order(other)),
    )
    assert (encoded[0] < encoded[1]) == (values[0] < values[1])
    assert (encoded[0] == encoded[1]) == (values[0] == values[1])
    assert (encode_key_value(one) < encode_key_value(other)) == (values[0] < values[1])


@given(st.lists(st.tuples(texts, numbers()), min_size=2, max_size=6))
def test_keys_of_two_sort_values_sort_by_the_first_then_the_second(
    rows: list[tuple[str, str]],
) -> None:
    by_key = sorted(rows, key=lambda row: storage_key(b"", {"S": row[0]}, {"N": row[1]}))
    assert by_key == sorted(rows, key=lambda row: (in_order({"S": row[0]}), Decimal(row[1])))


@given(st.lists(key_values, min_size=1, max_size=3), st.lists(key_values, min_size=1, max_size=3))
def test_no_partition_begins_with_another(one: list[Value], other: list[Value]) -> None:
    prefixes = partition_prefix(*one), partition_prefix(*other)
    if prefixes[0] != prefixes[1]:
        assert not prefixes[0].startswith(prefixes[1])
        assert not prefixes[1].startswith(prefixes[0])


CONDITIONS: dict[SortOperator, Callable[[Any, Any], bool]] = {
    "=": lambda value, operand: bool(value == operand),
    "<": lambda value, operand: bool(value < operand),
    "<=": lambda value, operand: bool(value <= operand),
    ">": lambda value, operand: bool(value > operand),
    ">=": lambda value, operand: bool(value >= operand),
    "begins_with": lambda value, operand: bool(value.startswith(operand)),
}


@given(
    st.one_of(
        st.lists(st.builds(lambda text: {"S": text}, texts), min_size=1, max_size=8),
        st.lists(st.builds(lambda text: {"N": text}, numbers()), min_size=1, max_size=8),
        st.lists(st.builds(lambda text: {"B": text}, binaries), min_size=1, max_size=8),
    ),
    st.data(),
)
def test_ranges_hold_what_a_filter_keeps(values: list[Value], data: st.DataObject) -> None:
    operand = data.draw(st.sampled_from(values))
    upper = data.draw(st.sampled_from(values))
    prefix = partition_prefix({"S": "p"})
    suffix = data.draw(st.binary(max_size=3))
    keys = [(storage_key(prefix, value) + suffix, in_order(value)) for value in values]
    strangers = [prefix[:-1], partition_prefix({"S": "q"}) + b"a", prefix[:-1] + b"\x02a"]

    def kept(key_range: KeyRange) -> list[Any]:
        assert not any(key_range.start <= key < key_range.stop for key in strangers)
        return [value for key, value in keys if key_range.start <= key < key_range.stop]

    assert kept(KeyRange.partition(prefix)) == [value for _, value in keys]
    for operator, holds in CONDITIONS.items():
        if operator == "begins_with" and "N" in operand:
            continue
        expected = [value for _, value in keys if holds(value, in_order(operand))]
        assert kept(KeyRange.sort(prefix, operator, operand)) == expected
    between = KeyRange.sort(prefix, "BETWEEN", operand, upper)
    expected = [value for _, value in keys if in_order(operand) <= value <= in_order(upper)]
    assert kept(between) == expected


@given(st.lists(st.binary(min_size=8, max_size=12)), st.integers(1, 1_000_000), st.data())
def test_each_key_is_in_exactly_one_segment(
    keys: list[bytes], total: int, data: st.DataObject
) -> None:
    edge = data.draw(st.integers(0, total - 1))
    keys += [KeyRange.segment(edge, total).start, KeyRange.segment(edge, total).start + b"\0"]
    for key in keys:
        middle = int.from_bytes(key[:8], "big") * total >> 64
        near = range(max(0, middle - 2), min(total, middle + 3))
        segments = [KeyRange.segment(number, total) for number in near]
        assert sum(part.start <= key < part.stop for part in segments) == 1


@pytest.mark.parametrize("total", [1, 2, 3, 7, 1000])
def test_segments_follow_each_other_without_a_gap(total: int) -> None:
    segments = [KeyRange.segment(number, total) for number in range(total)]
    assert segments[0].start == bytes(8)
    assert segments[-1].stop == KeyRange.everything().stop
    for part, following in pairwise(segments):
        assert part.start < part.stop == following.start


@given(st.binary(min_size=1, max_size=4), st.binary(max_size=4), st.binary(max_size=4))
def test_resumed_ranges_split_at_the_key(key: bytes, start: bytes, stop: bytes) -> None:
    key_range = KeyRange(start, stop)
    rest, done = key_range.after(key), key_range.before(key)
    for other in (key, key + b"\0", key[:-1], start, stop, b"", b"\xff" * 5):
        inside = start <= other < stop
        assert (rest.start <= other < rest.stop) == (inside and other > key)
        assert (done.start <= other < done.stop) == (inside and other < key)


@given(numbers())
def test_a_number_takes_no_more_than_22_bytes(text: str) -> None:
    size_bytes = value_size_bytes({"N": text})
    digits = len(text.replace("-", "").replace(".", "").strip("0"))
    assert 1 + (digits + 1) // 2 <= size_bytes <= 22
    if text != "0" and text[0] != "-":
        assert value_size_bytes({"N": "-" + text}) == size_bytes + 1


json_values: st.SearchStrategy[Value] = st.recursive(
    st.one_of(
        key_values,
        st.just({"NULL": True}),
        st.builds(lambda flag: {"BOOL": flag}, st.booleans()),
        st.lists(number_texts(), min_size=1, max_size=3).map(lambda content: {"NS": content}),
        st.lists(texts, min_size=1, max_size=3).map(lambda content: {"SS": content}),
        st.lists(binaries, min_size=1, max_size=3).map(lambda content: {"BS": content}),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda content: {"L": content}),
        st.dictionaries(texts, inner, max_size=3).map(lambda content: {"M": content}),
    ),
    max_leaves=8,
)


@given(json_values)
def test_canonical_values_are_stable(value: Value) -> None:
    try:
        canonical = canonical_value(value)
    except ValidationException:
        return
    assert canonical_value(canonical) is canonical
    assert value_size_bytes(canonical) >= 0
