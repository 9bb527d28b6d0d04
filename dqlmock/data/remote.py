"""Loading into and dumping from an endpoint that speaks DynamoDB's protocol: `dqlmock server`.

Files are loaded into an engine of this process first, so a bad one sends nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from dqlmock.clock import Clock
from dqlmock.data.load import Loaded, Progress, load_contents
from dqlmock.data.read import find_files, read
from dqlmock.data.tables import create_table
from dqlmock.engine.database import Engine
from dqlmock.engine.table import Table
from dqlmock.errors import DqlmockError
from dqlmock.limits import BATCH_WRITE_ITEMS

_DEFINING: Final = (
    "TableName",
    "AttributeDefinitions",
    "KeySchema",
    "StreamSpecification",
    "DeletionProtectionEnabled",
)
_UNITS: Final = ("ReadCapacityUnits", "WriteCapacityUnits")

_ATTEMPTS: Final = 10
_PAUSE_S: Final = 0.05


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
    endpoint: Endpoint,
    paths: Iterable[str | Path],
    checked: Progress | None = None,
    sent: Progress | None = None,
) -> Loaded:
    """Load files into an endpoint: tables that aren't there, then the items.

    Args:
        endpoint: Where.
        paths: Files, and directories of files.
        checked: Is told how many items are found good, before any is sent.
        sent: Is told how many are sent.

    Returns:
        How many tables were created, and items sent; of several with one key the last is.

    Raises:
        DataFileError: A file isn't what it should be; nothing was sent.
        DqlmockError: The endpoint refuses something.
    """
    files = [read(path) for path in find_files(paths)]
    engine = Engine(Clock())
    there = set(_table_names(endpoint))
    for name in sorted({item.table for contents in files for item in contents} & there):
        create_table(engine, _definition(endpoint, name), endpoint.account, endpoint.region)
    load_contents(engine, files, endpoint.account, endpoint.region, checked)
    created = 0
    for request in (request for contents in files for request, _ in contents.tables):
        if request["TableName"] not in there:
            there.add(request["TableName"])
            _create(endpoint, dict(request))
            created += 1
    database = engine.database(endpoint.account, endpoint.region)
    return Loaded(created, _put_all(endpoint, database.tables(), sent))


def _put_all(endpoint: Endpoint, tables: Sequence[Table], sent: Progress | None) -> int:
    total = sum(len(table.keyspace) for table in tables)
    done = 0
    for table in tables:
        puts = (b'{"PutRequest":{"Item":%s}}' % item.encoded for _, item in table.items())
        while batch := list(islice(puts, BATCH_WRITE_ITEMS)):
            _put_batch(endpoint, b'{"%s":[%s]}' % (table.name.encode(), b",".join(batch)))
            done += len(batch)
            if sent is not None:
                sent(done, total)
    return done


def _put_batch(endpoint: Endpoint, items: bytes) -> None:
    for attempt in range(_ATTEMPTS):
        answer = endpoint.call("BatchWriteItem", b'{"RequestItems":%s}' % items)
        if not answer.get("UnprocessedItems"):
            return
        items = json.dumps(answer["UnprocessedItems"]).encode()
        time.sleep(_PAUSE_S * 2**attempt)
    raise DqlmockError(f"The endpoint left items unprocessed, {_ATTEMPTS} times in a row")


def _create(endpoint: Endpoint, request: dict[str, Any]) -> None:
    specification = request.pop("TimeToLiveSpecification", None)
    name = request["TableName"]
    endpoint.call("CreateTable", json.dumps(request).encode())
    for attempt in range(_ATTEMPTS):
        if _described(endpoint, name)["TableStatus"] != "CREATING":
            break
        time.sleep(_PAUSE_S * 2**attempt)
    if specification:
        named = {"TableName": name, "TimeToLiveSpecification": specification}
        endpoint.call("UpdateTimeToLive", json.dumps(named).encode())


def fetch(endpoint: Endpoint, progress: Progress | None = None) -> dict[str, Any]:
    """Return the tables and items of an endpoint as a document that can be loaded.

    Args:
        endpoint: Where from.
        progress: Is told how many items are there by now, of how many.
    """
    document = {name: _definition(endpoint, name) for name in _table_names(endpoint)}
    total = sum(_described(endpoint, name)["ItemCount"] for name in document)
    done = 0
    for name, definition in document.items():
        items = definition["items"] = []
        for page in _scan(endpoint, name):
            items += page
            done += len(page)
            if progress is not None:
                progress(done, max(total, done))
    return document


def _table_names(endpoint: Endpoint) -> Iterator[str]:
    request: dict[str, Any] = {}
    while True:
        page = endpoint.call("ListTables", json.dumps(request).encode())
        yield from page["TableNames"]
        if "LastEvaluatedTableName" not in page:
            return
        request["ExclusiveStartTableName"] = page["LastEvaluatedTableName"]


def _described(endpoint: Endpoint, name: str) -> Any:
    return endpoint.call("DescribeTable", json.dumps({"TableName": name}).encode())["Table"]


def _definition(endpoint: Endpoint, name: str) -> dict[str, Any]:
    """Return the CreateTable request of a table that is there."""
    table = _described(endpoint, name)
    is_on_demand = table.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST"
    members = {member: table[member] for member in _DEFINING if member in table}
    members.update(_capacity(table, is_on_demand=is_on_demand))
    if is_on_demand:
        members["BillingMode"] = "PAY_PER_REQUEST"
    if "TableClassSummary" in table:
        members["TableClass"] = table["TableClassSummary"]["TableClass"]
    for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        if kind in table:
            members[kind] = [_index(each, is_on_demand=is_on_demand) for each in table[kind]]
    return members


def _index(index: dict[str, Any], *, is_on_demand: bool) -> dict[str, Any]:
    members = {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
    return {**members, **_capacity(index, is_on_demand=is_on_demand)}


def _capacity(described: dict[str, Any], *, is_on_demand: bool) -> dict[str, Any]:
    if is_on_demand or "ProvisionedThroughput" not in described:  # local indexes have none
        return {}
    units = described["ProvisionedThroughput"]
    return {"ProvisionedThroughput": {name: units[name] for name in _UNITS}}


def _scan(endpoint: Endpoint, name: str) -> Iterator[list[Any]]:
    request: dict[str, Any] = {"TableName": name}
    while True:
        page = endpoint.call("Scan", json.dumps(request).encode())
        yield page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
