"""How AWS prints the value that breaks a constraint: Java's `toString`.

Of the two forms that AWS has for structures (capture c_ct_3keys) this is the readable one, not
`com.amazonaws.dynamodb.v20120810.KeySchemaElement@ad28eb1d`.
"""

from __future__ import annotations

import base64
from typing import Any, TypeAlias

from dqlmock.shapes.model import ServiceModel, Shape
from dqlmock.shapes.overlay import PRINTED_MEMBERS

_Part: TypeAlias = "str | tuple[Shape, Any]"


def camel_case(member: str) -> str:
    """Return a member's name as AWS spells it in messages: only the first letter changes.

    >>> camel_case("TableName"), camel_case("SSESpecification"), camel_case("S")
    ('tableName', 'sSESpecification', 's')
    """
    return member[:1].lower() + member[1:]


def printed(model: ServiceModel, shape: Shape, value: Any) -> str:
    """Return a decoded value as AWS's messages print it.

    Args:
        model: Where the shapes of the members are.
        shape: The value's shape.
        value: Decoded, and not null.

    >>> from dqlmock.shapes.model import service_model
    >>> dynamodb = service_model("dynamodb")
    >>> printed(dynamodb, dynamodb.shape("KeySchema"), [{"AttributeName": "a", "KeyType": "HASH"}])
    '[KeySchemaElement(attributeName=a, keyType=HASH)]'
    """
    text: list[str] = []
    # A stack, not recursion: an attribute value may be nested as deep as JSON lets it be.
    parts: list[_Part] = [(shape, value)]
    while parts:
        part = parts.pop()
        if isinstance(part, str):
            text.append(part)
        else:
            parts.extend(reversed(_parts(model, *part)))
    return "".join(text)


def _parts(model: ServiceModel, shape: Shape, value: Any) -> list[_Part]:
    if value is None:
        return ["null"]
    if shape.kind == "structure":
        return _structure_parts(model, shape, value)
    if shape.kind == "list":
        member = model.shape(shape.element)
        members: list[list[_Part]] = [[(member, content)] for content in value]
        return ["[", *_joined(members), "]"]
    if shape.kind == "map":
        content_shape = model.shape(shape.element)
        entries: list[list[_Part]] = [
            [f"{key}=", (content_shape, content)] for key, content in value.items()
        ]
        return ["{", *_joined(entries), "}"]
    return [_scalar_text(shape, value)]


def _structure_parts(model: ServiceModel, shape: Shape, value: dict[str, Any]) -> list[_Part]:
    fields: list[list[_Part]] = []
    for member in PRINTED_MEMBERS.get(shape.name, tuple(shape.members)):
        content = value.get(member)
        name = f"{camel_case(member)}="
        if content is None:
            fields.append([name, "null"])
        else:
            fields.append([name, (model.shape(shape.members[member]), content)])
    return [f"{shape.name}(", *_joined(fields), ")"]


def _joined(groups: list[list[_Part]]) -> list[_Part]:
    parts: list[_Part] = []
    for group in groups:
        if parts:
            parts.append(", ")
        parts.extend(group)
    return parts


def _scalar_text(shape: Shape, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if shape.kind == "blob":
        size = len(base64.b64decode(value))
        return f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"
    return str(value)
