"""Document paths against attributes: reading them, and trees of paths that may not touch.

Owns how a path is followed into maps and lists, and which two paths overlap or conflict. Knows
neither expressions nor requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from dqlmock.expressions.nodes import Path, Steps
from dqlmock.values.types import Attributes, AttributeValue

Reader: TypeAlias = Callable[[Attributes, Attributes], AttributeValue | None]
"""(values of the request, attributes of the item) → value, None where there is none."""

_OVERLAP: Final = "Two document paths overlap with each other"
_CONFLICT: Final = "Two document paths conflict with each other"


def path_reader(steps: Steps) -> Reader:
    """Return a function that reads a path from an item.

    Args:
        steps: The path, placeholders replaced.

    Returns:
        A reader; it answers None where an attribute, key or element is missing, or where a step
        doesn't fit what is there.

    >>> path_reader(("l", 1))({}, {"l": {"L": [{"S": "a"}, {"S": "b"}]}})
    {'S': 'b'}
    """
    name = str(steps[0])
    if len(steps) == 1:
        return lambda values, attributes: attributes.get(name)
    rest = steps[1:]

    def read(values: Attributes, attributes: Attributes) -> AttributeValue | None:
        value = attributes.get(name)
        for step in rest:
            if value is None:
                return None
            value = member(value, step)
        return value

    return read


def member(value: AttributeValue, step: str | int) -> AttributeValue | None:
    """Return what a map holds under a key, or a list at an index; None where there is nothing.

    >>> member({"M": {"a": {"N": "1"}}}, "a")
    {'N': '1'}
    """
    if isinstance(step, int):
        elements: list[AttributeValue] = value.get("L", [])
        return elements[step] if step < len(elements) else None
    found: AttributeValue | None = value.get("M", {}).get(step)
    return found


class TouchingPathsError(Exception):
    """Two paths of which one lies within the other, or which take one value for map and list.

    Args:
        what: `_OVERLAP` or `_CONFLICT`.
        one: The path that is written first.
        two: The path that can't stand beside it.
    """

    def __init__(self, what: str, one: Path, two: Path) -> None:
        super().__init__(
            f"{what}; must remove or rewrite one of these paths; path one: {one}, path two: {two}"
        )


@dataclass(slots=True)
class PathTree:
    """Paths that don't touch, as a tree of their steps.

    Args:
        branches: Next step → the tree below it.
        whole: The path that ends here; then there is nothing below.
        latest: The path that came through here last.
        latest_key: The last of those that took this for a map, except at the root.
        latest_index: The last of those that took this for a list.
    """

    branches: dict[str | int, PathTree] = field(default_factory=dict)
    whole: Path | None = None
    latest: Path | None = None
    latest_key: Path | None = None
    latest_index: Path | None = None


def path_tree(paths: Iterable[Path]) -> PathTree:
    """Return the tree of paths, in time linear in their lengths.

    An overlap is told before a conflict, wherever it stands (dynalite's tests of GetItem and
    UpdateItem recorded it).

    Args:
        paths: Placeholders replaced, in the order in which they are written.

    Raises:
        TouchingPathsError: Two of them overlap or conflict.

    >>> path_tree([Path(("a",)), Path(("a", "b"))])
    Traceback (most recent call last):
    ...
    dqlmock.expressions.paths.TouchingPathsError: Two document paths overlap with each other; \
must remove or rewrite one of these paths; path one: [a], path two: [a, b]
    """
    root = PathTree()
    conflicts: list[TouchingPathsError] = []
    for path in paths:
        _plant(root, path, conflicts)
    if conflicts:
        raise conflicts[-1]  # dynalite and DynamoDB Local
    return root


def _plant(root: PathTree, path: Path, conflicts: list[TouchingPathsError]) -> None:
    tree = root
    for step in path.steps:
        if tree.whole:
            raise TouchingPathsError(_OVERLAP, tree.whole, path)
        other = tree.latest_key if isinstance(step, int) else tree.latest_index
        if other:
            conflicts.append(TouchingPathsError(_CONFLICT, other, path))
        if tree is not root:
            tree.latest = path
            if isinstance(step, int):
                tree.latest_index = path
            else:
                tree.latest_key = path
        tree = tree.branches.setdefault(step, PathTree())
    other = tree.whole or tree.latest
    if other:
        raise TouchingPathsError(_OVERLAP, other, path)
    tree.whole = path


def pick(tree: PathTree, attributes: Attributes) -> Attributes:
    """Return the parts of attributes that a tree's paths lead to.

    Args:
        tree: Of one path or more.
        attributes: An item.

    Returns:
        A new dict; maps keep the keys and lists the elements that were asked for, elements in the
        list's order and closed up. What is missing is left out.

    >>> pick(path_tree([Path(("l", 1)), Path(("x",))]), {"l": {"L": [{"S": "a"}, {"S": "b"}]}})
    {'l': {'L': [{'S': 'b'}]}}
    """
    return _pick_keys(tree.branches, attributes)


def _pick_keys(branches: Mapping[str | int, PathTree], content: Attributes) -> Attributes:
    picked: dict[str, AttributeValue] = {}
    for step, branch in branches.items():
        value = content.get(str(step))
        if value is not None:
            part = value if branch.whole else _pick_below(branch, value)
            if part is not None:
                picked[str(step)] = part
    return picked


def _pick_below(tree: PathTree, value: AttributeValue) -> AttributeValue | None:
    if "M" in value and isinstance(next(iter(tree.branches)), str):
        keys = _pick_keys(tree.branches, value["M"])
        return {"M": keys} if keys else None
    if "L" not in value or isinstance(next(iter(tree.branches)), str):
        return None
    elements = []
    for index, branch in sorted(tree.branches.items()):
        element = member(value, index)
        if element is not None:
            part = element if branch.whole else _pick_below(branch, element)
            if part is not None:
                elements.append(part)
    return {"L": elements} if elements else None
