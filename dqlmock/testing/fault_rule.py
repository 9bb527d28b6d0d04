"""One fault that a test asks for: which calls it meets, and how often it has.

Owns counting. What a call looks like is `pattern`'s, what becomes of it `fault_effects`'.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from dqlmock.errors import DqlmockError, UnfiredFault
from dqlmock.testing.failures import times as times_said
from dqlmock.testing.fault_effects import Fault
from dqlmock.testing.pattern import Pattern
from dqlmock.wire.messages import WireRequest


@dataclass(frozen=True)
class Turns:
    """Which of the calls that look as they should meet a fault.

    Args:
        nth: The first of them that does, counted from 1.
        probability: How likely each is to; None for certain.
        seed: Of the dice.

    Raises:
        DqlmockError: There is no such call, or no such probability.
    """

    nth: int = 1
    probability: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        if self.nth < 1:
            raise DqlmockError(f"Calls are counted from 1: nth={self.nth}")
        if self.probability is not None and not 0 < self.probability <= 1:
            raise DqlmockError(
                f"A probability is more than 0 and at most 1: probability={self.probability}"
            )


class FaultRule:
    """A fault, the calls it is for, and what has come of it.

    A context manager, too: it ends with the block, and has to have fired in it.

    Args:
        pattern: What the calls look like.
        turns: Which of them.
        fault: What becomes of them.
        times: How many; None for one, or with a probability for all.
        must_fire: Whether it is an error if it never fires.
        depth: How many mocks were entered when it was made: it ends with the innermost of them.
        end: Takes it away.

    Attributes:
        came: How many calls came that look as they should.
        fired: How many of them met the fault.
    """

    def __init__(
        self,
        pattern: Pattern,
        turns: Turns,
        fault: Fault,
        *,
        times: float | None,
        must_fire: bool,
        depth: int,
        end: Callable[[FaultRule], None],
    ) -> None:
        if times is None:
            times = 1 if turns.probability is None else math.inf
        if times < 1:
            raise DqlmockError(f"A fault fires at least once: times={times}")
        self.pattern = pattern
        self.fault = fault
        self.must_fire = must_fire
        self.depth = depth
        self.came = 0
        self.fired = 0
        self._turns = turns
        self._times = times
        self._dice = random.Random(turns.seed)
        self._end = end

    def end(self) -> None:
        """End the fault: no further call meets it, and nobody asks whether one has."""
        self._end(self)

    def is_for(self, request: WireRequest, parameters: Mapping[str, Any]) -> bool:
        """Tell whether a call looks as it should."""
        operations = self.fault.operations
        if operations is not None and request.target.rpartition(".")[2] not in operations:
            return False
        return next(self.pattern.differences(request, parameters), None) is None

    def meets(self) -> bool:
        """Count a call that looks as it should, and tell whether it is its turn."""
        self.came += 1
        if self.came < self._turns.nth or self.fired >= self._times:
            return False
        probability = self._turns.probability
        return probability is None or self._dice.random() < probability

    @property
    def is_owed(self) -> bool:
        """Whether it should have fired and has not; bad luck with a probability is no matter."""
        if not self.must_fire or self.fired:
            return False
        return self._turns.probability is None or self.came < self._turns.nth

    def __enter__(self) -> FaultRule:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()
        if self.is_owed and error is None:
            raise UnfiredFault(unfired_message([str(self)]))

    def __str__(self) -> str:
        parts = [str(self.pattern)]
        if self._turns.nth > 1:
            parts.append(f"from call {self._turns.nth} on")
        if self._turns.probability is not None:
            parts.append(f"with probability {self._turns.probability:g}")
        return f"{' '.join(parts)}: {self.fault.said}; such calls came {times_said(self.came)}"

    def __repr__(self) -> str:
        return f"<FaultRule: {self}; fired {times_said(self.fired)}>"


def unfired_message(said: list[str]) -> str:
    """Return what is said of faults that never fired.

    >>> print(unfired_message(["PutItem: is throttled; such calls came never"]))
    A fault that was asked for never fired.
      PutItem: is throttled; such calls came never
    If that is fine, say so: db.faults.on(..., must_fire=False).
    """
    lines = ["A fault that was asked for never fired.", *(f"  {text}" for text in said)]
    return "\n".join([*lines, "If that is fine, say so: db.faults.on(..., must_fire=False)."])
