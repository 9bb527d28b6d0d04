"""The pipe: bytes, checked request, plan, engine, bytes.

Owns the order of the stages, which is observable behaviour. Knows no operation by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dqlmock.engine.database import Engine
from dqlmock.errors import (
    DqlmockError,
    DynamoDBError,
    MissingAuthenticationTokenException,
    SerializationException,
    UnknownOperationException,
)
from dqlmock.json_bytes import decode, encode
from dqlmock.limits import REQUEST_SIZE_BYTES
from dqlmock.operations.registry import OPERATIONS, STREAM_OPERATIONS, Operation
from dqlmock.shapes.model import service_model
from dqlmock.shapes.request import request_shape
from dqlmock.wire.messages import WireRequest, WireResponse
from dqlmock.wire.response import answer, error_answer, too_large

_PREFIXES = {"dynamodb": "DynamoDB_20120810", "dynamodbstreams": "DynamoDBStreams_20120810"}

TARGETS = {
    f"{_PREFIXES[operation.service]}.{name}": operation
    for name, operation in (OPERATIONS | STREAM_OPERATIONS).items()
}
"""Operations by `X-Amz-Target`."""


class Pipe:
    """Answers requests with one engine.

    Args:
        engine: The state.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answer(self, request: WireRequest) -> WireResponse:
        """Answer one request; whatever is wrong with it becomes the answer AWS would give.

        Raises:
            DqlmockError: AWS would answer something else, but it is not built.
        """
        if len(request.body) > REQUEST_SIZE_BYTES:
            return too_large()
        name = request.target.rpartition(".")[2]
        try:
            if not request.region:
                # The body as DynamoDB sent it: github.com/awslabs/aws-sdk-ios-samples/issues/111;
                # the status, 400: github.com/amazon-archives/aws-dynamodb-session-tomcat/issues/42.
                raise MissingAuthenticationTokenException("Request is missing Authentication Token")
            operation = TARGETS.get(request.target)
            if operation is None:
                raise _unanswerable(request)
            parameters = request_shape(name, operation.service).decode(_parse(request.body))
            return answer(self.run(operation, parameters, request.account, request.region))
        except DynamoDBError as error:
            return error_answer(error, name, request.region, self._engine.wording)

    def run(
        self, operation: Operation, parameters: dict[str, Any], account: str, region: str
    ) -> Mapping[str, Any]:
        """Check decoded parameters and run the operation: the pipe without its two ends of bytes.

        Returns:
            The members of the answer: JSON values, a `StoredItem`, `Encoded`, or a list of them.

        Raises:
            DynamoDBError: What AWS would answer.
        """
        request_shape(operation.name, operation.service).check(parameters)
        operation.check(parameters)
        return operation.run(self._engine.database(account, region), parameters)


def _unanswerable(request: WireRequest) -> Exception:
    """Return the error for an operation that isn't built, or that DynamoDB doesn't have.

    Raises:
        DynamoDBError: The operation isn't built, but AWS refuses the request by its shape alone.
    """
    prefix, _, name = request.target.rpartition(".")
    for service, prefix_of_service in _PREFIXES.items():
        if prefix == prefix_of_service and name in service_model(service).operations():
            shape = request_shape(name, service)
            shape.check(shape.decode(_parse(request.body)))
            return DqlmockError(
                f"dqlmock can't answer {name}: it is not built. A test can answer it: "
                f'db.expect("{name}").returns({{...}})'
            )
    return UnknownOperationException("")


def _parse(body: bytes) -> object:
    try:
        parsed = decode(body) if body else {}
    except (ValueError, RecursionError) as error:
        raise SerializationException("") from error
    if b"\\ud" in body or b"\\uD" in body:
        return _without_lone_surrogates(parsed)
    return parsed


def _without_lone_surrogates(parsed: object) -> object:
    # JSON can spell half of a surrogate pair, UTF-8 can't: AWS's Java turns it into "?".
    return decode(encode(parsed).decode("utf-8", "surrogatepass").encode("utf-8", "replace"))
