"""What the tests of item operations share: short ways to write values, items and calls."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.operations.tables import attribute, key_schema

INVALID = "One or more parameter values were invalid: "
KEY_MISMATCH = "The provided key element does not match the schema"
PROJECTIONS = "projections"


def s(text: str) -> dict[str, str]:
    return {"S": text}


def n(number: float) -> dict[str, str]:
    return {"N": str(number)}


def key(pk: str, sk: str | None = None) -> dict[str, Any]:
    return {"pk": s(pk)} if sk is None else {"pk": s(pk), "sk": s(sk)}


def refusal(call: Any, **request: Any) -> tuple[str, str]:
    """Return code and message of the error that a call is answered with."""
    with pytest.raises(ClientError) as refused:
        call(**request)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def invalid(call: Any, **request: Any) -> str:
    """Return the message of the ValidationException that a call is answered with."""
    code, message = refusal(call, **request)
    assert code == "ValidationException"
    return message


def stored(client: Any, table: str, **item_key: Any) -> dict[str, Any] | None:
    item: dict[str, Any] | None = client.get_item(TableName=table, Key=item_key).get("Item")
    return item


def everything(client: Any, table: str) -> list[Any]:
    """Return what a table and all of its indexes hold, to compare before and after."""
    description = client.describe_table(TableName=table)["Table"]
    kinds = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
    names = [index["IndexName"] for kind in kinds for index in description.get(kind, ())]
    scans: list[dict[str, Any]] = [{}, *({"IndexName": name} for name in names)]
    return [client.scan(TableName=table, **scan)["Items"] for scan in scans]


def create_projections_table(client: Any) -> None:
    """A table pk + sk with a local index on `l` and a global one on `g` + `l` per projection."""
    projections: dict[str, dict[str, Any]] = {
        "all": {"ProjectionType": "ALL"},
        "keys": {"ProjectionType": "KEYS_ONLY"},
        "some": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x"]},
    }

    def indexes(prefix: str, partition: str) -> list[dict[str, Any]]:
        return [
            {
                "IndexName": f"{prefix}_{name}",
                "KeySchema": key_schema(partition, "l"),
                "Projection": projection,
            }
            for name, projection in projections.items()
        ]

    client.create_table(
        TableName=PROJECTIONS,
        AttributeDefinitions=[attribute(name) for name in ("pk", "sk", "g", "l")],
        KeySchema=key_schema("pk", "sk"),
        LocalSecondaryIndexes=indexes("local", "pk"),
        GlobalSecondaryIndexes=indexes("global", "g"),
        BillingMode="PAY_PER_REQUEST",
    )


def query(client: Any, text: str = "pk = :p", **request: Any) -> Any:
    """Query with the values that the expressions use; `:p` and `:g` stand for themselves."""
    values = {":p": s("p"), ":g": s("g"), **request.pop("values", {})}
    expressions = " ".join(
        str(request.get(name, "")) for name in ("FilterExpression", "ProjectionExpression")
    )
    words = f"{text} {expressions}".replace(")", " ").replace("(", " ").replace(",", " ").split()
    used = {name: value for name, value in values.items() if name in words}
    return client.query(
        **{
            "TableName": PROJECTIONS,
            "KeyConditionExpression": text,
            "ExpressionAttributeValues": used,
            **request,
        }
    )


def pages(client: Any, **request: Any) -> list[Any]:
    """Return the answers of a query, page by page."""
    answers = [query(client, **request)]
    while "LastEvaluatedKey" in answers[-1]:
        start = answers[-1]["LastEvaluatedKey"]
        answers.append(query(client, **request, ExclusiveStartKey=start))
    return answers


def fill_projections_table(client: Any) -> None:
    """Ten items of one partition, one of another, in the indexes but for every third."""
    create_projections_table(client)
    for number in range(10):
        item = {**key("p", f"{number:02}"), "x": n(number), "y": s("y"), "g": s("g")}
        if number % 3:
            item["l"] = s(f"{9 - number}")
        client.put_item(TableName=PROJECTIONS, Item=item)
    client.put_item(TableName=PROJECTIONS, Item={**key("q", "00"), "g": s("g"), "l": s("5")})


def sort_keys(answer: Any) -> list[str]:
    return [item["sk"]["S"] for item in answer["Items"]]
