"""Updates: expressions that make a new item out of an old one.

Owns SET, REMOVE, ADD and DELETE. All values are read from the old item before anything is written,
which is never changed: the new one shares with it all that the update doesn't touch.

Source: "Using update expressions in DynamoDB" (Expressions.UpdateExpressions); the errors' words
and their order are DynamoDB Local's.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias, cast

from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.functions import type_of
from dqlmock.expressions.paths import PathTree, Reader, member, path_reader, path_tree, pick
from dqlmock.values.number import add, subtract, to_decimal
from dqlmock.values.types import SET_TYPES, Attributes, AttributeValue

_Combine: TypeAlias = Callable[[AttributeValue, AttributeValue], AttributeValue | None]

_INVALID_PATH: Final = "The document path provided in the update expression is invalid for update"
_MISSING: Final = "The provided expression refers to an attribute that does not exist in the item"
_WRONG_TYPE: Final = "An operand in the update expression has an incorrect data type"
_LEGACY_WRONG_TYPE: Final = "Type mismatch for attribute to update"

_UPDATE_BYTES: Final = 3
_WRITING_BYTES: Final = 19
_CLEARING_BYTES: Final = 2
_ARITHMETIC_BYTES: Final = 50
_LIST_INDEX_BYTES: Final = 1
"""What an update and its actions count towards the size of an item: found by bisecting the limit in
eu-west-2 (github.com/nubo-db/dynoxide, August 2026). Two list indexes in one path, or both terms of
arithmetic being calculated, were not measured."""

_IN_ORDER: Final = ("SET", "REMOVE", "ADD", "DELETE")
"""The order in which AWS computes the sections, seen where two of them fail."""

_MEMBER_ORDER: Final[Mapping[str, Callable[[str], Any] | None]] = {
    "SS": None,
    "NS": to_decimal,
    "BS": b64decode,
}


class Update:
    """A compiled update, with the values of a request.

    Args:
        plan: From `compile_update`.
        values: Placeholder → canonical value.
    """

    __slots__ = ("_plan", "_values")

    def __init__(self, plan: UpdatePlan, values: Attributes) -> None:
        self._plan = plan
        self._values = values

    @property
    def is_legacy(self) -> bool:
        """Whether it comes from AttributeUpdates."""
        return self._plan.is_legacy

    @property
    def roots(self) -> tuple[str, ...]:
        """Names of the attributes that are touched, in the order in which they are written."""
        return self._plan.roots

    @property
    def only_clears(self) -> bool:
        """Whether it has nothing but REMOVE and DELETE: such an update makes no item."""
        return self._plan.only_clears

    @property
    def charge_bytes(self) -> int:
        """What UpdateItem counts beside what is written when it holds that to the limit.

        A number of bytes for the update and for each of its actions, whatever is written.

        >>> count = nodes.Section("ADD", (nodes.AddAction(nodes.Path(("n",)), nodes.Value(":n")),))
        >>> Update(compile_update(nodes.UpdateTree((count,))), {":n": {"N": "2"}}).charge_bytes
        22
        """
        return self._plan.charge_bytes

    def written_types(self) -> Iterator[tuple[str, str]]:
        """Yield whole attributes that are written, each with the type it is to have.

        What is copied from the item is left out: its type is known only with the item.
        """
        for name, source in self._plan.written:
            yield name, type_of(self._values[source]) if source.startswith(":") else source

    def given_values(self) -> Iterator[tuple[str, AttributeValue]]:
        """Yield whole attributes that are set to a value of the request, whatever the item has."""
        for name, source in self._plan.given:
            yield name, self._values[source]

    def apply(self, attributes: Attributes) -> Attributes:
        """Return an item as it is after the update.

        Args:
            attributes: The old item, or the key alone where there is none. It stays as it is.

        Returns:
            A new dict, sharing with the old one whatever is untouched.

        Raises:
            ValidationException: Family BARE. A path that can't be followed, an operand that is
                missing or of the wrong type, a number out of range.
        """
        return self._plan.apply(self._values, attributes)

    def touched(self, attributes: Attributes) -> Attributes:
        """Return the parts of an item at the updated paths.

        Args:
            attributes: The old item for ReturnValues UPDATED_OLD, the new one for UPDATED_NEW.

        Returns:
            A new dict; lists keep only the elements that are touched. Empty if there are none.
        """
        return pick(self._plan.tree, attributes)


class UpdatePlan:
    """What an update does, its values left open: shared by every request with the same text."""

    __slots__ = (
        "_branches",
        "_computed",
        "charge_bytes",
        "given",
        "is_legacy",
        "only_clears",
        "roots",
        "tree",
        "written",
    )

    def __init__(
        self,
        paths: tuple[nodes.Path, ...],
        computed: tuple[tuple[nodes.Path, Reader], ...],
        written: tuple[tuple[str, str], ...],
        *,
        given: tuple[tuple[str, str], ...],
        charge_bytes: int,
        is_legacy: bool,
        only_clears: bool,
    ) -> None:
        self.charge_bytes = charge_bytes
        self.is_legacy = is_legacy
        self.only_clears = only_clears
        self.written = written
        """Attributes, each with the reference to its new value or with that value's type tag."""
        self.given = given
        """Attributes, each with the reference to the value it is set to."""
        self.roots = tuple(dict.fromkeys(str(path.steps[0]) for path in paths))
        self.tree = path_tree(paths)
        self._computed = computed
        self._branches = tuple(
            (str(name), branch) for name, branch in self.tree.branches.items() if not branch.whole
        )

    def apply(self, values: Attributes, attributes: Attributes) -> Attributes:
        """Return the new item; see `Update.apply`."""
        updated = dict(attributes)
        nested: dict[nodes.Path, AttributeValue | None] = {}
        for path, compute in self._computed:
            value = compute(values, attributes)
            steps = path.steps
            if len(steps) > 1:
                nested[path] = value
            elif value is None:
                updated.pop(cast("str", steps[0]), None)
            else:
                updated[cast("str", steps[0])] = value
        for name, branch in self._branches:
            updated[name] = _rewritten(attributes[name], branch, nested)
        return updated


