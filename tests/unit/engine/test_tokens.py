"""Idempotency tokens without a request around them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dqlmock.clock import Clock
from dqlmock.engine.contention import Contention
from dqlmock.engine.tokens import RequestTokens
from dqlmock.errors import (
    IdempotentParameterMismatchException,
    TransactionInProgressException,
)


def use(
    tokens: RequestTokens,
    token: str = "t",
    request: bytes = b"[1]",
    operation: str = "TransactWriteItems",
) -> bool:
    with tokens.claim(operation, token, request) as claim:
        return claim.is_new


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def contention() -> Contention:
    return Contention(lambda _: [])


@pytest.fixture
def tokens(clock: Clock, contention: Contention) -> RequestTokens:
    return RequestTokens(clock, contention)


def test_a_token_is_new_once(tokens: RequestTokens) -> None:
    assert [use(tokens), use(tokens), use(tokens, "other")] == [True, False, True]


def test_another_request_is_refused(tokens: RequestTokens) -> None:
    use(tokens)
    with pytest.raises(IdempotentParameterMismatchException):
        use(tokens, request=b"[2]")
    assert not use(tokens)


def test_the_order_of_members_is_no_difference(tokens: RequestTokens) -> None:
    assert use(tokens, request=b'{"a": 1, "b": 2}')
    assert not use(tokens, request=b'{"b": 2, "a": 1}')


def test_a_token_is_in_progress_meanwhile(tokens: RequestTokens) -> None:
    with tokens.claim("TransactWriteItems", "t", b"[1]"):
        with pytest.raises(TransactionInProgressException):
            use(tokens)
        with pytest.raises(IdempotentParameterMismatchException):
            use(tokens, request=b"[2]")
    assert not use(tokens)


def test_a_failure_gives_the_token_back(tokens: RequestTokens) -> None:
    with pytest.raises(ZeroDivisionError), tokens.claim("TransactWriteItems", "t", b"[1]"):
        raise ZeroDivisionError
    assert use(tokens, request=b"[2]")


def test_the_window_begins_when_the_transaction_is_done(
    tokens: RequestTokens, clock: Clock
) -> None:
    with tokens.claim("TransactWriteItems", "slow", b"[1]"):
        use(tokens, "quick")
        clock.advance(timedelta(minutes=6))
    clock.advance(timedelta(minutes=5))
    assert [use(tokens, "slow"), use(tokens, "quick")] == [False, True]
    clock.advance(timedelta(minutes=5, seconds=1))
    assert use(tokens, "slow")


def test_a_replay_does_not_lengthen_the_window(tokens: RequestTokens, clock: Clock) -> None:
    use(tokens)
    clock.advance(timedelta(minutes=9))
    assert not use(tokens)
    clock.advance(timedelta(minutes=1, seconds=1))
    assert use(tokens)


def test_a_test_asks_for_progress(tokens: RequestTokens, contention: Contention) -> None:
    contention.leave_in_progress("t", times=2)
    assert use(tokens, "other")
    for _ in range(2):
        with pytest.raises(TransactionInProgressException):
            use(tokens)
    assert use(tokens)


def test_each_operation_has_tokens_of_its_own(tokens: RequestTokens) -> None:
    assert use(tokens)
    assert use(tokens, request=b"[2]", operation="ExecuteTransaction")
    assert not use(tokens)
