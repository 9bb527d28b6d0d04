"""A server and the setting it stands on: how requests are asked of it and undone.

Owns the marks, which stand in requests for what every server names otherwise: `<arn>` begins the
ARNs of tables, `<stream>`, `<shard>` and `<iterator>` are those of the table `events`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from differential.compare import Outcome, outcome
from differential.given import Row, Setting
from differential.servers import Mock, Remote, Unavailable, call

_READ_ONLY = ("Get", "Query", "Scan", "Describe", "List", "BatchGet", "TransactGet")
_ITEMS_CHANGED = ("PutItem", "UpdateItem", "DeleteItem", "BatchWrite", "TransactWrite", "Execute")
_PATIENCE_S = 20


class Bench:
    """A server with the tables and items that requests find there.

    Args:
        server: The server.
    """

    def __init__(self, server: Mock | Remote) -> None:
        self.server = server
        self._setting: Setting | None = None
        self._marks: dict[str, str] = {}

    def prepare(self, setting: Setting) -> None:
        """Bring the server to a setting, if it isn't there."""
        if self._setting is None or self._setting.name != setting.name:
            self._set_up(setting)

    def ask(self, operation: str, request: Any) -> Outcome:
        """Send a request, marks replaced; return what counts of the answer, marks put back."""
        sent = json.dumps(request)
        for mark, name in self._marks.items():
            sent = sent.replace(mark, name)
        status, body = call(self.server, operation, json.loads(sent))
        if status == 0:
            self._revive()
        received = json.dumps(body)
        for mark, name in self._marks.items():
            received = received.replace(name, mark)
        return outcome(operation, status, json.loads(received))

    def restore(self, operation: str) -> None:
        """Undo what a call of an operation may have done."""
        if operation.startswith(_READ_ONLY) or self._setting is None:
            return
        if operation.startswith(_ITEMS_CHANGED) or operation.startswith("BatchExecute"):
            self._restore_items(self._setting)
        else:
            self._set_up(self._setting)

    def reset(self) -> None:
        """Have the next request find its setting made anew."""
        self._setting = None

    def _revive(self) -> None:
        if isinstance(self.server, Remote) and not self.server.is_alive():
            self.server.stop()
            self.server.start()
        self.reset()

    def _set_up(self, setting: Setting) -> None:
        for name in self._call("ListTables", {})["TableNames"]:
            self._call("UpdateTable", {"TableName": name, "DeletionProtectionEnabled": False})
            self._call("DeleteTable", {"TableName": name})
        _wait(lambda: self._call("ListTables", {})["TableNames"] == [])
        for table in setting.tables:
            self._call("CreateTable", table)
            _wait(partial(self._is_active, table["TableName"]))
        for name, items in setting.items.items():
            for item in items:
                self._call("PutItem", {"TableName": name, "Item": item})
        self._setting = setting
        self._marks = self._found_marks(setting)

    def _restore_items(self, setting: Setting) -> None:
        for table in setting.tables:
            name = table["TableName"]
            keys = [element["AttributeName"] for element in table["KeySchema"]]
            wanted = setting.items.get(name, [])
            stored = self._call("Scan", {"TableName": name})["Items"]
            for item in stored:
                if item not in wanted:
                    key = {attribute: item[attribute] for attribute in keys}
                    self._call("DeleteItem", {"TableName": name, "Key": key})
            for item in wanted:
                if item not in stored:
                    self._call("PutItem", {"TableName": name, "Item": item})

    def _found_marks(self, setting: Setting) -> dict[str, str]:
        if not setting.tables:
            return {}
        table = self._described(setting.tables[-1]["TableName"])
        marks = {}
        if "LatestStreamArn" in table:
            stream = {"StreamArn": table["LatestStreamArn"]}
            shard = self._call("DescribeStream", stream)["StreamDescription"]["Shards"][0]
            start = {"ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            iterator = self._call("GetShardIterator", {**stream, **start})
            marks["<iterator>"] = iterator["ShardIterator"]
            marks["<shard>"] = shard["ShardId"]
            marks["<stream>"] = table["LatestStreamArn"]
        marks["<arn>"] = table["TableArn"].removesuffix(table["TableName"])
        return marks

    def _described(self, name: str) -> Row:
        described: Row = self._call("DescribeTable", {"TableName": name})["Table"]
        return described

    def _is_active(self, name: str) -> bool:
        return bool(self._described(name)["TableStatus"] == "ACTIVE")

    def _call(self, operation: str, request: Row) -> Row:
        body: Row = call(self.server, operation, request)[1]
        return body


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not until():
        if time.monotonic() > deadline:
            raise Unavailable("it does not come to rest")
        time.sleep(0.005)
