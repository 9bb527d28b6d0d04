"""Projections: which parts of an item a read returns.

Owns the compiled form of ProjectionExpression and AttributesToGet. Knows neither tables nor
indexes: whether an index holds what is asked for, the engine decides by `paths`.
"""

from __future__ import annotations

from dqlmock.expressions.nodes import Path, Steps
from dqlmock.expressions.paths import path_tree, pick
from dqlmock.values.types import Attributes


class Projection:
    """The paths that a read returns.

    Args:
        paths: Placeholders replaced; no two of them touch.

    >>> Projection((Path(("a",)), Path(("m", "k")))).apply({"a": {"S": "x"}, "b": {"S": "y"}})
    {'a': {'S': 'x'}}
    """

    __slots__ = ("_names", "_tree", "nested", "paths", "roots")

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self.paths: tuple[Steps, ...] = tuple(path.steps for path in paths)
        """As they are written: `("m", "k", 0)`."""
        self.roots = frozenset(str(steps[0]) for steps in self.paths)
        """Names of the attributes that they begin with."""
        self.nested = tuple(str(steps[0]) for steps in self.paths if len(steps) > 1)
        """Names of the attributes that they lead into."""
        self._tree = path_tree(paths)
        whole = all(len(steps) == 1 for steps in self.paths)
        self._names = tuple(str(steps[0]) for steps in self.paths) if whole else None

    def apply(self, attributes: Attributes) -> Attributes:
        """Return the projected parts of an item.

        Args:
            attributes: The item.

        Returns:
            A new dict. Lists hold only the elements asked for, in the list's order; what is
            missing is left out.
        """
        if self._names is None:
            return pick(self._tree, attributes)
        return {name: attributes[name] for name in self._names if name in attributes}
