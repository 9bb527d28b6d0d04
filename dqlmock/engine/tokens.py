"""Idempotency tokens: which transactions have been done already.

Owns the ten minutes of ClientRequestToken
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
Knows of a request its text only.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from dqlmock.clock import Clock
from dqlmock.engine.contention import Contention
from dqlmock.errors import (
    IdempotentParameterMismatchException,
    TransactionInProgressException,
)
from dqlmock.json_bytes import decode
from dqlmock.limits import IDEMPOTENCY_WINDOW_S
from dqlmock.storage.journal import Journal

TokenKey: TypeAlias = tuple[str, str]
"""The name of an operation, and a token that it was given."""


@dataclass(slots=True)
class Claim:
    """The use of a token by a transaction.

    Args:
        request: The transaction's actions as JSON.
        done_s: When it succeeded, None while it is under way.
        sizes: What it was charged by: the size in bytes of each item. Set by whoever runs it.
    """

    request: bytes
    done_s: float | None = None
    sizes: tuple[int, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether the transaction is still to be done."""
        return self.done_s is None


class RequestTokens:
    """The tokens of one account in one region.

    Args:
        clock: What time it is.
        contention: Which tokens a test wants to be in progress.
        journal: Where changes are noted while a savepoint is open.

    >>> tokens = RequestTokens(Clock(), Contention(lambda name: []))
    >>> with tokens.claim("TransactWriteItems", "a", b'["put x"]') as claim:
    ...     claim.is_new
    True
    >>> with tokens.claim("TransactWriteItems", "a", b'["put x"]') as claim:
    ...     claim.is_new
    False
    """

    def __init__(
        self, clock: Clock, contention: Contention, journal: Journal | None = None
    ) -> None:
        self._clock = clock
        self._journal = journal or Journal()
        self._contention = contention
        self._uses: dict[TokenKey, Claim] = {}
        self._lock = threading.Lock()

    @contextmanager
    def claim(
        self, operation: str, token: str, request: bytes, mismatch: str = ""
    ) -> Iterator[Claim]:
        """Hold a token while its transaction is run.

        A transaction that fails gives its token back: the next request may try again.

        Args:
            operation: It knows its own tokens alone (measured: nubo-db/dynoxide#125).
            token: `ClientRequestToken`.
            request: Its actions as JSON.
            mismatch: What is said where the token was used for another request.

        Yields:
            A new claim, or that of a transaction which has succeeded within ten minutes.

        Raises:
            IdempotentParameterMismatchException: The token was used for another request.
            TransactionInProgressException: The token's transaction is under way.
        """
        key = (operation, token)
        use = self._begin(key, request, mismatch)
        if not use.is_new:
            yield use
            return
        try:
            yield use
        except BaseException:  # whatever ended it, nothing was done: the token may be used again
            with self._lock:
                self._uses.pop(key, None)
            raise
        with self._lock:
            # To the end of the dict: the oldest success stays in front. A token that isn't there
            # any more was taken back by a rollback, with what its transaction wrote.
            if self._uses.pop(key, None) is use:
                use.done_s = self._clock.now_s()
                self._uses[key] = use

    def done(self) -> list[tuple[TokenKey, Claim]]:
        """Return the tokens of transactions that have succeeded."""
        with self._lock:
            self._forget_old()
            return [(key, use) for key, use in self._uses.items() if not use.is_new]

    def put_back(self, key: TokenKey, claim: Claim) -> None:
        """Hold a token as it was held."""
        with self._lock:
            self._note(key)
            self._uses[key] = claim

    def _begin(self, key: TokenKey, request: bytes, mismatch: str) -> Claim:
        with self._lock:
            self._forget_old()
            if self._contention.is_in_progress(key[1]):
                raise _in_progress()
            known = self._known(key)
            if known is None:
                self._note(key)
                use = self._uses[key] = Claim(request)
                return use
            if not _is_same(known.request, request):
                raise IdempotentParameterMismatchException(mismatch)
            if known.done_s is None:
                raise _in_progress()
            return known

    def _known(self, key: TokenKey) -> Claim | None:
        use = self._uses.get(key)
        return None if use is None or self._is_old(use) else use

    def _is_old(self, use: Claim) -> bool:
        return use.done_s is not None and use.done_s <= self._clock.now_s() - IDEMPOTENCY_WINDOW_S

    def _note(self, key: TokenKey) -> None:
        old = self._uses.get(key)
        if old is None:
            self._journal.note(lambda: self._uses.pop(key, None))
        else:
            self._journal.note(lambda: self._uses.__setitem__(key, old))

    def _forget_old(self) -> None:
        # A rollback takes the clock back, too: old tokens may be young again.
        while self._uses and not self._journal.is_open:
            key, use = next(iter(self._uses.items()))
            if not self._is_old(use):
                return
            del self._uses[key]


def _is_same(request: bytes, other: bytes) -> bool:
    # The order of members does not tell requests apart: localstack/localstack#6529 quotes AWS.
    return request == other or decode(request) == decode(other)


def _in_progress() -> TransactionInProgressException:
    # aws/aws-sdk-java-v2 issue 2518 quotes AWS (June 2021).
    return TransactionInProgressException("Transaction from previous request is still in progress")
