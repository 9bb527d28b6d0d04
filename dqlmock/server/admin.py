"""`/_dqlmock/`: what a test suite in any language may ask of the server beside DynamoDB.

Owns health, readiness, reset and metrics, and which page is whose. Knows neither sockets nor
operations; what a test sets is `knobs`'.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs

from dqlmock.engine.database import Engine
from dqlmock.engine.table import Table
from dqlmock.errors import DqlmockError
from dqlmock.server.knobs import Knobs
from dqlmock.server.messages import HttpRequest
from dqlmock.server.metrics import Metrics, gauge_lines
from dqlmock.wire.messages import WireResponse

_METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_JSON: Final = "application/json"


ADMIN: Final = "/_dqlmock/"

Query: TypeAlias = defaultdict[str, Any]
"""What stands behind the question mark, by name; None for what doesn't."""

Page: TypeAlias = Callable[[Query], WireResponse]


class Admin:
    """Answers what lies under `/_dqlmock/`.

    Args:
        engine: The state.
        metrics: The calls so far.
        knobs: Answers what a test sets.
        is_ready: Whether the server takes new work: not while it shuts down.
    """

    def __init__(
        self, engine: Engine, metrics: Metrics, knobs: Knobs, is_ready: Callable[[], bool]
    ) -> None:
        self._engine = engine
        self._metrics = metrics
        self._is_ready = is_ready
        self._knobs = knobs
        self._routes: dict[str, dict[str, Page]] = {
            "health": {"GET": self._health},
            "ready": {"GET": self._ready},
            "metrics": {"GET": self._show_metrics},
            "reset": {"POST": self._reset},
        }

    def respond(self, request: HttpRequest) -> WireResponse:
        """Answer one request.

        404 for a path that isn't there, 405 for the wrong method, 400 for what makes no sense.
        """
        path, _, query = request.url.partition(b"?")
        page, method = path.decode("latin-1").rpartition("/")[2], request.method.decode()
        methods = self._routes.get(page) or self._knobs.routes.get(page, {})
        if path != f"{ADMIN}{page}".encode() or not methods:
            return _plain(404, '{"error":"there is no such page"}')
        if method not in methods:
            refusal = _plain(405, '{"error":"this page takes another method"}')
            refusal.headers["Allow"] = ", ".join(methods)
            return refusal
        asked = _asked(query)
        if page in self._routes:
            return self._routes[page][method](asked)
        try:
            answer = self._knobs.routes[page][method](asked, _members(request.body))
        except DqlmockError as error:
            return _plain(400, json.dumps({"error": str(error)}, ensure_ascii=False))
        return _plain(200, json.dumps(answer, ensure_ascii=False))

    def _health(self, _: Query) -> WireResponse:
        return _plain(200, '{"status":"healthy"}')

    def _ready(self, _: Query) -> WireResponse:
        if self._is_ready():
            return _plain(200, '{"status":"ready"}')
        return _plain(503, '{"status":"stopping"}')

    def _reset(self, query: Query) -> WireResponse:
        self._engine.reset(query["account"])
        return _plain(200, '{"status":"reset"}')

    def _show_metrics(self, _: Query) -> WireResponse:
        tables = [
            (_labels(database.account, database.region, table), table)
            for database in self._engine.databases()
            for table in database.tables()
        ]
        lines = [*self._metrics.lines(), *_table_lines(tables)]
        return _plain(200, "\n".join(lines) + "\n", _METRICS_TYPE)


def _table_lines(tables: list[tuple[str, Table]]) -> Iterator[str]:
    items = [(labels, len(table.keyspace)) for labels, table in tables]
    size_bytes = [(labels, table.keyspace.size_bytes()) for labels, table in tables]
    yield from gauge_lines("dqlmock_table_items", "Items in a table.", items)
    yield from gauge_lines(
        "dqlmock_table_size_bytes", "Item bytes in a table, by DynamoDB's rules.", size_bytes
    )


def _labels(account: str, region: str, table: Table) -> str:
    # The region is whatever a caller signed with; account and table name are checked.
    quoted = region.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'account="{account}",region="{quoted}",table="{table.name}"'


def _asked(query: bytes) -> Query:
    listed = parse_qs(query.decode("latin-1"))
    return defaultdict(lambda: None, {name: values[-1] for name, values in listed.items()})


def _members(body: bytes) -> dict[str, Any]:
    try:
        members = json.loads(body or b"{}")
    except ValueError as error:
        raise DqlmockError(f"JSON is expected: {error}") from error
    if not isinstance(members, dict):
        raise DqlmockError("An object is expected")
    return members


def _plain(status: int, text: str, content_type: str = _JSON) -> WireResponse:
    body = text.encode()
    headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
    return WireResponse(status, headers, body)
