"""What becomes of a call that meets a fault.

Owns what each fault answers, or that it answers nothing. When it strikes is `fault_rule`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeAlias

from dqlmock.engine.batches import Batches
from dqlmock.engine.collections import COLLECTION_SIZE_EXCEEDED
from dqlmock.errors import (
    DqlmockError,
    DynamoDBError,
    InternalServerError,
    ItemCollectionSizeLimitExceededException,
    TransactionCanceledException,
    TransactionConflictException,
)
from dqlmock.testing.call import decoded
from dqlmock.testing.front import Door
from dqlmock.testing.pattern import Pattern
from dqlmock.testing.requests import tables_of
from dqlmock.testing.stub_answers import StubAnswer
from dqlmock.wire.messages import Loss, NoAnswer, WireRequest, WireResponse
from dqlmock.wire.response import encode, error_answer, respond

Effect: TypeAlias = Callable[[WireRequest, Mapping[str, Any], Door], WireResponse]
"""Answers a call, decoded too; may have the door behind answer it."""

TRANSACTIONS: Final = frozenset({"TransactWriteItems", "TransactGetItems", "ExecuteTransaction"})
_WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem"})
BATCHES: Final = frozenset({"BatchGetItem", "BatchWriteItem"})

LONGEST_DELAY_S: Final = 60.0
"""A test that waits longer has slipped a unit."""

_ONGOING = "Transaction is ongoing for the item"
_INTERNAL = "Internal server error"

# The messages beneath "Cancellation reason codes and possible error messages":
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
REASONS: Final[Mapping[str, str]] = {
    "ConditionalCheckFailed": "The conditional request failed",
    "ItemCollectionSizeLimitExceeded": COLLECTION_SIZE_EXCEEDED,
    "TransactionConflict": _ONGOING,
    "ProvisionedThroughputExceeded": (
        "The level of configured provisioned throughput for the table was exceeded. Consider "
        "increasing your provisioning level with the UpdateTable API."
    ),
    "ThrottlingError": (
        "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically "
        "scaling your table or index so please try again shortly. If exceptions persist, check if "
        "you have a hot key: "
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
        "bp-partition-key-design.html"
    ),
    "ValidationError": "One or more parameter values were invalid",
}
"""Why a transaction is cancelled, and what is said of it."""

# No capture of this text is known; AWS describes the error in nearly these words
# (https://docs.aws.amazon.com/botocore/latest/reference/services/dynamodb/client/exceptions/RequestLimitExceeded.html).
ACCOUNT_LIMIT: Final = (
    "Throughput exceeds the current throughput limit for your account. Please contact AWS Support "
    "at https://aws.amazon.com/support request a limit increase"
)

_STATEMENT_ERRORS: Final[Mapping[str, str]] = {
    **REASONS,
    "RequestLimitExceeded": ACCOUNT_LIMIT,
    "InternalServerError": _INTERNAL,
}
"""What becomes of a statement in a batch
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html)."""

_NAMES: Final[Mapping[Loss, str]] = {
    "connect timeout": "ConnectTimeoutError",
    "read timeout": "ReadTimeoutError",
    "closed": "ConnectionClosedError",
    "unreachable": "EndpointConnectionError",
}


@dataclass(frozen=True)
class Fault:
    """What becomes of a call.

    Args:
        said: The same, in words.
        effect: Answers it, or raises NoAnswer.
        operations: Those that it can happen to; None for all.
        is_on_the_way: It happens to the connection, so whatever the request says; any other only
            to a request that DynamoDB's front end lets through.
    """

    said: str
    effect: Effect
    operations: Collection[str] | None = None
    is_on_the_way: bool = False


def refused(said: str, error: DynamoDBError, *, after_write: bool = False) -> Fault:
    """Return the fault of being answered an error.

    Args:
        said: In words.
        error: The error.
        after_write: The engine does what is asked, before.
    """

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        meter = door(request).meter if after_write else None
        operation = request.target.rpartition(".")[2]
        return error_answer(error, operation, request.region)._replace(meter=meter)

    return Fault(said, effect)


def stubbed(said: str, stub: StubAnswer) -> Fault:
    """Return the fault of being answered by a stub instead of the engine."""
    return Fault(said, lambda request, parameters, door: stub(request, parameters))


def internal_error(*, after_write: bool) -> Fault:
    """Return AWS's 500."""
    error = InternalServerError(_INTERNAL)
    return refused("InternalServerError", error, after_write=after_write)


def conflict(pattern: Pattern) -> Fault:
    """Return the fault of another transaction holding an item."""
    return _by_operation(
        "a conflict with a transaction",
        refused("", TransactionConflictException(_ONGOING)),
        _WRITES | {"ExecuteStatement"},
        cancelled(pattern, "TransactionConflict", None, None),
        TRANSACTIONS,
    )


def collection_size(pattern: Pattern) -> Fault:
    """Return the fault of an item collection that has grown to 10 GB."""
    return _by_operation(
        "an item collection of 10 GB",
        refused("", ItemCollectionSizeLimitExceededException(COLLECTION_SIZE_EXCEEDED)),
        _WRITES | {"BatchWriteItem", "ExecuteStatement"},
        cancelled(pattern, "ItemCollectionSizeLimitExceeded", None, None),
        TRANSACTIONS - {"TransactGetItems"},
    )


def _by_operation(
    said: str,
    single: Fault,
    singles: frozenset[str],
    transaction: Fault,
    transactions: frozenset[str],
) -> Fault:
    """Return a fault that answers single calls otherwise than transactions."""

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        operation = request.target.rpartition(".")[2]
        fault = transaction if operation in transactions else single
        return fault.effect(request, parameters, door)

    return Fault(said, effect, singles | transactions)


