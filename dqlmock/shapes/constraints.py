"""The constraints of the service model: compiled once, checked fast, reported in full.

A shape becomes a `Constraint` with two faces. `passes` is a predicate for the request that is
right; `report` finds every violation, and is called only when `passes` said no. Knows neither JSON
types nor the wording around a violation, which depends on the region.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from dqlmock.errors import Violation
from dqlmock.shapes import overlay
from dqlmock.shapes.model import ServiceModel, Shape
from dqlmock.shapes.printed import camel_case, printed

_REMEMBERED_NAMES: Final = 1024
_LONGEST_NAME: Final = 255

_NULL = "Member must not be null"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule on a value itself: what AWS says of it, and whether a value keeps it."""

    reason: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Constraint:
    """All that a shape asks of a value.

    Args:
        shape: The shape, as AWS checks it.
        rules: On the value itself, in the order in which AWS reports them.
        passes: Whether the value, and all that it contains, keeps every rule.
        report_inside: The violations in what the value contains; takes the value and its path.
    """

    shape: Shape
    rules: tuple[Rule, ...]
    passes: Callable[[Any], bool]
    report_inside: Callable[[Any, str], Iterator[Violation]]

    def broken(self, value: Any) -> tuple[Rule, ...]:
        """Return the rules that the value itself breaks."""
        broken = tuple(rule for rule in self.rules if not rule.holds(value))
        return broken[:1] if self.shape.reports_once else broken


def _nothing_inside(value: Any, path: str) -> Iterator[Violation]:
    return iter(())


class Compiler:
    """Compiles the shapes of one service model.

    Args:
        model: The service model.

    >>> from dqlmock.shapes.model import service_model
    >>> dynamodb = service_model("dynamodb")
    >>> constraint = Compiler(dynamodb).structure(dynamodb.shape("KeySchemaElement"))
    >>> constraint.passes({"AttributeName": "pk", "KeyType": "HASH"})
    True
    >>> for violation in constraint.report_inside({"KeyType": "X"}, "keySchema.1.member."):
    ...     print(violation.path, violation.value, violation.reason)
    keySchema.1.member.attributeName None Member must not be null
    keySchema.1.member.keyType X Member must satisfy enum value set: [HASH, RANGE]
    """

    def __init__(self, model: ServiceModel) -> None:
        self._model = model

    def structure(self, shape: Shape, owner: str = "") -> Constraint:
        """Compile a structure.

        Args:
            shape: The structure, amended.
            owner: What rows of the overlay call it, if not by its shape's name.

        Returns:
            The constraint. Its `report_inside` takes the path with the dot that follows it, or "".
        """
        constraints = {
            member: constraint
            for member, name in shape.members.items()
            if (constraint := self._member(owner or shape.name, member, name)) is not None
        }
        predicates = {member: constraint.passes for member, constraint in constraints.items()}
        order = _report_order(shape)
        required = tuple(member for member in shape.required if member in shape.members)
        predicate_of = predicates.get

        def passes(value: dict[str, Any]) -> bool:
            for member in required:
                if member not in value:
                    return False
            for member in value:
                predicate = predicate_of(member)
                if predicate is not None and not predicate(value[member]):
                    return False
            return True

        def report(value: dict[str, Any], path: str) -> Iterator[Violation]:
            for member in order:
                place = path + camel_case(member)
                if member in value:
                    if member in constraints:
                        yield from self._report(constraints[member], value[member], place)
                elif member in required:
                    yield Violation(place, None, _NULL)

        return Constraint(shape, (), passes, report)

    def _report(self, constraint: Constraint, value: Any, path: str) -> Iterator[Violation]:
        for rule in constraint.broken(value):
            yield Violation(path, printed(self._model, constraint.shape, value), rule.reason)
        yield from self._report_inside(constraint, value, path)

    @staticmethod
    def _report_inside(constraint: Constraint, value: Any, path: str) -> Iterator[Violation]:
        inside = f"{path}." if constraint.shape.kind == "structure" else path
        return constraint.report_inside(value, inside)

    def _member(self, owner: str, member: str, name: str) -> Constraint | None:
        shape = overlay.amend(self._model.shape(name), f"*.{member}", f"{owner}.{member}")
        return self._compile(shape)

    def _compile(self, shape: Shape) -> Constraint | None:
        """Compile a shape; None where nothing is to be checked."""
        if shape.name == "AttributeValue":
            return None
        if shape.kind == "structure":
            return self.structure(shape)
        if shape.kind in {"list", "map"}:
            # A null attribute value is decoded as a value without a type, so none is left here.
            if shape.element == "AttributeValue":
                return _constraint(shape, _rules(shape))
            return self._list(shape) if shape.kind == "list" else self._map(shape)
        return _constraint(shape, _rules(shape))

    def _list(self, shape: Shape) -> Constraint:
        rules = _rules(shape)
        size_passes = _conjunction(rules)
        element_shape = overlay.amend(self._model.shape(shape.element))
        element = self._compile(element_shape) or Constraint(
            element_shape, (), _always, _nothing_inside
        )
        elements_pass = _each(element.passes)

        def passes(value: list[Any]) -> bool:
            return size_passes(value) and None not in value and elements_pass(value)

        def report(value: list[Any], path: str) -> Iterator[Violation]:
            if any(member is not None and element.broken(member) for member in value):
                reason = f"Member must satisfy constraint: {_listed(element.rules)}"
                yield Violation(path, printed(self._model, shape, value), reason)
            yield from self._report_elements(element, enumerate(value, 1), path)

        return Constraint(shape, rules, passes, report)

    def _map(self, shape: Shape) -> Constraint:
        rules = _rules(shape)
        size_passes = _conjunction(rules)
        key = _constraint(*self._key(shape)) or Constraint(shape, (), _always, _nothing_inside)
        element_shape = overlay.amend(self._model.shape(shape.element))
        element = self._compile(element_shape) or Constraint(
            element_shape, (), _always, _nothing_inside
        )
        keys_pass, elements_pass = _each(key.passes), _each(element.passes)

        def passes(value: dict[str, Any]) -> bool:
            contents = value.values()
            return (
                size_passes(value)
                and None not in contents
                and keys_pass(value)
                and elements_pass(contents)
            )

        def report(value: dict[str, Any], path: str) -> Iterator[Violation]:
            if any(key.broken(name) for name in value):
                reason = f"Map keys must satisfy constraint: {_listed(key.rules)}"
                yield Violation(path, printed(self._model, shape, value), reason)
            if any(content is not None and element.broken(content) for content in value.values()):
                reason = f"Map value must satisfy constraint: {_listed(element.rules)}"
                yield Violation(path, printed(self._model, shape, value), reason)
            yield from self._report_elements(element, value.items(), path)

        return Constraint(shape, rules, passes, report)

    def _key(self, shape: Shape) -> tuple[Shape, tuple[Rule, ...]]:
        # The keys of RequestItems are names of tables, whatever the model calls them.
        targets = ("*.TableName",) if shape.key in {"TableArn", "TableName"} else ()
        key = overlay.amend(self._model.shape(shape.key), *targets)
        return key, _rules(key)

    def _report_elements(self, element: Constraint, entries: Any, path: str) -> Iterator[Violation]:
        for name, content in entries:
            place = f"{path}.{name}.member"
            if content is None:
                yield Violation(place, None, _NULL)
            else:
                yield from self._report_inside(element, content, place)


