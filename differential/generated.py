"""Requests made up by Hypothesis: valid ones broken at some places, and expressions of any kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from differential.broken import Call, alterations, altered
from differential.texts import CONDITIONS, UPDATES, VALUES
from differential.valid import ANN, VALID

_PATHS = st.sampled_from(["age", "nick", "doc.a", "doc.b.c", "lst[0]", "lst[2].z", "nope", "#n"])
_OPERANDS = st.one_of(_PATHS, st.sampled_from([name for name in VALUES if name != ":empty"]))
_COMPARISONS = st.one_of(
    st.builds(
        "{} {} {}".format, _OPERANDS, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), _OPERANDS
    ),
    st.builds("{} BETWEEN {} AND {}".format, _OPERANDS, _OPERANDS, _OPERANDS),
    st.builds("{} IN ({}, {})".format, _OPERANDS, _OPERANDS, _OPERANDS),
    st.builds(
        "{}({})".format,
        st.sampled_from(["attribute_exists", "attribute_not_exists", "size"]),
        _OPERANDS,
    ),
    st.builds(
        "{}({}, {})".format,
        st.sampled_from(["begins_with", "contains", "attribute_type"]),
        _OPERANDS,
        _OPERANDS,
    ),
    st.builds("size({}) > {}".format, _OPERANDS, _OPERANDS),
)
_CONDITIONS = st.recursive(
    _COMPARISONS,
    lambda inner: st.one_of(
        st.builds("{} AND {}".format, inner, inner),
        st.builds("{} OR {}".format, inner, inner),
        st.builds("NOT {}".format, inner),
        st.builds("({})".format, inner),
    ),
    max_leaves=5,
)
_TERMS = st.one_of(
    _OPERANDS,
    st.builds("{} {} {}".format, _OPERANDS, st.sampled_from("+-"), _OPERANDS),
    st.builds("if_not_exists({}, {})".format, _OPERANDS, _OPERANDS),
    st.builds("list_append({}, {})".format, _OPERANDS, _OPERANDS),
)
_CLAUSES = st.one_of(
    st.builds("SET {} = {}".format, _PATHS, _TERMS),
    st.builds("SET {} = {}, {} = {}".format, _PATHS, _TERMS, _PATHS, _TERMS),
    st.builds("REMOVE {}".format, _PATHS),
    st.builds("ADD {} {}".format, _PATHS, _OPERANDS),
    st.builds("DELETE {} {}".format, _PATHS, _OPERANDS),
)
_UPDATES = st.lists(_CLAUSES, min_size=1, max_size=3).map(" ".join)


def _garbled(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def cut(text: str, place: int, inserted: str) -> str:
        place %= len(text) + 1
        return text[:place] + inserted + text[place + 1 :]

    pieces = st.sampled_from(["", " ", "(", ")", ",", ":", "#", "=", "[", "]", ".", "'", "0", "é"])
    return st.one_of(texts, st.builds(cut, texts, st.integers(0, 400), pieces))


@st.composite
def _expressions(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    key = {"TableName": "users", "Key": ANN}
    kind = draw(st.sampled_from(["filter", "condition", "update"]))
    if kind == "update":
        text = draw(_garbled(st.one_of(_UPDATES, st.sampled_from(UPDATES))))
        request: dict[str, Any] = {**key, "UpdateExpression": text}
        operation = "UpdateItem"
    else:
        text = draw(_garbled(st.one_of(_CONDITIONS, st.sampled_from(CONDITIONS))))
        operation = "Scan" if kind == "filter" else "DeleteItem"
        parameter = "FilterExpression" if kind == "filter" else "ConditionExpression"
        request = {**(key if kind == "condition" else {"TableName": "users"}), parameter: text}
    values = {name: value for name, value in VALUES.items() if name in text}
    if values:
        request["ExpressionAttributeValues"] = values
    if "#n" in text:
        request["ExpressionAttributeNames"] = {"#n": "age"}
    return operation, request


@st.composite
def _requests(draw: st.DrawFn) -> tuple[str, Any]:
    operation = draw(st.sampled_from(sorted(VALID)))
    request = draw(st.sampled_from(VALID[operation]))
    for _ in range(draw(st.integers(1, 3))):
        places = [found for found in alterations(operation, request) if found[0]]
        path, _, value = draw(st.sampled_from(places))
        try:
            request = altered(request, path, value)
            alterations(operation, request)
        except (AttributeError, IndexError, KeyError, TypeError):
            break  # what was broken first has no such place any more
    return operation, request


def generated(count: int, seed_number: int) -> Iterator[Call]:
    """Return requests, the same for the same seed."""
    found: list[Call] = []
    if not count:
        return

    @seed(seed_number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(_expressions(), _requests()))
    def collect(made: tuple[str, Any]) -> None:
        found.append(Call(f"generated {len(found)}: {str(made[1])[:100]}", *made))

    collect()
    yield from found
