"""Terms: expressions while a statement is being parsed, and the values they come to.

Owns literals: how lists, maps and sets of PartiQL become attribute values, and what AWS says of
those that can't. Knows no grammar.

Source: "PartiQL data types for DynamoDB" (ql-reference.data-types); the errors' words are DynamoDB
Local's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions import nodes
from dqlmock.limits import EXPRESSION_OPERATORS
from dqlmock.partiql.lexer import Token, string_content
from dqlmock.partiql.nodes import Literal, Missing, Parameter, Unsupported
from dqlmock.values.number import normalise

_HIGHEST_INDEX: Final = 2**31 - 1
_DEEPEST: Final = 40
"""Of lists and maps: past any depth that a value may have, and no danger to Python's stack."""

_IN_BAG: Final = (
    "Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags"
)


class Term:
    """An expression, with what errors tell of it.

    Args:
        node: What it means; None for a path, which may still grow, and where `build` tells.
        place: Where it stands: `"1:8:3"`.
        what: How AWS calls it in errors.
        depth: How deep its operators and literals nest.
        members: Its members, where it is a list or in parentheses, or a function's arguments.
        pairs: Its members, where it is a map.
        steps: Its steps, where it is a path.
        key: Its text, where it is a string literal.
        build: Makes the node when it is asked for: a list behind IN is never a value.
    """

    __slots__ = ("_build", "_node", "depth", "key", "members", "pairs", "place", "steps", "what")

    def __init__(
        self,
        node: Any,
        place: str,
        what: str,
        depth: int = 0,
        *,
        members: tuple[Term, ...] | None = None,
        pairs: Sequence[tuple[Term, Term]] | None = None,
        steps: list[str | int] | None = None,
        key: str | None = None,
        build: Callable[[], Any] | None = None,
    ) -> None:
        self._node = node
        self._build = build
        self.place = place
        self.what = what
        self.depth = depth
        self.members = members
        self.pairs = pairs
        self.steps = steps
        self.key = key

    @property
    def node(self) -> Any:
        """A node of `dqlmock.expressions.nodes`."""
        if self.steps is not None:
            return nodes.Path(tuple(self.steps))
        if self._build is not None:
            self._node, self._build = self._build(), None
        return self._node


def operator_term(node: Any, what: str, place: str, operands: Sequence[Term]) -> Term:
    """Return a term of an operator or function.

    Raises:
        ValidationException: It nests deeper than there may be operators.
    """
    depth = 1 + max((operand.depth for operand in operands), default=0)
    if depth > EXPRESSION_OPERATORS:
        raise ValidationException(
            "The expression contains too many operators;"
            f" operator count: {EXPRESSION_OPERATORS + 1}"
        )
    return Term(node, place, what, depth)


def name_term(token: Token) -> Term:
    """Return the term of a name, the first step of a path.

    Raises:
        ValidationException: The name is empty.
    """
    name = name_of(token)
    return Term(None, token.place, "VariableReference", steps=[name])


def name_of(token: Token) -> str:
    """Return the name that a plain or quoted word stands for.

    Raises:
        ValidationException: It is empty.

    >>> name_of(Token("QUOTED", '"a.b"', 0, 1, 1))
    'a.b'
    """
    name = string_content(token.text) if token.type == "QUOTED" else token.text
    if not name:
        raise empty_name()
    return name


def empty_name() -> ValidationException:
    """Return the error for a name without characters."""
    return ValidationException("Path component cannot be an empty string")


def index_step(index: Term) -> str | int:
    """Return the step that stands in brackets: an index, or a key as a string or a name.

    Raises:
        ValidationException: It is none of these, or the index is out of range.
    """
    if index.key is not None:
        return index.key
    if index.steps is not None and len(index.steps) == 1:
        return index.steps[0]
    node = index.node
    if isinstance(node, Literal) and "N" in node.value:
        number = node.value["N"]
        if number.isdecimal() and int(number) <= _HIGHEST_INDEX:
            return int(number)
        if "." not in number:
            raise ValidationException(
                f"List index is not within the allowable range; index: [{number}] at {index.place}"
            )
    raise unexpected_component(index.place)


def string_term(token: Token) -> Term:
    """Return the term of a string literal."""
    text = string_content(token.text)
    return Term(_literal(token, {"S": text}), token.place, "STRING", key=text)


def number_term(token: Token) -> Term:
    """Return the term of a number.

    Raises:
        ValidationException: It has too many digits or is out of range.
    """
    return Term(_literal(token, {"N": _number(token.text)}), token.place, "INT")


def _number(text: str) -> str:
    try:
        return normalise(text)
    except ValidationException as error:
        if "more than 38 significant digits" in error.message:
            # Literals are judged before they become attribute values (DynamoDB Local).
            raise ValidationException("DynamoDB only supports precision up to 38 digits") from error
        raise


def negative_term(sign: Token, term: Term) -> Term | None:
    """Return a number with its sign changed, or None for any other term."""
    node = term.node
    if not isinstance(node, Literal) or "N" not in node.value or term.members:
        return None
    number = node.value["N"] if sign.text == "+" else normalise(str(-Decimal(node.value["N"])))
    return Term(Literal(node.name, {"N": number}), term.place, term.what)


