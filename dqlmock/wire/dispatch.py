"""The pipe: bytes, checked request, plan, engine, bytes.

Owns the order of the stages, which is observable behaviour. Knows no operation by name.
"""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Engine
from dqlmock.errors import (
    DynamoDBError,
    MissingAuthenticationTokenException,
    SerializationException,
    UnknownOperationException,
)
from dqlmock.json_bytes import decode, encode
from dqlmock.operations.registry import OPERATIONS, STREAM_OPERATIONS, Operation
from dqlmock.shapes.request import request_shape
from dqlmock.wire.messages import WireRequest, WireResponse
from dqlmock.wire.response import answer, error_answer

TARGETS = {
    f"{prefix}.{name}": operation
    for prefix, operations in (
        ("DynamoDB_20120810", OPERATIONS),
        ("DynamoDBStreams_20120810", STREAM_OPERATIONS),
    )
    for name, operation in operations.items()
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
        """Answer one request; whatever is wrong with it becomes the answer AWS would give."""
        name = request.target.rpartition(".")[2]
        try:
            if not request.region:
                # The body as DynamoDB sent it: github.com/awslabs/aws-sdk-ios-samples/issues/111;
                # the status, 400: github.com/amazon-archives/aws-dynamodb-session-tomcat/issues/42.
                raise MissingAuthenticationTokenException("Request is missing Authentication Token")
            operation = _operation(request.target)
            parameters = request_shape(name, operation.service).decode(_parse(request.body))
            return answer(self.run(operation, parameters, request.account, request.region))
        except DynamoDBError as error:
            return error_answer(error, name, request.region, self._engine.wording)

    def run(
        self, operation: Operation, parameters: dict[str, Any], account: str, region: str
    ) -> dict[str, Any]:
        """Check decoded parameters and run the operation: the pipe without its two ends of bytes.

        Returns:
            The members of the answer: JSON values, a `StoredItem`, `Encoded`, or a list of them.

        Raises:
            DynamoDBError: What AWS would answer.
        """
        request_shape(operation.name, operation.service).check(parameters)
        operation.check(parameters)
        return operation.run(self._engine.database(account, region), parameters)


def _operation(target: str) -> Operation:
    operation = TARGETS.get(target)
    if operation is None:
        raise UnknownOperationException("")
    return operation


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
