"""Backups: tables as they stood at one moment, whatever becomes of them afterwards.

Owns which backups there are, and their names. Knows neither how they are described nor how a table
is made from one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dqlmock.engine.arn import dated_arn
from dqlmock.storage.journal import Journal
from dqlmock.storage.protocol import StoredItem


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup of a table.

    Args:
        arn: `BackupArn`.
        name: `BackupName`, which need not be the only one of its kind.
        created_s: When it was made, in seconds since the epoch.
        size_bytes: Of the items.
        source: What describes the table, as the operation that made the backup laid it out.
        definition: What a table like it is created from, laid out likewise.
        items: The items by storage key, in the order of the keys.
        expires_s: When a `SYSTEM` backup is gone, in seconds since the epoch; None for a `USER`'s.
    """

    arn: str
    name: str
    created_s: float
    size_bytes: int
    source: Mapping[str, Any]
    definition: Mapping[str, Any]
    items: tuple[tuple[bytes, StoredItem], ...]
    expires_s: float | None = None

    @property
    def is_system(self) -> bool:
        """Whether deleting a table has left it behind."""
        return self.expires_s is not None


class BackupRegister:
    """The backups of one account in one region. Whoever calls holds the database's lock.

    Args:
        journal: Where changes are noted while a savepoint is open.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._backups: dict[str, Backup] = {}

    def new_arn(self, table_arn: str, now_s: float, *, is_system: bool = False) -> str:
        """Return an ARN that no backup has: time may stand still."""
        arn = dated_arn(table_arn, "backup", now_s, is_system=is_system)
        while arn in self._backups:
            now_s += 0.001
            arn = dated_arn(table_arn, "backup", now_s, is_system=is_system)
        return arn

    def add(self, backup: Backup) -> None:
        """Keep a backup."""
        self._backups[backup.arn] = backup
        self._journal.note(lambda: self._backups.pop(backup.arn))

    def find(self, arn: str, now_s: float) -> Backup | None:
        """Return a backup, None where there is none, or none any more. O(1)."""
        backup = self._backups.get(arn)
        return backup if backup is None or _is_kept(backup, now_s) else None

    def remove(self, backup: Backup) -> None:
        """Forget a backup."""
        del self._backups[backup.arn]
        self._journal.note(lambda: self._backups.__setitem__(backup.arn, backup))

    def all(self, now_s: float) -> list[Backup]:
        """Return the backups in the order of their ARNs: those of a table, oldest first."""
        return [backup for _, backup in sorted(self._backups.items()) if _is_kept(backup, now_s)]


def _is_kept(backup: Backup, now_s: float) -> bool:
    return backup.expires_s is None or now_s < backup.expires_s
