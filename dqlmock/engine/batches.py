"""Batches that come back partly unprocessed because a test wants them to.

Owns what tests have asked for. Knows neither requests nor items.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from dqlmock.storage.journal import Undo


@dataclass(slots=True)
class _Order:
    count: int
    times: int
    operation: str | None


class Batches:
    """Decides how much of a batch is processed: all of it, unless a test asks for less.

    >>> batches = Batches()
    >>> batches.leave_unprocessed(2)
    >>> batches.processed("BatchWriteItem", 25), batches.processed("BatchWriteItem", 25)
    (23, 25)
    """

    def __init__(self) -> None:
        self._orders: list[_Order] = []
        self._lock = threading.Lock()

    def leave_unprocessed(
        self, count: int, *, times: int = 1, operation: str | None = None
    ) -> None:
        """Leave the last entries of coming batches unprocessed, as a throttled table does.

        A batch of fewer entries is left unprocessed as a whole.

        Args:
            count: How many puts, deletes or keys of each batch.
            times: How many batches.
            operation: `"BatchGetItem"` or `"BatchWriteItem"`; None for either.
        """
        with self._lock:
            self._orders.append(_Order(count, times, operation))

    def remember(self) -> Undo:
        """Return what puts the orders back as they are now."""
        orders = [replace(order) for order in self._orders]

        def restore() -> None:
            self._orders = orders

        return restore

    def processed(self, operation: str, total: int) -> int:
        """Return how many of a batch's entries are to be processed.

        Args:
            operation: The API operation.
            total: The entries of the batch.
        """
        if not self._orders:
            return total
        with self._lock:
            for order in self._orders:
                if order.operation in (None, operation):
                    order.times -= 1
                    self._orders = [order for order in self._orders if order.times > 0]
                    return max(0, total - order.count)
        return total
