"""Exports to S3 and imports from there: what was asked for, and what became of it.

Owns which there are, their names, how long they and their tokens are remembered. Knows neither what
is in the files nor S3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from dqlmock.engine.arn import dated_arn
from dqlmock.limits import TRANSFER_RETENTION_S, TRANSFER_TOKEN_S
from dqlmock.storage.journal import Journal


@dataclass(frozen=True, slots=True)
class Transfer:
    """An export or an import.

    Args:
        arn: `ExportArn` or `ImportArn`.
        table_arn: The table's.
        request: As it was asked for.
        started_s: When, in seconds since the epoch.
        described: Its description while it is under way.
        ended_s: When it ends, None where that isn't known yet.
        outcome: What its description says more, or otherwise, from then on.
    """

    arn: str
    table_arn: str
    request: Mapping[str, Any]
    started_s: float
    described: Mapping[str, Any]
    ended_s: float | None = None
    outcome: Mapping[str, Any] = field(default_factory=dict)

    def description(self, now_s: float) -> dict[str, Any]:
        """Return what is told of it by now, in wire form.

        >>> begun = Transfer("arn", "table", {}, 10.0, {"ImportStatus": "IN_PROGRESS"})
        >>> begun.description(20.0)
        {'ImportStatus': 'IN_PROGRESS'}
        """
        is_over = self.ended_s is not None and now_s >= self.ended_s
        return {**self.described, **(self.outcome if is_over else {})}


class TransferRegister:
    """The exports, or the imports, of one account in one region.

    Whoever calls holds the database's lock.

    Args:
        journal: Where changes are noted while a savepoint is open.
        kind: What the ARNs say.
    """

    def __init__(self, journal: Journal, kind: Literal["export", "import"]) -> None:
        self._journal = journal
        self._kind = kind
        self._transfers: dict[str, Transfer] = {}

    def new_arn(self, table_arn: str, now_s: float) -> str:
        """Return an ARN that is not taken: time may stand still."""
        arn = dated_arn(table_arn, self._kind, now_s)
        while arn in self._transfers:
            now_s += 0.001
            arn = dated_arn(table_arn, self._kind, now_s)
        return arn

    def keep(self, transfer: Transfer) -> None:
        """Remember a transfer, in the place of what was known of it."""
        self._note(transfer.arn)
        self._transfers[transfer.arn] = transfer

    def drop(self, transfer: Transfer) -> None:
        """Forget a transfer that never was."""
        self._note(transfer.arn)
        del self._transfers[transfer.arn]

    def find(self, arn: str, now_s: float) -> Transfer | None:
        """Return a transfer of the last 90 days, None where there is none. O(1)."""
        transfer = self._transfers.get(arn)
        return transfer if transfer and _is_remembered(transfer, now_s) else None

    def of_token(self, token: str | None, now_s: float) -> Transfer | None:
        """Return the transfer that a ClientToken stands for by now."""
        if token is None:
            return None
        for transfer in self._transfers.values():
            ended_s = now_s if transfer.ended_s is None else transfer.ended_s
            is_valid = now_s < ended_s + TRANSFER_TOKEN_S
            if is_valid and transfer.request.get("ClientToken") == token:
                return transfer
        return None

    def all(self, now_s: float) -> list[Transfer]:
        """Return the transfers of the last 90 days by ARN, those of a table newest first."""
        transfers = sorted(self._transfers.items(), reverse=True)
        return [transfer for _, transfer in transfers if _is_remembered(transfer, now_s)]

    def _note(self, arn: str) -> None:
        before = self._transfers.get(arn)
        if before is None:
            self._journal.note(partial(self._transfers.pop, arn, None))
        else:
            self._journal.note(partial(self._transfers.__setitem__, arn, before))


def _is_remembered(transfer: Transfer, now_s: float) -> bool:
    return now_s < transfer.started_s + TRANSFER_RETENTION_S
