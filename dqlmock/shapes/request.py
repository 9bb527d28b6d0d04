"""The door of the package: what a request of an operation may look like.

Owns the cache of compiled shapes. An operation's shape is compiled on its first use; importing this
module reads no service model.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Any

from dqlmock.errors import ConstraintViolations
from dqlmock.shapes import overlay
from dqlmock.shapes.constraints import Compiler
from dqlmock.shapes.decode import compile_decoder
from dqlmock.shapes.model import ServiceModel, service_model


class RequestShape:
    """What one operation takes. Compiled once and safe to share between threads.

    Args:
        model: The service model.
        operation: The operation's name.

    Attributes:
        members: The names of the members that the model has.

    >>> sorted(request_shape("DescribeTable").members)
    ['TableName']
    """

    def __init__(self, model: ServiceModel, operation: str) -> None:
        shape = overlay.amend(model.input_shape(operation), "operation", operation)
        constraint = Compiler(model).structure(shape, operation)
        self.members = frozenset(shape.members)
        self._decode = compile_decoder(model, shape, element=True)
        self._passes = constraint.passes
        self._report = constraint.report_inside

    def decode(self, body: object) -> dict[str, Any]:
        """Return the request that a JSON document makes.

        Unknown members and members that are null are left out. Attribute values keep the form they
        have on the wire, and are the caller's own objects where nothing had to be changed. A null
        in the place of an attribute value becomes `{}`, the value without a type; a null member of
        another list or map stays, for `check` to refuse.

        Args:
            body: The document, as `json.loads` returns it.

        Raises:
            SerializationException: A value of the wrong JSON type, or text that isn't base64.
            ValidationException: A null member of a set.

        >>> request_shape("GetItem").decode({"TableName": "t", "Key": {"pk": {"S": "a"}}, "X": 1})
        {'TableName': 't', 'Key': {'pk': {'S': 'a'}}}
        """
        request: dict[str, Any] = self._decode(body)
        return request

    def check(self, request: dict[str, Any]) -> None:
        """Check a decoded request against the constraints of the model.

        Args:
            request: What `decode` returned.

        Raises:
            ConstraintViolations: All violations, in AWS's order, ten at most.

        >>> request_shape("Scan").check({"TableName": "t", "Select": "ALL", "Limit": 1})
        Traceback (most recent call last):
        dqlmock.errors.ConstraintViolations: select: Member must satisfy enum value set: \
[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]
        """
        if not self._passes(request):
            violations = islice(self._report(request, ""), overlay.MOST_VIOLATIONS_REPORTED)
            raise ConstraintViolations(tuple(violations))


@cache
def request_shape(operation: str, service: str = "dynamodb") -> RequestShape:
    """Return what an operation takes, compiled on the first call.

    Args:
        operation: The API operation: `"PutItem"`.
        service: botocore's name of the service: `"dynamodb"` or `"dynamodbstreams"`.

    Raises:
        KeyError: The service has no such operation, or botocore's model is older than it.

    >>> sorted(request_shape("GetRecords", service="dynamodbstreams").members)
    ['Limit', 'ShardIterator']
    """
    return RequestShape(service_model(service), operation)