def cancelled(pattern: Pattern, code: str, message: str | None, action: int | None) -> Fault:
    """Return the fault of a transaction that is cancelled.

    Args:
        pattern: Names the actions that are the reason, by table and key.
        code: The reason.
        message: What is said of it; None for AWS's words.
        action: Which action is the reason, from 0; None for those of the pattern.

    Raises:
        DqlmockError: There is no such reason.
    """
    if code not in REASONS:
        raise DqlmockError(
            f"A transaction isn't cancelled for {code!r}. Reasons are: {', '.join(REASONS)}."
        )
    reason = {"Code": code, "Message": REASONS[code] if message is None else message}

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        total, meant = _meant(pattern, parameters, action)
        reasons = [reason if number in meant else {"Code": "None"} for number in range(total)]
        codes = ", ".join(each["Code"] for each in reasons)
        error = TransactionCanceledException(
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
            f"[{codes}]",
            {"CancellationReasons": reasons},
        )
        return error_answer(error, request.target.rpartition(".")[2], request.region)

    return Fault(f"cancelled for {code}", effect, TRANSACTIONS)


def _meant(
    pattern: Pattern, parameters: Mapping[str, Any], action: int | None
) -> tuple[int, list[int]]:
    total, meant = pattern.actions(parameters)
    if action is None:
        return total, meant
    if action >= total:
        raise DqlmockError(f"What a fault is for has no action {action}, but {total} of them")
    return total, [action]


def failed_statement(
    pattern: Pattern, code: str, message: str | None, statement: int | None
) -> Fault:
    """Return the fault of a batch one of whose statements fails; the others run.

    Args:
        pattern: Names the statements that fail, by table and key.
        code: The code of the error.
        message: What is said of it; None for AWS's words.
        statement: Which one fails, from 0; None for those of the pattern.

    Raises:
        DqlmockError: There is no such error.
    """
    if code not in _STATEMENT_ERRORS:
        raise DqlmockError(
            f"A statement doesn't fail with {code!r}. Codes are: {', '.join(_STATEMENT_ERRORS)}."
        )
    error = {"Code": code, "Message": _STATEMENT_ERRORS[code] if message is None else message}

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        _, meant = _meant(pattern, parameters, statement)
        entries = list(enumerate(parameters["Statements"]))
        rest = [entry for number, entry in entries if number not in meant]
        answer: dict[str, Any] = {"Responses": []}
        meter = None
        if rest:
            body = encode({**parameters, "Statements": rest})
            response = door(request._replace(body=body))
            if response.status != 200:
                return response
            answer, meter = decoded(response.body), response.meter
        answers = iter(answer["Responses"])
        # The table is named: github.com/boto/boto3/issues/3834.
        answer["Responses"] = [
            {"Error": error, **_table_named(entry)} if number in meant else next(answers)
            for number, entry in entries
        ]
        return respond(200, encode(answer), meter=meter)

    return Fault(f"a statement fails with {code}", effect, ("BatchExecuteStatement",))


def _table_named(entry: Mapping[str, Any]) -> dict[str, str]:
    names = tables_of(entry)
    return {"TableName": names[0]} if names else {}


def unprocessed(count: int, batches: Batches) -> Fault:
    """Return the fault of a batch whose last entries are left unprocessed.

    Args:
        count: How many.
        batches: Where the engine is told.

    Raises:
        DqlmockError: It is less than one.
    """
    if count < 1:
        raise DqlmockError(f"At least one entry is left unprocessed: {count}")
    lock = Lock()  # what the engine is told is for the next batch, whoever's that is

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        with lock:
            forget = batches.remember()  # where the batch is refused, none was left unprocessed
            batches.leave_unprocessed(count, operation=request.target.rpartition(".")[2])
            try:
                return door(request)
            finally:
                forget()

    return Fault(f"{count} left unprocessed", effect, BATCHES)


def delayed(delay_s: float) -> Fault:
    """Return the fault of an answer that is late.

    Args:
        delay_s: By how much, in seconds of the machine's own time.

    Raises:
        DqlmockError: It is no delay, or one that nobody waits for.
    """
    if not 0 < delay_s <= LONGEST_DELAY_S:
        raise DqlmockError(f"A delay is more than 0 and at most {LONGEST_DELAY_S:g} s: {delay_s}")

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        response = door(request)
        return response._replace(delay_s=response.delay_s + delay_s)

    return Fault(f"{delay_s:g} s late", effect, is_on_the_way=True)


def lost(loss: Loss, *, after_write: bool = False) -> Fault:
    """Return the fault of a call that is lost, or whose answer is.

    Args:
        loss: What the caller finds.
        after_write: The engine does what is asked, before.
    """
    name = _NAMES[loss]
    when = "after the call took effect" if after_write else "before the call took effect"
    body = encode({"__type": name, "message": when})

    def effect(request: WireRequest, parameters: Mapping[str, Any], door: Door) -> WireResponse:
        meter = door(request).meter if after_write else None
        raise NoAnswer(loss, respond(504, body, meter=meter))

    return Fault(f"{name} {when}", effect, is_on_the_way=not after_write)


def only_for(fault: Fault, operation: str | None) -> Fault:
    """Return a fault, given that it can happen to an operation.

    Raises:
        DqlmockError: It can't.
    """
    operations = fault.operations
    if operation is not None and operations is not None and operation not in operations:
        raise DqlmockError(
            f"This can't happen to {operation}: {fault.said}. "
            f"It happens to {', '.join(sorted(operations))}."
        )
    return fault
