"""The trees that expressions are parsed into: immutable, hashable, shared by every request.

Owns the node types and the two ways to walk them. Knows neither text nor messages. In the tree
that comes out of the parser a name may still be a placeholder (`#n`); `resolve` replaces it.
Values stay references (`:v`): what they stand for differs from request to request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Steps: TypeAlias = tuple[str | int, ...]
"""A document path: attribute name first, then map keys (str) and list indexes (int)."""


@dataclass(frozen=True, slots=True)
class Path:
    """A document path, `a.b[0]` or `#a.b[0]`.

    Args:
        steps: `("a", "b", 0)`.
    """

    steps: Steps

    def __str__(self) -> str:
        """The path as AWS prints it.

        >>> str(Path(("a", 0, "b")))
        '[a, [0], b]'
        """
        return f"[{', '.join(f'[{s}]' if isinstance(s, int) else s for s in self.steps)}]"


@dataclass(frozen=True, slots=True)
class Value:
    """A reference to a value of the request.

    Args:
        name: With its colon: `":v"`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments: `size(a)`, `contains(a, :v)`, `list_append(a, :v)`."""

    function: str
    arguments: tuple[Operand, ...]


Operand: TypeAlias = Path | Value | Call


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`, the operator one of `= <> < <= > >=`."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Between:
    """`operand BETWEEN low AND high`, both ends included."""

    operand: Operand
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class Membership:
    """`operand IN (choices)`."""

    operand: Operand
    choices: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`NOT condition`."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class And:
    """Two or more conditions joined by AND."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more conditions joined by OR."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Between | Membership | Not | And | Or | Call


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left + right` or `left - right`."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class SetAction:
    """`path = value` of a SET section."""

    path: Path
    value: Operand | Arithmetic


@dataclass(frozen=True, slots=True)
class RemoveAction:
    """A path of a REMOVE section."""

    path: Path


@dataclass(frozen=True, slots=True)
class AddAction:
    """`path :value` of an ADD section."""

    path: Path
    value: Value


@dataclass(frozen=True, slots=True)
class DeleteAction:
    """`path :value` of a DELETE section."""

    path: Path
    value: Value


Action: TypeAlias = SetAction | RemoveAction | AddAction | DeleteAction


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an update expression.

    Args:
        keyword: `"SET"`, `"REMOVE"`, `"ADD"` or `"DELETE"`.
        actions: In the order in which they are written.
    """

    keyword: str
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class UpdateTree:
    """An update expression."""

    sections: tuple[Section, ...]

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions, in the order in which they are written."""
        return tuple(action for section in self.sections for action in section.actions)


@dataclass(frozen=True, slots=True)
class PathList:
    """A projection expression."""

    paths: tuple[Path, ...]


Tree: TypeAlias = Condition | UpdateTree | PathList
Node: TypeAlias = Tree | Operand | Arithmetic | Action | Section


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below a node, in the order in which they are written.

    >>> children(Comparison("=", Path(("a",)), Value(":v")))
    (Path(steps=('a',)), Value(name=':v'))
    """
    below = _BELOW.get(type(node))
    return below(node) if below else ()


def _two_operands(node: Comparison | Arithmetic) -> tuple[Node, ...]:
    return node.left, node.right


def _target_and_value(node: SetAction | AddAction | DeleteAction) -> tuple[Node, ...]:
    return node.path, node.value


_BELOW: Final[dict[type, Callable[[Any], tuple[Node, ...]]]] = {
    Comparison: _two_operands,
    Arithmetic: _two_operands,
    And: lambda node: node.conditions,
    Or: lambda node: node.conditions,
    Not: lambda node: (node.condition,),
    Call: lambda node: node.arguments,
    Between: lambda node: (node.operand, node.low, node.high),
    Membership: lambda node: (node.operand, *node.choices),
    RemoveAction: lambda node: (node.path,),
    SetAction: _target_and_value,
    AddAction: _target_and_value,
    DeleteAction: _target_and_value,
    Section: lambda node: node.actions,
    UpdateTree: lambda node: node.sections,
    PathList: lambda node: node.paths,
}
"""What is not here is a leaf. A match would try class after class, for thousands of nodes."""


def with_children(node: Node, below: Sequence[Any]) -> Node:
    """Return a node of the same kind with other nodes below it.

    Args:
        node: Any node.
        below: As many nodes as `children` gives, in the same order.

    >>> with_children(Not(Call("f", ())), [Call("g", ())])
    Not(condition=Call(function='g', arguments=()))
    """
    match node:
        case Path() | Value():
            return node
        case Comparison() | Arithmetic():
            return type(node)(node.operator, *below)
        case Call():
            return Call(node.function, tuple(below))
        case Membership():
            return Membership(below[0], tuple(below[1:]))
        case Section():
            return Section(node.keyword, tuple(below))
        case And() | Or() | UpdateTree() | PathList():
            return type(node)(tuple(below))
        case _:
            return type(node)(*below)


def post_order(root: Node) -> Iterator[Node]:
    """Yield every node below a root and the root, children before their parent.

    Not recursive: an expression of 4 KB can nest deeper than Python's stack.

    >>> [type(node).__name__ for node in post_order(Not(Call("f", (Path(("a",)),))))]
    ['Path', 'Call', 'Not']
    """
    # Before its children, the last of them first: the reverse of what is wanted.
    found = []
    pending = [root]
    while pending:
        node = pending.pop()
        found.append(node)
        pending.extend(children(node))
    return reversed(found)
