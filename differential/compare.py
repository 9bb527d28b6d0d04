"""Comparing answers, and sorting the differences by what is known about them.

Owns what counts as equal: ids, times and the account don't count, nor does the order within a set,
a scan, a batch, the capacity that several tables consumed, or the definitions of attributes.
The verdicts are data: `known.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
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
    "StreamLabel", "ShardId", "SequenceNumber", "StartingSequenceNumber", "EndingSequenceNumber",
    "ShardIterator", "NextShardIterator", "eventID", "awsRegion", "ApproximateCreationDateTime",
    "CreationRequestDateTime", "StreamArn", "LastEvaluatedStreamArn",
}  # fmt: skip
_UNORDERED: Final[dict[str, Callable[[Any], str]]] = {
    "SS": str,
    "NS": str,
    "BS": str,
    "AttributeDefinitions": itemgetter("AttributeName"),
}


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
    if isinstance(plain, dict):
        _sort(operation, plain)
    return Outcome(status, body=plain)


def _sort(operation: str, body: dict[str, Any]) -> None:
    if operation in ("Scan", "ExecuteStatement") and "Items" in body:
        body["Items"].sort(key=_spelt)
    if operation == "BatchGetItem":
        for items in body.get("Responses", {}).values():
            items.sort(key=_spelt)
    if isinstance(body.get("ConsumedCapacity"), list):
        body["ConsumedCapacity"].sort(key=_spelt)


def _spelt(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: sorted(member, key=_UNORDERED[key]) if key in _UNORDERED else _plain(member)
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


def verdict(
    rows: list[Known], server: str, call: Call, ours: Outcome, theirs: Outcome
) -> tuple[str, str]:
    """Return what is known of a difference and the evidence; `UNKNOWN` where nothing is."""
    for row in rows:
        if row.covers(server, call, ours, theirs):
            return row.verdict, row.evidence
    return UNKNOWN, ""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers to one request that differ, and what is known of it."""

    verdict: str
    evidence: str
    server: str
    call: Call
    ours: Outcome
    theirs: Outcome

    def as_json(self) -> dict[str, Any]:
        """Return what a report keeps of it."""
        return {
            "verdict": self.verdict,
            "evidence": self.evidence,
            "server": self.server,
            "name": self.call.name,
            "operation": self.call.operation,
            "request": self.call.request,
            "ours": str(self.ours),
            "theirs": str(self.theirs),
        }
