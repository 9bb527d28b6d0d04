"""Breaking a valid request in every way its shape has: systematically, one place at a time.

Owns the ways; the shapes are those of the service model, and the valid requests `valid`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final, NamedTuple

from differential.given import OWN, Setting
from differential.servers import service
from differential.valid import OTHER_MEMBERS, VALID
from dqlmock.shapes.model import Shape, service_model


class Call(NamedTuple):
    """A request to compare, named after what is wrong with it.

    Args:
        name: What is wrong with it.
        operation: Of the API.
        request: JSON.
        setting: What it finds.
        given: Calls that are made first, an operation and a request each.
    """

    name: str
    operation: str
    request: Any
    setting: Setting = OWN
    given: tuple[tuple[str, Any], ...] = ()


class _Drop:
    """Stands for no value at all."""


DROP: Final = _Drop()
Path = tuple[str | int, ...]

_TYPED: Final[dict[str, Any]] = {
    "a string": "x",
    "a number": 1,
    "a fraction": 1.5,
    "true": True,
    "a list": [],
    "an object": {},
}
_RIGHT: Final = {
    "string": ("a string",),
    "blob": ("a string",),
    "integer": ("a number", "a fraction"),
    "long": ("a number", "a fraction"),
    "boolean": ("true",),
    "list": ("a list",),
    "map": ("an object",),
    "structure": ("an object",),
}
_BAD_VALUES: Final[dict[str, Any]] = {
    "no type": {},
    "an unknown type": {"X": "x"},
    "two types": {"S": "a", "N": "1"},
    "a number that is none": {"N": "abc"},
    "an empty number": {"N": ""},
    "a number too large": {"N": "1E126"},
    "a number too small": {"N": "1E-131"},
    "39 digits": {"N": "1" * 39},
    "an empty string": {"S": ""},
    "a false NULL": {"NULL": False},
    "an empty set": {"SS": []},
    "an empty number set": {"NS": []},
    "an empty binary set": {"BS": []},
    "a duplicate in a set": {"SS": ["a", "a"]},
    "equal numbers in a set": {"NS": ["1", "1.0"]},
    "a duplicate binary in a set": {"BS": ["AQ==", "AQ=="]},
    "a set's number that is none": {"NS": ["1", "x"]},
    "an empty binary": {"B": ""},
    "no base64": {"B": "!!!"},
    "a bad value within a list": {"L": [{"N": "x"}]},
    "a bad value within a map": {"M": {"a": {"SS": []}}},
    "nothing within a list": {"L": [{}]},
    "another number": {"N": "5"},
    "another string": {"S": "x"},
}


def broken() -> Iterator[Call]:
    """Yield every valid request, and every one broken at one place or at two."""
    for operation, requests in VALID.items():
        model = service(operation)
        shape = service_model(model).input_shape(operation)
        for number, request in enumerate(requests, 1):
            label = f"{operation} {number}"
            yield Call(f"{label}: valid", operation, request)
            found = [
                *_alterations(model, shape, request, ()),
                *_additions(shape, request),
            ]
            for path, how, value in found:
                yield Call(
                    f"{label}: {_spell(path)} {how}", operation, altered(request, path, value)
                )
            yield from _in_pairs(label, operation, request, found)
        for how in ("a string", "a number", "a list", "true"):
            yield Call(f"{operation}: the request is {how}", operation, _TYPED[how])
        yield Call(f"{operation}: an empty request", operation, {})


Alteration = tuple[Path, str, Any]


def _in_pairs(label: str, operation: str, request: Any, found: list[Alteration]) -> Iterator[Call]:
    """Yield requests with two faults of the kinds that a model's constraints find."""
    faults = [alteration for alteration in found if alteration[1] in _PAIRED]
    for first, second in zip(faults, faults[1:] + faults[:1], strict=True):
        if first[0][0] == second[0][0]:
            continue  # the one may have removed the place of the other
        both = altered(altered(request, first[0], first[2]), second[0], second[2])
        name = f"{label}: {_spell(first[0])} {first[1]}, {_spell(second[0])} {second[1]}"
        yield Call(name, operation, both)


