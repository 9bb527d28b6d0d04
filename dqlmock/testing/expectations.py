"""Calls that a test expects, and the answers it gives them instead of the engine.

Owns which expectation a call meets, how often and in which order, and what is said of those that
were not met. What a call should look like is `pattern`'s, what may be answered `stub_answers`'.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from dqlmock.errors import DqlmockError, UnmetExpectation
from dqlmock.testing.call import Call, decoded
from dqlmock.testing.failures import Wanted, called_instead, times
from dqlmock.testing.front import Door
from dqlmock.testing.pattern import Pattern
from dqlmock.testing.stub_answers import StubAnswer, raising, returning
from dqlmock.wire.messages import WireRequest, WireResponse


class Expectation:
    """A call that is expected: once, unless told otherwise; the engine answers, unless told.

    Args:
        operation: The operation expected.
        pattern: What the call should look like.
        after: What has to be met first.
        depth: How many mocks were entered when it was made: it ends with the innermost of them.
    """

    def __init__(
        self, operation: str, pattern: Pattern, after: Expectation | None, depth: int
    ) -> None:
        self.pattern = pattern
        self.after = after
        self.depth = depth
        self.came = 0
        self._operation = operation
        self._answers: Sequence[StubAnswer] = ()
        self._least = 1
        self._most: int | None = 1

    def returns(self, *answers: Any) -> Expectation:
        """Answer with these instead of asking the engine, one after the other.

        Args:
            answers: Members of the answer, attribute values in wire form:
                `{"Item": {"id": {"S": "1"}}}`; or a function that is given the request's
                parameters and returns them. Several are for as many calls.

        Raises:
            DqlmockError: DynamoDB's answer has another form.
        """
        return self._answer_with([returning(self._operation, answer) for answer in answers])

    def raises(
        self, code: str, message: str = "", *, status: int | None = None, **fields: Any
    ) -> Expectation:
        """Answer with an error instead of asking the engine.

        botocore sees it as real: it retries a ThrottlingException, for one, and the retry is a
        call of its own.

        Args:
            code: The error's name: `"ThrottlingException"`.
            message: Its text.
            status: The HTTP status; None for the code's own.
            fields: Modelled members beside the message: `CancellationReasons=[...]`.

        Raises:
            DqlmockError: The operation has no such error, and no status is given.
        """
        return self._answer_with([raising(self._operation, code, message, status, fields)])

    def times(self, count: int) -> Expectation:
        """Expect exactly so many calls. The ones after them are no longer met by this.

        Raises:
            DqlmockError: It is less than one: assert `db.calls.to(...).never()` instead.
        """
        if count < 1:
            raise DqlmockError(
                "A call is expected at least once; for one that must not come, assert "
                "db.calls.to(...).never() at the end."
            )
        self._least = self._most = count
        return self

    def always(self) -> Expectation:
        """Meet every such call; none at all is fine, too."""
        self._least, self._most = 0, None
        return self

    @property
    def is_met(self) -> bool:
        """Whether as many calls came as are expected."""
        return self.came >= self._least

    def takes(self, request: WireRequest, parameters: Mapping[str, Any]) -> bool:
        """Tell whether this is for a call: it looks so, and more of them are expected."""
        if self._most is not None and self.came >= self._most:
            return False
        return next(self.pattern.differences(request, parameters), None) is None

    def answer(self) -> StubAnswer | None:
        """Count a call, and return what answers it; None for the engine."""
        self.came += 1
        if not self._answers:
            return None
        return self._answers[min(self.came, len(self._answers)) - 1]

    def _answer_with(self, answers: Sequence[StubAnswer]) -> Expectation:
        self._answers = answers
        if len(answers) > 1:
            self.times(len(answers))
        return self

    def __str__(self) -> str:
        expected = times(self._least) if self._least else "any number of times"
        return f"{self.pattern}: expected {expected}, came {times(self.came)}"

    def __repr__(self) -> str:
        return f"<Expectation: {self}>"


class Expectations:
    """The calls expected of one mock, in the order in which they were expected."""

    def __init__(self) -> None:
        self._expected: list[Expectation] = []
        self._broken: list[str] = []
        self._lock = threading.Lock()
        self._in_order = False
        self._last: Expectation | None = None

    def add(self, operation: str, pattern: Pattern, depth: int) -> Expectation:
        """Expect a call.

        Args:
            operation: Its operation.
            pattern: What it should look like.
            depth: How many mocks are entered.
        """
        with self._lock:
            after = self._last if self._in_order else None
            expectation = Expectation(operation, pattern, after, depth)
            self._expected.append(expectation)
            if self._in_order:
                self._last = expectation
        return expectation

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """Expect what is expected inside in the order in which it is written.

        Raises:
            DqlmockError: It is inside another.
        """
        if self._in_order:
            raise DqlmockError("in_order() is inside another: write the calls in one block")
        self._in_order = True
        try:
            yield
        finally:
            self._in_order, self._last = False, None

    def answer(self, request: WireRequest, door: Door) -> WireResponse:
        """Answer a call that is expected; hand any other on: a layer in front of the pipe.

        Raises:
            UnmetExpectation: The call has its turn only after others which have not come.
        """
        if not self._expected:
            return door(request)
        parameters = decoded(request.body)
        with self._lock:
            expectation = next((e for e in self._expected if e.takes(request, parameters)), None)
            if expectation is None:
                stub = None
            else:
                self._check_turn(expectation)
                stub = expectation.answer()
        return door(request) if stub is None else stub(request, parameters)

    def _check_turn(self, expectation: Expectation) -> None:
        first = expectation.after
        if first is not None and not first.is_met:
            broken = f"{expectation.pattern} came before its turn, after {first}"
            self._broken.append(broken)
            raise UnmetExpectation(f"{broken}.")

    def end(self, depth: int, calls: Sequence[Call]) -> UnmetExpectation | None:
        """End the expectations made since a mock was entered.

        Args:
            depth: How many mocks were entered.
            calls: What was called, for the message.

        Returns:
            What to raise if one of them was not met.
        """
        with self._lock:
            ended = [each for each in self._expected if each.depth >= depth]
            self._expected = [each for each in self._expected if each.depth < depth]
            broken, self._broken = self._broken, []
        unmet = [each for each in ended if not each.is_met]
        if not unmet and not broken:
            return None
        return UnmetExpectation(_unmet_message(broken, unmet, calls))

    def check(self, calls: Sequence[Call]) -> None:
        """Check that all expectations so far are met.

        Args:
            calls: What was called, for the message.

        Raises:
            UnmetExpectation: One is not.
        """
        unmet = [each for each in self._expected if not each.is_met]
        if unmet or self._broken:
            raise UnmetExpectation(_unmet_message(self._broken, unmet, calls))


def _unmet_message(
    broken: Sequence[str], unmet: Sequence[Expectation], calls: Sequence[Call]
) -> str:
    lines = ["What was expected is not what was called.", *(f"  {text}" for text in broken)]
    lines += [f"  {each}" for each in unmet]
    if unmet:
        lines += called_instead(_wanted(unmet[0].pattern), calls)
    return "\n".join(lines)


def _wanted(pattern: Pattern) -> Wanted:
    return Wanted(
        str(pattern),
        pattern.operation,
        lambda call: list(pattern.differences(call.request, call.parameters)),
    )
