from __future__ import annotations

from dqlmock.storage.journal import Journal, Undo


class Counter:
    """Something that is remembered as a whole."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.value = 0
        self.remembered = 0

    def change(self) -> None:
        self.journal.remember(self)
        self.value += 1

    def remember(self) -> Undo:
        self.remembered += 1
        value = self.value

        def restore() -> None:
            self.value = value

        return restore


def test_nothing_is_noted_while_no_savepoint_is_open() -> None:
    journal, undone = Journal(), list[str]()
    journal.note(lambda: undone.append("early"))
    level = journal.open()
    journal.undo(level)
    assert undone == []


def test_the_newest_change_is_undone_first_and_each_once() -> None:
    journal, undone = Journal(), list[str]()
    level = journal.open()
    journal.note(lambda: undone.append("first"))
    journal.note(lambda: undone.append("second"))
    journal.undo(level)
    journal.undo(level)
    assert undone == ["second", "first"]


def test_a_thing_is_remembered_once_a_savepoint_however_often_it_changes() -> None:
    journal = Journal()
    counter = Counter(journal)
    level = journal.open()
    counter.change()
    counter.change()
    assert counter.remembered == 1
    journal.undo(level)
    assert counter.value == 0
    counter.change()
    assert counter.remembered == 2


def test_an_inner_savepoint_that_is_closed_leaves_its_changes_to_the_outer_one() -> None:
    journal = Journal()
    counter = Counter(journal)
    outer = journal.open()
    inner = journal.open()
    counter.change()
    journal.close(inner)
    assert counter.value == 1
    counter.change()
    assert counter.remembered == 1  # the outer savepoint knows already how it was
    journal.undo(outer)
    assert counter.value == 0


def test_what_undoes_is_not_noted() -> None:
    journal, undone = Journal(), list[str]()
    level = journal.open()

    def undo() -> None:
        undone.append("once")
        journal.note(undo)

    journal.note(undo)
    journal.undo(level)
    journal.undo(level)
    assert undone == ["once"]


def test_tidying_waits_until_no_savepoint_is_open() -> None:
    journal, tidied = Journal(), list[str]()

    def tidy() -> None:
        tidied.append("tidy")

    outer, inner = journal.open(), journal.open()
    journal.tidy_later(tidy)
    journal.tidy_later(tidy)
    journal.close(inner)
    assert tidied == []
    journal.close(outer)
    assert tidied == ["tidy"]
    assert not journal.is_open


class Shelf:
    """Something of which each part is put back by its key."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.parts: dict[str, int] = {}

    def put(self, key: str, value: int) -> None:
        self.journal.originals(self).setdefault(key, self.parts.get(key))
        self.parts[key] = value

    def put_back(self, originals: dict[str, int | None]) -> None:
        for key, value in originals.items():
            if value is None:
                self.parts.pop(key, None)
            else:
                self.parts[key] = value


def test_a_key_changed_inside_and_again_outside_is_put_back_as_it_was() -> None:
    journal = Journal()
    shelf = Shelf(journal)
    outer = journal.open()
    shelf.put("other", 1)
    inner = journal.open()
    shelf.put("key", 1)
    journal.close(inner)
    shelf.put("key", 2)
    shelf.put("other", 2)
    journal.undo(outer)
    assert shelf.parts == {}
