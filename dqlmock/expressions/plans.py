"""Expressions that were seen before: parsed once, compiled once for each use of names and types.

Owns the two caches, both bounded. A text's structure is kept by parameter and text; what is
compiled from it is kept with the text, by the names that stand behind its placeholders and the
types of its values, for these decide whether it is right (see `checks`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

from dqlmock.expressions import nodes
from dqlmock.expressions.checks import check, check_values, depends_on_values
from dqlmock.expressions.compile import compile_condition
from dqlmock.expressions.keycond import DeferredKeyCondition
from dqlmock.expressions.parse import parse
from dqlmock.expressions.projection import Projection
from dqlmock.expressions.resolve import resolve
from dqlmock.expressions.structure import check_structure
from dqlmock.expressions.update import compile_update
from dqlmock.values.types import Attributes

TEXTS_KEPT: Final = 1024
"""Expressions whose structure is kept, over all parameters."""

PLANS_KEPT: Final = 64
"""Plans kept with one expression; past that the expression starts anew."""

_Key: TypeAlias = tuple[Any, ...]

_COMPILERS: Final[dict[str, Callable[[Any], Any]]] = {
    "ConditionExpression": compile_condition,
    "FilterExpression": compile_condition,
    "KeyConditionExpression": DeferredKeyCondition,
    "UpdateExpression": compile_update,
    "ProjectionExpression": lambda tree: Projection(tree.paths),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an expression comes to, for given names and types.

    Args:
        compiled: A `Test`, an `UpdatePlan`, a `Projection` or a `DeferredKeyCondition`.
        dependent: Nodes that must still be checked against each request's values.
    """

    compiled: Any
    dependent: tuple[nodes.Node, ...]


class Prepared:
    """One text of one parameter: its tree, what it refers to, and its plans.

    Args:
        parameter: The request's parameter that holds it.
        tree: Its tree, placeholders not replaced.
    """

    __slots__ = (
        "_in_order",
        "_nested",
        "_plans",
        "_roots",
        "_tree",
        "names",
        "parameter",
        "values",
    )

    def __init__(self, parameter: str, tree: nodes.Tree) -> None:
        self.parameter = parameter
        self._tree = tree
        self._in_order = tuple(nodes.post_order(tree))
        self.names, self.values = _placeholders(self._in_order)
        paths = [node for node in self._in_order if isinstance(node, nodes.Path)]
        self._roots = frozenset(str(path.steps[0]) for path in paths)
        self._nested = tuple(str(path.steps[0]) for path in paths if len(path.steps) > 1)
        self._plans: dict[_Key, Plan] = {}

    def roots(self, names: Mapping[str, str]) -> frozenset[str]:
        """Return the names of the attributes that the expression's paths begin with."""
        return frozenset(names.get(root, root) for root in self._roots)

    def nested(self, names: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of the attributes that the expression's paths lead into."""
        return tuple([names.get(root, root) for root in self._nested]) if self._nested else ()

    def compiled(self, names: Mapping[str, str], values: Attributes) -> Any:
        """Return what the expression comes to with the names and values of a request.

        Args:
            names: Placeholder → attribute name.
            values: Placeholder → canonical value.

        Raises:
            ValidationException: It is not right with these names and values.
        """
        try:
            key: _Key = (
                *map(names.__getitem__, self.names),
                *map(tuple, map(values.__getitem__, self.values)),
            )
        except KeyError:
            check(self.parameter, self._in_order, names, values)
            raise
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plan(key, names, values)
        elif plan.dependent:
            check_values(self.parameter, plan.dependent, names, values)
        return plan.compiled

    def _plan(self, key: _Key, names: Mapping[str, str], values: Attributes) -> Plan:
        check(self.parameter, self._in_order, names, values)
        tree = resolve(self._tree, names) if self.names else self._tree
        plan = Plan(_COMPILERS[self.parameter](tree), depends_on_values(self._in_order))
        if len(self._plans) >= PLANS_KEPT:
            self._plans.clear()
        self._plans[key] = plan
        return plan


@lru_cache(maxsize=TEXTS_KEPT)
def prepare(parameter: str, text: str) -> Prepared:
    """Return a text with what is known of it already.

    Args:
        parameter: The request's parameter that holds it: `"FilterExpression"`.
        text: The expression.

    Raises:
        ValidationException: The text is wrong, whatever names and values come with it.

    >>> prepare("FilterExpression", "#a = :v AND b.#c = :v").names
    ('#a', '#c')
    """
    tree = parse(parameter, text)
    check_structure(parameter, tree)
    return Prepared(parameter, tree)


def _placeholders(in_order: tuple[nodes.Node, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names: dict[str, None] = {}
    values: dict[str, None] = {}
    for node in in_order:
        if isinstance(node, nodes.Value):
            values[node.name] = None
        elif isinstance(node, nodes.Path):
            names.update(
                dict.fromkeys(cast("str", s) for s in node.steps if str(s).startswith("#"))
            )
    return tuple(names), tuple(values)
