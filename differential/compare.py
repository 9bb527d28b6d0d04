"""Comparing answers, and sorting the differences by what is known about them.

Owns what counts as equal: ids, times, the account, the order within a set or a scan don't count.
The verdicts are data: `known.json`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from differential.broken import Call

VERDICTS: Final = ("ours wrong", "theirs wrong", "both allowed")
UNKNOWN: Final = "unknown"

_KNOWN_FILE = Path(__file__).parent / "known.json"
_VARYING: Final = {
    "CreationDateTime", "TableId", "TableArn", "IndexArn", "LatestStreamArn", "LatestStreamLabel",
    "LastIncreaseDateTime", "LastDecreaseDateTime", "LastUpdateToPayPerRequestDateTime",
    "NextToken", "SizeEstimateRangeGB", "TableSizeBytes", "IndexSizeBytes", "ItemCount",
    "TableStatus", "IndexStatus", "TableThroughputModeSummary",
    "NumberOfDecreasesToday", "WarmThroughput", "DeletionProtectionEnabled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What counts of an answer: the status, the error's code and message, or the body."""

    status: int
    code: str = ""
    message: str = ""
    body: Any = None

    def __str__(self) -> str:
        if self.code:
            return f"{self.status} {self.code}: {self.message}"
        return f"{self.status} {json.dumps(self.body, sort_keys=True)}"


def outcome(operation: str, status: int, body: Any) -> Outcome:
    """Return what counts of an answer.

    >>> outcome("GetItem", 400, {"__type": "com.amazon#X", "Message": "no"}).code
    'X'
    """
    if isinstance(body, dict) and "__type" in body:
        rest = {
            key: _plain(value)
            for key, value in body.items()
            if key not in ("__type", "message", "Message")
        }
        message = body.get("message") or body.get("Message") or ""
        return Outcome(status, body["__type"].rpartition("#")[2], message, rest)
    plain = _plain(body)
    if operation == "Scan" and isinstance(plain, dict) and "Items" in plain:
        plain["Items"] = sorted(plain["Items"], key=repr)
    return Outcome(status, body=plain)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: sorted(member) if key in ("SS", "NS", "BS") else _plain(member)
            for key, member in value.items()
            if key not in _VARYING
        }
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value


@dataclass(frozen=True, slots=True)
class Known:
    """A row of `known.json`: differences that have been looked into.

    Args:
        server: Whose answer differs.
        operation: A pattern of operations.
        ours: A pattern of what the mock answers.
        theirs: A pattern of what the other answers.
        verdict: One of `VERDICTS`.
        evidence: Why.
    """

    server: str
    operation: str
    ours: str
    theirs: str
    verdict: str
    evidence: str
    name: str = ".*"

    def covers(self, server: str, call: Call, ours: Outcome, theirs: Outcome) -> bool:
        return bool(
            re.fullmatch(self.server, server)
            and re.fullmatch(self.operation, call.operation)
            and re.fullmatch(self.name, call.name, re.DOTALL)
            and re.fullmatch(self.ours, str(ours), re.DOTALL)
            and re.fullmatch(self.theirs, str(theirs), re.DOTALL)
        )


@cache
def known() -> list[Known]:
    """Return the rows of `known.json`."""
    return [Known(**row) for row in json.loads(_KNOWN_FILE.read_text(encoding="utf-8"))]


def verdict(rows: list[Known], server: str, call: Call, ours: Outcome, theirs: Outcome) -> str:
    """Return what is known of a difference, `UNKNOWN` where nothing is."""
    for row in rows:
        if row.covers(server, call, ours, theirs):
            return row.verdict
    return UNKNOWN
