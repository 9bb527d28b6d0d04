"""The expressions of one request, sharing names and values: the door of this room.

Owns ExpressionAttributeNames and ExpressionAttributeValues: their keys' grammar, and that every one
is used. Whether a request may have them at all is the operations' business.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache, partial
from itertools import chain
from typing import Final, TypeAlias

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.compile import Filter
from dqlmock.expressions.keycond import DeferredKeyCondition, KeyConditions
from dqlmock.expressions.plans import Prepared, prepare
from dqlmock.expressions.projection import Projection
from dqlmock.expressions.update import Update
from dqlmock.json_bytes import encode
from dqlmock.limits import (
    ATTRIBUTE_NAME_SIZE_BYTES,
    EXPRESSION_PLACEHOLDER_LENGTH,
    EXPRESSION_SUBSTITUTION_SIZE_BYTES,
)
from dqlmock.set_order import remainder_order
from dqlmock.values.canonical import NAME_TOO_LARGE
from dqlmock.values.size import attributes_size_bytes, value_size_bytes
from dqlmock.values.types import Attributes, AttributeValue

Predicate: TypeAlias = Callable[[Attributes], bool]
"""An item's attributes → whether the condition holds. A missing item is `{}`."""

_NAME_KEY: Final = re.compile(r"#[A-Za-z0-9_]+")
_VALUE_KEY: Final = re.compile(r":[A-Za-z0-9_]+")
_NAMES: Final = "ExpressionAttributeNames"
_VALUES: Final = "ExpressionAttributeValues"


class Expressions:
    """The expressions of one request.

    Each method takes the text of one parameter and gives what it means; when all have been taken,
    `finish` reports names and values that none of them uses.

    Args:
        names: ExpressionAttributeNames, None where the request has none.
        values: ExpressionAttributeValues, None where the request has none.
        judge: Makes a value canonical, given its placeholder, or raises; None where all are. It is
            called when the placeholders are known to be right: AWS tells the fault of a placeholder
            before that of a value (dynalite and DynamoDB Local agree).

    Raises:
        ValidationException: A map without members, a key that is no placeholder, a name that
            no attribute can have, or more than 2 MB of names and values. Family EXPRESSION, as
            everything this class raises, but for the errors of `Update.apply` and
            `KeyConditions.bind`.

    >>> request = Expressions({"#s": "status"}, {":s": {"S": "new"}, ":n": {"N": "1"}})
    >>> is_new = request.condition("#s = :s")
    >>> update = request.update("SET qty = qty - :n")
    >>> request.finish()
    >>> item = {"status": {"S": "new"}, "qty": {"N": "5"}}
    >>> is_new(item), update.apply(item)["qty"]
    (True, {'N': '4'})
    """

    __slots__ = ("_names", "_taken", "_values")

    def __init__(
        self,
        names: Mapping[str, str] | None,
        values: Attributes | None,
        judge: Callable[[str, AttributeValue], AttributeValue] | None = None,
    ) -> None:
        names_bytes = 0 if names is None else _check_names(tuple(names.items()))
        if values is not None:
            _check_value_keys(tuple(values))
            if judge is not None:
                values = {key: judge(key, value) for key, value in values.items()}
            # Nothing takes more bytes than as JSON, which is quickly made.
            if names_bytes + len(encode(values)) > EXPRESSION_SUBSTITUTION_SIZE_BYTES:
                _check_size(names_bytes, values)
        self._names: Mapping[str, str] = names or {}
        self._values: Attributes = values or {}
        self._taken: list[Prepared] = []

    def condition(self, text: str) -> Predicate:
        """Return what a ConditionExpression means.

        Raises:
            ValidationException: It is not right.
        """
        prepared = self._take("ConditionExpression", text)
        return partial(prepared.compiled(self._names, self._values), self._values)

    def filter(self, text: str) -> Filter:
        """Return what a FilterExpression means, and which attributes it is about.

        Raises:
            ValidationException: It is not right.
        """
        prepared = self._take("FilterExpression", text)
        test = prepared.compiled(self._names, self._values)
        return Filter(test, self._values, prepared.roots(self._names))

    def projection(self, text: str) -> Projection:
        """Return what a ProjectionExpression means.

        Raises:
            ValidationException: It is not right. Family BARE where names or paths are at fault.
        """
        projection: Projection = self._take("ProjectionExpression", text).compiled(
            self._names, self._values
        )
        return projection

    def update(self, text: str) -> Update:
        """Return what an UpdateExpression means.

        Raises:
            ValidationException: It is not right.
        """
        prepared = self._take("UpdateExpression", text)
        return Update(prepared.compiled(self._names, self._values), self._values)

    def key_condition(self, text: str) -> Callable[[], KeyConditions]:
        """Return what makes the conditions of a KeyConditionExpression.

        To be called after `finish`: AWS tells what a key condition may not hold after unused
        placeholders (dynalite and DynamoDB Local agree). The call raises as this method does.

        Raises:
            ValidationException: It is not right.

        >>> request = Expressions(None, {":p": {"S": "a"}})
        >>> conditions = request.key_condition("pk = :p")
        >>> request.finish()
        >>> conditions().bind(["pk"], []).partition
        ({'S': 'a'},)
        """
        condition: DeferredKeyCondition = self._take("KeyConditionExpression", text).compiled(
            self._names, self._values
        )
        return lambda: KeyConditions(condition.compiled(), self._values)

    def nested(self) -> tuple[str, ...]:
        """Return the names of the attributes that the expressions taken look into.

        >>> request = Expressions(None, {":v": {"S": "x"}})
        >>> is_new = request.condition("a.b = :v AND c = :v")
        >>> request.nested()
        ('a',)
        """
        return tuple([name for taken in self._taken for name in taken.nested(self._names)])

    def finish(self) -> None:
        """Check that the expressions taken use all names and values.

        Where none was taken, there is nothing to say: a single operation refuses placeholders
        without an expression before, and an action of a transaction may have them
        (ExtendDB/extenddb pull request 169, measured on AWS in June 2026).

        Raises:
            ValidationException: There are unused names; or else, unused values.
        """
        if not self._taken:
            return
        _check_used(_NAMES, self._names, [taken.names for taken in self._taken])
        _check_used(_VALUES, self._values, [taken.values for taken in self._taken])

    def values_size_bytes(self) -> int:
        """Return the size of all substituted values together."""
        return sum(map(value_size_bytes, self._values.values()))

    def _take(self, parameter: str, text: str) -> Prepared:
        prepared = prepare(parameter, text)
        self._taken.append(prepared)
        return prepared


