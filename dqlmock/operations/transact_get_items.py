"""TransactGetItems (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys, requested_key
from dqlmock.engine.table import Table
from dqlmock.engine.transact import Target, read_all
from dqlmock.expressions.projection import Projection
from dqlmock.operations.capacity import Result, charge_transaction, item_charge
from dqlmock.operations.reading import item_projection
from dqlmock.operations.transacting import bind_all, check_response_size
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.canonical import canonical_attributes
from dqlmock.values.types import Attributes


@dataclass(frozen=True, slots=True)
class _Get:
    """One item that is wanted."""

    table_name: str
    key: Attributes
    projection: Projection | None

    @classmethod
    def parse(cls, request: dict[str, Any]) -> _Get:
        key = canonical_attributes(request["Key"])
        return cls(request["TableName"], key, item_projection(request))

    def bind(self, table: Table) -> Target:
        target = Target(table, requested_key(table.schema, self.key))
        if self.projection is not None:
            check_scalar_keys(table.schema, self.projection.nested)
        return target

    def shown(self, item: StoredItem | None) -> StoredItem | Attributes | None:
        if item is None or self.projection is None:
            return item
        return self.projection.apply(item.attributes())


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Read the items as they stand at one moment."""
    gets = [_Get.parse(member["Get"]) for member in request["TransactItems"]]
    bindings = ((database.table(get.table_name), get.bind) for get in gets)
    targets = bind_all(bindings, _itself, keys_first=True)
    items = read_all(targets)
    shown = [get.shown(item) for get, item in zip(gets, items, strict=True)]

    check_response_size(shown)
    # An item that has nothing of what is projected is shown as one that isn't there, unlike in
    # GetItem and BatchGetItem (measured: nubo-db/dynoxide#53, ExtendDB/extenddb#81).
    result = Result(Responses=[{"Item": item} if item else {} for item in shown])
    charges = [
        item_charge(get.table_name, item, strong=True)
        for get, item in zip(gets, items, strict=True)
    ]
    charge_transaction(result, request, charges, writes=False)
    return result


def _itself(target: Target) -> Target:
    return target
