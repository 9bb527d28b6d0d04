"""Tables from a declaration: CreateTable requests, whole or in short.

Owns the short form. What a table may be is CreateTable's to say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError
from dqlmock.shapes.model import service_model
from dqlmock.wire.dispatch import Pipe
from dqlmock.wire.messages import WireRequest

Definition: TypeAlias = Mapping[str, Any]
"""A CreateTable request."""

_KEY_TYPES: Final = ("HASH", "RANGE")
_ATTRIBUTE_TYPES: Final = ("S", "N", "B")


def definition(name: str, keys: str | Definition) -> Definition:
    """Return the CreateTable request of a table.

    Args:
        name: `TableName`.
        keys: The partition key, or the partition key and the sort key: `"customer, placed:N"`; the
            type is S unless named. Or a CreateTable request that needs no `TableName`; on demand
            unless it says otherwise.

    Raises:
        DqlmockError: No such form.

    >>> definition("orders", "customer, placed:N")["AttributeDefinitions"][1]
    {'AttributeName': 'placed', 'AttributeType': 'N'}
    """
    if isinstance(keys, Mapping):
        on_demand = {} if "ProvisionedThroughput" in keys else {"BillingMode": "PAY_PER_REQUEST"}
        return {"TableName": name, **on_demand, **keys}
    if not isinstance(keys, str):
        raise _no_keys(name, keys)
    parts = [part.strip().partition(":") for part in keys.split(",")]
    typed = [(attribute, tag or "S") for attribute, _, tag in parts]
    valid = all(attribute and tag in _ATTRIBUTE_TYPES for attribute, tag in typed)
    if not valid or len(typed) > len(_KEY_TYPES):
        raise _no_keys(name, keys)
    return {
        "TableName": name,
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": tag} for attribute, tag in typed
        ],
        "KeySchema": [
            {"AttributeName": attribute, "KeyType": kind}
            for (attribute, _), kind in zip(typed, _KEY_TYPES, strict=False)
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }


def _no_keys(name: str, keys: object) -> DqlmockError:
    return DqlmockError(
        f'The keys of a table look like "id" or "customer, placed:N", with a type of '
        f"{', '.join(_ATTRIBUTE_TYPES)}; those of {name!r} are {keys!r}"
    )


def members_of_a_table() -> frozenset[str]:
    """Return the members that a declaration may have: CreateTable's, and Time to Live.

    >>> "BillingMode" in members_of_a_table(), "Billing" in members_of_a_table()
    (True, False)
    """
    shape = service_model("dynamodb").input_shape("CreateTable")
    return frozenset((*shape.members, "TimeToLiveSpecification"))


def create_table(engine: Engine, request: Definition, account: str, region: str) -> None:
    """Create a table as a client would, without a client.

    Args:
        engine: Where.
        request: CreateTable.
        account: Twelve digits.
        region: `"eu-west-1"`.

    Raises:
        DqlmockError: DynamoDB would refuse the request.
    """
    body = json.dumps(request).encode()
    wire = WireRequest("DynamoDB_20120810.CreateTable", body, account, region)
    response = Pipe(engine).answer(wire)
    if response.status != 200:
        fault = json.loads(response.body)
        raise DqlmockError(
            f"The table {request.get('TableName')!r} can't be created: "
            f"{fault.get('message') or fault.get('Message') or fault['__type']}"
        )
