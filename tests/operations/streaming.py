"""What the tests of streams share: a table with a stream, and reading all of it."""

from __future__ import annotations

from typing import Any

from tests.operations.tables import HASH, attribute, key_schema

IMAGES = "NEW_AND_OLD_IMAGES"


def create_streamed_table(
    client: Any, name: str = HASH, view_type: str = IMAGES, sort: str | None = None
) -> str:
    """Create a table pk (and a sort key) with a stream and return the stream's ARN."""
    names = ("pk",) if sort is None else ("pk", sort)
    answer = client.create_table(
        TableName=name,
        AttributeDefinitions=[attribute(key) for key in names],
        KeySchema=key_schema(*names),
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": view_type},
    )
    return str(answer["TableDescription"]["LatestStreamArn"])


def put(client: Any, pk: str, table: str = HASH, **attributes: str) -> None:
    values = {name: {"S": text} for name, text in attributes.items()}
    client.put_item(TableName=table, Item={"pk": {"S": pk}, **values})


def delete(client: Any, pk: str, table: str = HASH) -> None:
    client.delete_item(TableName=table, Key={"pk": {"S": pk}})


def disable(client: Any, table: str = HASH) -> None:
    client.update_table(TableName=table, StreamSpecification={"StreamEnabled": False})


def enable(client: Any, table: str = HASH, view_type: str = IMAGES) -> str:
    answer = client.update_table(
        TableName=table,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": view_type},
    )
    return str(answer["TableDescription"]["LatestStreamArn"])


def shards(streams: Any, arn: str) -> list[dict[str, Any]]:
    described: list[dict[str, Any]] = streams.describe_stream(StreamArn=arn)["StreamDescription"][
        "Shards"
    ]
    return described


def only_shard(streams: Any, arn: str) -> str:
    (shard,) = shards(streams, arn)
    return str(shard["ShardId"])


def iterator(
    streams: Any, arn: str, shard_id: str | None = None, kind: str = "TRIM_HORIZON", **more: Any
) -> str:
    answer = streams.get_shard_iterator(
        StreamArn=arn,
        ShardId=shard_id or only_shard(streams, arn),
        ShardIteratorType=kind,
        **more,
    )
    return str(answer["ShardIterator"])


def records(
    streams: Any, arn: str, shard_id: str | None = None, kind: str = "TRIM_HORIZON", **more: Any
) -> list[dict[str, Any]]:
    """Return the records of a shard from a position on, page by page."""
    found: list[dict[str, Any]] = []
    position: str | None = iterator(streams, arn, shard_id, kind, **more)
    while position is not None:
        page = streams.get_records(ShardIterator=position)
        if not page["Records"]:
            break
        found += page["Records"]
        position = page.get("NextShardIterator")
    return found


def events(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the name of each event and the partition key it is about."""
    return [(record["eventName"], record["dynamodb"]["Keys"]["pk"]["S"]) for record in found]
