"""Putting settings back as they were: the same objects, with the values of an earlier moment.

What is under way holds on to the objects (the end of an UpdateTable changes the throughput that the
table had when it began), so they are not replaced by copies.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from typing import Any

from dqlmock.storage.journal import Undo


def restorer(settings: Any) -> Undo:
    """Return what puts a dataclass back as it is now, with all that it holds.

    Cost: O(settings). Dicts may be changed in place or replaced; anything else that is changed in
    place has to be a dataclass.

    Args:
        settings: An instance of a dataclass that isn't frozen.

    >>> from dqlmock.engine.settings import Throughput
    >>> throughput = Throughput(5, 5)
    >>> restore = restorer(throughput)
    >>> throughput.change(10, 10, 0.0)
    >>> restore()
    >>> throughput.read_units
    5
    """
    values: list[tuple[str, Any, dict[Any, Any] | None]] = []
    inner: list[Undo] = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        values.append((field.name, value, dict(value) if isinstance(value, dict) else None))
        held = value.values() if isinstance(value, dict) else (value,)
        inner += [restorer(each) for each in held if _is_changed_in_place(each)]

    def restore() -> None:
        for name, value, copy in values:
            setattr(settings, name, value)
            if copy is not None:
                value.clear()
                value.update(copy)
        for restore_inner in inner:
            restore_inner()

    return restore


def _is_changed_in_place(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, Hashable)  # a frozen one has a hash