def parameter_term(token: Token) -> Term:
    """Return the term of a question mark."""
    node = Parameter(f"?{token.text}", int(token.text))
    # A question mark is one character long, whatever its position's digits are.
    return Term(node, f"{token.line}:{token.column}:1", "Parameter")


def boolean_term(token: Token) -> Term:
    """Return the term of TRUE or FALSE."""
    return Term(_literal(token, {"BOOL": token.word == "TRUE"}), token.place, "BOOL")


def null_term(token: Token) -> Term:
    """Return the term of NULL."""
    return Term(_literal(token, {"NULL": True}), token.place, "NULL")


def missing_term(token: Token) -> Term:
    """Return the term of MISSING."""
    return Term(Missing(_reference(token), token.place), token.place, "LiteralMissing")


def _reference(token: Token) -> str:
    return f":{token.start_pos}"


def _literal(token: Token, value: dict[str, Any]) -> Literal:
    return Literal(_reference(token), value)


def list_term(opening: Token, members: Sequence[Term]) -> Term:
    """Return the term of a list, in brackets or in parentheses."""

    def node() -> Literal | Unsupported:
        values = [_member_value(str(index), member) for index, member in enumerate(members)]
        return _container(opening, values, lambda: {"L": values})

    return _container_term(opening, node, members, members=tuple(members))


def map_term(opening: Token, pairs: Sequence[tuple[Term, Term]]) -> Term:
    """Return the term of a map. What is wrong with it is told when it is taken for a value."""
    children = [member for _, member in pairs]
    return _container_term(opening, lambda: _map_node(opening, pairs), children, pairs=pairs)


def _map_node(opening: Token, pairs: Sequence[tuple[Term, Term]]) -> Literal | Unsupported:
    values: dict[str, Any] = {}
    for key, member in pairs:
        name = map_key(key)
        if name in values:
            raise duplicate_key(name, opening.place)
        values[name] = _member_value(name, member)
    return _container(opening, list(values.values()), lambda: {"M": values})


def duplicate_key(name: str, place: str) -> ValidationException:
    """Return the error for a map with a key that comes twice."""
    return ValidationException(f"Duplicate keys in tuple. Key: {name} under root at {place}")


def map_key(key: Term) -> str:
    """Return the text of a map's key.

    Raises:
        ValidationException: It is no string, or an empty one.
    """
    if key.key is None:
        raise ValidationException(
            f"Tuple keys must be of type String. Actual type: {key.what} under root at {key.place}"
        )
    if not key.key:
        raise empty_name()
    return key.key


def bag_term(opening: Token, members: Sequence[Term]) -> Term:
    """Return the term of a bag: a set.

    Raises:
        ValidationException: It has no members, the same one twice, or others than strings alone
            or numbers alone.
    """
    if not members:
        raise ValidationException(f"Empty bags are not supported at {opening.place}")
    values = [_bag_value(member) for member in members]
    tags = {tag for value in values for tag in value}
    if len(tags) > 1:
        raise ValidationException(_IN_BAG)
    (tag,) = tags
    texts = [value[tag] for value in values]
    if len(set(texts)) < len(texts):
        raise ValidationException("Input collection contains duplicates", Family.VALUE)
    ordered = sorted(texts, key=Decimal) if tag == "N" else sorted(texts)
    return Term(_literal(opening, {tag + "S": ordered}), opening.place, "Seq")


def _bag_value(member: Term) -> Any:
    node = member.node
    if isinstance(node, Literal) and not node.value.keys().isdisjoint(("S", "N")):
        return node.value
    if member.steps is not None or isinstance(node, Unsupported | Missing):
        raise unsupported(member.what, (), member.place)
    raise ValidationException(f"{_IN_BAG} at {member.place}")


def _member_value(key: str, member: Term) -> Any:
    """A member's value, or the `Unsupported` that tells what is wrong with it."""
    node = member.node
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, Unsupported):
        return Unsupported(node.name, node.what, (key, *node.keys), node.place)
    return Unsupported("", member.what, (key,), member.place)


def _container(opening: Token, values: Sequence[Any], value: Any) -> Literal | Unsupported:
    for member in values:
        if isinstance(member, Unsupported):
            return member
    return _literal(opening, value())


def _container_term(
    opening: Token, node: Callable[[], Any], children: Sequence[Term], **options: Any
) -> Term:
    depth = 1 + max((child.depth for child in children), default=0)
    if depth > _DEEPEST:
        raise ValidationException("Nesting Levels have exceeded supported limits", Family.NESTING)
    return Term(None, opening.place, "Seq", depth, build=node, **options)


def unsupported(what: str, keys: Sequence[str], place: str) -> ValidationException:
    """Return the error for what can't be part of a value."""
    path = "".join(f".{key}" for key in keys)
    return ValidationException(f"Unsupported data type: {what} under key root{path} at {place}")


def unexpected_component(place: str) -> ValidationException:
    """Return the error for what can't be part of a path."""
    return ValidationException(f"Unexpected path component at {place}")


def function_name(token: Token) -> str:
    """Return the name of the function that is called: case makes no difference."""
    return name_of(token).lower()


def group_term(member: Term) -> Term:
    """Return a term in parentheses: alone the same, behind IN a list."""
    return Term(
        member.node, member.place, member.what, member.depth, members=(member,), key=member.key
    )
