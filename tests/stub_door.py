"""A door that answers without an engine: what the interceptors are tested against."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

from dqlmock.wire.messages import WireRequest, WireResponse

PLAIN: dict[str, Any] = {
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
"""The parameters of a plain table, but for its name."""

Respond = Callable[[WireRequest], "WireResponse | None"]


def respond(body: Any, status: int = 200, crc32: int | None = None) -> WireResponse:
    encoded = json.dumps(body).encode()
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "Content-Length": str(len(encoded)),
        "x-amzn-RequestId": "R" * 52,
        "x-amz-crc32": str(zlib.crc32(encoded) if crc32 is None else crc32),
    }
    return WireResponse(status, headers, encoded)


class StubDoor:
    """Keeps tables' names and items by account and region; enough to tell two states apart."""

    def __init__(self) -> None:
        self.requests: list[WireRequest] = []
        self.respond: Respond = lambda request: None
        self._tables: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}

    def __call__(self, request: WireRequest) -> WireResponse:
        self.requests.append(request)
        response = self.respond(request)
        if response is not None:
            return response
        tables = self._tables.setdefault((request.account, request.region), {})
        parameters = json.loads(request.body)
        operation = request.target.rpartition(".")[2]
        if operation == "CreateTable":
            tables[parameters["TableName"]] = {}
            return respond({"TableDescription": {"TableName": parameters["TableName"]}})
        if operation == "PutItem":
            item = parameters["Item"]
            tables.setdefault(parameters["TableName"], {})[item["pk"]["S"]] = item
            return respond({})
        if operation == "GetItem":
            item = tables.get(parameters["TableName"], {}).get(parameters["Key"]["pk"]["S"])
            return respond({"Item": item} if item else {})
        if operation == "ListTables":
            return respond({"TableNames": sorted(tables)})
        return respond({})
