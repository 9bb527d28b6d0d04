"""The order by expiry against a dict that is searched through."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dqlmock.clock import Clock
from dqlmock.engine.expiry import LATE_S, Expiries
from dqlmock.values.types import Attributes

KEYS = st.sampled_from([b"a", b"b", b"c", b"d"])


class MovedClock(Clock):
    def __init__(self) -> None:
        super().__init__()
        self.moment_s = 1_000_000_000.0

    def now_s(self) -> float:
        return self.moment_s


class ExpiryMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.clock = MovedClock()
        self.expiries = Expiries("ttl", self.clock)
        self.model: dict[bytes, tuple[float, float]] = {}  # expiry and when it is due

    @rule(key=KEYS, offset=st.integers(-100, 100))
    def write(self, key: bytes, offset: int) -> None:
        now_s = self.clock.now_s()
        expiry_s = now_s + offset
        self.expiries.note(key, {"ttl": {"N": str(int(expiry_s))}})
        due_s = expiry_s if expiry_s >= now_s else now_s + LATE_S
        if self.model.get(key, (None,))[0] != expiry_s:
            self.model[key] = (expiry_s, due_s)

    @rule(key=KEYS, attributes=st.sampled_from([{}, {"ttl": {"S": "1"}}, {"x": {"N": "1"}}]))
    def write_without(self, key: bytes, attributes: Attributes) -> None:
        self.expiries.note(key, attributes)
        self.model.pop(key, None)

    @rule(seconds=st.integers(0, 120))
    def wait(self, seconds: int) -> None:
        self.clock.moment_s += seconds

    @rule(every=st.booleans())
    def sweep(self, every: bool) -> None:
        now_s = self.clock.now_s()
        expected = {
            key
            for key, (expiry_s, due_s) in self.model.items()
            if expiry_s < now_s and (every or due_s < now_s)
        }
        taken = self.expiries.take(every=every)
        assert expected <= {key for key, _ in taken}
        for key, expiry_s in taken:
            assert self.model[key][0] == expiry_s < now_s
            self.expiries.note(key, {})
            del self.model[key]

    @invariant()
    def agrees(self) -> None:
        self.expiries._check()
        assert len(self.expiries) == len(self.model)


ExpiryMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30)
TestExpiries = ExpiryMachine.TestCase
