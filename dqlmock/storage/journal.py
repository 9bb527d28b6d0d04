"""The undo journal: how to take back what has changed since a savepoint.

Owns the order of undoing. Knows not what is undone: whoever changes something notes how.

While no savepoint is open, `is_open` is False and a change costs the look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeAlias, final

Undo: TypeAlias = Callable[[], object]
"""Takes back one change, given that all later ones have been taken back."""


class Rememberable(Protocol):
    """Something small that is put back as a whole."""

    def remember(self) -> Undo:
        """Return what puts the thing back as it is now."""
        ...


class Keyed(Protocol):
    """Something large, of which each part is put back by its key."""

    def put_back(self, originals: dict[Any, Any]) -> object:
        """Put parts back: for each key what stood there, None for nothing."""
        ...


@final
class Level:
    """What was noted since one savepoint, until the next."""

    __slots__ = ("originals", "remembered", "undos")

    def __init__(self) -> None:
        self.undos: list[Undo] = []
        self.originals: dict[Keyed, dict[Any, Any]] = {}
        self.remembered: set[Rememberable] = set()

    def undo(self) -> None:
        """Take everything back, newest first."""
        for undo in reversed(self.undos):
            undo()
        self.undos.clear()
        self.originals.clear()
        self.remembered.clear()


@final
class Journal:
    """What was done since each open savepoint.

    Noting is atomic. Whoever opens, undoes or closes keeps others from writing meanwhile.

    Attributes:
        is_open: Whether changes are to be noted.

    >>> journal, words = Journal(), ["a"]
    >>> level = journal.open()
    >>> words.append("b"); journal.note(words.pop)
    >>> journal.undo(level)
    >>> words
    ['a']
    """

    __slots__ = ("_levels", "_tidyings", "is_open")

    def __init__(self) -> None:
        self.is_open = False
        self._levels: list[Level] = []
        self._tidyings: dict[Undo, None] = {}

    def open(self) -> Level:
        """Open a savepoint, inside those that are open."""
        level = Level()
        self._levels.append(level)
        self.is_open = True
        return level

    def newest(self) -> Level | None:
        """Return the savepoint opened last, None where none is open."""
        return self._levels[-1] if self._levels else None

    def holds(self, level: Level) -> bool:
        """Tell whether a savepoint is still open."""
        return level in self._levels

    def note(self, undo: Undo) -> None:
        """Note how to take back a change just made, or about to be made."""
        if self.is_open:
            self._levels[-1].undos.append(undo)

    def remember(self, thing: Rememberable) -> None:
        """Note how a thing is before its first change since the newest savepoint.

        The caller is about to change it and keeps others from doing so.
        """
        if self.is_open:
            level = self._levels[-1]
            if thing not in level.remembered:
                level.remembered.add(thing)
                level.undos.append(thing.remember())

    def originals(self, owner: Keyed) -> dict[Any, Any]:
        """Return where an owner of many parts notes, once for each key, what stood there.

        The journal is open. One dict for all keys costs a change less than an undo of its own.

        >>> from dqlmock.storage.memory import MemoryKeyspace
        >>> journal = Journal()
        >>> level = journal.open()
        >>> journal.originals(MemoryKeyspace(journal)).setdefault(b"key", None)
        """
        level = self._levels[-1]
        originals = level.originals.get(owner)
        if originals is None:
            originals = level.originals[owner] = {}
            level.undos.append(partial(owner.put_back, originals))
        return originals

    def tidy_later(self, tidy: Undo) -> None:
        """Have something called once no savepoint is open any more."""
        self._tidyings[tidy] = None

    def undo(self, level: Level) -> None:
        """Take back everything since a savepoint; it stays open, those opened since don't.

        Cost: by what is taken back.
        """
        self.is_open = False  # what puts things back is no change
        while self._levels[-1] is not level:
            self._levels.pop().undo()
        level.undo()
        self.is_open = True

    def close(self, level: Level) -> None:
        """Close a savepoint and those opened since; what was done is left to the one outside."""
        place = self._levels.index(level)
        closed = self._levels[place:]
        del self._levels[place:]
        if self._levels:
            outer = self._levels[-1]
            for each in closed:
                outer.undos += each.undos
                outer.remembered |= each.remembered
            # Keys noted from now on are put back before what those levels noted of the same keys.
            outer.originals.clear()
            return
        self.is_open = False
        tidyings, self._tidyings = self._tidyings, {}
        for tidy in tidyings:
            tidy()
