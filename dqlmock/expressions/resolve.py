"""Placeholders of names out of a tree, attribute names in.

Knows nothing of values and checks nothing: `checks` has seen to it that every name is defined.
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
    done: list[nodes.Node] = []
    for node in nodes.post_order(tree):
        if isinstance(node, nodes.Path):
            done.append(with_names(node, names))
            continue
        first = len(done) - len(nodes.children(node))
        done[first:] = [nodes.with_children(node, done[first:])]
    return cast("_Tree", done[0])
