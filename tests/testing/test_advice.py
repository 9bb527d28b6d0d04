"""Advice: each rule on both sides of its threshold, and the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dqlmock.testing.advice.report import AdviceReport, summary
from tests.operations.tables import create_composite_table
from tests.testing.conftest import get, order, put, query

ROOT = Path(__file__).parents[2]


def _seed(db: Any, client: Any, count: int, **more: Any) -> None:
    for number in range(count):
        put(client, number, customer=f"c{number}", **more)
    db.calls.clear()


def _scan(client: Any, text: str, **values: Any) -> Any:
    return client.scan(
        TableName="orders",
        FilterExpression=text,
        ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
    )


def _kinds(db: Any) -> list[str]:
    return [advice.kind for advice in db.advice()]


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("customer = :a", "a Query of the index by_customer on customer"),
        (":a = customer AND (price > :a OR price < :a)", "a Query of the index by_customer on cu"),
        ("id = :a", "GetItem with id"),
        ("customer = :a AND id = :a", "GetItem with id"),
        ("customer > :a", None),
        ("customer = :a OR price = :a", None),
        ("NOT customer = :a", None),
        ("address.customer = :a", None),
        ("customer = price AND price = :a", None),
        ("price = :a", None),
    ],
)
def test_a_scan_that_a_key_would_serve(db: Any, orders: Any, text: str, way: str | None) -> None:
    _seed(db, orders, 3)
    _scan(orders, text, a={"S": "c1"})
    advice = db.advice().of("scan-instead-of-query")
    if way is None:
        assert advice == []
        return
    assert (advice[0].table, advice[0].index) == ("orders", None)
    assert way in advice[0].text
    assert "1 Scan of orders read 3 items to return" in advice[0].text
    assert advice[0].figures["read"] == 3
    assert advice[0].calls == tuple(db.calls.to("Scan"))


def test_a_scan_of_an_index_and_one_with_legacy_filters(db: Any, orders: Any) -> None:
    _seed(db, orders, 2)
    equal = {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "c1"}]}
    orders.scan(TableName="orders", ScanFilter={"customer": equal})
    orders.scan(TableName="orders", IndexName="by_customer", ScanFilter={"customer": equal})
    orders.scan(
        TableName="orders",
        ScanFilter={"customer": equal, "price": equal},
        ConditionalOperator="OR",
    )
    advice = db.advice()
    assert [(each.kind, each.index) for each in advice] == [
        ("scan-instead-of-query", None),
        ("scan-instead-of-query", "by_customer"),
    ]


def test_a_scan_by_partition_key_of_a_composite_table(db: Any, dynamodb: Any) -> None:
    create_composite_table(dynamodb)
    dynamodb.scan(
        TableName="composite",
        FilterExpression="#p = :p",
        ExpressionAttributeNames={"#p": "pk"},
        ExpressionAttributeValues={":p": {"S": "a"}},
    )
    assert "a Query on pk would" in db.advice()[0].text


def test_a_scan_of_a_table_that_is_gone(db: Any, orders: Any) -> None:
    _scan(orders, "customer = :a", a={"S": "c1"})
    orders.delete_table(TableName="orders")
    assert _kinds(db) == []


@pytest.mark.parametrize(("items", "kept", "told"), [(20, 9, 1), (20, 10, 0), (19, 0, 0)])
def test_a_filter_that_throws_away_most(
    db: Any, orders: Any, items: int, kept: int, told: int
) -> None:
    for number in range(items):
        put(orders, number, price={"N": "1" if number < kept else "2"})
    db.calls.clear()
    _scan(orders, "price = :t", t={"N": "1"})
    query(orders, "ada", FilterExpression="price = :t", values={":t": {"N": "1"}})
    advice = db.advice().of("wasteful-filter")
    assert [each.index for each in advice] == [None, "by_customer"][: told * 2]
    if told:
        assert "threw away 11 of them (55%)" in advice[0].text
        assert advice[0].figures == {"read": 20, "returned": 9, "read_units": 0.5}


@pytest.mark.parametrize(("hot", "total", "told"), [(50, 100, 1), (49, 100, 0), (50, 99, 0)])
def test_a_hot_partition(db: Any, orders: Any, hot: int, total: int, told: int) -> None:
    for number in range(total):
        get(orders, "hot" if number < hot else number)
    advice = db.advice().of("hot-partition")
    assert len(advice) == told
    if told:
        assert "50 of 100 reads and writes of orders (50%) went to the partition id = 'hot'." in (
            advice[0].text
        )
        assert len(advice[0].calls) == 50


def test_a_hot_partition_of_an_index(db: Any, orders: Any) -> None:
    for number in range(60):
        put(orders, number, "ada")
        query(orders, "ada", Limit=1)
    (advice,) = db.advice().of("hot-partition")
    assert (advice.index, advice.figures) == ("by_customer", {"touches": 120, "total": 120})


def test_items_near_the_limit(db: Any, orders: Any) -> None:
    put(orders, 1, text={"S": "x" * 306 * 1000})
    assert _kinds(db) == []
    put(orders, 2, text={"S": "x" * 310 * 1024})
    orders.update_item(
        TableName="orders",
        Key={"id": {"S": "2"}},
        UpdateExpression="SET a = :a",
        ExpressionAttributeValues={":a": {"S": "y" * 50 * 1024}},
    )
    (advice,) = db.advice()
    assert (advice.kind, advice.figures["writes"]) == ("large-item", 2)
    assert "An item of 361 KB was written to orders, 90% of" in advice.text


@pytest.mark.parametrize(
    ("count", "more", "told"), [(10, {}, 1), (9, {}, 0), (10, {"Limit": 5}, 0)]
)
def test_queries_without_a_limit(db: Any, orders: Any, count: int, more: Any, told: int) -> None:
    _seed(db, orders, 3)
    for number in range(count):
        query(orders, f"c{number}", **more)
    advice = db.advice().of("query-without-limit")
    assert len(advice) == told
    if told:
        assert "The same Query of by_customer of orders was made 10 times" in advice[0].text
        assert "returned 3 items" in advice[0].text


def test_queries_that_can_only_find_one_item_or_follow_pages_need_no_limit(
    db: Any, orders: Any
) -> None:
    for number in range(10):
        orders.query(
            TableName="orders",
            KeyConditionExpression="id = :i",
            ExpressionAttributeValues={":i": {"S": str(number)}},
        )
        start = {"id": {"S": "1"}, "customer": {"S": "ada"}, "day": {"S": "1"}}
        query(orders, "ada", ExclusiveStartKey=start)
    assert _kinds(db) == []


def test_puts_in_a_row(db: Any, orders: Any) -> None:
    for number in range(9):
        put(orders, number)
    assert _kinds(db) == []
    orders.delete_item(TableName="orders", Key={"id": {"S": "x"}})
    (advice,) = db.advice()
    assert (advice.kind, advice.table) == ("unbatched-calls", "orders")
    assert "10 calls to DeleteItem and PutItem in a row, of orders: one BatchWriteItem" in (
        advice.text
    )
    for number in range(20, 60):
        put(orders, number)
    assert "2 calls to BatchWriteItem would do" in db.advice()[0].text


def test_gets_in_a_row(db: Any, orders: Any) -> None:
    for number in range(30):
        get(orders, number)
    (advice,) = db.advice()
    assert "30 calls to GetItem in a row, of orders: one BatchGetItem would do" in advice.text
    assert advice.figures == {"calls": 30, "batches": 1}


def test_what_interrupts_a_row(db: Any, orders: Any) -> None:
    for number in range(6):
        put(orders, number)
    get(orders, 1)
    for number in range(6):
        put(orders, number)
    for _ in range(12):  # a batch meets no item twice
        put(orders, 1)
    for number in range(12):  # a batch has no conditions, and returns nothing
        orders.put_item(
            TableName="orders",
            Item=order(number),
            ConditionExpression="attribute_exists(id) OR attribute_not_exists(id)",
        )
        orders.put_item(TableName="orders", Item=order(number), ReturnValues="ALL_OLD")
    for number in range(6):
        get(orders, number)
        put(orders, number)
    assert _kinds(db) == []


@pytest.mark.parametrize(("count", "strong", "told"), [(10, True, 1), (9, True, 0), (10, False, 0)])
def test_strongly_consistent_reads(
    db: Any, orders: Any, count: int, strong: bool, told: int
) -> None:
    for number in range(count):
        get(orders, number % 5, ConsistentRead=strong)
    advice = db.advice().of("strongly-consistent-reads")
    assert len(advice) == told
    if told:
        assert advice[0].text == (
            "10 calls to strongly consistent GetItem of orders cost 10 read units; eventually "
            "consistent, they would cost 5."
        )


def test_calls_that_failed_are_no_matter(db: Any, dynamodb: Any) -> None:
    for number in range(20):
        with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
            get(dynamodb, number, ConsistentRead=True)
    assert str(db.advice()) == "Nothing to say of 20 calls."


def _report(db: Any, client: Any) -> AdviceReport:
    for number in range(10):
        get(client, number)
    report: AdviceReport = db.advice()
    return report


def test_the_report_as_objects_text_and_json(db: Any, orders: Any) -> None:
    report = _report(db, orders)
    assert (len(report), report.calls, bool(report)) == (1, 11, True)
    assert report[0] is report[:1][0]
    assert str(report) == (
        "unbatched-calls: 10 calls to GetItem in a row, of orders: one BatchGetItem would do, of "
        "up to 100\n  items. It costs as much, in 1 instead of 10 round trips.\n"
        "  (docs/advice/unbatched-calls.md)"
    )
    (decoded,) = json.loads(report.to_json())
    assert (decoded["kind"], decoded["calls"]) == ("unbatched-calls", 10)
    assert decoded == report.as_dicts()[0]
    assert repr(report) == "<AdviceReport: 1 on 11 calls>"


def test_the_summary_over_tests(db: Any, orders: Any) -> None:
    report = _report(db, orders)
    (line,) = summary({"test_a": report, "test_b": report, "test_c": AdviceReport([], 1)})
    assert line.startswith("2 tests: unbatched-calls: 10 calls to GetItem in a row")
    assert line.endswith("[test_a, ...] (docs/advice/unbatched-calls.md)")
    assert summary({"test_a": report})[0].startswith("1 test: ")


@pytest.mark.parametrize(
    "kind",
    [
        "hot-partition",
        "large-item",
        "query-without-limit",
        "scan-instead-of-query",
        "strongly-consistent-reads",
        "unbatched-calls",
        "wasteful-filter",
    ],
)
def test_each_kind_has_a_page(kind: str) -> None:
    page = (ROOT / "docs" / "advice" / f"{kind}.md").read_text()
    assert "## How it is found" in page
    assert "## When to ignore it" in page
    source = "".join(p.read_text() for p in (ROOT / "dqlmock/testing/advice").glob("*.py"))
    assert f'"{kind}"' in source
