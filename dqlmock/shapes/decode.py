"""JSON types against the service model.

Owns the compilation of a shape into a closure that decodes JSON, and raises SerializationException
for the first value of a wrong type. Knows no constraint: lengths, enums and what is required come
later, in `constraints`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from dqlmock.shapes import attributes, faults
from dqlmock.shapes.model import ServiceModel, Shape

Decoder: TypeAlias = Callable[[Any], Any]
"""From a JSON value that is not null to the decoded value. Raises SerializationException."""

_INTEGER_BITS: Final = {"integer": 31, "long": 63}

_SCALARS: Final[dict[str, Decoder]] = {
    "string": attributes.decode_string,
    "boolean": attributes.decode_boolean,
    "blob": attributes.decode_binary,
}


def compile_decoder(model: ServiceModel, shape: Shape, *, element: bool = False) -> Decoder:
    """Compile a shape, and all that it contains, into a closure.

    Members that the model doesn't have are dropped, and so are members that are null. A null
    member of a list or a map stays: AWS's constraints refuse it.

    Args:
        model: Where the shapes of the members are.
        shape: What to decode.
        element: The value stands in a list or a map, or is the whole body.

    >>> from dqlmock.shapes.model import service_model
    >>> dynamodb = service_model("dynamodb")
    >>> decode = compile_decoder(dynamodb, dynamodb.shape("KeySchemaElement"))
    >>> decode({"AttributeName": "pk", "KeyType": None, "Unknown": 1})
    {'AttributeName': 'pk'}
    >>> decode({"AttributeName": 1})
    Traceback (most recent call last):
    dqlmock.errors.SerializationException: NUMBER_VALUE cannot be converted to String
    """
    if shape.name == "AttributeValue":
        return attributes.decode_attribute_value
    if shape.kind == "structure":
        return _structure_decoder(model, shape, element=element)
    if shape.kind == "list":
        return _list_decoder(model, shape, element=element)
    if shape.kind == "map":
        return _map_decoder(model, shape, element=element)
    return _scalar_decoder(shape.kind)


def _structure_decoder(model: ServiceModel, shape: Shape, *, element: bool) -> Decoder:
    name = shape.name
    decoder_of = {
        member: compile_decoder(model, model.shape(member_shape))
        for member, member_shape in shape.members.items()
    }.get

    def decode_structure(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise faults.structure_fault(value, name, element=element)
        decoded = {}
        for member, content in value.items():
            decoder = decoder_of(member)
            if decoder is not None and content is not None:
                decoded[member] = decoder(content)
        return decoded

    return decode_structure


def _list_decoder(model: ServiceModel, shape: Shape, *, element: bool) -> Decoder:
    if shape.element == "AttributeValue":
        return attributes.decode_attribute_list
    decode_member = compile_decoder(model, model.shape(shape.element), element=True)

    def decode_list(value: Any) -> list[Any]:
        if type(value) is not list:
            raise faults.list_fault(value, element=element)
        return [None if member is None else decode_member(member) for member in value]

    return decode_list


def _map_decoder(model: ServiceModel, shape: Shape, *, element: bool) -> Decoder:
    if shape.element == "AttributeValue":
        return attributes.decode_attributes_element if element else attributes.decode_attributes
    value_shape = model.shape(shape.element)
    value_class = faults.java_class(value_shape.kind, value_shape.name)
    if value_shape.kind == "list":
        member = model.shape(value_shape.element)
        value_class = f"java.util.List<{faults.java_class(member.kind, member.name)}>"
    decode_value = compile_decoder(model, value_shape, element=True)

    def decode_map(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise faults.map_fault(value, value_class, element=element)
        return {
            key: None if content is None else decode_value(content)
            for key, content in value.items()
        }

    return decode_map


def _scalar_decoder(kind: str) -> Decoder:
    if kind in _INTEGER_BITS:
        return _integer_decoder(kind)
    if kind in {"double", "float", "timestamp"}:
        return _number_decoder(kind)
    return _SCALARS[kind]


def _integer_decoder(kind: str) -> Decoder:
    bound = 1 << _INTEGER_BITS[kind]

    def decode_integer(value: Any) -> int:
        if type(value) is float and math.isfinite(value):
            # A fraction is cut off, not refused (DynamoDB Local 2026-11: "Limit": 1.5 is accepted).
            number = int(value)
        elif type(value) is int:
            number = value
        else:
            raise faults.scalar_fault(value, kind)
        if not -bound <= number < bound:
            raise faults.scalar_fault(value, kind)
        return number

    return decode_integer


def _number_decoder(kind: str) -> Decoder:
    def decode_number(value: Any) -> float:
        if type(value) is int or (type(value) is float and math.isfinite(value)):
            return value
        raise faults.scalar_fault(value, kind)

    return decode_number