def compile_update(tree: nodes.UpdateTree, *, legacy: bool = False) -> UpdatePlan:
    """Return the plan of an update.

    Args:
        tree: Placeholders of names replaced, checked.
        legacy: It comes from AttributeUpdates: ADD appends to lists, and types that don't fit are
            reported in other words.

    >>> count = nodes.Section("ADD", (nodes.AddAction(nodes.Path(("n",)), nodes.Value(":n")),))
    >>> Update(compile_update(nodes.UpdateTree((count,))), {":n": {"N": "2"}}).apply({})
    {'n': {'N': '2'}}
    """
    wrong_type = _LEGACY_WRONG_TYPE if legacy else _WRONG_TYPE
    sections = sorted(tree.sections, key=lambda section: _IN_ORDER.index(section.keyword))
    computed = tuple(
        (action.path, _computed(action, wrong_type))
        for section in sections
        for action in section.actions
    )
    actions = tree.actions
    paths = tuple(action.path for action in actions)
    charge_bytes = _UPDATE_BYTES + sum(map(_charge_bytes, actions))
    return UpdatePlan(
        paths,
        computed,
        tuple(_written(actions)),
        given=tuple(_given(actions)),
        charge_bytes=charge_bytes,
        is_legacy=legacy,
        only_clears=not any(isinstance(a, (nodes.SetAction, nodes.AddAction)) for a in actions),
    )


def _charge_bytes(action: nodes.Action) -> int:
    if isinstance(action, (nodes.RemoveAction, nodes.DeleteAction)):
        return _CLEARING_BYTES
    charge_bytes = _WRITING_BYTES
    if isinstance(action.value, nodes.Arithmetic):
        charge_bytes += _ARITHMETIC_BYTES
    if any(isinstance(step, int) for step in action.path.steps):
        charge_bytes += _LIST_INDEX_BYTES
    return charge_bytes


def _written(actions: Iterable[nodes.Action]) -> Iterator[tuple[str, str]]:
    for action in actions:
        if isinstance(action, nodes.RemoveAction) or len(action.path.steps) > 1:
            continue
        source = _type_source(action.value)
        if source is not None:
            yield str(action.path.steps[0]), source


def _given(actions: Iterable[nodes.Action]) -> Iterator[tuple[str, str]]:
    for action in actions:
        match action:
            case nodes.SetAction(nodes.Path((name,)), nodes.Value(source)):
                yield str(name), source


def _type_source(value: nodes.Operand | nodes.Arithmetic) -> str | None:
    match value:
        case nodes.Value(name):
            return name
        case nodes.Arithmetic():
            return "N"
        case nodes.Call("list_append"):
            return "L"
        case nodes.Call("if_not_exists", (_, default)):
            return _type_source(default)
        case _:
            return None


def _computed(action: nodes.Action, wrong_type: str) -> Reader:
    """A closure that gives what will stand at the action's path, None for nothing."""
    match action:
        case nodes.SetAction():
            compute = _assigned(action.value)
        case nodes.RemoveAction():
            compute = _nothing
        case nodes.AddAction():
            compute = _combined(action, _sum(wrong_type))
        case nodes.DeleteAction():
            compute = _combined(action, _difference(wrong_type))
    return compute if len(action.path.steps) == 1 else _within_container(action.path, compute)


def _nothing(values: Attributes, attributes: Attributes) -> None:
    return None


def _within_container(path: nodes.Path, compute: Reader) -> Reader:
    *above, last = path.steps
    container = path_reader(tuple(above))
    tag = "L" if isinstance(last, int) else "M"

    def checked(values: Attributes, attributes: Attributes) -> AttributeValue | None:
        if tag not in (container(values, attributes) or ()):
            raise ValidationException(_INVALID_PATH)
        return compute(values, attributes)

    return checked


