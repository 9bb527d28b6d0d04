"""What exports to S3 and imports from there share: whose they are, their pages, their failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from dqlmock.engine.arn import TableArn
from dqlmock.engine.database import Database
from dqlmock.engine.objects import ObjectStoreError
from dqlmock.engine.transfers import Transfer, TransferRegister
from dqlmock.errors import DqlmockError, DynamoDBError, ValidationException
from dqlmock.limits import LIST_TRANSFERS_PAGE

_TOKEN_LENGTH: Final = 112
_TOKEN_STEP: Final = 16
"""Of ListImports' NextToken: its pattern in the service model, `([0-9a-f]{16})+`."""


def refuse_ion(request: dict[str, Any], member: str) -> None:
    """Refuse Amazon Ion: there is no library for it among the mock's dependencies.

    Raises:
        DqlmockError: It is asked for.
    """
    if request.get(member) == "ION":
        raise DqlmockError(f"dqlmock can't answer {member} ION: it reads and writes no Amazon Ion")


def owner_of(database: Database, table_arn: str) -> tuple[Database, str]:
    """Return where a table would be that is named by its ARN, and its bare name.

    Raises:
        ValidationException: It is no ARN of a table of this region.
    """
    TableArn.parse(table_arn)
    return database.resolve(table_arn)


def found(
    database: Database,
    arn: str,
    register: Callable[[Database], TransferRegister],
    missing: DynamoDBError,
) -> Transfer:
    """Return the transfer that an ARN names.

    Args:
        database: The caller's.
        arn: `ExportArn` or `ImportArn`.
        register: From a database to its exports, or its imports.
        missing: What is raised where there is none.
    """
    try:
        owner, _ = owner_of(database, arn.rsplit("/", 2)[0])
    except ValidationException:
        raise missing from None
    with owner.lock:
        transfer = register(owner).find(arn, owner.clock.now_s())
    if transfer is None:
        raise missing
    return transfer


def page(
    database: Database,
    request: dict[str, Any],
    register: Callable[[Database], TransferRegister],
    limit: int | None,
) -> tuple[list[Transfer], dict[str, str]]:
    """Return the transfers of one page of a list, and its NextToken where there are more.

    AWS lists exports in the reverse order of their ARNs (API_ListExports).
    """
    start = _decoded(request["NextToken"]) if "NextToken" in request else None
    table_arn = request.get("TableArn")
    owner = owner_of(database, table_arn)[0] if table_arn else database
    with owner.lock:
        transfers = [
            transfer
            for transfer in register(owner).all(owner.clock.now_s())
            if table_arn in (None, transfer.table_arn) and (start is None or transfer.arn < start)
        ]
    stop = limit or LIST_TRANSFERS_PAGE
    more = {"NextToken": _encoded(transfers[stop - 1].arn)} if stop < len(transfers) else {}
    return transfers[:stop], more


def _encoded(arn: str) -> str:
    token = arn.encode().hex()
    token += "0" * (-len(token) % _TOKEN_STEP)
    return token.ljust(_TOKEN_LENGTH, "0")


def _decoded(token: str) -> str:
    try:
        return bytes.fromhex(token).rstrip(b"\0").decode()
    except ValueError:
        # AWS's words for it are not known: the general ones stand in.
        raise ValidationException("One or more parameter values were invalid") from None


def repeated(
    register: TransferRegister, request: dict[str, Any], now_s: float, conflict: DynamoDBError
) -> dict[str, Any] | None:
    """Return what was asked for before with the same ClientToken, as it is by now.

    Args:
        register: Where it would be. The caller holds the database's lock.
        request: Its ClientToken is remembered for eight hours.
        now_s: The time, in seconds since the epoch.
        conflict: What is raised where something else was asked for.
    """
    known = register.of_token(request.get("ClientToken"), now_s)
    if known is None:
        return None
    if known.request != request:
        raise conflict
    return known.description(now_s)


def carry_out(
    owner: Database,
    register: TransferRegister,
    begun: Transfer,
    ended_s: float,
    work: Callable[[], dict[str, Any]],
) -> None:
    """Do the work of a transfer and keep what became of it; without S3 it never was.

    The caller holds no lock: whoever mocks S3 may call DynamoDB.

    Args:
        owner: Whose table it is about.
        register: Where it is kept.
        begun: The transfer, kept already.
        ended_s: When it ends, in seconds since the epoch.
        work: Does it, and returns what the description says more.
    """
    try:
        outcome = work()
    except BaseException:  # whatever ended it, an interrupt too, none is left IN_PROGRESS
        with owner.lock:
            register.drop(begun)
        raise
    with owner.lock:
        register.keep(replace(begun, ended_s=ended_s, outcome=outcome))


def failed(error: ObjectStoreError) -> dict[str, str]:
    """Return code and message of a transfer that S3 has ended.

    Both as S3DataImport.Validation shows them, "The specified bucket does not exist".
    """
    return {
        "FailureCode": f"S3{error.code}",
        "FailureMessage": (
            f"{error.message} (Service: Amazon S3; Status Code: {error.status}; "
            f"Error Code: {error.code}; Request ID: {error.request_id}; "
            f"S3 Extended Request ID: {error.host_id}; Proxy: null)"
        ),
    }
