"""What AWS says of JSON of the wrong type: the texts of SerializationException, once each.

Evidence. Real AWS, quoted by its users: "NUMBER_VALUE cannot be converted to String" (localstack
#9412, 2023; connect-dynamodb #100, 2024), "Start of structure or map found where not expected"
(aws-sdk-js-v3 #7102, 2025), "Unexpected field type" (AWS.jl #673, 2024), "Base64 encoded length is
expected …" (scylladb #6487, 2020). The other texts, the Java class names and where each text
stands are second-hand. An older generation ("class java.lang.Short can not be converted to an
String", "Start of list found where not expected", 2015 to 2017) is gone.
"""

from __future__ import annotations

from typing import Any, Final

from dqlmock.errors import SerializationException

BASE64_LENGTH: Final = "Base64 encoded length is expected a multiple of 4 bytes but found: {length}"
BASE64_LAST: Final = "Invalid last non-pad Base64 character dectected"  # sic
# AWS's text is not known. It answers some faults without one (aws-sdk-unity #54).
BASE64_TEXT: Final = ""

ATTRIBUTE_VALUE: Final = "com.amazonaws.dynamodb.v20120810.AttributeValue"

_STRUCTURE_FOUND: Final = "Start of structure or map found where not expected"
_FIELD: Final = "Unexpected field type"
_ELEMENT: Final = "Unexpected value type in payload"
_GENERIC_ELEMENT: Final = (
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
    "java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
    "java.lang.Class are in module java.base of loader 'bootstrap')"
)

_JAVA_CLASSES: Final = {
    "string": "java.lang.String",
    "integer": "java.lang.Integer",
    "long": "java.lang.Long",
    "boolean": "java.lang.Boolean",
    "double": "java.lang.Double",
    "float": "java.lang.Float",
    "timestamp": "java.util.Date",
    "blob": "java.nio.ByteBuffer",
}


def java_class(kind: str, name: str) -> str:
    """Return the class by which AWS's messages call a shape.

    Args:
        kind: The shape's type: `"string"`, `"structure"`, …
        name: The shape's name, for a structure.

    >>> java_class("string", "TableName"), java_class("structure", "KeysAndAttributes")
    ('java.lang.String', 'com.amazonaws.dynamodb.v20120810.KeysAndAttributes')
    """
    return _JAVA_CLASSES.get(kind, f"com.amazonaws.dynamodb.v20120810.{name}")


def _token(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE_VALUE" if value else "FALSE_VALUE"
    if isinstance(value, str):
        return "STRING_VALUE"
    return "DECIMAL_VALUE" if isinstance(value, float) else "NUMBER_VALUE"


def scalar_fault(value: Any, kind: str) -> SerializationException:
    """Return the error for a value that is not the scalar of that kind.

    >>> scalar_fault(1, "string").message
    'NUMBER_VALUE cannot be converted to String'
    """
    name = _JAVA_CLASSES[kind]
    if isinstance(value, dict):
        return SerializationException(_STRUCTURE_FOUND)
    if isinstance(value, list):
        return SerializationException(f"Unrecognized collection type class {name}")
    if kind == "boolean" and isinstance(value, str):
        return SerializationException("Unexpected token received from parser")
    if kind == "blob":
        return SerializationException("only base-64-encoded strings are convertible to bytes")
    short = name.rpartition(".")[2]
    return SerializationException(f"{_token(value)} cannot be converted to {short}")


def list_fault(value: Any, *, element: bool) -> SerializationException:
    """Return the error for a value that is not a list.

    Args:
        value: What stands there.
        element: It is itself a member of a list or a map, not of a structure.

    >>> list_fault("x", element=False).message
    'Unexpected field type'
    """
    if isinstance(value, dict):
        return SerializationException(_STRUCTURE_FOUND)
    return SerializationException(_GENERIC_ELEMENT if element else _FIELD)


def map_fault(value: Any, value_class: str, *, element: bool) -> SerializationException:
    """Return the error for a value that is not a map.

    Args:
        value: What stands there.
        value_class: The Java class of the map's values.
        element: It is itself a member of a list or a map, not of a structure.

    >>> map_fault([], "java.lang.String", element=False).message
    'Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>'
    """
    if isinstance(value, list):
        java_type = f"java.util.Map<java.lang.String, {value_class}>"
        return SerializationException(f"Unrecognized collection type {java_type}")
    return SerializationException(_GENERIC_ELEMENT if element else _FIELD)


def structure_fault(value: Any, name: str, *, element: bool) -> SerializationException:
    """Return the error for a value that is not the structure of that name.

    Args:
        value: What stands there.
        name: The structure's shape.
        element: It is a member of a list or a map, or the whole body.

    >>> structure_fault("x", "KeySchemaElement", element=True).message
    'Unexpected value type in payload'
    """
    if isinstance(value, list):
        java_type = java_class("structure", name)
        return SerializationException(f"Unrecognized collection type class {java_type}")
    return SerializationException(_ELEMENT if element else _FIELD)
