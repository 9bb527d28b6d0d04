"""JSON as bytes: what goes over the wire and what items are stored as.

Owns the choice of the encoder (decision 11). orjson refuses what JSON allows and UTF-8 doesn't, and
nesting beyond its own bounds; for those the standard library stands in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson

_encode_text = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def encode(value: object, default: Callable[[Any], object] | None = None) -> bytes:
    r"""Return a value as compact JSON in UTF-8.

    Args:
        value: Dicts with keys of text, lists, text, numbers, booleans, None.
        default: Gives for any other object one that can be encoded: `raw` of what is JSON already.

    Raises:
        TypeError: There is another object in it, and no `default` for it.

    A lone surrogate, for which UTF-8 has no bytes, is encoded as if it had some:

    >>> encode({"S": "é"}).decode(), encode("\ud800")
    ('{"S":"é"}', b'"\xed\xa0\x80"')
    """
    try:
        return orjson.dumps(value, default)
    except TypeError:
        return _encode_text.encode(value).encode("utf-8", "surrogatepass")


raw = orjson.Fragment
"""Wraps bytes that are JSON already, for the `default` of `encode`."""


def decode(encoded: bytes, errors: str = "strict") -> Any:
    r"""Return what JSON says.

    Args:
        encoded: JSON in UTF-8.
        errors: `"surrogatepass"` takes lone surrogates as `encode` writes them.

    Raises:
        ValueError: It is no JSON; NaN and Infinity are none.
        RecursionError: It nests deeper than can be followed.

    >>> decode(b'{"S":"a"}'), decode(b'"\xed\xa0\x80"', "surrogatepass") == "\ud800"
    ({'S': 'a'}, True)
    """
    try:
        return orjson.loads(encoded)
    except ValueError:
        return json.loads(encoded.decode("utf-8", errors), parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
