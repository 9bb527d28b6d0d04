"""SELECT statements: the pages they read, and the token that the next page starts from.

Owns NextToken. It is bound to the statement and its parameters, as AWS's is: another statement is
answered "NextToken does not match request" (aws/aws-sdk-js-v3#4424).
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from dqlmock.engine.capacity import Consumed
from dqlmock.engine.database import Database
from dqlmock.engine.keys import check_scalar_keys
from dqlmock.engine.read import read_page
from dqlmock.engine.schema import TableSchema
from dqlmock.engine.table import Table
from dqlmock.errors import ValidationException
from dqlmock.limits import PAGE_SIZE_BYTES, STATEMENT_PAGE_KEYS
from dqlmock.operations.capacity import Result, charge_read, item_units
from dqlmock.operations.reading import Selection, Source, page_units
from dqlmock.operations.statement_source import source_of
from dqlmock.partiql.nodes import Select
from dqlmock.partiql.plan import Reads, item_key, plan_reads
from dqlmock.partiql.statement import PreparedStatement
from dqlmock.storage.protocol import StoredItem
from dqlmock.values.types import Attributes

_DIGEST_BYTES: Final = 16
_PAGING: Final = frozenset({"Limit", "NextToken"})


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page ended: the key range it was in, and the last item read there, if any."""

    at: int
    key: Attributes | None


def run_select(
    database: Database,
    request: dict[str, Any],
    prepared: PreparedStatement,
    select: Select,
    values: Attributes,
) -> dict[str, Any]:
    """Return one page of a SELECT, as ExecuteStatement answers it.

    Args:
        database: Where the table is.
        request: The other parameters: Limit, NextToken, ConsistentRead, ReturnConsumedCapacity.
        prepared: The statement.
        select: The same.
        values: What it refers to.

    Raises:
        DynamoDBError: There is no such table or index, or the statement doesn't fit it.
    """
    strong = request.get("ConsistentRead", False)
    try:
        source = source_of(database, select, prepared, values, strong=strong)
        access = prepared.access(source.key)
    except ValidationException:
        prepared.check_operands(values)  # DynamoDB Local tells their faults first
        raise
    schema = source.table.schema
    if access.is_item and source.index is None and not _PAGING & request.keys():
        key = item_key(schema, access, values)
        _check_scalar_keys(schema, prepared)
        access.check_order()
        return _read_item(request, prepared, source.table, key)
    predicate = prepared.condition(values)
    check_scalar_keys(schema, [n for n in prepared.where_nested if n in source.key.names])
    reads = plan_reads(schema, access, values)
    start = _decode_token(request)
    _check_scalar_keys(schema, prepared)
    if access.is_keyed and predicate is not None:
        source.check_filtered(predicate.attributes)
    selection = Selection.of(source, {}, None if access.is_exact else predicate, prepared.columns)
    access.check_order()
    rows = _Rows(selection, reads, request)
    rows.read(start)

    result = Result(Items=rows.items)
    if rows.end is not None:
        result["NextToken"] = _encode_token(rows.end, request)
        if rows.end.key is not None:
            result["LastEvaluatedKey"] = rows.end.key
    spent = rows.consumed
    named = {**request, "TableName": select.table}
    charge_read(result, named, Consumed, spent.table, spent.local, spent.glob)
    return result


def _check_scalar_keys(schema: TableSchema, prepared: PreparedStatement) -> None:
    check_scalar_keys(schema, prepared.where_nested)
    if prepared.columns is not None:
        check_scalar_keys(schema, prepared.columns.nested)


def _read_item(
    request: dict[str, Any], prepared: PreparedStatement, table: Table, key: bytes
) -> dict[str, Any]:
    """Answer a SELECT of one item by its whole key: a GetItem."""
    item = table.keyspace.get(key)
    result = Result(Items=[])
    if item is not None:
        columns = prepared.columns
        result["Items"].append(item if columns is None else columns.apply(item.attributes()))
    strong = request.get("ConsistentRead", False)
    size_bytes = item.size_bytes if item else 0
    charge_read(result, {**request, "TableName": table.name}, item_units, size_bytes, strong)
    return result


class _Rows:
    """What one page collects from the key ranges of a statement, one after the other."""

    def __init__(self, selection: Selection, reads: Reads, request: dict[str, Any]) -> None:
        self._selection = selection
        self._reads = reads
        self._strong = {"ConsistentRead": request.get("ConsistentRead", False)}
        self._limit: int | None = request.get("Limit")
        self._most_ranges = STATEMENT_PAGE_KEYS if reads.is_scattered else len(reads.ranges)
        self.items: list[StoredItem] = []
        self.consumed = Consumed()
        self.end: _Position | None = None

    def read(self, start: _Position) -> None:
        """Read until the page is full: Limit items, or 1 MB, over all ranges, or 10 of them."""
        source, accept = self._selection.source, self._selection.accept()
        ranges, reverse = self._reads.ranges, self._reads.reverse
        scanned = size_bytes = 0
        resumed = self._resumed(start)
        for at in range(start.at, len(ranges)):
            is_full = scanned == self._limit or size_bytes >= PAGE_SIZE_BYTES
            if is_full or at - start.at == self._most_ranges:
                self.end = _Position(at, None)
                return
            key_range = ranges[at]
            if resumed is not None:
                key_range = key_range.before(resumed) if reverse else key_range.after(resumed)
                resumed = None
            limit = None if self._limit is None else self._limit - scanned
            page = read_page(
                source.keyspace, key_range, reverse=reverse, limit=limit, accept=accept
            )
            scanned += page.scanned
            size_bytes += page.size_bytes
            self.items += page.items
            self.consumed.add(page_units(*self._selection.charged(self._strong, page)))
            if page.last is not None:
                self.end = _Position(at, source.position_of(page.last))
                return

    def _resumed(self, start: _Position) -> bytes | None:
        if start.key is None:
            return None
        source = self._selection.source
        if not _is_position(source, start.key) or start.at >= len(self._reads.ranges):
            raise _invalid_token()
        return source.storage_key(start.key)


def _is_position(source: Source, key: Attributes) -> bool:
    types = source.table.schema.types
    return key.keys() == set(source.position_names) and all(
        types[name] in value for name, value in key.items()
    )


def _fingerprint(request: dict[str, Any]) -> bytes:
    text = json.dumps([request["Statement"], request.get("Parameters")], sort_keys=True)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def _encode_token(position: _Position, request: dict[str, Any]) -> str:
    issued_for = _fingerprint(request)
    body = json.dumps([position.at, position.key]).encode()
    seal = blake2b(body, digest_size=_DIGEST_BYTES, key=issued_for).digest()
    return urlsafe_b64encode(issued_for + seal + body).decode()


def _decode_token(request: dict[str, Any]) -> _Position:
    token = request.get("NextToken")
    if token is None:
        return _Position(0, None)
    try:
        content = urlsafe_b64decode(token.encode())
    except ValueError:
        raise _invalid_token() from None
    issued_for, rest = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    seal, body = rest[:_DIGEST_BYTES], rest[_DIGEST_BYTES:]
    if seal != blake2b(body, digest_size=_DIGEST_BYTES, key=issued_for).digest():
        raise _invalid_token()
    if issued_for != _fingerprint(request):
        raise ValidationException("NextToken does not match request")
    at, key = json.loads(body)
    return _Position(at, key)


def _invalid_token() -> ValidationException:
    return ValidationException("Invalid NextToken")
