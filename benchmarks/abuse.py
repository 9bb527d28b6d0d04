"""Hostile requests against a server, for as long as told: `python -m benchmarks.abuse 60`."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from dqlmock import ServerProcess
from tests.server.fuzz import attack


def main(seconds: float = 20.0, seed: int | None = None) -> None:
    """Attack until the time is over; a 500, a hang or a dead server ends it at once."""
    seed = random.randrange(2**32) if seed is None else seed
    print(f"Abuse for {seconds:.0f} s, seed {seed}")
    chance, statuses = random.Random(seed), Counter[int]()
    deadline = time.monotonic() + seconds
    with ServerProcess() as server:
        while time.monotonic() < deadline:
            statuses += attack(server.endpoint_url, chance, 500)
            if max(statuses) >= 500:
                raise SystemExit(f"the server failed: {statuses}")
    shown = ", ".join(
        f"{status or 'closed'}: {number}" for status, number in sorted(statuses.items())
    )
    print(f"  {sum(statuses.values()):,} requests; {shown}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 20.0)
