from __future__ import annotations

from typing import Any

import pytest

from dqlmock.engine.schema import KeySchema
from dqlmock.errors import ValidationException
from dqlmock.partiql import statement as module
from dqlmock.partiql.statement import STATEMENTS_KEPT, parameters_of, prepare


def test_a_statement_is_parsed_once() -> None:
    text = "SELECT * FROM things WHERE a = 'parsed once'"
    assert prepare(text) is prepare(text)


def test_statements_kept_are_bounded() -> None:
    for number in range(STATEMENTS_KEPT + 10):
        prepare(f"SELECT * FROM things{number}")
    assert prepare.cache_info().currsize == STATEMENTS_KEPT


def test_accesses_kept_are_bounded() -> None:
    prepared = prepare("SELECT * FROM things WHERE a = 1")
    for number in range(50):
        key = KeySchema((f"k{number}",))
        assert prepared.access(key) is prepared.access(key)
    assert len(prepared._accesses) <= module._KEYS_KEPT


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_parameters(count: int) -> None:
    prepared = prepare("SELECT * FROM things WHERE a = ? AND b = ?")
    with pytest.raises(ValidationException, match="Number of parameters in request"):
        prepared.bind([{"S": "a"}] * count)


def test_parameters_are_canonical() -> None:
    parameters = parameters_of({"Parameters": [{"N": "1.0"}, {"S": "a"}]})
    values = prepare("SELECT * FROM things WHERE a = ?").bind(parameters)
    assert values == {"?0": {"N": "1"}}


@pytest.mark.parametrize("parameter", [{}, {"S": "a", "N": "1"}, {"NULL": False}, {"SS": []}])
def test_parameters_that_are_no_values(parameter: dict[str, Any]) -> None:
    with pytest.raises(ValidationException):
        parameters_of({"Parameters": [parameter]})


def test_one_statement_serves_values_of_every_type() -> None:
    prepared = prepare("SELECT * FROM things WHERE a < ?")
    for value, item, holds in (
        ({"N": "10"}, {"a": {"N": "9"}}, True),
        ({"S": "10"}, {"a": {"S": "9"}}, False),
        ({"N": "1"}, {"a": {"S": "0"}}, False),
    ):
        condition = prepared.condition(prepared.bind([value]))
        assert condition is not None
        assert condition(item) is holds
    with pytest.raises(ValidationException) as caught:
        prepared.condition(prepared.bind([{"BOOL": True}]))
    assert caught.value.message == (
        "Incorrect operand type for operator or function; operator or function: <, "
        "operand type: BOOL"
    )


def test_columns_stand_at_the_top() -> None:
    columns = prepare("SELECT a, m.b, l[1], m.c[0].d FROM things").columns
    assert columns is not None
    item: dict[str, Any] = {
        "a": {"S": "x"},
        "m": {"M": {"b": {"N": "1"}, "c": {"L": [{"M": {"d": {"N": "2"}}}]}, "e": {"N": "3"}}},
        "l": {"L": [{"N": "4"}, {"N": "5"}]},
    }
    assert columns.apply(item) == {
        "a": {"S": "x"},
        "b": {"N": "1"},
        "l[1]": {"N": "5"},
        "d": {"N": "2"},
    }
    assert columns.apply({"l": {"L": []}, "m": {"S": "no map"}}) == {}


def test_a_set_argument_is_checked_with_every_request() -> None:
    prepared = prepare("UPDATE things SET s = set_add(s, ?) WHERE a = 1")
    prepared.bind([{"SS": ["a"]}])
    with pytest.raises(ValidationException) as caught:
        prepared.bind([{"S": "a"}])
    assert caught.value.message == (
        "The second argument to SET_ADD must be a value with type SET at 1:31:1"
    )
