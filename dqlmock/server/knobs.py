"""`/_dqlmock/faults` and its like: the knobs of a test, over HTTP, for every language.

Owns their form in JSON. What they do is `dqlmock.testing`'s, which is loaded by the first use.
"""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from dqlmock.engine.database import Engine
from dqlmock.errors import DqlmockError

if TYPE_CHECKING:
    from dqlmock.testing.call import Call
    from dqlmock.testing.fault_rule import FaultRule
    from dqlmock.testing.observer import Observer

Members: TypeAlias = dict[str, Any]

_DEPTH: Final = 1
"""The server itself is the one mock that is entered."""

_ALWAYS: Final = "always"

_LONGEST_S: Final = 10 * 365 * 86_400
"""No test waits for more than ten years."""


class Knobs:
    """Answers what a test sets or asks for.

    Args:
        engine: The state.
        observe: Returns what stands between callers and the engine.

    Attributes:
        routes: By page and method; each takes the query and the body, and returns the answer.

    Raises:
        DqlmockError: From a route, where what it is asked for makes no sense.
    """

    def __init__(self, engine: Engine, observe: Callable[[], Observer]) -> None:
        self._engine = engine
        self._observe = observe
        self._faults: dict[int, FaultRule] = {}
        self._made = 0
        self._modes: dict[str, ExitStack] = {}
        self.routes: Mapping[str, Mapping[str, Callable[[Members, Members], Members]]] = {
            "faults": {
                "GET": self._show_faults,
                "POST": self._add_fault,
                "DELETE": self._end_faults,
            },
            "lag": {"PUT": self._lag, "DELETE": self._end_lag},
            "settle": {"POST": self._settle},
            "tiny-pages": {"PUT": self._tiny_pages, "DELETE": self._end_tiny_pages},
            "calls": {"GET": self._show_calls, "DELETE": self._forget_calls},
            "clock": {"POST": self._advance},
            "savepoint": {"POST": self._open_savepoint},
            "rollback": {"POST": self._roll_back},
        }

    def _show_faults(self, query: Members, body: Members) -> Members:
        return {"faults": [_fault(number, rule) for number, rule in self._faults.items()]}

    def _add_fault(self, query: Members, body: Members) -> Members:
        """Make a fault: `on` has what `faults.on` takes, one more member says what happens."""
        faults = self._observe().faults(self._engine, _DEPTH)
        happens = [name for name in body if name != "on"]
        if len(happens) != 1:
            raise DqlmockError('Say what happens, once: {"on": {…}, "throttle": {"times": 2}}')
        name, arguments = happens[0], _mapping(body, happens[0])
        if arguments.get("times") == _ALWAYS:
            arguments["times"] = math.inf
        if name == "outage":
            rule = _called(faults.outage, arguments)
        else:
            rule = self._made_by(faults, _mapping(body, "on"), name, arguments)
        self._made += 1
        self._faults[self._made] = rule
        return _fault(self._made, rule)

    def _made_by(self, faults: Any, on: Members, name: str, arguments: Members) -> Any:
        from dqlmock.testing.faults import Faulty  # loaded with the first fault

        if name.startswith("_") or not inspect.isfunction(getattr(Faulty, name, None)):
            raise DqlmockError(f"A fault can't do this: {name!r}")
        faulty = _called(faults.on, on)
        try:
            return _called(getattr(faulty, name), arguments)
        finally:
            faults.forget(faulty)

    def _end_faults(self, query: Members, body: Members) -> Members:
        number = _number(query, "id")
        if number is None:
            ended, self._faults = self._faults, {}
        elif number in self._faults:
            ended = {number: self._faults.pop(number)}
        else:
            raise DqlmockError(f"There is no fault {number}")
        for rule in ended.values():
            rule.end()
        return {"faults": [_fault(number, rule) for number, rule in ended.items()]}

    def _lag(self, query: Members, body: Members) -> Members:
        self._end_lag(query, body)
        arguments = dict(body)
        if "delay_s" in arguments:
            arguments["delay"] = _seconds(body, "delay_s")
            del arguments["delay_s"]
        reach = _called(_reach, arguments)
        self._begin("lag", self._observe().lag(self._engine, reach, _DEPTH))
        return {"lag": body}

    def _end_lag(self, query: Members, body: Members) -> Members:
        return self._end("lag")

    def _settle(self, query: Members, body: Members) -> Members:
        self._observe().settle()
        return {"settled": True}

    def _tiny_pages(self, query: Members, body: Members) -> Members:
        self._end("tiny-pages")
        most = body.get("most", 1)
        if type(most) is not int:
            raise DqlmockError(f"A number of items is expected: {most!r}")
        self._begin("tiny-pages", self._observe().tiny_pages(most, _DEPTH))
        return {"tiny-pages": {"most": most}}

    def _end_tiny_pages(self, query: Members, body: Members) -> Members:
        return self._end("tiny-pages")

    def _begin(self, name: str, mode: Any) -> None:
        stack = self._modes[name] = ExitStack()
        stack.enter_context(mode)

    def _end(self, name: str) -> Members:
        stack = self._modes.pop(name, None)
        if stack is not None:
            stack.close()
        return {name: None}

    def _show_calls(self, query: Members, body: Members) -> Members:
        calls = self._observe().calls
        known = {name: query[name] for name in ("operation", "table", "index", "region")}
        return {"calls": [_call(call) for call in calls.to(**known)]}

    def _forget_calls(self, query: Members, body: Members) -> Members:
        self._observe().calls.clear()
        return {"calls": []}

    def _advance(self, query: Members, body: Members) -> Members:
        self._engine.clock.advance(_seconds(body, "advance_s"))
        return {"now_s": self._engine.clock.now_s()}

    def _open_savepoint(self, query: Members, body: Members) -> Members:
        self._engine.savepoint()
        return {"savepoint": "open"}

    def _roll_back(self, query: Members, body: Members) -> Members:
        self._engine.rollback()
        return {"savepoint": "open"}


