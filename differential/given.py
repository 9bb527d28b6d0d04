"""The state every request starts from, and how a server is brought back to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from differential.servers import Mock, Remote, call

Row = dict[str, Any]


def _schema(*names: str) -> list[Row]:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, kinds, strict=False)
    ]


def _attributes(**types: str) -> list[Row]:
    return [{"AttributeName": name, "AttributeType": kind} for name, kind in types.items()]


TABLES: Final[list[Row]] = [
    {
        "TableName": "users",
        "AttributeDefinitions": _attributes(id="S"),
        "KeySchema": _schema("id"),
        "BillingMode": "PAY_PER_REQUEST",
    },
    {
        "TableName": "orders",
        "AttributeDefinitions": _attributes(id="S", at="N", city="S", day="S"),
        "KeySchema": _schema("id", "at"),
        "LocalSecondaryIndexes": [
            {
                "IndexName": "by_day",
                "KeySchema": _schema("id", "day"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by_city",
                "KeySchema": _schema("city", "at"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        "BillingMode": "PAY_PER_REQUEST",
    },
    {
        "TableName": "blobs",
        "AttributeDefinitions": _attributes(id="B", at="B"),
        "KeySchema": _schema("id", "at"),
        "BillingMode": "PAY_PER_REQUEST",
    },
]

ITEMS: Final[dict[str, list[Row]]] = {
    "users": [
        {
            "id": {"S": "ann"},
            "age": {"N": "41"},
            "name": {"S": "Ann"},
            "on": {"BOOL": True},
            "none": {"NULL": True},
            "tags": {"SS": ["a", "b"]},
            "nums": {"NS": ["1", "2"]},
            "list": {"L": [{"S": "x"}, {"N": "2"}, {"M": {"z": {"S": "zz"}}}]},
            "map": {"M": {"a": {"S": "aa"}, "b": {"M": {"c": {"N": "3"}}}}},
            "bin": {"B": "AQID"},
        },
        {"id": {"S": "bob"}, "age": {"N": "-3.5"}},
    ],
    "orders": [
        {
            "id": {"S": "ann"},
            "at": {"N": str(at)},
            "city": {"S": "Rome" if at % 2 else "Oslo"},
            "day": {"S": f"2026-01-0{at}"},
            "qty": {"N": str(at * 10)},
        }
        for at in range(1, 6)
    ],
    "blobs": [{"id": {"B": "AA=="}, "at": {"B": "Ag=="}, "n": {"N": "1"}}],
}

_READ_ONLY = ("Get", "Query", "Scan", "Describe", "List", "BatchGet", "TransactGet")
_TABLES_CHANGED = ("CreateTable", "UpdateTable", "DeleteTable", "UpdateTimeToLive", "TagResource")


def changes_tables(operation: str) -> bool:
    return operation in _TABLES_CHANGED


def changes_items(operation: str) -> bool:
    return not operation.startswith(_READ_ONLY)


def set_up(server: Mock | Remote) -> None:
    """Remove every table of a server and make those of `TABLES` with their items."""
    for name in call(server, "ListTables", {})[1]["TableNames"]:
        call(server, "UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False})
        call(server, "DeleteTable", {"TableName": name})
    _wait(lambda: call(server, "ListTables", {})[1]["TableNames"] == [])
    for table in TABLES:
        call(server, "CreateTable", table)
        _wait(partial(_is_active, server, table["TableName"]))
    for name, items in ITEMS.items():
        for item in items:
            call(server, "PutItem", {"TableName": name, "Item": item})


def restore_items(server: Mock | Remote) -> None:
    """Give every table of `TABLES` its items back."""
    for table in TABLES:
        name = table["TableName"]
        keys = [element["AttributeName"] for element in table["KeySchema"]]
        wanted = ITEMS[name]
        stored = call(server, "Scan", {"TableName": name})[1]["Items"]
        for item in stored:
            if item not in wanted:
                key = {attribute: item[attribute] for attribute in keys}
                call(server, "DeleteItem", {"TableName": name, "Key": key})
        for item in wanted:
            if item not in stored:
                call(server, "PutItem", {"TableName": name, "Item": item})


def _is_active(server: Mock | Remote, name: str) -> bool:
    status, body = call(server, "DescribeTable", {"TableName": name})
    return status == 200 and bool(body["Table"]["TableStatus"] == "ACTIVE")


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError("A server does not come to rest")
        time.sleep(0.005)
