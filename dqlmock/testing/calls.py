"""The calls a mock has answered, narrowed down, counted and asserted on.

Owns `CallLog`, which keeps the newest calls within a bound, and `Calls`, the ones that a filter
leaves. What a call should look like is `pattern`'s; how a failed assertion reads is `failures`'.
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias, overload

from dqlmock.errors import DqlmockError
from dqlmock.testing.call import Call
from dqlmock.testing.capacity import Capacity, Tally
from dqlmock.testing.failures import Wanted, count_failure, times
from dqlmock.testing.pattern import Key, Pattern
from dqlmock.wire.messages import WireRequest, WireResponse

CALLS_KEPT: Final = 10_000
"""How many calls are kept unless told otherwise: the newest."""

BODIES_KEPT_BYTES: Final = 256 * 1024 * 1024
"""Most bytes of requests and answers that are kept, over all calls."""

Predicate: TypeAlias = Callable[[Call], bool]


class Calls(Sequence[Call]):
    """Calls of a mock, oldest first: all of them, or those that a filter leaves.

    A filter is looked at anew each time: it can be made before the calls it is about.
    """

    def to(
        self,
        operation: str | None = None,
        *,
        table: str | None = None,
        index: str | None = None,
        key: Key | None = None,
        item: Key | None = None,
        region: str | None = None,
        **parameters: Any,
    ) -> Calls:
        """Return the calls to an operation, a table, an index, an item.

        Args:
            operation: `"Query"`; None for any.
            table: The table's name.
            index: The index that is read.
            key: The key of an item that is read or written, alone, in a batch or a transaction; or
                what a Query's key condition equates. Part of a key is enough. Values are plain
                Python or in wire form.
            item: Some attributes of an item that is put.
            region: The region called.
            parameters: See `with_`.

        Raises:
            DqlmockError: DynamoDB has no such operation or parameter.
        """
        return self._narrowed(Pattern(operation, table, index, key, item, region, parameters))

    def with_(self, *predicates: Predicate, **parameters: Any) -> Calls:
        """Return the calls that have these parameters.

        Args:
            predicates: Each is given the `Call`.
            parameters: By name: a value, plain Python or in wire form; `...` for a parameter that
                is given, whatever it is; None for one that is not given; or a function that is
                given the value. Of a map, the members that are named here are compared.

        Raises:
            DqlmockError: The operation has no such parameter.
        """
        narrowed: Calls = self
        if parameters:
            narrowed = self._narrowed(Pattern(self._operation, parameters=parameters))
        for predicate in predicates:
            name = getattr(predicate, "__name__", "") or repr(predicate)
            narrowed = narrowed._narrowed(_Outcome(f"for which {name} holds", predicate))
        return narrowed

    def failed(self, code: str | None = None) -> Calls:
        """Return the calls that were answered by an error.

        Args:
            code: The error's name: `"ConditionalCheckFailedException"`; None for any.
        """
        if code is None:
            return self._narrowed(_Outcome("that failed", lambda call: call.is_error))
        return self._narrowed(
            _Outcome(f"that failed with {code}", lambda call: call.error_code == code)
        )

    def succeeded(self) -> Calls:
        """Return the calls that were not answered by an error."""
        return self._narrowed(_Outcome("that succeeded", lambda call: not call.is_error))

    def of(self, operation: str) -> list[Call]:
        """Return the calls of one operation as a list."""
        return list(self.to(operation))

    def once(self) -> Call:
        """Assert that there is exactly one, and return it.

        Raises:
            AssertionError: There is none, or more; it shows what was called instead.
        """
        __tracebackhide__ = True
        return self.times(1)[0]

    def times(self, count: int) -> list[Call]:
        """Assert that there are exactly so many, and return them.

        Raises:
            AssertionError: There are fewer or more.
        """
        __tracebackhide__ = True
        return self._assert(f"exactly {times(count)}", count, count)

    def never(self) -> None:
        """Assert that there is none.

        Raises:
            AssertionError: There is one.
        """
        __tracebackhide__ = True
        self._assert("never", 0, 0)

    def at_least(self, count: int) -> list[Call]:
        """Assert that there are so many or more, and return them.

        Raises:
            AssertionError: There are fewer.
        """
        __tracebackhide__ = True
        return self._assert(f"at least {times(count)}", count, None)

    def at_most(self, count: int) -> list[Call]:
        """Assert that there are so many or fewer, and return them.

        Raises:
            AssertionError: There are more.
        """
        __tracebackhide__ = True
        return self._assert(f"at most {times(count)}", 0, count)

    def capacity(self) -> Capacity:
        """Return what the calls consumed, by table and index, reads and writes apart."""
        tally = self._forgotten_tally()
        for call in self:
            tally.add(call.spent())
        return tally.capacity()

    def _assert(self, expected: str, least: int, most: int | None) -> list[Call]:
        __tracebackhide__ = True
        found = list(self)
        if len(found) >= least and (most is None or len(found) <= most):
            if most is not None:
                self._check_none_forgotten()
            return found
        if len(found) < least:
            self._check_none_forgotten()
        raise AssertionError(count_failure(self._wanted(), expected, found, list(self._log)))

    def _wanted(self) -> Wanted:
        return Wanted(self._said(), self._operation, self._differences)

    @property
    def _operation(self) -> str | None:
        return next((p.operation for p in self._patterns if p.operation), None)

    def _said(self) -> str:
        return " ".join(str(pattern) for pattern in self._patterns) or "any call"

    def _differences(self, call: Call) -> list[str]:
        parameters = call.parameters
        return [
            difference
            for pattern in self._patterns
            for difference in (
                pattern.differences(call)
                if isinstance(pattern, _Outcome)
                else pattern.differences(call.request, parameters)
            )
        ]

    def _check_none_forgotten(self) -> None:
        operation = self._operation
        forgotten = self._log.forgotten
        count = forgotten[operation] if operation else sum(forgotten.values())
        if count:
            raise DqlmockError(
                f"The log has forgotten {count} calls{f' to {operation}' if operation else ''}, so "
                f"they can't be counted: it keeps the newest {self._log.limit:,}. Call "
                "db.calls.clear() before the part that is asserted on, or raise db.calls.limit."
            )

    @property
    @abstractmethod
    def _log(self) -> CallLog: ...

    @property
    @abstractmethod
    def _patterns(self) -> tuple[Pattern | _Outcome, ...]: ...

    @abstractmethod
    def _forgotten_tally(self) -> Tally: ...

    @abstractmethod
    def _found(self) -> list[Call]: ...

    def _narrowed(self, pattern: Pattern | _Outcome) -> Calls:
        return _Selection(self._log, (*self._patterns, pattern))

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> list[Call]: ...
    def __getitem__(self, index: int | slice) -> Call | list[Call]:
        return self._found()[index]

    def __len__(self) -> int:
        return len(self._found())

    def __iter__(self) -> Iterator[Call]:
        return iter(self._found())

    def __str__(self) -> str:
        return "\n".join(str(call) for call in self) or "no calls"


class _Outcome:
    """What a filter says of a call beside its request.

    Args:
        said: How it reads: `"that failed"`.
        holds: Whether a call is meant.
    """

    operation = None

    def __init__(self, said: str, holds: Predicate) -> None:
        self._said = said
        self._holds = holds

    def differences(self, call: Call) -> Iterator[str]:
        """Yield how a call differs."""
        if not self._holds(call):
            yield f"{call.error_code or 'succeeded'}, expected one {self._said}"

    def __str__(self) -> str:
        return self._said


class _Selection(Calls):
    """The calls that some patterns leave."""

    def __init__(self, log: CallLog, patterns: tuple[Pattern | _Outcome, ...]) -> None:
        self._of_log = log
        self._having = patterns

    @property
    def _log(self) -> CallLog:
        return self._of_log

    @property
    def _patterns(self) -> tuple[Pattern | _Outcome, ...]:
        return self._having

    def _forgotten_tally(self) -> Tally:
        self._check_none_forgotten()
        return Tally()

    def _found(self) -> list[Call]:
        operation = self._operation
        return [
            call
            for call in self._of_log._found()
            if (operation is None or call.operation == operation) and not self._differences(call)
        ]

    def __repr__(self) -> str:
        return f"<Calls: {len(self)} of {self._said()}>"


class CallLog(Calls):
    """The calls a mock has answered, oldest first; the newest 10,000 are kept.

    A call that the mock refused by raising in the caller (misuse) is not among them. An assertion
    that would have to count calls which are forgotten says so instead of passing.

    Attributes:
        limit: How many calls are kept. May be changed at any time.
        forgotten: How many were not kept, by operation.

    >>> log = CallLog()
    >>> request = WireRequest("DynamoDB_20120810.ListTables", b"{}", "1" * 12, "us-east-1")
    >>> log.keep(request, WireResponse(200, {}, b"{}"), 0.0001)
    >>> [call.operation for call in log], log.to("ListTables").once().answer
    (['ListTables'], {})
    """

    def __init__(self) -> None:
        self.limit = CALLS_KEPT
        self.forgotten: Counter[str] = Counter()
        self._calls: deque[Call] = deque()
        self._bodies_bytes = 0
        self._tally = Tally()
        self._lock = threading.Lock()

    def keep(self, request: WireRequest, response: WireResponse, duration_s: float) -> None:
        """Keep a call.

        Args:
            request: What came in.
            response: What went out.
            duration_s: How long the answer took.
        """
        call = Call(request, response, duration_s)
        with self._lock:
            self._calls.append(call)
            self._bodies_bytes += len(request.body) + len(response.body)
            if len(self._calls) > self.limit or self._bodies_bytes > BODIES_KEPT_BYTES:
                self._forget_oldest()

    def clear(self) -> None:
        """Forget all calls, and what they consumed."""
        with self._lock:
            self._calls.clear()
            self._bodies_bytes = 0
            self._tally = Tally()
            self.forgotten = Counter()

    def set_aside(self) -> Callable[[], None]:
        """Begin anew, and return what puts back the calls there were, in the place of new ones."""
        with self._lock:
            calls, size_bytes = self._calls, self._bodies_bytes
            tally, forgotten = self._tally, self.forgotten
            self._calls = deque()
            self._bodies_bytes, self._tally, self.forgotten = 0, Tally(), Counter()

        def put_back() -> None:
            with self._lock:
                self._calls, self._bodies_bytes = calls, size_bytes
                self._tally, self.forgotten = tally, forgotten

        return put_back

    def _forget_oldest(self) -> None:
        calls = self._calls
        while len(calls) > 1 and (
            len(calls) > self.limit or self._bodies_bytes > BODIES_KEPT_BYTES
        ):
            call = calls.popleft()
            self._bodies_bytes -= len(call.request.body) + len(call.response.body)
            self.forgotten[call.operation] += 1
            self._tally.add(call.spent())

    @property
    def _log(self) -> CallLog:
        return self

    @property
    def _patterns(self) -> tuple[Pattern | _Outcome, ...]:
        return ()

    def _forgotten_tally(self) -> Tally:
        return self._tally.copy()

    def _found(self) -> list[Call]:
        with self._lock:
            return list(self._calls)

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> list[Call]: ...
    def __getitem__(self, index: int | slice) -> Call | list[Call]:
        return self._found()[index] if isinstance(index, slice) else self._calls[index]

    def __len__(self) -> int:
        return len(self._calls)

    def __repr__(self) -> str:
        return f"<CallLog of {len(self)} calls>"
