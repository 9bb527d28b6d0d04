"""The tables that the operations' tests share."""

from __future__ import annotations

from typing import Any

HASH = "hash"
COMPOSITE = "composite"


def attribute(name: str, tag: str = "S") -> dict[str, str]:
    return {"AttributeName": name, "AttributeType": tag}


def key_schema(*names: str) -> list[dict[str, str]]:
    kinds = ("HASH", "RANGE")
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, kinds, strict=False)
    ]


def create_hash_table(client: Any, name: str = HASH, tag: str = "S") -> None:
    client.create_table(
        TableName=name,
        AttributeDefinitions=[attribute("pk", tag)],
        KeySchema=key_schema("pk"),
        BillingMode="PAY_PER_REQUEST",
    )


def create_composite_table(client: Any, name: str = COMPOSITE, sort_tag: str = "S") -> None:
    """A table pk + sk with a local index on `l` and global ones on `g`, one per projection."""
    include = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["extra"]}
    client.create_table(
        TableName=name,
        AttributeDefinitions=[
            attribute("pk"),
            attribute("sk", sort_tag),
            attribute("l", "N"),
            attribute("g"),
        ],
        KeySchema=key_schema("pk", "sk"),
        LocalSecondaryIndexes=[
            {
                "IndexName": "local",
                "KeySchema": key_schema("pk", "l"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "global_all",
                "KeySchema": key_schema("g", "l"),
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": "global_keys",
                "KeySchema": key_schema("g"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
            {
                "IndexName": "global_include",
                "KeySchema": key_schema("g", "sk"),
                "Projection": include,
            },
        ],
        BillingMode="PAY_PER_REQUEST",
    )