_PAIRED: Final = ("is missing", "isn't in the enum", "is too long", "has nothing in it", "is 0")


def alterations(operation: str, request: Any) -> list[Alteration]:
    """Return every way to break a request of an operation at one place."""
    model = service(operation)
    shape = service_model(model).input_shape(operation)
    return [*_alterations(model, shape, request, ()), *_additions(shape, request)]


def _alterations(model: str, shape: Shape, value: Any, path: Path) -> Iterator[Alteration]:
    if path:
        yield path, "is null", None
        yield path, "is missing", DROP
        for how, wrong in _TYPED.items():
            if how not in _RIGHT.get(shape.kind, ()):
                yield path, f"is {how}", wrong
    yield from _of_kind(shape, value, path)
    for step, name, member in _inner(shape, value):
        yield from _alterations(model, service_model(model).shape(name), member, (*path, step))


def _of_kind(shape: Shape, value: Any, path: Path) -> Iterator[Alteration]:
    if shape.name == "AttributeValue":
        yield from ((path, f"is {how}", wrong) for how, wrong in _BAD_VALUES.items())
    elif shape.kind == "structure":
        yield (*path, "Unknown"), "is not known", "x"
    elif shape.kind == "map":
        yield path, "has nothing in it", {}
    elif shape.kind == "list":
        yield path, "has nothing in it", []
        yield path, "has everything twice", value + value
        yield (
            path,
            "is too long",
            (value * (shape.maximum or 26) + value)[: (shape.maximum or 26) + 1],
        )
    else:
        yield from _scalars(shape, path)


def _inner(shape: Shape, value: Any) -> list[tuple[str | int, str, Any]]:
    """Return the members of a value: how to get there, their shapes' names, and themselves."""
    if shape.name == "AttributeValue":
        return []
    if shape.kind == "structure":
        return [(member, shape.members[member], value[member]) for member in value]
    if shape.kind == "map":
        return [(key, shape.element, value[key]) for key in list(value)[:2]]
    if shape.kind == "list":
        return [(index, shape.element, member) for index, member in enumerate(value)]
    return []


def _scalars(shape: Shape, path: Path) -> Iterator[Alteration]:
    if shape.kind == "string":
        yield path, "has nothing in it", ""
        if shape.enum:
            yield path, "isn't in the enum", "NOPE"
            yield path, "is in lower case", shape.enum[0].lower()
        else:
            yield path, "breaks the pattern", "no;pe"
            yield path, "is too short", "a"
            yield path, "is too long", "a" * max((shape.maximum or 0) + 1, 256)
    elif shape.kind in ("integer", "long"):
        yield path, "is 0", 0
        yield path, "is negative", -1
        yield path, "is huge", 10**12
        yield path, "is beyond a long", 10**19


def _additions(shape: Shape, request: Any) -> Iterator[Alteration]:
    for member in shape.members:
        if member in request:
            continue
        for number, value in enumerate(OTHER_MEMBERS.get(member, ()), 1):
            yield (member,), f"is added ({number})", value
        for how, wrong in _TYPED.items():
            yield (member,), f"is {how}", wrong


def altered(request: Any, path: Path, value: Any) -> Any:
    """Return a copy of a request with another value at a path.

    >>> altered({"Key": {"a": 1}}, ("Key", "a"), DROP)
    {'Key': {}}
    """
    copy = deepcopy(request)
    place = copy
    for step in path[:-1]:
        place = place[step]
    if value is not DROP:
        place[path[-1]] = value
    elif isinstance(place, dict):
        place.pop(path[-1], None)
    else:
        del place[path[-1]]
    return copy


def _spell(path: Path) -> str:
    return ".".join(str(step) for step in path)
