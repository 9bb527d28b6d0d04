"""Faults on purpose: `db.faults`.

Owns the faults of one mock, their order, and how one is asked for. What becomes of a call is
`fault_effects`', when a fault strikes `fault_rule`'s.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from typing import Any

from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError, UnfiredFault
from dqlmock.testing import fault_effects as effects
from dqlmock.testing.call import decoded
from dqlmock.testing.checks import passes_checks
from dqlmock.testing.fault_effects import Fault
from dqlmock.testing.fault_rule import FaultRule, Turns, unfired_message
from dqlmock.testing.front import Door, Front
from dqlmock.testing.pattern import Pattern
from dqlmock.testing.stub_answers import raising
from dqlmock.testing.throttling import throttled
from dqlmock.wire.messages import WireRequest, WireResponse


class Faulty:
    """Calls to which a fault is to happen: the `db.faults.on(...)` that says which.

    Each method says what happens, and returns the `FaultRule`. `times` is how many calls it happens
    to: one, unless told otherwise; `math.inf` for all of them. With a probability it is all.

    Args:
        faults: The faults of the mock.
        pattern: What the calls look like.
        turns: Which of them.
        must_fire: Whether it is an error if none of them comes.
        depth: How many mocks are entered.
    """

    def __init__(
        self, faults: Faults, pattern: Pattern, turns: Turns, *, must_fire: bool, depth: int
    ) -> None:
        self.pattern = pattern
        self.depth = depth
        self._faults = faults
        self._turns = turns
        self._must_fire = must_fire

    def throttle(
        self,
        code: str = "ProvisionedThroughputExceededException",
        *,
        limit: str | None = None,
        index: str | None = None,
        times: float | None = None,
    ) -> FaultRule:
        """Throttle the calls, with the ThrottlingReasons that AWS gives.

        Args:
            code: `"ProvisionedThroughputExceededException"`, `"ThrottlingException"` as of
                on-demand tables, or `"RequestLimitExceeded"`.
            limit: What is exceeded: `"KeyRangeThroughputExceeded"`, say.
            index: The global index that holds a write up.
            times: How many calls.

        Raises:
            DqlmockError: There is no such error or limit, or the operation doesn't have it.
        """
        operation, table = self.pattern.operation, self.pattern.table
        fault = throttled(code, operation=operation, table=table, index=index, limit=limit)
        return self._happens(fault, times)

    def internal_error(self, *, after_write: bool = False, times: float | None = None) -> FaultRule:
        """Answer InternalServerError, HTTP status 500.

        Args:
            after_write: The call takes effect all the same.
            times: How many calls.
        """
        return self._happens(effects.internal_error(after_write=after_write), times)

    def error(
        self,
        code: str,
        message: str = "",
        *,
        status: int | None = None,
        times: float | None = None,
        **fields: Any,
    ) -> FaultRule:
        """Answer any other error of the operation, which has to be named.

        Args:
            code: Its name.
            message: Its text.
            status: The HTTP status; None for the code's own.
            times: How many calls.
            fields: Modelled members beside the message.

        Raises:
            DqlmockError: No operation is named, or it has no such error and no status is given.
        """
        if self.pattern.operation is None:
            raise DqlmockError(f'Whose error is it? db.faults.on("PutItem").error("{code}")')
        stub = raising(self.pattern.operation, code, message, status, fields)
        return self._happens(effects.stubbed(code, stub), times)

    def conflict(self, *, times: float | None = None) -> FaultRule:
        """Let calls find an item held by a transaction under way.

        A single write answers TransactionConflictException; a transaction is cancelled, the reason
        being its actions on the table and key named here, or its first.

        Args:
            times: How many calls.

        Raises:
            DqlmockError: It can't happen to the operation.
        """
        return self._happens(effects.conflict(self.pattern), times)

    def cancel(
        self,
        reason: str = "TransactionConflict",
        message: str | None = None,
        *,
        action: int | None = None,
        times: float | None = None,
    ) -> FaultRule:
        """Cancel transactions.

        Args:
            reason: The code of the cancellation reason: `"ThrottlingError"`, say.
            message: Its text; None for AWS's.
            action: Which action is the reason, from 0; None for those on the table and key named,
                or the first.
            times: How many calls.

        Raises:
            DqlmockError: There is no such reason, or the operation is no transaction.
        """
        return self._happens(effects.cancelled(self.pattern, reason, message, action), times)

    def fail_statement(
        self,
        code: str = "ThrottlingError",
        message: str | None = None,
        *,
        statement: int | None = None,
        times: float | None = None,
    ) -> FaultRule:
        """Let a statement of BatchExecuteStatement fail; the others run.

        Args:
            code: The code of its `Error`: `"ProvisionedThroughputExceeded"`, say.
            message: Its text; None for AWS's.
            statement: Which statement, from 0; None for those on the table and key named, or the
                first.
            times: How many calls.

        Raises:
            DqlmockError: There is no such code, or it is another operation.
        """
        return self._happens(
            effects.failed_statement(self.pattern, code, message, statement), times
        )

    def leave_unprocessed(self, count: int, *, times: float | None = None) -> FaultRule:
        """Leave the last entries of BatchGetItem or BatchWriteItem unprocessed.

        Args:
            count: How many entries of each batch.
            times: How many batches.

        Raises:
            DqlmockError: The operation is no such batch.
        """
        return self._happens(effects.unprocessed(count, self._faults.engine.batches), times)

    def item_collection_limit(self, *, times: float | None = None) -> FaultRule:
        """Let writes find an item collection that has grown to 10 GB.

        Args:
            times: How many calls.

        Raises:
            DqlmockError: The operation doesn't write.
        """
        return self._happens(effects.collection_size(self.pattern), times)

    def delay(self, delay_s: float, *, times: float | None = None) -> FaultRule:
        """Let answers be late by real time; an async client's other tasks go on meanwhile.

        Args:
            delay_s: By how many seconds, at most 60.
            times: How many calls.

        Raises:
            DqlmockError: It is no delay.
        """
        return self._happens(effects.delayed(delay_s), times)

    def timeout(self, *, after_write: bool = False, times: float | None = None) -> FaultRule:
        """Let the client wait in vain: botocore's ReadTimeoutError, without the wait.

        Args:
            after_write: The call takes effect, and its answer is lost.
            times: How many calls.
        """
        return self._happens(effects.lost("read timeout", after_write=after_write), times)

    def connect_timeout(self, *, times: float | None = None) -> FaultRule:
        """Let the client not get through: botocore's ConnectTimeoutError, without the wait.

        Args:
            times: How many calls.
        """
        return self._happens(effects.lost("connect timeout"), times)

    def drop(self, *, after_write: bool = False, times: float | None = None) -> FaultRule:
        """Drop the connection: botocore's ConnectionClosedError.

        Args:
            after_write: The call takes effect, and its answer is lost.
            times: How many calls.
        """
        return self._happens(effects.lost("closed", after_write=after_write), times)

    def unreachable(self, *, times: float | None = None) -> FaultRule:
        """Let nobody be there: botocore's EndpointConnectionError.

        Args:
            times: How many calls.
        """
        return self._happens(effects.lost("unreachable"), times)

    def _happens(self, fault: Fault, times: float | None) -> FaultRule:
        fault = effects.only_for(fault, self.pattern.operation)
        rule = FaultRule(
            self.pattern,
            self._turns,
            fault,
            times=times,
            must_fire=self._must_fire,
            depth=self.depth,
            end=self._faults.take_away,
        )
        self._faults.add(self, rule)
        return rule


class Faults:
    """The faults of one mock, in the order in which they were asked for.

    Each call is counted by all faults that it looks right for; the first whose turn it is happens.
    A retry is a call of its own. A request that is malformed gets AWS's answer to that: only what
    happens to connections happens to it, too.

    Args:
        front: What stands in front of the pipe.
        engine: Behind it.

    Attributes:
        depth: How many mocks are entered.
    """

    def __init__(self, front: Front, engine: Engine) -> None:
        self.engine = engine
        self.depth = 0
        self._front = front
        self._rules: tuple[FaultRule, ...] = ()
        self._unsaid: list[Faulty] = []
        self._lock = threading.Lock()

    def on(
        self,
        operation: str | None = None,
        *,
        table: str | None = None,
        index: str | None = None,
        key: Mapping[str, Any] | None = None,
        item: Mapping[str, Any] | None = None,
        region: str | None = None,
        nth: int = 1,
        probability: float | None = None,
        seed: int = 0,
        must_fire: bool = True,
        **parameters: Any,
    ) -> Faulty:
        """Say to which calls a fault is to happen; what is None doesn't matter.

        Args:
            operation: The API operation; None for any.
            table: The table's name.
            index: The index that is read.
            key: The key of an item that is read or written, plain or in wire form.
            item: Some attributes of an item that is put.
            region: The region called.
            nth: The first such call that it happens to, counted from 1.
            probability: How likely it is to happen to each; None for certain.
            seed: Of the dice: the same seed, the same calls.
            must_fire: Whether it is an error if it never happens.
            parameters: By name, as `db.calls.with_` takes them; the operation has to be named.

        Returns:
            What says what happens: `.throttle()`, `.timeout(after_write=True)`, ...

        Raises:
            DqlmockError: There is no such operation, parameter, call or probability.
        """
        if operation is None and parameters:
            raise DqlmockError(f"Whose parameters are they? {', '.join(parameters)}")
        pattern = Pattern(operation, table, index, key, item, region, parameters)
        turns = Turns(nth, probability, seed)
        faulty = Faulty(self, pattern, turns, must_fire=must_fire, depth=self.depth)
        self._unsaid.append(faulty)
        return faulty

    def outage(self, *, region: str | None = None, must_fire: bool = True) -> FaultRule:
        """Let nothing of DynamoDB be reached: `with db.faults.outage():`, or until `.end()`.

        Args:
            region: The region that is gone; None for all.
            must_fire: Whether it is an error if nobody notices.
        """
        return self.on(region=region, must_fire=must_fire).unreachable(times=math.inf)

    def clear(self) -> None:
        """End all faults; nobody asks whether they fired."""
        with self._lock:
            self._unsaid = []
            self._replace(())

    def add(self, said: Faulty, rule: FaultRule) -> None:
        """Let a fault happen from now on."""
        with self._lock:
            if said in self._unsaid:
                self._unsaid.remove(said)
            self._replace((*self._rules, rule))

    def forget(self, said: Faulty) -> None:
        """Ask no more what happens to some calls."""
        with self._lock:
            if said in self._unsaid:
                self._unsaid.remove(said)

    def take_away(self, rule: FaultRule) -> None:
        """Let a fault happen no more."""
        with self._lock:
            self._replace(tuple(each for each in self._rules if each is not rule))

    def come_first(self) -> None:
        """Stand in front of what was put before the pipe later: a network comes before a stub."""
        with self._lock:
            rules = self._rules
            self._replace(())
            self._replace(rules)

    def end(self, depth: int) -> UnfiredFault | None:
        """End the faults made since a mock was entered.

        Args:
            depth: How many mocks were entered.

        Returns:
            What to raise if one of them never fired, or says no fault.
        """
        with self._lock:
            ended = [rule for rule in self._rules if rule.depth >= depth]
            self._replace(tuple(rule for rule in self._rules if rule.depth < depth))
            unsaid = [faulty for faulty in self._unsaid if faulty.depth >= depth]
            self._unsaid = [faulty for faulty in self._unsaid if faulty.depth < depth]
        said = [str(rule) for rule in ended if rule.is_owed]
        said += [f"{faulty.pattern}: what happens was never said" for faulty in unsaid]
        return UnfiredFault(unfired_message(said)) if said else None

    def answer(self, request: WireRequest, door: Door) -> WireResponse:
        """Let happen to a call what is to happen to it: a layer in front of the pipe."""
        parameters = decoded(request.body)
        meant = [rule for rule in self._rules if rule.is_for(request, parameters)]
        if not all(rule.fault.is_on_the_way for rule in meant) and not passes_checks(request):
            meant = [rule for rule in meant if rule.fault.is_on_the_way]
        with self._lock:
            due = [rule for rule in meant if rule.meets()]
            if due:
                due[0].fired += 1
        return due[0].fault.effect(request, parameters, door) if due else door(request)

    def _replace(self, rules: tuple[FaultRule, ...]) -> None:
        if rules and not self._rules:
            self._front.put_before(self.answer)
        elif self._rules and not rules:
            self._front.take_away(self.answer)
        self._rules = rules
