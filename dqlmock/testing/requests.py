"""What a request is about: its tables, its keys, the items it writes.

Owns where each operation says so, batches and transactions too. Reads decoded requests in wire
form; one that is malformed is about nothing, for the log keeps it as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from dqlmock.engine.arn import ARN_PREFIX
from dqlmock.errors import DynamoDBError
from dqlmock.expressions.keycond import DeferredKeyCondition
from dqlmock.expressions.plans import prepare
from dqlmock.testing.statements import statements

WRITES: Final = frozenset(
    {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
)
READS: Final = frozenset({"GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"})


PARTIQL: Final = frozenset({"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"})


@dataclass(frozen=True, slots=True)
class Touch:
    """One item, or one key condition, of a request.

    Args:
        table: The table's name.
        kind: What is done to it: `"get"`, `"put"`, `"update"`, `"delete"`, `"check"`, `"query"`.
        key: Attributes in wire form: the key, the whole item of a put, or what the key condition
            of a query equates; of a PartiQL statement all that its WHERE equates.
    """

    table: str
    kind: Literal["get", "put", "update", "delete", "check", "query"]
    key: Mapping[str, Any]


def table_name(name_or_arn: object) -> str:
    """Return the bare name of a table.

    >>> table_name("arn:aws:dynamodb:eu-west-1:123456789012:table/music"), table_name("music")
    ('music', 'music')
    """
    text = str(name_or_arn)
    return text.rpartition("/")[2] if text.startswith(ARN_PREFIX) else text


def tables_of(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the tables that a request names, each once, in its order.

    >>> tables_of({"RequestItems": {"a": {}, "b": {}}}), tables_of({"Limit": 1})
    (('a', 'b'), ())
    >>> tables_of({"Statement": "SELECT * FROM music WHERE artist = ?"})
    ('music',)
    """
    names: list[object] = []
    if "TableName" in parameters:
        names.append(parameters["TableName"])
    names.extend(_mapping(parameters.get("RequestItems")))
    names.extend(statement.table for statement in statements(parameters))
    for member in _listed(parameters.get("TransactItems")):
        names.extend(
            action["TableName"] for action in _mappings(member.values()) if "TableName" in action
        )
    return tuple(dict.fromkeys(table_name(name) for name in names))


def is_select(parameters: Mapping[str, Any]) -> bool:
    """Tell whether an ExecuteStatement reads.

    >>> is_select({"Statement": " select * from music"}), is_select({"Statement": "DELETE"})
    (True, False)
    """
    return str(parameters.get("Statement", "")).lstrip()[:6].upper() == "SELECT"


def indexes_of(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the indexes that a request reads.

    >>> indexes_of({"IndexName": "by_day"})
    ('by_day',)
    >>> indexes_of({"Statement": 'SELECT * FROM "orders"."by_day"'})
    ('by_day',)
    """
    names = [str(parameters["IndexName"])] if "IndexName" in parameters else []
    names.extend(found.index for found in statements(parameters) if found.index is not None)
    return tuple(dict.fromkeys(names))


def touches(operation: str, parameters: Mapping[str, Any]) -> Iterator[Touch]:
    """Yield the items and key conditions that a request names.

    >>> [touch.key for touch in touches("GetItem", {"TableName": "t", "Key": {"pk": {"S": "a"}}})]
    [{'pk': {'S': 'a'}}]
    """
    if operation == "Query":
        yield Touch(table_name(parameters.get("TableName", "")), "query", equated(parameters))
    elif operation in ("BatchGetItem", "BatchWriteItem"):
        yield from _batched(parameters)
    elif operation in ("TransactGetItems", "TransactWriteItems"):
        for member in _listed(parameters.get("TransactItems")):
            for name, action in member.items():
                yield from _touch(_TRANSACTED.get(name), _mapping(action))
    elif operation in PARTIQL:
        for statement in statements(parameters):
            yield Touch(statement.table, statement.kind, statement.attributes)
    else:
        yield from _touch(_SINGLE.get(operation), parameters)


_SINGLE: Final = {
    "GetItem": "get",
    "PutItem": "put",
    "UpdateItem": "update",
    "DeleteItem": "delete",
}
_TRANSACTED: Final = {
    "Get": "get",
    "Put": "put",
    "Update": "update",
    "Delete": "delete",
    "ConditionCheck": "check",
}


def _touch(kind: Any, action: Mapping[str, Any]) -> Iterator[Touch]:
    key = action.get("Item" if kind == "put" else "Key")
    if kind is not None and isinstance(key, Mapping):
        yield Touch(table_name(action.get("TableName", "")), kind, key)


def _batched(parameters: Mapping[str, Any]) -> Iterator[Touch]:
    for name, wanted in _mapping(parameters.get("RequestItems")).items():
        table = table_name(name)
        if isinstance(wanted, Mapping):
            for key in _listed(wanted.get("Keys")):
                yield Touch(table, "get", key)
            continue
        for entry in _listed(wanted):
            if "PutRequest" in entry:
                yield Touch(table, "put", _mapping(_mapping(entry["PutRequest"]).get("Item")))
            elif "DeleteRequest" in entry:
                key = _mapping(_mapping(entry["DeleteRequest"]).get("Key"))
                yield Touch(table, "delete", key)


def key_conditions(parameters: Mapping[str, Any]) -> tuple[tuple[str, str, list[Any]], ...]:
    """Return the key conditions of a Query: attribute, operator, operands in wire form.

    >>> key_conditions({
    ...     "KeyConditionExpression": "pk = :p AND sk > :s",
    ...     "ExpressionAttributeValues": {":p": {"S": "a"}, ":s": {"N": "1"}},
    ... })
    (('pk', '=', [{'S': 'a'}]), ('sk', '>', [{'N': '1'}]))
    """
    text = parameters.get("KeyConditionExpression")
    if text is None:
        return tuple(_legacy_conditions(parameters.get("KeyConditions")))
    names = _mapping(parameters.get("ExpressionAttributeNames"))
    listed = _mapping(parameters.get("ExpressionAttributeValues"))
    values = {name: value for name, value in listed.items() if isinstance(value, Mapping)}
    if not isinstance(text, str):
        return ()
    try:
        compiled: DeferredKeyCondition
        compiled = prepare("KeyConditionExpression", text).compiled(names, values)
        conditions = compiled.compiled()
    except DynamoDBError:  # a request that was refused
        return ()
    return tuple(
        (condition.attribute, condition.operator, [values[name] for name in condition.operands])
        for condition in conditions
    )


def _legacy_conditions(conditions: object) -> Iterator[tuple[str, str, list[Any]]]:
    for name, condition in _mapping(conditions).items():
        if isinstance(condition, Mapping):
            operator = condition.get("ComparisonOperator")
            operands = condition.get("AttributeValueList", [])
            yield name, "=" if operator == "EQ" else str(operator), operands


def equated(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that a Query's key condition gives with `=`, in wire form."""
    return {
        name: operands[0]
        for name, operator, operands in key_conditions(parameters)
        if operator == "=" and operands
    }


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(values: Any) -> list[Mapping[str, Any]]:
    return [value for value in values if isinstance(value, Mapping)]


def _listed(value: object) -> list[Mapping[str, Any]]:
    return _mappings(value) if isinstance(value, list) else []
