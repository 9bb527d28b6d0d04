"""Replacing attributes of classes, and putting them back exactly as they were."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Patches:
    """A set of replaced attributes.

    >>> class Greeter:
    ...     def greet(self) -> str:
    ...         return "hello"
    >>> original = vars(Greeter)["greet"]
    >>> patches = Patches()
    >>> patches.replace(Greeter, "greet", lambda original: lambda self: original(self) + "!")
    >>> Greeter().greet()
    'hello!'
    >>> patches.restore()
    >>> vars(Greeter)["greet"] is original
    True
    """

    def __init__(self) -> None:
        self._replaced: list[tuple[type, str, Any, Any]] = []

    def replace(self, owner: type, name: str, wrap: Callable[[Any], Any]) -> None:
        """Replace an attribute that a class itself defines.

        Args:
            owner: The class.
            name: The attribute. Where the class doesn't define it, nothing happens: botocore's
                private parts come and go.
            wrap: Called with the original, returns the replacement.
        """
        original = vars(owner).get(name)
        if original is None:
            return
        replacement = wrap(original)
        setattr(owner, name, replacement)
        self._replaced.append((owner, name, original, replacement))

    def restore(self) -> None:
        """Put everything back, last first.

        An attribute that somebody else has replaced in the meantime stays: putting ours back would
        undo their patch, and ours passes calls on while no mock runs.
        """
        while self._replaced:
            owner, name, original, replacement = self._replaced.pop()
            if vars(owner).get(name) is replacement:
                setattr(owner, name, original)
