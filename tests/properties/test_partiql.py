"""Statements: whatever is executed is answered, and a plan reads what a scan would find."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dqlmock.clock import Clock
from dqlmock.engine.database import Database, Engine
from dqlmock.errors import DynamoDBError
from dqlmock.operations import create_table, execute_statement, put_item
from dqlmock.partiql.keywords import GRAMMAR_WORDS
from dqlmock.partiql.statement import prepare

STATEMENTS = [
    "SELECT * FROM things WHERE pk = 'a' AND (sk > 1 OR NOT v IN [1, 2]) ORDER BY sk DESC",
    'SELECT pk, m.k[0], "v" FROM "things"."by_v" WHERE v BETWEEN 1 AND size(s)',
    "SELECT v FROM things WHERE begins_with(pk, ?) AND m['k'] IS NOT MISSING OR v IS NULL",
    "INSERT INTO things VALUE {'pk': 'n', 'sk': 1, 'm': {'k': [1, <<'a', 'b'>>, TRUE, NULL]}}",
    "UPDATE things SET v = v + 1, l = list_append(l, [1]) REMOVE m.k WHERE pk = 'a' AND sk = 1",
    "UPDATE things SET s = set_add(s, <<'z'>>) WHERE pk = ? AND sk = ? RETURNING ALL OLD *",
    "DELETE FROM things WHERE pk = 'a' AND sk = -1.5e0 AND contains(s, 'x') RETURNING ALL OLD *",
    "EXISTS(SELECT * FROM things WHERE pk = 'a' AND sk = 1 AND v = 1)",
]
PIECES = [
    *sorted(GRAMMAR_WORDS),
    *("pk", "sk", "v", "things", "by_v", '"v"', "'a'", "''", "1", "-1", "1.5e3", "?", "*", "."),
    *("(", ")", "[", "]", "{", "}", "<<", ">>", ",", ":", ";", "=", "<>", "<", ">=", "+", "-"),
    *("/", "||", "@", "`1`", "size", "begins_with", "list_append", "set_add", "--", "/*", "\n"),
    *("INSERT INTO", "ALL OLD *", "LIMIT", "GROUP BY", "AS", "CASE", "é", "\x00", "$", "#", "'"),
]


def database() -> Database:
    engine = Engine(Clock()).database("123456789012", "us-east-1")
    create_table.run(
        engine,
        {
            "TableName": "things",
            "AttributeDefinitions": [
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "N"},
                {"AttributeName": "v", "AttributeType": "N"},
            ],
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
            "GlobalSecondaryIndexes": [
                {
                    "IndexName": "by_v",
                    "KeySchema": [
                        {"AttributeName": "v", "KeyType": "HASH"},
                        {"AttributeName": "sk", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
            "BillingMode": "PAY_PER_REQUEST",
        },
    )
    for partition in "abc":
        for sort in range(-2, 4):
            item: dict[str, Any] = {"pk": {"S": partition}, "sk": {"N": str(sort)}}
            item |= {"s": {"SS": ["x", "y"]}, "l": {"L": []}, "m": {"M": {"k": {"L": []}}}}
            if sort % 2:
                item["v"] = {"N": str(sort % 3)}
            put_item.run(engine, {"TableName": "things", "Item": item})
    return engine


DATABASE = database()


def items(answer: dict[str, Any]) -> list[str]:
    return [json.dumps(item.attributes(), sort_keys=True) for item in answer["Items"]]


def run(statement: str, **options: Any) -> dict[str, Any] | None:
    """Run a statement; anything raised but an answer of DynamoDB's fails the test."""
    try:
        return execute_statement.run(DATABASE, {"Statement": statement, **options})
    except DynamoDBError:
        return None


@given(st.lists(st.sampled_from(PIECES), max_size=30), st.sampled_from([" ", ""]))
def test_any_row_of_words_is_answered(pieces: list[str], separator: str) -> None:
    run(separator.join(pieces), Parameters=[{"S": "a"}, {"N": "1"}])


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    run(text)


@given(st.data())
def test_a_statement_with_pieces_changed_is_answered(data: st.DataObject) -> None:
    statement = data.draw(st.sampled_from(STATEMENTS))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(statement)))
        end = data.draw(st.integers(start, min(len(statement), start + 8)))
        middle = data.draw(st.sampled_from([*PIECES, " ", statement[start:end] * 2]))
        statement = statement[:start] + middle + statement[end:]
    parameter = st.sampled_from([{"S": "a"}, {"N": "1"}, {"SS": ["z"]}, {"NULL": True}])
    parameters = data.draw(st.lists(parameter, max_size=3))
    run(statement, **({"Parameters": parameters} if parameters else {}))


