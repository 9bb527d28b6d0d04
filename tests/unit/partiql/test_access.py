from __future__ import annotations

import pytest

from dqlmock.engine.schema import KeySchema
from dqlmock.errors import ValidationException
from dqlmock.partiql.access import Access, access_to
from dqlmock.partiql.nodes import Select
from dqlmock.partiql.parse import parse

KEY = KeySchema(("pk",), ("sk",))
WIDE = KeySchema(("p1", "p2"), ("s1", "s2"))


def access(where: str, key: KeySchema = KEY, order: str = "") -> Access:
    statement = parse(f"SELECT * FROM things {f'WHERE {where}' if where else ''} {order}")
    assert isinstance(statement, Select)
    return access_to(key, statement.where, statement.order)


def counts(pins: object) -> list[tuple[str, int]]:
    assert isinstance(pins, tuple)
    return [(pin.name, len(pin.values)) for pin in pins]


@pytest.mark.parametrize(
    ("where", "is_item", "is_exact"),
    [
        ("pk = 'a' AND sk = 'b'", True, True),
        ("'b' = sk AND 'a' = pk", True, True),
        ("pk IN ['a'] AND sk = 'b'", True, True),
        ("pk = 'a' AND sk = 'b' AND sk = 'c'", False, False),
        ("pk = 'a' AND sk = 'b' AND v = 1", False, False),
        ("pk = 'a' AND sk IN ['b', 'c']", False, True),
        ("pk = 'a' AND sk > 'b' AND sk < 'd'", False, True),
        ("pk = 'a'", False, True),
        ("pk = 'a' AND sk <> 'b'", False, False),
        ("pk = 'a' OR pk = 'b'", False, True),
        ("(pk = 'a' AND v = 1) OR pk = 'b'", False, False),
        ("", False, True),
    ],
)
def test_what_is_left_to_filter(where: str, is_item: bool, is_exact: bool) -> None:
    found = access(where)
    assert (found.is_item, found.is_exact) == (is_item, is_exact)


@pytest.mark.parametrize(
    "where",
    ["", "sk = 'b'", "pk > 'a'", "NOT pk = 'a'", "pk = 'a' OR v = 1", "pk = sk", "pk IN [sk, 'a']"],
)
def test_what_pins_nothing(where: str) -> None:
    found = access(where)
    assert found.partition is None
    assert found.sort == ()
    assert found.bounds == ()


def test_choices_of_branches_add_up() -> None:
    found = access("pk = 'a' OR pk IN ['b', 'c'] OR (v = 1 AND pk = 'd')")
    assert counts(found.partition) == [("pk", 4)]


def test_all_partition_attributes_must_be_pinned() -> None:
    assert access("p1 = 'a'", WIDE).partition is None
    found = access("p2 = 'b' AND p1 = 'a' AND s2 = 'd'", WIDE)
    assert counts(found.partition) == [("p1", 1), ("p2", 1)]
    assert found.sort == ()
    assert not found.is_exact


def test_sort_attributes_are_pinned_from_the_left() -> None:
    found = access("p1 = 'a' AND p2 = 'b' AND s1 = 'c' AND s2 > 'd'", WIDE)
    assert counts(found.sort) == [("s1", 1)]
    assert [(bound.name, bound.operator) for bound in found.bounds] == [("s2", ">")]
    assert found.is_exact


def test_pins_do_not_combine_without_end() -> None:
    fifty, hundred = (", ".join(map(str, range(count))) for count in (50, 100))
    found = access(f"p1 IN [{fifty}] AND p2 IN [{fifty}] AND s1 IN [{hundred}]", WIDE)
    assert counts(found.partition) == [("p1", 50), ("p2", 50)]
    assert found.sort == ()
    assert not found.is_exact


def test_order() -> None:
    found = access("pk IN ['a', 'b']", order="ORDER BY pk, sk DESC, sk ASC")
    assert (found.descending, found.reverse) == (False, True)
    assert access("pk = 'a'").descending is None


@pytest.mark.parametrize(
    ("where", "order", "message"),
    [
        ("", "sk", "Must have WHERE clause in the statement"),
        ("sk = 'a'", "sk", "Must have at least one non-optional hash key condition"),
    ],
)
def test_order_that_is_refused(where: str, order: str, message: str) -> None:
    with pytest.raises(ValidationException, match=message):
        access(where, order=f"ORDER BY {order}")


def test_order_by_another_attribute_is_told_late() -> None:
    found = access("pk = 'a'", order="ORDER BY sk, v, w")
    with pytest.raises(ValidationException, match="Variable reference v in ORDER BY clause must"):
        found.check_order()
    access("pk = 'a'", order="ORDER BY sk").check_order()


def test_other_comparisons_are_told() -> None:
    found = access("pk = 'a' AND NOT sk = 'b' AND (v = 1 OR sk BETWEEN 'c' AND 'd')")
    assert [name for name, _ in found.compared] == ["sk", "sk", "sk"]
