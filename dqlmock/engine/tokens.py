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

from dqlmock.clock import Clock
from dqlmock.engine.contention import Contention
from dqlmock.errors import (
    IdempotentParameterMismatchException,
    TransactionInProgressException,
)
from dqlmock.json_bytes import decode
from dqlmock.limits import IDEMPOTENCY_WINDOW_S
from dqlmock.storage.journal import Journal


@dataclass(slots=True)
class _Use:
    request: bytes
    done_s: float | None = None


class RequestTokens:
    """The tokens of one account in one region.

    Args:
        clock: What time it is.
        contention: Which tokens a test wants to be in progress.
        journal: Where changes are noted while a savepoint is open.

    >>> tokens = RequestTokens(Clock(), Contention(lambda name: []))
    >>> with tokens.claim("a", b'["put x"]') as is_new:
    ...     is_new
    True
    >>> with tokens.claim("a", b'["put x"]') as is_new:
    ...     is_new
    False
    """

    def __init__(
        self, clock: Clock, contention: Contention, journal: Journal | None = None
    ) -> None:
        self._clock = clock
        self._journal = journal or Journal()
        self._contention = contention
        self._uses: dict[str, _Use] = {}
        self._lock = threading.Lock()

    @contextmanager
    def claim(self, token: str, request: bytes, mismatch: str = "") -> Iterator[bool]:
        """Hold a token while its transaction is run.

        A transaction that fails gives its token back: the next request may try again.

        Args:
            token: `ClientRequestToken`.
            request: Its actions as JSON.
            mismatch: What is said where the token was used for another request.

        Yields:
            Whether the transaction is new; otherwise it has succeeded within ten minutes.

        Raises:
            IdempotentParameterMismatchException: The token was used for another request.
            TransactionInProgressException: The token's transaction is under way.
        """
        use = self._begin(token, request, mismatch)
        if use is None:
            yield False
            return
        try:
            yield True
        except BaseException:
            with self._lock:
                self._uses.pop(token, None)
            raise
        with self._lock:
            # To the end of the dict: the oldest success stays in front. A token that isn't there
            # any more was taken back by a rollback, with what its transaction wrote.
            if self._uses.pop(token, None) is use:
                use.done_s = self._clock.now_s()
                self._uses[token] = use

    def done(self) -> list[tuple[str, bytes, float]]:
        """Return the tokens of transactions that have succeeded: token, request, when."""
        with self._lock:
            self._forget_old()
            uses = list(self._uses.items())
        return [(token, u.request, u.done_s) for token, u in uses if u.done_s is not None]

    def put_back(self, token: str, request: bytes, done_s: float) -> None:
        """Hold a token as it was held."""
        with self._lock:
            self._note(token)
            self._uses[token] = _Use(request, done_s)

    def _begin(self, token: str, request: bytes, mismatch: str) -> _Use | None:
        with self._lock:
            self._forget_old()
            if self._contention.is_in_progress(token):
                raise _in_progress()
            known = self._known(token)
            if known is None:
                self._note(token)
                use = self._uses[token] = _Use(request)
                return use
            if not _is_same(known.request, request):
                raise IdempotentParameterMismatchException(mismatch)
            if known.done_s is None:
                raise _in_progress()
            return None

    def _known(self, token: str) -> _Use | None:
        use = self._uses.get(token)
        return None if use is None or self._is_old(use) else use

    def _is_old(self, use: _Use) -> bool:
        return use.done_s is not None and use.done_s <= self._clock.now_s() - IDEMPOTENCY_WINDOW_S

    def _note(self, token: str) -> None:
        old = self._uses.get(token)
        if old is None:
            self._journal.note(lambda: self._uses.pop(token, None))
        else:
            self._journal.note(lambda: self._uses.__setitem__(token, old))

    def _forget_old(self) -> None:
        # A rollback takes the clock back, too: old tokens may be young again.
        while self._uses and not self._journal.is_open:
            token, use = next(iter(self._uses.items()))
            if not self._is_old(use):
                return
            del self._uses[token]


def _is_same(request: bytes, other: bytes) -> bool:
    # The order of members does not tell requests apart: localstack/localstack#6529 quotes AWS.
    return request == other or decode(request) == decode(other)


def _in_progress() -> TransactionInProgressException:
    return TransactionInProgressException(
        "The transaction with the given request token is already in progress."
    )