def _report_order(shape: Shape) -> tuple[str, ...]:
    first = [member for member in shape.report_first if member in shape.members]
    return (*first, *(member for member in shape.members if member not in first))


def _always(value: Any) -> bool:
    return True


def _listed(rules: tuple[Rule, ...]) -> str:
    return f"[{', '.join(rule.reason for rule in rules)}]"


def _constraint(shape: Shape, rules: tuple[Rule, ...]) -> Constraint | None:
    """Return the constraint of a value that contains nothing to check."""
    if not rules:
        return None
    return Constraint(shape, rules, _predicate(shape, rules), _nothing_inside)


def _predicate(shape: Shape, rules: tuple[Rule, ...]) -> Callable[[Any], bool]:
    passes = _conjunction(rules)
    is_name = shape.pattern is not None and (shape.maximum or _LONGEST_NAME + 1) <= _LONGEST_NAME
    return _remembering(passes) if is_name else passes


def _remembering(passes: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return a predicate that knows the names, of tables or indexes, that passed before."""
    passed: set[str] = set()

    def remembered(value: str) -> bool:
        if value in passed:
            return True
        if not passes(value):
            return False
        if len(passed) < _REMEMBERED_NAMES:
            passed.add(value)
        return True

    return remembered


def _conjunction(rules: tuple[Rule, ...]) -> Callable[[Any], bool]:
    if not rules:
        return _always
    first = rules[0].holds
    if len(rules) == 1:
        return first
    others = _conjunction(rules[1:])
    return lambda value: first(value) and others(value)


def _each(passes: Callable[[Any], bool]) -> Callable[[Iterable[Any]], bool]:
    if passes is _always:
        return _always
    return lambda values: all(map(passes, values))


def _rules(shape: Shape) -> tuple[Rule, ...]:
    """Return the rules on the value itself, in the order in which AWS lists them.

    The longest length stands before the shortest (capture c_bw_over25), the pattern after both.
    """
    if shape.unchecked:
        return ()
    rules = [*_bounds(shape)]
    pattern = overlay.compile_pattern(shape.pattern) if shape.pattern is not None else None
    if pattern is not None:
        matches = pattern.fullmatch
        reason = f"Member must satisfy regular expression pattern: {shape.pattern}"
        rules.append(Rule(reason, lambda value: matches(value) is not None))
    if shape.enum:
        reason = f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
        rules.append(Rule(reason, frozenset(shape.enum).__contains__))
    if shape.accepts_arn:
        return tuple(Rule(rule.reason, _or_arn(rule.holds)) for rule in rules)
    return tuple(rules)


def _or_arn(holds: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: holds(value) or overlay.is_table_arn(value)


def _bounds(shape: Shape) -> Iterator[Rule]:
    is_number = shape.kind in {"integer", "long", "float", "double"}
    measured = "value" if is_number else "length"
    if (maximum := shape.maximum) is not None:
        reason = f"Member must have {measured} less than or equal to {maximum}"
        yield Rule(reason, _at_most(maximum) if is_number else _no_longer_than(maximum))
    if (minimum := shape.minimum) is not None:
        reason = f"Member must have {measured} greater than or equal to {minimum}"
        yield Rule(reason, _at_least(minimum) if is_number else _no_shorter_than(minimum))


def _at_most(maximum: int) -> Callable[[Any], bool]:
    return lambda value: bool(value <= maximum)


def _at_least(minimum: int) -> Callable[[Any], bool]:
    return lambda value: bool(value >= minimum)


def _no_longer_than(maximum: int) -> Callable[[Any], bool]:
    return lambda value: len(value) <= maximum


def _no_shorter_than(minimum: int) -> Callable[[Any], bool]:
    return lambda value: len(value) >= minimum
