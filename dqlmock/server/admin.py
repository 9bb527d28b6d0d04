"""`/_dqlmock/`: what a test suite in any language may ask of the server beside DynamoDB.

Owns health, readiness, reset and metrics. Knows neither sockets nor operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import parse_qs

from dqlmock.engine.database import Engine
from dqlmock.engine.table import Table
from dqlmock.server.messages import HttpRequest
from dqlmock.server.metrics import Metrics, gauge_lines
from dqlmock.wire.messages import WireResponse

_METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_JSON: Final = "application/json"


class Admin:
    """Answers what lies under `/_dqlmock/`.

    Args:
        engine: The state.
        metrics: The calls so far.
        is_ready: Whether the server takes new work: not while it shuts down.
    """

    def __init__(self, engine: Engine, metrics: Metrics, is_ready: Callable[[], bool]) -> None:
        self._engine = engine
        self._metrics = metrics
        self._is_ready = is_ready
        self._routes = {
            b"/_dqlmock/health": (b"GET", self._health),
            b"/_dqlmock/ready": (b"GET", self._ready),
            b"/_dqlmock/metrics": (b"GET", self._show_metrics),
            b"/_dqlmock/reset": (b"POST", self._reset),
        }

    def respond(self, request: HttpRequest) -> WireResponse:
        """Answer one request: 404 for a path that isn't there, 405 for the wrong method."""
        path, _, query = request.url.partition(b"?")
        method, answer = self._routes.get(path, (b"", None))
        if answer is None:
            return _plain(404, '{"error":"there is no such page"}')
        if request.method != method:
            refusal = _plain(405, '{"error":"this page takes another method"}')
            refusal.headers["Allow"] = method.decode()
            return refusal
        return answer(query)

    def _health(self, _: bytes) -> WireResponse:
        return _plain(200, '{"status":"healthy"}')

    def _ready(self, _: bytes) -> WireResponse:
        if self._is_ready():
            return _plain(200, '{"status":"ready"}')
        return _plain(503, '{"status":"stopping"}')

    def _reset(self, query: bytes) -> WireResponse:
        accounts = parse_qs(query.decode("latin-1")).get("account")
        self._engine.reset(accounts[0] if accounts else None)
        return _plain(200, '{"status":"reset"}')

    def _show_metrics(self, _: bytes) -> WireResponse:
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


def _plain(status: int, text: str, content_type: str = _JSON) -> WireResponse:
    body = text.encode()
    headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
    return WireResponse(status, headers, body)
