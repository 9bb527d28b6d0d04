"""Placeholders of names out of a tree, attribute names in.

Knows nothing of values and checks nothing: `checks` has seen to it that every name is defined and
that the tree is not deeper than 300 operators, so that recursion is safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar, cast

from dqlmock.expressions import nodes
from dqlmock.expressions.checks import with_names

_Tree = TypeVar("_Tree", bound=nodes.Tree)


def resolve(tree: _Tree, names: Mapping[str, str]) -> _Tree:
    """Return a tree with every placeholder of a name replaced.

    Args:
        tree: An expression that was checked.
        names: Placeholder → attribute name; it has all that the tree uses.

    >>> resolve(nodes.PathList((nodes.Path(("#a",)),)), {"#a": "x.y"})
    PathList(paths=(Path(steps=('x.y',)),))
    """
    return cast("_Tree", _resolved(tree, names))


def _resolved(node: nodes.Node, names: Mapping[str, str]) -> nodes.Node:
    match node:
        case nodes.Path():
            return with_names(node, names)
        case nodes.Value():
            return node
        case _:
            below = [_resolved(child, names) for child in nodes.children(node)]
            return nodes.with_children(node, below)
