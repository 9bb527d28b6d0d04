"""Runs the tables that lark makes of a grammar.

lark's own loop takes a call for every token and hashes a rule in Python for every step, and a
language with twelve levels of precedence takes twelve steps for a number. This loop takes a fifth
of its time, so that the most hostile of texts is answered within milliseconds. Knows no language:
the grammar, its tokens and what is made of a rule are handed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, Protocol

from dqlmock.errors import ValidationException

_END: Final = "$END"
_SHIFT: Final = -1


class Token(Protocol):
    """What a lexer makes: of its tokens only their type matters here."""

    type: str


class UnexpectedTokenError(Exception):
    """A token that can't stand where it stands.

    Args:
        token: The token, None for the end of the text.
        expected: Types of the tokens that could stand there.
    """

    def __init__(self, token: Any, expected: frozenset[str]) -> None:
        super().__init__(token, expected)
        self.token = token
        self.expected = expected


class _Step(NamedTuple):
    """What a token leads to: to be shifted, or a rule to be reduced.

    Args:
        size: How many values the rule takes; `_SHIFT` for no rule.
        target: The state behind the token, or the name of what the rule makes.
        build: Makes the rule's value; None for a rule that hands on the only one it takes.
    """

    size: int
    target: Any
    build: Callable[[list[Any]], Any] | None


class Tables:
    """A grammar's tables, ready to run.

    Args:
        configuration: lark's `ParseConf` for the start of the grammar that is wanted.
    """

    def __init__(self, configuration: Any) -> None:
        self._start = configuration.start_state
        self._end = configuration.end_state
        self._steps: dict[Any, dict[str, _Step]] = {}
        self._states: dict[Any, dict[str, Any]] = {}
        self._chains: dict[tuple[Any, Any, str], Any] = {}
        self._bare_steps: dict[Any, dict[str, _Step]] = {}
        for state, entries in configuration.states.items():
            steps = self._steps[state] = {}
            states = self._states[state] = {}
            for token, (_, argument) in entries.items():
                name = str(token)  # lark's own names compare in Python
                if not hasattr(argument, "expansion"):  # lark shifts to a state, or reduces a rule
                    states[name] = argument
                    steps[name] = _Step(_SHIFT, argument, None)
                else:
                    steps[name] = _reduction(argument, configuration.callbacks[argument])

    def parse(self, tokens: Iterable[Token]) -> Any:
        """Return what the grammar makes of tokens.

        Raises:
            UnexpectedTokenError: They are not in the language.
            ValidationException: They are, but a rule's value can't be made: the first such.
        """
        fault = None
        all_steps, all_states, chains = self._steps, self._states, self._chains
        state, stack, values = self._start, [self._start], []
        for token, kind in _with_end(tokens):
            size = 0
            while size != _SHIFT:
                step = all_steps[state].get(kind)
                if step is None:
                    raise UnexpectedTokenError(token, self._expected(state))
                size, target, build = step
                if size == _SHIFT:
                    state = target
                    values.append(token)
                elif build is None:
                    stack.pop()
                    place = (stack[-1], state, kind)
                    state = chains.get(place) or self._handed_on(*place)
                else:
                    matched = values[-size:] if size else []
                    del values[len(values) - size :], stack[len(stack) - size :]
                    try:
                        values.append(build(matched))
                    except ValidationException as error:
                        # What follows is only looked at for whether it is in the language.
                        fault, all_steps = error, self._bare()
                        values.append(None)
                    state = all_states[stack[-1]][target]
                    if kind == _END and state == self._end:
                        if fault is not None:
                            raise fault
                        return values[-1]
                stack.append(state)
        raise AssertionError("the end of the text is no token to shift")

    def _bare(self) -> dict[Any, dict[str, _Step]]:
        """Return the steps without what they build, made when they are first needed."""
        if not self._bare_steps:
            self._bare_steps = {
                state: {
                    kind: step if step.build is None else step._replace(build=_nothing)
                    for kind, step in steps.items()
                }
                for state, steps in self._steps.items()
            }
        return self._bare_steps

    def _handed_on(self, below: Any, state: Any, kind: str) -> Any:
        """Return the state behind all rules that hand on one value, one after the other.

        Remembered: it depends on nothing but the states and the token.
        """
        end = state
        step = self._steps[end].get(kind)
        while step is not None and step.size != _SHIFT and step.build is None:
            end = self._states[below][step.target]
            step = self._steps[end].get(kind)
        self._chains[below, state, kind] = end
        return end

    def _expected(self, state: Any) -> frozenset[str]:
        return frozenset(name for name in self._steps[state] if name.isupper())


def _nothing(_: list[Any]) -> None:
    """Build nothing."""


def _reduction(rule: Any, build: Callable[[list[Any]], Any]) -> _Step:
    size = len(rule.expansion)
    hands_on = size == 1 and rule.options.expand1 and not rule.alias
    return _Step(size, str(rule.origin.name), None if hands_on else build)


def _with_end(tokens: Iterable[Token]) -> Iterator[tuple[Any, str]]:
    for token in tokens:
        yield token, token.type
    yield None, _END