def _reach(
    *, writes: int | None = None, delay: timedelta | None = None, seed: int | None = None
) -> tuple[int | None, timedelta | None, int | None]:
    return writes, delay, seed


def _called(function: Callable[..., Any], arguments: Members) -> Any:
    """Call a function by what JSON names.

    Raises:
        DqlmockError: It takes no such arguments.
    """
    try:
        return function(**arguments)
    except TypeError as error:  # an unknown name, or a value of another type than it compares with
        raise DqlmockError(str(error)) from error


def _seconds(body: Members, name: str) -> timedelta:
    seconds = body.get(name)
    if not isinstance(seconds, int | float) or not 0 <= seconds <= _LONGEST_S:
        raise DqlmockError(f'A number of seconds is expected: {{"{name}": 3600}}')
    return timedelta(seconds=seconds)


def _mapping(body: Members, name: str) -> Members:
    members = body.get(name, {})
    if not isinstance(members, dict):
        raise DqlmockError(f"An object is expected: {name!r} is {json.dumps(members)}")
    return dict(members)


def _number(query: Members, name: str) -> int | None:
    text = query[name]
    if text is None:
        return None
    if not text.isdecimal():
        raise DqlmockError(f"A number is expected: {name}={text}")
    return int(text)


def _fault(number: int, rule: FaultRule) -> Members:
    return {"id": number, "fault": str(rule), "came": rule.came, "fired": rule.fired}


def _call(call: Call) -> Members:
    return {
        "operation": call.operation,
        "account": call.account,
        "region": call.region,
        "tables": call.tables,
        "parameters": call.parameters,
        "answer": call.answer,
        "status": call.response.status,
        "error": call.error_code,
        "capacity": call.capacity.as_dict(),
        "duration_s": call.duration_s,
    }
