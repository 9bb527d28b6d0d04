"""The tables and items that requests start from."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

Row = dict[str, Any]


class Setting(NamedTuple):
    """The tables and items that a request finds.

    Args:
        name: What tells it from others.
        tables: CreateTable requests.
        items: By the name of the table.
    """

    name: str
    tables: list[Row]
    items: dict[str, list[Row]]


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
        "AttributeDefinitions": _attributes(id="S", seq="N", city="S", dated="S"),
        "KeySchema": _schema("id", "seq"),
        "LocalSecondaryIndexes": [
            {
                "IndexName": "by_day",
                "KeySchema": _schema("id", "dated"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by_city",
                "KeySchema": _schema("city", "seq"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        "BillingMode": "PAY_PER_REQUEST",
    },
    {
        "TableName": "blobs",
        "AttributeDefinitions": _attributes(id="B", seq="B"),
        "KeySchema": _schema("id", "seq"),
        "BillingMode": "PAY_PER_REQUEST",
    },
    {
        "TableName": "events",
        "AttributeDefinitions": _attributes(id="S"),
        "KeySchema": _schema("id"),
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "BillingMode": "PAY_PER_REQUEST",
    },
]

ITEMS: Final[dict[str, list[Row]]] = {
    "users": [
        {
            "id": {"S": "ann"},
            "age": {"N": "41"},
            "nick": {"S": "Ann"},
            "flag": {"BOOL": True},
            "nil": {"NULL": True},
            "tags": {"SS": ["a", "b"]},
            "nums": {"NS": ["1", "2"]},
            "lst": {"L": [{"S": "x"}, {"N": "2"}, {"M": {"z": {"S": "zz"}}}]},
            "doc": {"M": {"a": {"S": "aa"}, "b": {"M": {"c": {"N": "3"}}}}},
            "bin": {"B": "AQID"},
        },
        {"id": {"S": "bob"}, "age": {"N": "-3.5"}},
    ],
    "orders": [
        {
            "id": {"S": "ann"},
            "seq": {"N": str(seq)},
            "city": {"S": "Rome" if seq % 2 else "Oslo"},
            "dated": {"S": f"2026-01-0{seq}"},
            "qty": {"N": str(seq * 10)},
        }
        for seq in range(1, 6)
    ],
    "blobs": [{"id": {"B": "AA=="}, "seq": {"B": "Ag=="}, "n": {"N": "1"}}],
    "events": [{"id": {"S": "ann"}, "age": {"N": "41"}}, {"id": {"S": "bob"}}],
}

OWN: Final = Setting("own", TABLES, ITEMS)
"""No attribute's name is a reserved word: that would hide every other fault of an expression."""
