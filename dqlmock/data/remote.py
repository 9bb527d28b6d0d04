"""Loading into and dumping from an endpoint that speaks DynamoDB's protocol: `dqlmock server`.

Files are loaded into an engine of this process first, so a bad one sends nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from dqlmock.clock import Clock
from dqlmock.data.load import Loaded, Progress, load
from dqlmock.data.read import find_files, read
from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError
from dqlmock.limits import BATCH_WRITE_ITEMS

_DEFINING: Final = ("TableName", "AttributeDefinitions", "KeySchema")


class Endpoint:
    """An endpoint, as a caller of an account in a region.

    Args:
        url: `"http://127.0.0.1:8000"`.
        account: Twelve digits.
        region: `"eu-west-1"`.
    """

    def __init__(self, url: str, account: str, region: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise DqlmockError(f"An endpoint is an URL: {url!r}")
        self.account = account
        self.region = region
        self._url = url
        scope = f"{account}/20260101/{region}/dynamodb/aws4_request"
        signed = "SignedHeaders=host;x-amz-date;x-amz-target, Signature=0"
        self._headers = {
            "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, {signed}",
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Date": "20260101T000000Z",
        }

    def call(self, operation: str, body: bytes) -> Any:
        """Return the answer to a request.

        Raises:
            DqlmockError: It is an error.
        """
        target = {"X-Amz-Target": f"DynamoDB_20120810.{operation}"}
        request = Request(self._url, body, {**self._headers, **target})
        try:
            with urlopen(request) as response:
                return json.load(response)
        except HTTPError as error:
            text = error.read().decode(errors="replace")
            raise DqlmockError(f"{operation} at {self._url}: {text}") from error


def send(
    endpoint: Endpoint, paths: Iterable[str | Path], progress: Progress | None = None
) -> Loaded:
    """Load files into an endpoint: tables that aren't there, then the items.

    Raises:
        DataFileError: A file isn't what it should be; nothing was sent.
        DqlmockError: The endpoint refuses something.
    """
    files = list(find_files(paths))
    engine = Engine(Clock())
    loaded = load(engine, files, endpoint.account, endpoint.region)
    there = set(endpoint.call("ListTables", b"{}")["TableNames"])
    created = 0
    for request, _ in (table for path in files for table in read(path).tables):
        if request["TableName"] not in there:
            there.add(request["TableName"])
            _create(endpoint, dict(request))
            created += 1
    done = 0
    for database in engine.databases():
        for name in database.names():
            puts = (
                b'{"PutRequest":{"Item":%s}}' % e.encoded for _, e in database.table(name).items()
            )
            while batch := list(islice(puts, BATCH_WRITE_ITEMS)):
                body = b'{"RequestItems":{"%s":[%s]}}' % (name.encode(), b",".join(batch))
                endpoint.call("BatchWriteItem", body)
                done += len(batch)
                if progress is not None:
                    progress(done, loaded.items)
    return Loaded(created, done)


def _create(endpoint: Endpoint, request: dict[str, Any]) -> None:
    specification = request.pop("TimeToLiveSpecification", None)
    endpoint.call("CreateTable", json.dumps(request).encode())
    if specification:
        named = {"TableName": request["TableName"], "TimeToLiveSpecification": specification}
        endpoint.call("UpdateTimeToLive", json.dumps(named).encode())


def fetch(endpoint: Endpoint) -> dict[str, Any]:
    """Return the tables and items of an endpoint as a document that can be loaded.

    Of a table's settings it has the keys and indexes; tables are on demand.
    """
    document = {}
    for name in endpoint.call("ListTables", b"{}")["TableNames"]:
        body = json.dumps({"TableName": name}).encode()
        table = endpoint.call("DescribeTable", body)["Table"]
        members = {member: table[member] for member in _DEFINING}
        for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
            if kind in table:
                wanted = ("IndexName", "KeySchema", "Projection")
                members[kind] = [{key: each[key] for key in wanted} for each in table[kind]]
        document[name] = {**members, "items": list(_scan(endpoint, name))}
    return document


def _scan(endpoint: Endpoint, name: str) -> Iterator[Any]:
    request: dict[str, Any] = {"TableName": name}
    while True:
        page = endpoint.call("Scan", json.dumps(request).encode())
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
