"""Calls as the rules look at them: decoded once, with the keys of their tables.

Owns what several rules ask of a call. Knows no rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from dqlmock.engine.database import Engine
from dqlmock.engine.schema import KeySchema, TableSchema
from dqlmock.errors import DynamoDBError
from dqlmock.testing.attribute_values import plain_value
from dqlmock.testing.call import Call

_Place = TypeVar("_Place", bound=Hashable)


@dataclass(frozen=True)
class Observed:
    """A call that DynamoDB answered without an error.

    Args:
        call: The call.
        operation: The API operation.
        parameters: The request, decoded.
        tables: The names of the tables it is about, each with its schema; None where the table is
            gone by now, or never was.
    """

    call: Call
    operation: str
    parameters: Mapping[str, Any]
    tables: Mapping[str, TableSchema | None]

    @property
    def table(self) -> str:
        """The table of a call that has one."""
        return next(iter(self.tables), "")

    @property
    def schema(self) -> TableSchema | None:
        """The schema of that table."""
        return self.tables.get(self.table)

    @property
    def index(self) -> str | None:
        """The index that is read."""
        return self.parameters.get("IndexName")

    @property
    def read_units(self) -> float:
        """The read units it consumed."""
        return sum(consumed.total for consumed in self.call.spent().reads.values())


class Schemas:
    """The schemas of the tables there are, looked up once.

    Args:
        engine: The state.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, str, str], TableSchema | None] = {}

    def of(self, account: str, region: str, table: str) -> TableSchema | None:
        """Return a table's schema, None where there is no such table now."""
        place = account, region, table
        if place not in self._known:
            self._known[place] = self._find(account, region, table)
        return self._known[place]

    def _find(self, account: str, region: str, table: str) -> TableSchema | None:
        try:
            return self._engine.database(account, region).table(table).schema
        except DynamoDBError:
            return None


def observe(calls: Iterable[Call], engine: Engine) -> list[Observed]:
    """Return the calls that went well, as the rules look at them."""
    schemas = Schemas(engine)
    return [_observed(call, schemas) for call in calls if not call.is_error]


def _observed(call: Call, schemas: Schemas) -> Observed:
    tables = {name: schemas.of(call.account, call.region, name) for name in call.tables}
    return Observed(call, call.operation, call.parameters, tables)


def grouped(
    observed: Iterable[tuple[_Place, Observed]],
) -> Iterator[tuple[_Place, list[Observed]]]:
    """Yield calls by what they have in common, in the order in which it was first seen."""
    groups: dict[_Place, list[Observed]] = {}
    for place, seen in observed:
        groups.setdefault(place, []).append(seen)
    yield from groups.items()


def calls_of(observed: Iterable[Observed]) -> tuple[Call, ...]:
    """Return the calls themselves."""
    return tuple(seen.call for seen in observed)


def place(table: str, index: str | None) -> str:
    """Return how a place reads.

    >>> place("orders", None), place("orders", "by_day")
    ('orders', 'by_day of orders')
    """
    return table if index is None else f"{index} of {table}"


def said_values(key: KeySchema, attributes: Mapping[str, Any]) -> str:
    """Return the partition key's values as a person reads them: `"customer = 'ada'"`."""
    return ", ".join(f"{name} = {plain_value(attributes[name])!r}" for name in key.partition)
