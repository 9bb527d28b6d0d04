"""Run the comparison: `python -m differential --help`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from differential.bench import Bench
from differential.broken import Call, broken
from differential.compare import Difference, known, verdict
from differential.generated import generated
from differential.record import Recorder
from differential.servers import NOT_ANSWERED, OTHERS, Mock, Remote, Unavailable
from differential.stored import stored
from differential.texts import texts

NOT_BUILT = "UnknownOperationException"
_DECIDED = ("theirs wrong", "both allowed")


def main(arguments: list[str] | None = None) -> int:
    """Compare, print, and return the exit status."""
    options = _parser().parse_args(arguments)
    others = [remote for remote in map(_start, options.servers) if remote]
    if not others:
        return 0
    recorder = Recorder(others)
    comparison = Comparison(others, recorder)
    try:
        differences = list(comparison.differences(_calls(options), options.seconds))
    finally:
        for other in others:
            other.stop()
    comparison.report()
    _report(differences, options.report)
    if options.record:
        print(f"{recorder.write(options.record)} cases recorded")
    return int(options.strict and any(row.verdict not in _DECIDED for row in differences))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m differential", description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="generated requests (%(default)s)")
    parser.add_argument("--seconds", type=float, default=1800, help="at most (%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the generated requests")
    parser.add_argument("--only", default="", help="requests whose name has this text")
    parser.add_argument("--servers", nargs="*", default=list(OTHERS), choices=list(OTHERS))
    parser.add_argument("--report", type=Path, help="write all differences there, as JSON")
    parser.add_argument("--record", type=Path, help="write what all agree on to this directory")
    parser.add_argument(
        "--strict", action="store_true", help="fail for differences that are unknown, or ours"
    )
    return parser


def _start(name: str) -> Remote | None:
    try:
        return OTHERS[name]()
    except Unavailable as reason:
        print(f"SKIPPED {name}: {reason}")
        return None


def _calls(options: argparse.Namespace) -> Iterator[Call]:
    seen = set()
    sources = [texts(), broken()]
    if not options.record:  # made up anew by every Hypothesis, or a case already
        sources += [generated(options.count, options.seed), stored()]
    for source in sources:
        for request in source:
            key = json.dumps([*request[1:3], request.setting.name, request.given], sort_keys=True)
            if key not in seen and options.only in request.name:
                seen.add(key)
                yield request


class Comparison:
    """The mock beside others.

    Args:
        others: Servers that run.
        recorder: Hears every answer.
    """

    def __init__(self, others: list[Remote], recorder: Recorder) -> None:
        self._others = [other.name for other in others]
        self._mock = Bench(Mock())
        self._benches = [Bench(other) for other in others]
        self._recorder = recorder
        self._rows = known()
        self._compared: Counter[str] = Counter()

    def differences(self, calls: Iterable[Call], seconds: float) -> Iterator[Difference]:
        """Ask every server every request; yield where another answers otherwise."""
        deadline = time.monotonic() + seconds
        for request in calls:
            if time.monotonic() > deadline:
                print(f"STOPPED after {seconds:.0f} s")
                return
            yield from self._compare(request)

    def report(self) -> None:
        """Print how much was compared."""
        print(f"{self._compared.total()} requests compared with {', '.join(self._others)}")
        for operation, number in sorted(self._compared.items()):
            print(f"  {operation}: {number}")

    def _compare(self, request: Call) -> Iterator[Difference]:
        benches = [self._mock, *self._benches]
        for bench in benches:
            bench.prepare(request.setting)
            for operation, earlier in request.given:
                bench.ask(operation, earlier)
        ours = self._mock.ask(request.operation, request.request)
        if ours.status == NOT_ANSWERED:
            return
        theirs = [bench.ask(request.operation, request.request) for bench in self._benches]
        for bench in benches:
            if request.given:
                bench.reset()
            elif ours.status != 400 or any(answer != ours for answer in theirs):
                # DynamoDB Local may refuse what it has done: for an unknown ReturnConsumedCapacity.
                bench.restore(request.operation)
        self._compared[request.operation] += 1
        self._recorder.add(request, ours, theirs)
        for name, their in zip(self._others, theirs, strict=True):
            if their != ours and their.code != NOT_BUILT:
                found = verdict(self._rows, name, request, ours, their)
                yield Difference(*found, name, request, ours, their)


def _report(differences: list[Difference], path: Path | None) -> None:
    for (server, found), number in sorted(
        Counter((row.server, row.verdict) for row in differences).items()
    ):
        print(f"{server}: {number} {found}")
    for row in differences:
        if row.verdict not in _DECIDED:
            print(f"\n{row.verdict.upper()} {row.call.name[:150]}")
            print(f"  dqlmock: {str(row.ours)[:300]}\n  {row.server}: {str(row.theirs)[:300]}")
    if path:
        rows = [row.as_json() for row in differences]
        path.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
