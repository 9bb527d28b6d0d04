"""A table and its indexes against a naive model: plain lists, sorted anew each time."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.operations import (
    create_table,
    delete_item,
    get_item,
    put_item,
    query,
    scan,
    update_item,
)
from dqlmock.storage.protocol import Keyspace, StoredItem
from dqlmock.values.keys import KeyRange
from dqlmock.values.size import attributes_size_bytes

Item = dict[str, Any]

partitions = st.sampled_from(["a", "b", "c\x00", "é"])
numbers = st.integers(-3, 3)
groups = st.none() | st.sampled_from(["g", "h"])
ranks = st.none() | st.integers(-2, 2)

DEFINITION = {
    "TableName": "t",
    "AttributeDefinitions": [
        {"AttributeName": "pk", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "N"},
        {"AttributeName": "g", "AttributeType": "S"},
        {"AttributeName": "r", "AttributeType": "N"},
    ],
    "KeySchema": [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "local",
            "KeySchema": [
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "r", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "global",
            "KeySchema": [
                {"AttributeName": "g", "KeyType": "HASH"},
                {"AttributeName": "r", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["note"]},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}
PROJECTED = {
    None: {"pk", "sk", "g", "r", "note", "more", "words"},
    "local": {"pk", "sk", "r"},
    "global": {"pk", "sk", "g", "r", "note"},
}


def make_item(pk: str, sk: int, g: str | None, r: int | None, note: str) -> Item:
    item: Item = {"pk": {"S": pk}, "sk": {"N": str(sk)}, "note": {"S": note}, "more": {"S": "m"}}
    if g is not None:
        item["g"] = {"S": g}
    if r is not None:
        item["r"] = {"N": str(r)}
    return item


def key_of(item: Item) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def plain(items: list[StoredItem]) -> list[Any]:
    return [item.attributes() for item in items]


def project(item: Item, index: str | None) -> Item:
    return {name: value for name, value in item.items() if name in PROJECTED[index]}


def sorted_rows(rows: list[Any]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def check_sizes(keyspace: Keyspace) -> None:
    for _, item in keyspace.read(KeyRange.everything(), limit=1000):
        assert item.size_bytes == attributes_size_bytes(item.attributes())


class TableMachine(RuleBasedStateMachine):
    """Writes at random; what is read must always be what the model holds."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Engine(Clock()).database("123456789012", "us-east-1")
        create_table.run(self.database, DEFINITION)
        self.model: dict[tuple[str, int], Item] = {}

    @rule(pk=partitions, sk=numbers, g=groups, r=ranks, note=st.sampled_from(["x", "y"]))
    def put(self, pk: str, sk: int, g: str | None, r: int | None, note: str) -> None:
        item = make_item(pk, sk, g, r, note)
        request = {"TableName": "t", "Item": item, "ReturnValues": "ALL_OLD"}
        result = put_item.run(self.database, request)
        old = self.model.get((pk, sk))
        assert (result["Attributes"].attributes() if "Attributes" in result else None) == old
        self.model[pk, sk] = item

    @rule(pk=partitions, sk=numbers)
    def delete(self, pk: str, sk: int) -> None:
        key = {"pk": {"S": pk}, "sk": {"N": str(sk)}}
        delete_item.run(self.database, {"TableName": "t", "Key": key})
        self.model.pop((pk, sk), None)

    @rule(pk=partitions, sk=numbers, words=st.lists(st.text(max_size=3), max_size=3))
    def append(self, pk: str, sk: int, words: list[str]) -> None:
        key = {"pk": {"S": pk}, "sk": {"N": str(sk)}}
        request = {
            "TableName": "t",
            "Key": key,
            "UpdateExpression": "SET words = list_append(if_not_exists(words, :none), :words)",
            "ExpressionAttributeValues": {
                ":none": {"L": []},
                ":words": {"L": [{"S": word} for word in words]},
            },
        }
        update_item.run(self.database, request)
        item = self.model.get((pk, sk), key)
        old = item.get("words", {"L": []})["L"]
        self.model[pk, sk] = {**item, "words": {"L": [*old, *({"S": word} for word in words)]}}

    @rule(pk=partitions, sk=numbers, r=st.integers(-2, 2))
    def update(self, pk: str, sk: int, r: int) -> None:
        key = {"pk": {"S": pk}, "sk": {"N": str(sk)}}
        request = {
            "TableName": "t",
            "Key": key,
            "UpdateExpression": "SET r = :r REMOVE g",
            "ExpressionAttributeValues": {":r": {"N": str(r)}},
        }
        update_item.run(self.database, request)
        item = {**self.model.get((pk, sk), key), "r": {"N": str(r)}}
        item.pop("g", None)
        self.model[pk, sk] = item

    @rule(pk=partitions, sk=numbers)
    def get(self, pk: str, sk: int) -> None:
        key = {"pk": {"S": pk}, "sk": {"N": str(sk)}}
        result = get_item.run(self.database, {"TableName": "t", "Key": key})
        found = result["Item"].attributes() if "Item" in result else None
        assert found == self.model.get((pk, sk))

    @rule(
        pk=partitions,
        low=numbers,
        operator=st.sampled_from(["<", "<=", "=", ">", ">="]),
        forward=st.booleans(),
        limit=st.integers(1, 5),
    )
    def query_table(self, pk: str, low: int, operator: str, forward: bool, limit: int) -> None:
        request = {
            "TableName": "t",
            "KeyConditionExpression": f"pk = :p AND sk {operator} :s",
            "ExpressionAttributeValues": {":p": {"S": pk}, ":s": {"N": str(low)}},
            "ScanIndexForward": forward,
            "Limit": limit,
        }
        python = "==" if operator == "=" else operator
        wanted = sorted(
            (sk for (own, sk) in self.model if own == pk and eval(f"{sk} {python} {low}")),
            reverse=not forward,
        )
        assert self.pages(query, request) == [self.model[pk, sk] for sk in wanted]

    @rule(
        index=st.sampled_from(["local", "global"]),
        value=partitions | st.sampled_from(["g", "h"]),
        forward=st.booleans(),
        limit=st.integers(1, 5),
    )
    def query_index(self, index: str, value: str, forward: bool, limit: int) -> None:
        name = "pk" if index == "local" else "g"
        request = {
            "TableName": "t",
            "IndexName": index,
            "KeyConditionExpression": f"{name} = :v",
            "ExpressionAttributeValues": {":v": {"S": value}},
            "ScanIndexForward": forward,
            "Limit": limit,
        }
        rows = self.pages(query, request)
        wanted = [
            project(item, index)
            for item in self.model.values()
            if item.get(name) == {"S": value} and "r" in item
        ]
        assert sorted_rows(rows) == sorted_rows(wanted)
        ordered = [int(row["r"]["N"]) for row in rows]
        assert ordered == sorted(ordered, reverse=not forward)

    @rule(index=st.sampled_from([None, "local", "global"]), limit=st.integers(1, 7))
    def scan_pages(self, index: str | None, limit: int) -> None:
        request: dict[str, Any] = {"TableName": "t", "Limit": limit}
        if index is not None:
            request["IndexName"] = index
        assert sorted_rows(self.pages(scan, request)) == sorted_rows(self.rows_of(index))

    @rule(total=st.integers(1, 6), limit=st.integers(1, 4))
    def scan_segments(self, total: int, limit: int) -> None:
        rows = []
        for segment in range(total):
            request = {
                "TableName": "t",
                "Segment": segment,
                "TotalSegments": total,
                "Limit": limit,
            }
            rows += self.pages(scan, request)
        assert sorted_rows(rows) == sorted_rows(self.rows_of(None))

    def rows_of(self, index: str | None) -> list[Item]:
        items = [
            item
            for item in self.model.values()
            if index is None or ("r" in item and (index == "local" or "g" in item))
        ]
        return [project(item, index) for item in items]

    def pages(self, operation: Any, request: dict[str, Any]) -> list[Any]:
        """Read all pages; a page is never over its limit, and none repeats."""
        rows: list[Any] = []
        start: dict[str, Any] = {}
        while True:
            result = operation.run(self.database, {**request, **start})
            assert result["ScannedCount"] <= request["Limit"]
            rows += plain(result["Items"])
            if "LastEvaluatedKey" not in result:
                return rows
            start = {"ExclusiveStartKey": result["LastEvaluatedKey"]}

    @invariant()
    def stores_are_consistent(self) -> None:
        table = self.database.table("t")
        table.keyspace._check()
        check_sizes(table.keyspace)
        assert len(table.keyspace) == len(self.model)
        for name, index in table.indexes.items():
            index.keyspace._check()
            check_sizes(index.keyspace)
            assert len(index.keyspace) == len(self.rows_of(name))


TableMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestTable = TableMachine.TestCase
