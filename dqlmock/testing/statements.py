"""What the PartiQL statements of a request are about.

Owns finding them, alone, in batches and in transactions, and reading their tables, keys and items.
A statement that is refused is about nothing: the log keeps those, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dqlmock.errors import DynamoDBError
from dqlmock.partiql.access import equality, leaves_of
from dqlmock.partiql.nodes import Delete, Exists, Insert, Select, Update
from dqlmock.partiql.statement import PreparedStatement, prepare

_KINDS: Final = {Select: "query", Insert: "put", Update: "update", Delete: "delete"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a request.

    Args:
        table: The table's name.
        index: The index that is read, if one is.
        kind: What it does: `"query"`, `"put"`, `"update"`, `"delete"`, `"check"`.
        attributes: In wire form: the item of an INSERT, or what WHERE equates.
        strong: Whether it asks for a strongly consistent read.
    """

    table: str
    index: str | None
    kind: Any
    attributes: Mapping[str, Any]
    strong: bool


def entries(parameters: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the statements of a request with their parameters, in its order.

    >>> entries({"Statements": [{"Statement": "a"}, {"Statement": "b"}]})
    [{'Statement': 'a'}, {'Statement': 'b'}]
    """
    listed: list[Any] = [parameters]
    for name in ("Statements", "TransactStatements"):
        members = parameters.get(name)
        listed.extend(members if isinstance(members, list) else ())
    return [entry for entry in listed if isinstance(entry, Mapping) and "Statement" in entry]


def statements(parameters: Mapping[str, Any]) -> Iterator[Statement]:
    """Yield the statements of a request that are well formed.

    >>> [read] = statements({
    ...     "Statement": "SELECT * FROM music WHERE artist = ? AND song = 'Xis'",
    ...     "Parameters": [{"S": "Acme"}],
    ... })
    >>> read.table, read.kind, read.attributes
    ('music', 'query', {'artist': {'S': 'Acme'}, 'song': {'S': 'Xis'}})
    """
    for entry in entries(parameters):
        found = _statement(entry)
        if found is not None:
            yield found


def _statement(entry: Mapping[str, Any]) -> Statement | None:
    try:
        prepared = prepare(str(entry["Statement"]))
    except DynamoDBError:
        return None
    statement = prepared.statement
    named = statement.select if isinstance(statement, Exists) else statement
    kind = "check" if isinstance(statement, Exists) else _KINDS[type(statement)]
    index = named.index if isinstance(named, Select) else None
    attributes = _attributes(prepared, entry.get("Parameters"))
    return Statement(named.table, index, kind, attributes, entry.get("ConsistentRead") is True)


def _attributes(prepared: PreparedStatement, parameters: Any) -> Mapping[str, Any]:
    given = parameters if isinstance(parameters, list) else []
    try:
        values = prepared.bind([value for value in given if isinstance(value, Mapping)])
    except DynamoDBError:
        return {}
    if isinstance(prepared.statement, Insert):
        return prepared.item(values)
    pairs = filter(None, map(equality, leaves_of(prepared.where)))
    return {name: values[value.name] for name, value in pairs}
