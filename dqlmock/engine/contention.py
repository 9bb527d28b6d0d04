"""Contention between transactions that a test wants to see.

Owns what tests have asked for; the conflicts on items themselves lie with their tables. By
themselves transactions wait for each other and never conflict.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from dqlmock.engine.keys import requested_key
from dqlmock.engine.table import Table
from dqlmock.errors import DqlmockError
from dqlmock.storage.journal import Undo
from dqlmock.values.canonical import canonical_attributes
from dqlmock.values.types import Attributes


class Contention:
    """Lets coming requests find others under way.

    Args:
        tables: Gives the tables of a name, in all accounts and regions.

    >>> contention = Contention(lambda name: [])
    >>> contention.leave_in_progress("token")
    >>> contention.is_in_progress("token"), contention.is_in_progress("token")
    (True, False)
    """

    def __init__(self, tables: Callable[[str], Sequence[Table]]) -> None:
        self._tables = tables
        self._in_progress: dict[str, int] = {}
        self._lock = threading.Lock()

    def conflict_on(self, table: str, key: Attributes, *, times: int = 1) -> None:
        """Let coming writes and transactions find an item held by a transaction under way.

        A single write answers TransactionConflictException, a transaction is cancelled for
        TransactionConflict, a put or delete of a batch is left unprocessed.

        Args:
            table: `TableName`.
            key: The item's key, in wire form: `{"pk": {"S": "a"}}`.
            times: How many requests.

        Raises:
            DqlmockError: There is no such table.
            ValidationException: The key is none of the table.
        """
        tables = self._tables(table)
        if not tables:
            raise DqlmockError(f"There is no table {table!r} to put a conflict on")
        for found in tables:
            storage_key = requested_key(found.schema, canonical_attributes(key))
            found.conflict_on(storage_key, times=times)

    def leave_in_progress(self, token: str, *, times: int = 1) -> None:
        """Let coming transactions with a token find a first one still in progress.

        They answer TransactionInProgressException.

        Args:
            token: `ClientRequestToken`.
            times: How many requests.
        """
        with self._lock:
            self._in_progress[token] = times

    def remember(self) -> Undo:
        """Return what puts the tokens back; conflicts on items lie with their tables."""
        in_progress = dict(self._in_progress)

        def restore() -> None:
            self._in_progress = in_progress

        return restore

    def is_in_progress(self, token: str) -> bool:
        """Tell whether a token is to be found in progress, once."""
        if not self._in_progress:
            return False
        with self._lock:
            times = self._in_progress.pop(token, 0)
            if times > 1:
                self._in_progress[token] = times - 1
            return times > 0
