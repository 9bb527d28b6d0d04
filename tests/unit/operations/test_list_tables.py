from __future__ import annotations

import pytest

from tests.unit.operations.tables import Api, on_demand


@pytest.fixture
def api() -> Api:
    api = Api.fresh()
    for name in ("b-b", "_xx", "A.a", "a.a", "000"):
        api.create(**on_demand(TableName=name))
    return api


def test_no_table_is_an_empty_list() -> None:
    assert Api.fresh().names() == {"TableNames": []}


def test_names_are_sorted_by_their_characters(api: Api) -> None:
    assert api.names() == {"TableNames": ["000", "A.a", "_xx", "a.a", "b-b"]}


def test_pages_follow_each_other(api: Api) -> None:
    pages = []
    page = api.names(Limit=2)
    while "LastEvaluatedTableName" in page:
        pages.append(page["TableNames"])
        assert page["LastEvaluatedTableName"] == page["TableNames"][-1]
        page = api.names(Limit=2, ExclusiveStartTableName=page["LastEvaluatedTableName"])
    assert [*pages, page["TableNames"]] == [["000", "A.a"], ["_xx", "a.a"], ["b-b"]]


def test_a_page_that_ends_with_the_last_name_is_the_last(api: Api) -> None:
    assert "LastEvaluatedTableName" not in api.names(Limit=5)
    assert api.names(Limit=4)["LastEvaluatedTableName"] == "a.a"


@pytest.mark.parametrize(
    ("start", "names"),
    [
        ("A.b", ["_xx", "a.a", "b-b"]),
        ("b-b", []),
        ("zzz", []),
        ("-", ["000", "A.a", "_xx", "a.a", "b-b"]),
    ],
)
def test_the_start_need_not_be_a_table(api: Api, start: str, names: list[str]) -> None:
    assert api.names(ExclusiveStartTableName=start) == {"TableNames": names}


def test_a_page_holds_a_hundred_names_unless_told() -> None:
    api = Api.fresh()
    for number in range(101):
        api.create(**on_demand(TableName=f"table-{number:03d}"))
    page = api.names()
    assert len(page["TableNames"]) == 100
    assert page["LastEvaluatedTableName"] == "table-099"


def test_tables_that_come_and_go_are_listed(api: Api) -> None:
    api.set_delays(create_s=5, delete_s=5)
    api.create(**on_demand(TableName="new"))
    api.delete("000")
    assert api.names()["TableNames"] == ["000", "A.a", "_xx", "a.a", "b-b", "new"]
    api.advance(5)
    assert api.names()["TableNames"] == ["A.a", "_xx", "a.a", "b-b", "new"]


def test_regions_and_accounts_have_their_own_tables(api: Api) -> None:
    engine = api.database.engine
    assert Api(engine.database(api.database.account, "us-east-1")).names() == {"TableNames": []}
    assert Api(engine.database("999999999999", api.database.region)).names() == {"TableNames": []}
