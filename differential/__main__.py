"""Run the comparison: `python -m differential --help`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from differential import given
from differential.broken import Call, broken
from differential.compare import UNKNOWN, Known, Outcome, known, outcome, verdict
from differential.generated import generated
from differential.record import Recorder
from differential.servers import NOT_ANSWERED, OTHERS, Mock, Remote, Unavailable, call
from differential.stored import stored
from differential.texts import texts

NOT_BUILT = ("UnknownOperationException",)


def main(arguments: list[str] | None = None) -> int:
    """Compare, print, and return the exit status."""
    options = _parser().parse_args(arguments)
    others = [remote for remote in map(_start, options.servers) if remote]
    if not others:
        return 0
    mock = Mock()
    recorder = Recorder(others)
    differences: list[dict[str, Any]] = []
    try:
        calls = _calls(options)
        differences.extend(_compared(mock, others, calls, options.seconds, recorder))
    finally:
        for other in others:
            other.stop()
    _report(differences, options.report)
    if options.record:
        print(f"{recorder.write(options.record)} cases recorded")
    return int(options.strict and any(row["verdict"] == UNKNOWN for row in differences))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m differential", description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="generated requests (%(default)s)")
    parser.add_argument("--seconds", type=float, default=900, help="at most (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the generated requests")
    parser.add_argument("--only", default="", help="requests whose name has this text")
    parser.add_argument("--servers", nargs="*", default=list(OTHERS), choices=list(OTHERS))
    parser.add_argument("--report", type=Path, help="write all differences there, as JSON")
    parser.add_argument("--record", type=Path, help="write what all agree on to this directory")
    parser.add_argument("--strict", action="store_true", help="fail for differences of no verdict")
    return parser


def _start(name: str) -> Remote | None:
    try:
        return OTHERS[name]()
    except Unavailable as reason:
        print(f"SKIPPED {name}: {reason}")
        return None


def _calls(options: argparse.Namespace) -> Iterator[Call]:
    seen = set()
    for source in (texts(), broken(), stored(), generated(options.count, options.seed)):
        for request in source:
            key = json.dumps(request[1:], sort_keys=True)
            if key not in seen and options.only in request.name:
                seen.add(key)
                yield request


def _compared(
    mock: Mock, others: list[Remote], calls: Iterable[Call], seconds: float, recorder: Recorder
) -> Iterator[dict[str, Any]]:
    deadline = time.monotonic() + seconds
    rows = known()
    servers: list[Mock | Remote] = [mock, *others]
    for server in servers:
        given.set_up(server)
    compared = 0
    for request in calls:
        if time.monotonic() > deadline:
            print(f"STOPPED after {seconds:.0f} s")
            break
        answer = call(mock, request.operation, request.request)
        if answer[0] == NOT_ANSWERED:
            continue
        answers = [answer, *(call(other, *request[1:]) for other in others)]
        if 0 in (status for status, _ in answers):
            _revive(servers)
        else:
            _restore(servers, request.operation, [status for status, _ in answers])
        ours, *theirs = [outcome(request.operation, *answer) for answer in answers]
        compared += 1
        recorder.add(request, ours, theirs)
        for other, their in zip(others, theirs, strict=True):
            if their != ours and their.code not in NOT_BUILT:
                yield _difference(rows, other.name, request, ours, their)
    print(f"{compared} requests compared with {', '.join(other.name for other in others)}")


def _revive(servers: list[Mock | Remote]) -> None:
    for server in servers:
        if isinstance(server, Remote) and not server.is_alive():
            server.stop()
            server.start()
        given.set_up(server)


def _restore(servers: list[Mock | Remote], operation: str, statuses: list[int]) -> None:
    if all(status == 400 for status in statuses) or not given.changes_items(operation):
        return
    tables = given.changes_tables(operation)
    for server in servers:
        (given.set_up if tables else given.restore_items)(server)


def _difference(
    rows: list[Known], server: str, request: Call, ours: Outcome, theirs: Outcome
) -> dict[str, Any]:
    return {
        "verdict": verdict(rows, server, request, ours, theirs),
        "server": server,
        "name": request.name,
        "operation": request.operation,
        "request": request.request,
        "ours": str(ours),
        "theirs": str(theirs),
    }


def _report(differences: list[dict[str, Any]], path: Path | None) -> None:
    for (server, found), number in sorted(
        Counter((row["server"], row["verdict"]) for row in differences).items()
    ):
        print(f"{server}: {number} {found}")
    for row in differences:
        if row["verdict"] in (UNKNOWN, "ours wrong"):
            print(f"\n{row['verdict'].upper()} {row['name'][:150]}")
            print(f"  dqlmock: {row['ours'][:300]}\n  {row['server']}: {row['theirs'][:300]}")
    if path:
        path.write_text(json.dumps(differences, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
