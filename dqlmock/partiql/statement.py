"""Statements that were seen before: parsed once, compiled once, bound to each request's parameters.

Owns the cache of statements, bounded, by text, and the step from parameters to values. Conditions
and updates are the expressions' own, so are their checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from dqlmock.engine.schema import KeySchema
from dqlmock.errors import ValidationException
from dqlmock.expressions import nodes
from dqlmock.expressions.compile import Filter
from dqlmock.expressions.plans import Prepared
from dqlmock.expressions.projection import Projection
from dqlmock.expressions.update import Update as CompiledUpdate
from dqlmock.partiql.access import Access, access_to
from dqlmock.partiql.lexer import tokenise
from dqlmock.partiql.nodes import Exists, Insert, Literal, Parameter, Select, Statement, Update
from dqlmock.partiql.parse import parse
from dqlmock.partiql.shape import column_name, no_set
from dqlmock.partiql.syntax import is_malformed
from dqlmock.values.canonical import canonical_value
from dqlmock.values.types import SET_TYPES, Attributes, AttributeValue

STATEMENTS_KEPT: Final = 1024
"""Statements that are kept parsed."""

_KEYS_KEPT: Final = 8
"""Keys that a statement is kept planned for: tables are named alike and keyed differently."""

_CONDITION, _UPDATE = "ConditionExpression", "UpdateExpression"


class SelectList(Projection):
    """A select list: each column under its own name, at the top of what is returned.

    >>> SelectList((nodes.Path(("m", "k")),)).apply({"m": {"M": {"k": {"S": "x"}}}})
    {'k': {'S': 'x'}}
    """

    __slots__ = ("_columns",)

    def __init__(self, paths: tuple[nodes.Path, ...]) -> None:
        super().__init__(paths)
        self._columns = tuple((column_name(path.steps), Projection((path,))) for path in paths)

    def apply(self, attributes: Attributes) -> Attributes:
        """Return the columns that an item has."""
        row = {}
        for name, projection in self._columns:
            found = projection.apply(attributes)
            if found:
                row[name] = _innermost(found, projection.paths[0])
        return row


def _innermost(picked: Attributes, steps: nodes.Steps) -> AttributeValue:
    """Return the one value that a projection of one path has picked."""
    value = picked[str(steps[0])]
    for step in steps[1:]:
        # What is picked of a list is the one element that was asked for.
        value = value["L"][0] if isinstance(step, int) else value["M"][step]
    return value


class PreparedStatement:
    """A statement with what is known of it whatever its parameters.

    Args:
        statement: The statement.

    Attributes:
        columns: The select list of a SELECT; None for `*`.
        where_nested: Attributes that the WHERE clause looks into.
        update_nested: Attributes that the changes of an UPDATE look into.
    """

    __slots__ = (
        "_accesses",
        "_condition",
        "_literals",
        "_parameters",
        "_update",
        "columns",
        "statement",
        "update_nested",
        "where_nested",
    )

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        select = statement.select if isinstance(statement, Exists) else statement
        where = None if isinstance(select, Insert) else select.where
        self._condition = None if where is None else Prepared(_CONDITION, where)
        self.where_nested = () if self._condition is None else self._condition.nested({})
        self._update = None
        self.update_nested: tuple[str, ...] = ()
        self.columns: SelectList | None = None
        if isinstance(select, Update):
            self._update = Prepared(_UPDATE, select.tree)
            self.update_nested = self._update.nested({})
        elif isinstance(select, Select) and select.columns is not None:
            self.columns = SelectList(select.columns)
        values = _values_of(select)
        self._literals = {v.name: v.value for v in values if isinstance(v, Literal)}
        self._parameters = tuple(v for v in values if isinstance(v, Parameter))
        self._accesses: dict[KeySchema, Access] = {}

    @property
    def verb(self) -> str:
        """What it is: `"SELECT"`, `"INSERT"`, `"UPDATE"`, `"DELETE"` or `"EXISTS"`."""
        return type(self.statement).__name__.upper()

    @property
    def where(self) -> nodes.Condition | None:
        """The condition of the WHERE clause, if there is one."""
        statement = self.statement
        if isinstance(statement, Exists):
            statement = statement.select
        return None if isinstance(statement, Insert) else statement.where

    def bind(self, parameters: Sequence[AttributeValue]) -> Attributes:
        """Return the values that the statement refers to.

        Args:
            parameters: One for each question mark; more are ignored (DynamoDB Local).

        Raises:
            ValidationException: There are too few, or one has to be a set and isn't.
        """
        if len(parameters) < len(self._parameters):
            raise ValidationException("Number of parameters in request and statement don't match.")
        if not self._parameters:
            return self._literals
        values: dict[str, AttributeValue] = dict(self._literals)
        for parameter in self._parameters:
            values[parameter.name] = parameters[parameter.position]
        if isinstance(self.statement, Update):
            for argument in self.statement.sets:
                if SET_TYPES.isdisjoint(values[argument.value.name]):
                    raise no_set(argument.function, argument.place)
        return values

    def access(self, key: KeySchema) -> Access:
        """Return how a SELECT gets at a key.

        Raises:
            ValidationException: The statement doesn't fit the key.
        """
        access = self._accesses.get(key)
        if access is None:
            order = self.statement.order if isinstance(self.statement, Select) else ()
            access = access_to(key, self.where, order)
            if len(self._accesses) >= _KEYS_KEPT:
                self._accesses.clear()
            self._accesses[key] = access
        return access

    def condition(self, values: Attributes) -> Filter | None:
        """Return what the WHERE clause means.

        Raises:
            ValidationException: An operand has a type that its operator or function can't take.
        """
        prepared = self._condition
        if prepared is None:
            return None
        names = _identity(prepared)
        return Filter(_compiled(prepared, names, values), values, prepared.roots(names))

    def update(self, values: Attributes) -> CompiledUpdate:
        """Return what an UPDATE statement changes.

        Raises:
            ValidationException: Its paths overlap, or an operand has a wrong type.
        """
        prepared = self._update
        if prepared is None:
            raise TypeError("only UPDATE statements update")
        return CompiledUpdate(_compiled(prepared, _identity(prepared), values), values)

    def check_operands(self, values: Attributes) -> None:
        """Check the WHERE clause, then what an UPDATE changes.

        Raises:
            ValidationException: An operand has a wrong type, or paths overlap.
        """
        self.condition(values)
        if self._update is not None:
            self.update(values)

    def item(self, values: Attributes) -> Attributes:
        """Return the item of an INSERT statement."""
        statement = self.statement
        if not isinstance(statement, Insert):
            raise TypeError("only INSERT statements have an item")
        return {name: values[value.name] for name, value in statement.members}


@lru_cache(maxsize=STATEMENTS_KEPT)
def prepare(text: str) -> PreparedStatement:
    """Return a statement with what is known of it already.

    Args:
        text: The statement.

    Raises:
        ValidationException: It is not well formed, or asks for what DynamoDB doesn't support.

    >>> prepare("SELECT * FROM orders WHERE id = ?").bind([{"S": "a"}])
    {'?0': {'S': 'a'}}
    """
    return PreparedStatement(parse(text))


@dataclass(frozen=True, slots=True)
class UnsupportedStatement:
    """A statement that is well formed and asks for what DynamoDB doesn't support.

    Args:
        verb: Its first word.
        error: What it asks for.
    """

    verb: str
    error: ValidationException


def prepare_if_supported(text: str) -> PreparedStatement | UnsupportedStatement:
    """Return a statement with what is known of it, or what it asks for in vain.

    Of several statements, whether each is well formed and what kind it is comes before what one of
    them asks for (DynamoDB Local).

    Args:
        text: The statement.

    Raises:
        ValidationException: It is not well formed.

    >>> prepare_if_supported("SELECT * FROM orders WHERE shout(id) = 'A'").verb
    'SELECT'
    """
    try:
        return prepare(text)
    except ValidationException as error:
        if is_malformed(error):
            raise
        return UnsupportedStatement(tokenise(text)[0].word, error)


def prepare_and_bind(request: Mapping[str, Any]) -> tuple[PreparedStatement, Attributes]:
    """Return a statement and the values that it refers to.

    Once a statement is well formed, its parameters are judged each by itself, then whether it asks
    for what DynamoDB doesn't support (DynamoDB Local).

    Args:
        request: ExecuteStatement's.

    Raises:
        ValidationException: The statement can't be run, or its parameters don't fit it.
    """
    prepared = prepare_if_supported(request["Statement"])
    parameters = parameters_of(request)
    if isinstance(prepared, UnsupportedStatement):
        raise prepared.error
    return prepared, prepared.bind(parameters)


def parameters_of(request: Mapping[str, Any]) -> list[AttributeValue]:
    """Return the parameters of a statement, canonical.

    They are judged once the statement is parsed, whether or not a question mark stands for them,
    before they are counted and before any statement is run (DynamoDB Local).

    Args:
        request: ExecuteStatement, or a statement of a batch or a transaction.

    Raises:
        ValidationException: One is no value.

    >>> parameters_of({"Statement": "SELECT * FROM orders", "Parameters": [{"N": "1.0"}]})
    [{'N': '1'}]
    """
    return [canonical_value(parameter) for parameter in request.get("Parameters", ())]


def _values_of(statement: Any) -> list[Literal | Parameter]:
    trees: list[nodes.Node] = []
    if isinstance(statement, Insert):
        return [value for _, value in statement.members]
    if statement.where is not None:
        trees.append(statement.where)
    if isinstance(statement, Update):
        trees.append(statement.tree)
    return [
        node
        for tree in trees
        for node in nodes.post_order(tree)
        if isinstance(node, Literal | Parameter)
    ]


def _identity(prepared: Prepared) -> dict[str, str]:
    # A quoted name may begin with "#", which in expressions makes a placeholder: it stands for
    # itself.
    return {name: name for name in prepared.names}


def _compiled(prepared: Prepared, names: Mapping[str, str], values: Attributes) -> Any:
    try:
        return prepared.compiled(names, values)
    except ValidationException as error:
        # PartiQL's words are those of expressions, without the parameter that holds them.
        message = error.message.removeprefix(f"Invalid {prepared.parameter}: ")
        raise ValidationException(message) from None
