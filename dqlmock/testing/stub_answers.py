"""Answers that a test makes up: checked, and put into the form they have on the wire.

Owns the check of a made-up answer against the service model's output shape, and of an error's code.
An answer that AWS could not give would make a test pass that says nothing.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from dqlmock import errors
from dqlmock.errors import DqlmockError, DynamoDBError
from dqlmock.shapes.model import ServiceModel, Shape
from dqlmock.testing.attribute_values import is_wire_value, wire_value
from dqlmock.testing.service import did_you_mean, model_of
from dqlmock.wire.messages import WireRequest, WireResponse
from dqlmock.wire.response import answer, error_answer

StubAnswer: TypeAlias = Callable[[WireRequest, Mapping[str, Any]], WireResponse]
"""Answers a request, which is handed over as it is and decoded."""

_COMMON_ERRORS: Final = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignatureException",
        "InternalFailure",
        "InternalServerError",
        "InvalidSignatureException",
        "LimitExceededException",
        "MissingAuthenticationTokenException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ResourceNotFoundException",
        "SerializationException",
        "ServiceUnavailable",
        "ThrottlingException",
        "UnrecognizedClientException",
        "ValidationException",
    }
)
"""What any operation may answer
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html)."""

_STATUSES: Final = {"InternalFailure": 500, "ServiceUnavailable": 503}

_KINDS: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "float": (int, float),
    "boolean": (bool,),
    "blob": (bytes, bytearray, str),
    "timestamp": (datetime, int, float),
}


def returning(operation: str, made_up: object) -> StubAnswer:
    """Return what answers a request with an answer made up.

    Args:
        operation: Whose answer it is.
        made_up: The members of the answer, attribute values in wire form; or a function that is
            given the request's parameters and returns them.

    Raises:
        DqlmockError: DynamoDB's answer has another form.

    >>> stub = returning("GetItem", {"Item": {"id": {"S": "1"}}})
    >>> request = WireRequest("DynamoDB_20120810.GetItem", b"{}", "1" * 12, "us-east-1")
    >>> stub(request, {}).body
    b'{"Item":{"id":{"S":"1"}}}'
    """
    if callable(made_up):
        make = made_up
        return lambda request, parameters: answer(_checked(operation, make(parameters)))
    members = _checked(operation, made_up)
    return lambda request, parameters: answer(members)


def raising(
    operation: str, code: str, message: str, status: int | None, fields: Mapping[str, Any]
) -> StubAnswer:
    """Return what answers a request with an error.

    Args:
        operation: Whose error it is.
        code: The error's name.
        message: AWS's text; empty for none.
        status: The HTTP status; None for the code's own.
        fields: Modelled members beside the message: `{"Item": {...}}`.

    Raises:
        DqlmockError: The operation has no such error, and no status is given.
    """
    known = _COMMON_ERRORS.union(model_of(operation).error_shapes(operation))
    if code not in known and status is None:
        raise DqlmockError(
            f"{operation} answers no {code!r}.{did_you_mean(code, known)} "
            "To have it answered all the same, give its HTTP status: "
            f'raises("{code}", status=400).'
        )
    error = _error_class(code, status)(message, fields)
    return lambda request, parameters: error_answer(error, operation, request.region)


def _error_class(code: str, status: int | None) -> type[DynamoDBError]:
    """Return a class for an error whose text is the test's, whatever region is called."""
    known = getattr(errors, code, DynamoDBError)
    return type(
        code,
        (DynamoDBError,),
        {
            "status": status or _STATUSES.get(code, known.status),
            "namespace": known.namespace,
            "message_key": known.message_key,
        },
    )


def _checked(operation: str, made_up: object) -> dict[str, Any]:
    model = model_of(operation)
    wired = _wire(model, model.output_shape(operation), made_up, operation)
    members: dict[str, Any] = wired
    return members


def _wire(model: ServiceModel, shape: Shape, value: Any, path: str) -> Any:
    """Check a value against a shape, and return it in wire form."""
    if shape.name == "AttributeValue":
        return _wire_attribute(value, path)
    if shape.kind == "structure":
        return _wire_structure(model, shape, value, path)
    if shape.kind == "map":
        _check_is(value, Mapping, "a dict", path)
        element = model.shape(shape.element)
        return {
            name: _wire(model, element, member, f"{path}.{name}") for name, member in value.items()
        }
    if shape.kind == "list":
        _check_is(value, (list, tuple), "a list", path)
        element = model.shape(shape.element)
        return [
            _wire(model, element, member, f"{path}[{number}]")
            for number, member in enumerate(value)
        ]
    return _wire_scalar(shape, value, path)


def _wire_attribute(value: Any, path: str) -> Any:
    if not is_wire_value(value):
        raise DqlmockError(
            f"{path} is an attribute value, so it is written as on the wire: "
            f"{_example(value)}, not {value!r}"
        )
    return wire_value(value)


def _example(value: Any) -> str:
    try:
        return repr(wire_value(value))
    except DqlmockError:
        return "{'S': 'text'}"


def _wire_structure(model: ServiceModel, shape: Shape, value: Any, path: str) -> dict[str, Any]:
    _check_is(value, Mapping, "a dict", path)
    for name in value:
        if name not in shape.members:
            raise DqlmockError(
                f"{path} has no member {name!r}.{did_you_mean(name, shape.members)} "
                f"It has: {', '.join(shape.members)}."
            )
    return {
        name: _wire(model, model.shape(shape.members[name]), member, f"{path}.{name}")
        for name, member in value.items()
    }


def _wire_scalar(shape: Shape, value: Any, path: str) -> Any:
    kinds = _KINDS[shape.kind]
    is_bool = isinstance(value, bool) and bool not in kinds  # a bool is an int for Python
    if is_bool or not isinstance(value, kinds):
        names = " or ".join(dict.fromkeys(kind.__name__ for kind in kinds))
        raise DqlmockError(f"{path} is a {shape.kind} ({names}), not {value!r}")
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(value).decode()
    return value


def _check_is(value: Any, kinds: Any, said: str, path: str) -> None:
    if not isinstance(value, kinds):
        raise DqlmockError(f"{path} is {said}, not {value!r}")