@lru_cache(maxsize=1024)
def _check_value_keys(keys: tuple[str, ...]) -> None:
    """Cached, for requests with the same text have the same keys. An error is not kept."""
    _check_keys(_VALUES, _VALUE_KEY, keys)


@lru_cache(maxsize=1024)
def _check_names(names: tuple[tuple[str, str], ...]) -> int:
    """Return the size of the keys and the names. Cached for the same reason."""
    _check_keys(_NAMES, _NAME_KEY, [key for key, _ in names])
    for key, name in names:
        if not name:
            raise _error(f"{_NAMES} contains invalid value: Empty attribute name for key {key}")
        if len(name) * 4 > ATTRIBUTE_NAME_SIZE_BYTES and _size_bytes(name) > (
            ATTRIBUTE_NAME_SIZE_BYTES
        ):
            older = f"{_NAMES} contains invalid value: {NAME_TOO_LARGE} for key {key}"
            raise ValidationException(NAME_TOO_LARGE, Family.EXPRESSION, older=older)
    size_bytes = sum(len(key) + _size_bytes(name) for key, name in names)
    if size_bytes > EXPRESSION_SUBSTITUTION_SIZE_BYTES:
        raise _error(f"{_NAMES} exceeds max size")
    return size_bytes


def _check_size(names_bytes: int, values: Attributes) -> None:
    """Check names and values together: words, arithmetic and order are DynamoDB Local's."""
    size_bytes = attributes_size_bytes(values)
    if size_bytes > EXPRESSION_SUBSTITUTION_SIZE_BYTES:
        raise _error(f"{_VALUES} exceeds max size")
    if size_bytes + names_bytes > EXPRESSION_SUBSTITUTION_SIZE_BYTES:
        raise _error(f"Combined size of {_NAMES} and {_VALUES} exceeds max size")


def _check_keys(parameter: str, grammar: re.Pattern[str], keys: Collection[str]) -> None:
    if not keys:
        raise _error(f"{parameter} must not be empty")
    for key in keys:
        if not grammar.fullmatch(key) or len(key) > EXPRESSION_PLACEHOLDER_LENGTH:
            raise _error(f"{parameter} contains invalid key: {_key_fault(parameter, key)}")


def _key_fault(parameter: str, key: str) -> str:
    if not key:
        return "The expression attribute map contains an empty key;"
    if len(key) > EXPRESSION_PLACEHOLDER_LENGTH:
        # The size is told of names alone: ExtendDB/extenddb pull request 181, June 2026.
        size = f" size of key: {_size_bytes(key)}" if parameter == _NAMES else ""
        return f"The expression attribute map contains a key that is too long;{size}"
    return f'Syntax error; key: "{key}"'


def _check_used(parameter: str, given: Mapping[str, object], used: list[tuple[str, ...]]) -> None:
    # All that is used is given: where there is one expression, counting is enough.
    if not given or (len(used) == 1 and len(used[0]) == len(given)):
        return
    if not given.keys() - chain(*used):
        return
    # github.com/awspilot/dynamodb-oop/issues/29 shows two keys in the order of a Java HashSet.
    unused = [key for key in given if not any(key in keys for keys in used)]
    listed = ", ".join(remainder_order(given, unused))
    raise _error(f"Value provided in {parameter} unused in expressions: keys: {{{listed}}}")


def _size_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _error(message: str) -> ValidationException:
    return ValidationException(message, Family.EXPRESSION)
