"""What a server is, however it is run: started and stopped, by name or by `with`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import TracebackType
from typing import TypeVar

from dqlmock.errors import DqlmockError

Started = TypeVar("Started", bound="Startable")


class Startable(ABC):
    """Started by `with` or `start()`, stopped at its end or by `stop()`."""

    @abstractmethod
    def start(self: Started) -> Started:
        """Accept connections by the time it returns.

        Raises:
            DqlmockError: It is running already.
        """

    @abstractmethod
    def _stop(self) -> DqlmockError | None:
        """Stop, and return what is to be raised unless another exception is under way."""

    def stop(self) -> None:
        """Finish what is in flight, and close.

        Raises:
            DqlmockError: The server is not running.
            UnfiredFault: A fault that was asked for never fired.
            UnmetExpectation: A call that was expected did not come.
        """
        unmet = self._stop()
        if unmet is not None:
            raise unmet

    def __enter__(self: Started) -> Started:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        unmet = self._stop()
        if unmet is not None and error is None:
            raise unmet
