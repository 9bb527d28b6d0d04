"""Savepoints: a moment of the engine that can be gone back to.

Owns their nesting and their misuse. What is put back, and how, is noted by whoever changes it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol

from dqlmock.errors import DqlmockError
from dqlmock.storage.journal import Journal, Level, Rememberable


class Holder(Rememberable, Protocol):
    """What has savepoints: an engine. It remembers what is not noted change by change."""

    @property
    def journal(self) -> Journal:
        """How to take back what was done."""
        ...

    def held_still(self) -> AbstractContextManager[None]:
        """Let nothing be written meanwhile."""
        ...


class Savepoint:
    """A moment that can be gone back to, once or again and again.

    As a context manager it goes back at the end, whether or not there was an error. Closing it
    closes the savepoints opened since.

    It waits for the writes under way in other threads, so each of them is taken back as a whole or
    stays as a whole. A read in another thread may see a part of a rollback.

    Args:
        engine: What to go back.
    """

    def __init__(self, engine: Holder) -> None:
        self._engine = engine
        with engine.held_still():
            self._level = engine.journal.open()
            engine.journal.remember(engine)

    def rollback(self) -> None:
        """Take back everything since; the savepoint stays open, those opened since don't.

        Cost: by what is taken back.

        Raises:
            DqlmockError: The savepoint is closed.
        """
        self._check_open()
        roll_back(self._engine, self._level)

    def keep(self) -> None:
        """Close the savepoint and keep what was done; an outer savepoint may still take it back.

        Raises:
            DqlmockError: The savepoint is closed already.
        """
        self._check_open()
        with self._engine.held_still():
            self._engine.journal.close(self._level)

    @property
    def is_open(self) -> bool:
        """Whether the moment can still be gone back to."""
        return self._engine.journal.holds(self._level)

    def _check_open(self) -> None:
        if not self.is_open:
            raise DqlmockError("This savepoint is closed: there is no way back to it")

    def __enter__(self) -> Savepoint:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.is_open:
            self.rollback()
            self.keep()


def roll_back(engine: Holder, level: Level | None = None) -> None:
    """Take back everything since a savepoint, by default the newest.

    Raises:
        DqlmockError: None is open.
    """
    with engine.held_still():
        level = level or engine.journal.newest()
        if level is None:
            raise DqlmockError("There is no savepoint to go back to: open one with savepoint()")
        engine.journal.undo(level)
        engine.journal.remember(engine)