def _assigned(value: nodes.Operand | nodes.Arithmetic) -> Reader:
    if isinstance(value, nodes.Path):
        return _existing(path_reader(value.steps))
    if isinstance(value, nodes.Value):
        name = value.name
        return lambda values, attributes: values[name]
    if isinstance(value, nodes.Arithmetic):
        operation = add if value.operator == "+" else subtract
        return _paired(value.left, value.right, "N", operation)
    if value.function == "list_append":
        first, second = value.arguments
        return _paired(first, second, "L", _concatenated)
    return _if_not_exists(value)


def _concatenated(first: list[AttributeValue], second: list[AttributeValue]) -> Any:
    return [*first, *second]


def _existing(read: Reader) -> Reader:
    def existing(values: Attributes, attributes: Attributes) -> AttributeValue:
        value = read(values, attributes)
        if value is None:
            raise ValidationException(_MISSING)
        return value

    return existing


def _if_not_exists(call: nodes.Call) -> Reader:
    path, default = call.arguments
    present = path_reader(cast("nodes.Path", path).steps)
    otherwise = _assigned(default)

    def choose(values: Attributes, attributes: Attributes) -> AttributeValue | None:
        # Both are read: a default that doesn't exist is an error even if it isn't needed.
        fallback = otherwise(values, attributes)
        value = present(values, attributes)
        return fallback if value is None else value

    return choose


def _paired(
    left: nodes.Operand, right: nodes.Operand, tag: str, operation: Callable[[Any, Any], Any]
) -> Reader:
    first, second = _typed(_assigned(left), tag), _typed(_assigned(right), tag)

    def compute(values: Attributes, attributes: Attributes) -> AttributeValue:
        return {tag: operation(first(values, attributes), second(values, attributes))}

    return compute


def _typed(read: Reader, tag: str) -> Callable[[Attributes, Attributes], Any]:
    def content(values: Attributes, attributes: Attributes) -> Any:
        value = read(values, attributes)
        if value is None or tag not in value:
            raise ValidationException(_WRONG_TYPE)
        return value[tag]

    return content


def _combined(action: nodes.AddAction | nodes.DeleteAction, combine: _Combine) -> Reader:
    name = action.value.name
    read = path_reader(action.path.steps)
    adding = isinstance(action, nodes.AddAction)

    def compute(values: Attributes, attributes: Attributes) -> AttributeValue | None:
        old = read(values, attributes)
        if old is None:
            return values[name] if adding else None
        return combine(old, values[name])

    return compute


def _sum(wrong_type: str) -> _Combine:
    def combine(old: AttributeValue, new: AttributeValue) -> AttributeValue:
        tag = type_of(new)
        if tag not in old:
            raise ValidationException(wrong_type)
        if tag == "N":
            return {"N": add(old["N"], new["N"])}
        if tag == "L":
            return {"L": [*old["L"], *new["L"]]}
        return _member_set(tag, {*old[tag], *new[tag]})

    return combine


def _difference(wrong_type: str) -> _Combine:
    def combine(old: AttributeValue, new: AttributeValue) -> AttributeValue | None:
        tag = type_of(new)
        if tag not in old or tag not in SET_TYPES:
            raise ValidationException(wrong_type)
        left = set(old[tag]).difference(new[tag])
        # There are no empty sets: the attribute goes with its last member.
        return _member_set(tag, left) if left else None

    return combine


def _member_set(tag: str, members: set[str]) -> AttributeValue:
    return {tag: sorted(members, key=_MEMBER_ORDER[tag])}


def _rewritten(
    old: AttributeValue, tree: PathTree, nested: Mapping[nodes.Path, AttributeValue | None]
) -> AttributeValue:
    """A map or list with new values at the tree's paths; `_within_container` has checked them."""
    if "L" in old:
        return {"L": _rewritten_list(old["L"], tree, nested)}
    content = dict(old["M"])
    for key, branch in tree.branches.items():
        value = _new_value(old, key, branch, nested)
        if value is None:
            content.pop(key, None)
        else:
            content[key] = value
    return {"M": content}


def _rewritten_list(
    old: list[AttributeValue],
    tree: PathTree,
    nested: Mapping[nodes.Path, AttributeValue | None],
) -> list[AttributeValue]:
    elements: list[AttributeValue | None] = list(old)
    for index, branch in sorted(tree.branches.items()):
        value = _new_value({"L": old}, index, branch, nested)
        if cast("int", index) < len(old):
            elements[cast("int", index)] = value
        else:
            # Past the end means appended, in the order of the indexes, without holes.
            elements.append(value)
    return [element for element in elements if element is not None]


def _new_value(
    old: AttributeValue,
    step: str | int,
    branch: PathTree,
    nested: Mapping[nodes.Path, AttributeValue | None],
) -> AttributeValue | None:
    if branch.whole:
        return nested[branch.whole]
    return _rewritten(cast("AttributeValue", member(old, step)), branch, nested)