def test_nesting_of_any_kind_is_answered() -> None:
    for depth in (10, 33, 50, 290, 305, 2000):
        for opening, middle, closing in (
            ("(", "v = 1", ")"),
            ("NOT ", "v = 1", ""),
            ("v = 1 AND (", "v = 1", ")"),
            ("v = 1 OR (sk = 1 AND (", "v = 1", "))"),
            ("v = [", "1", "]"),
            ("v = " + "[", "1", "]"),
            ("size(", "v", ")"),
            ("- ", "v = 1", ""),
            ("m.k[", "0", "]"),
        ):
            run(f"SELECT * FROM things WHERE {opening * depth}{middle}{closing * depth}"[:8192])
        for opening, middle, closing in (("[", "", "]"), ("{'k': ", "1", "}"), ("(", "1", ")")):
            value = opening * depth + middle + closing * depth
            run(f"INSERT INTO things VALUE {{'pk': 'x', 'sk': 1, 'v': {value}}}")
            run(f"UPDATE things SET x = {value} WHERE pk = 'a' AND sk = 1")
        for operator in ("+ 1", ".k", "[0]", "|| 'a'"):
            run(f"UPDATE things SET x = v {operator * depth} WHERE pk = 'a' AND sk = 1")


def test_parsing_takes_linear_time() -> None:
    def parse_s(statement: str) -> float:
        started = time.perf_counter()
        with suppress(DynamoDBError):
            prepare.__wrapped__(statement)
        return time.perf_counter() - started

    for piece in ("v = 1 OR ", "a.", "v IN [1] AND ", "(", "NOT ", "[", "v + "):
        short = "SELECT * FROM things WHERE " + piece * 200
        long = "SELECT * FROM things WHERE " + piece * 800
        parse_s(short)
        best_short = min(parse_s(short) for _ in range(2))
        best_long = min(parse_s(long) for _ in range(2))
        assert best_long < 12 * best_short + 0.05, piece


VALUES = st.sampled_from(["0", "1", "2", "-1", "1.0"])
PARTITIONS = st.sampled_from(["'a'", "'b'", "'c'", "'z'"])
LEAVES = st.one_of(
    st.builds("pk = {}".format, PARTITIONS),
    st.builds("{} = pk".format, PARTITIONS),
    st.builds("pk IN [{}, {}]".format, PARTITIONS, PARTITIONS),
    st.builds("begins_with(pk, {})".format, PARTITIONS),
    st.builds("sk {} {}".format, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), VALUES),
    st.builds("{} {} sk".format, VALUES, st.sampled_from(["=", "<", "<=", ">", ">="])),
    st.builds("sk IN ({}, {})".format, VALUES, VALUES),
    st.builds("sk BETWEEN {} AND 2".format, st.sampled_from(["0", "1", "-1"])),
    st.builds("v = {}".format, VALUES),
    st.sampled_from(["v IS MISSING", "v IS NOT MISSING", "contains(s, 'x')", "size(s) = 2"]),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT {}".format, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(CONDITIONS, st.sampled_from(["things", "things.by_v"]), st.integers(1, 20))
def test_a_plan_finds_what_a_scan_finds(where: str, source: str, limit: int) -> None:
    statement = f"SELECT * FROM {source} WHERE {where}"
    planned = run(statement)
    assert planned is not None
    # Joined with itself by OR and a contradiction, no condition pins a key any more.
    scanned = run(f"{statement} OR (v IS MISSING AND v IS NOT MISSING)")
    assert scanned is not None
    assert Counter(items(planned)) == Counter(items(scanned))

    paged: list[str] = []
    page = run(statement, Limit=limit)
    while page is not None:
        paged += items(page)
        token = page.get("NextToken")
        page = None if token is None else run(statement, Limit=limit, NextToken=token)
    assert paged == items(planned)


@given(CONDITIONS, st.sampled_from(["", " DESC"]))
def test_order_by_orders_each_partition(where: str, direction: str) -> None:
    statement = f"SELECT * FROM things WHERE pk = 'a' AND {where} ORDER BY sk{direction}"
    answer = run(statement)
    assert answer is not None
    numbers = [float(item.attributes()["sk"]["N"]) for item in answer["Items"]]
    assert numbers == sorted(numbers, reverse=bool(direction))
