"""Both encoders and decoders answer alike; what one of them refuses, the other takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dqlmock.json_bytes import decode, encode, raw

TEXTS = st.text(st.characters(codec="utf-8"))
"""Lone surrogates have no UTF-8."""


def documents(integers: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | integers | TEXTS,
        lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
        max_leaves=20,
    )


@given(documents(st.integers()))
def test_bytes_are_those_of_the_standard_library(document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    assert encode(document) == text.encode()


@given(documents(st.integers(-(2**63), 2**63 - 1)))
def test_what_is_encoded_is_decoded(document: Any) -> None:
    assert decode(encode(document)) == document


@pytest.mark.parametrize("levels", [10, 400])
def test_nesting_beyond_the_bounds_of_the_faster_encoder(levels: int) -> None:
    document: Any = []
    for _ in range(levels):
        document = [document]
    assert decode(encode(document)) == document


def test_what_is_json_already_goes_in_as_it_is() -> None:
    assert encode({"Items": [object()]}, lambda _: raw(b'{"a":1}')) == b'{"Items":[{"a":1}]}'


def test_an_object_that_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        encode({"a": object()})


@pytest.mark.parametrize("text", [b"NaN", b"[Infinity]", b"-Infinity", b"", b"{", b"{'a': 1}"])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        decode(text)


def test_half_a_pair_is_taken_as_an_escape_alone() -> None:
    assert decode(rb'"\ud800"') == "\ud800"
    with pytest.raises(ValueError):
        decode(b'"\xed\xa0\x80"')
    assert decode(encode("\ud800"), "surrogatepass") == "\ud800"
