"""How DynamoDB says that it is asked too much.

Owns the three errors, their messages and their ThrottlingReasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dqlmock.engine.arn import TableArn, index_arn
from dqlmock.errors import (
    DqlmockError,
    DynamoDBError,
    ProvisionedThroughputExceededException,
    RequestLimitExceeded,
    ThrottlingException,
)
from dqlmock.testing.fault_effects import ACCOUNT_LIMIT, REASONS, Fault
from dqlmock.testing.front import Door
from dqlmock.testing.requests import PARTIQL, READS, WRITES, indexes_of, tables_of
from dqlmock.testing.statements import statements
from dqlmock.wire.messages import WireRequest, WireResponse
from dqlmock.wire.response import error_answer

LIMITS: Final = (
    "ProvisionedThroughputExceeded",
    "AccountLimitExceeded",
    "KeyRangeThroughputExceeded",
    "MaxOnDemandThroughputExceeded",
)
"""How a throttling reason ends
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html)."""


@dataclass(frozen=True)
class _Throttling:
    """An error, its messages for a table and for an index that is written, and its reasons."""

    error: type[DynamoDBError]
    message: str
    index_message: str
    limit: str
    member: str = "ThrottlingReasons"


_THROTTLINGS: Final[Mapping[str, _Throttling]] = {
    "ProvisionedThroughputExceededException": _Throttling(
        ProvisionedThroughputExceededException,
        REASONS["ProvisionedThroughputExceeded"],
        "The level of configured provisioned throughput for one or more global secondary indexes "
        "of the table was exceeded. Consider increasing your provisioning level for the "
        "under-provisioned global secondary indexes with the UpdateTable API.",
        "ProvisionedThroughputExceeded",
    ),
    "ThrottlingException": _Throttling(
        ThrottlingException,
        REASONS["ThrottlingError"],  # and so in github.com/awslabs/dynein/issues/195
        # As logged in github.com/audienceproject/spark-dynamodb/issues/60.
        "Throughput exceeds the current capacity for one or more global secondary indexes. "
        "DynamoDB is automatically scaling your index so please try again shortly.",
        "KeyRangeThroughputExceeded",
        "throttlingReasons",  # so the service model spells it here
    ),
    "RequestLimitExceeded": _Throttling(
        RequestLimitExceeded, ACCOUNT_LIMIT, ACCOUNT_LIMIT, "AccountLimitExceeded"
    ),
}

_CONTROL_MESSAGE = "Rate of requests exceeds the allowed throughput."
"""What is said of any other call
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html)."""


def throttled(
    code: str, *, operation: str | None, table: str | None, index: str | None, limit: str | None
) -> Fault:
    """Return the fault of being throttled.

    Args:
        code: The error's name.
        operation: The operation that it is for; None for all that read or write items.
        table: The table that is throttled; None for the first of the request.
        index: The index that holds a write up; None for the table, or the index that is read.
        limit: What is exceeded; None for what the error most often stands for.

    Raises:
        DqlmockError: There is no such error or limit, or the operation has no such error.
    """
    throttling = _THROTTLINGS.get(code)
    if throttling is None:
        raise DqlmockError(f"Nothing is throttled by {code!r}, but: {', '.join(_THROTTLINGS)}.")
    if limit is not None and limit not in LIMITS:
        raise DqlmockError(f"There is no limit {limit!r}. Limits are: {', '.join(LIMITS)}.")
    data = READS | WRITES | PARTIQL
    if operation is not None and operation not in data:
        if throttling.error is not ThrottlingException:
            raise DqlmockError(f"{operation} is throttled by ThrottlingException, not by {code}.")
        return _of_control_plane(operation)

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        name = table or next(iter(tables_of(parameters)), None)
        index_read = next(iter(indexes_of(parameters)), None)
        kind = "Read" if _reads(request, parameters) else "Write"
        error = _error(
            throttling, request, name, index or index_read, f"{kind}{limit or throttling.limit}"
        )
        return error_answer(error, request.target.rpartition(".")[2], request.region)

    return Fault(code, effect, data)


def _of_control_plane(operation: str) -> Fault:
    error = ThrottlingException(_CONTROL_MESSAGE)

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        return error_answer(error, operation, request.region)

    return Fault("ThrottlingException", effect, (operation,))


def _reads(request: WireRequest, parameters: Mapping[str, Any]) -> bool:
    operation = request.target.rpartition(".")[2]
    if operation in PARTIQL:
        return all(statement.kind == "query" for statement in statements(parameters))
    return operation in READS


def _error(
    throttling: _Throttling, request: WireRequest, table: str | None, index: str | None, why: str
) -> DynamoDBError:
    message = throttling.message if index is None else throttling.index_message
    if table is None:  # a batch of statements none of which is well formed
        return throttling.error(message)
    resource = str(TableArn(request.region, request.account, table))
    reason = {
        "reason": f"{'Table' if index is None else 'Index'}{why}",
        "resource": resource if index is None else index_arn(resource, index),
    }
    return throttling.error(message, {throttling.member: [reason]})
