"""What a table is told and describes, beside its keys and items.

Owns throughput, billing, streams, encryption, tags and the table's status as plain facts. Knows no
items, and not how any of it is laid out on the wire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from dqlmock.engine.lifecycle import Status, Transition
from dqlmock.engine.schema import IndexSchema, KeySchema

_DAY_S = 86_400
_RECOVERY_LAG_S = 300

BillingMode: TypeAlias = Literal["PROVISIONED", "PAY_PER_REQUEST"]


@dataclass(slots=True)
class Throughput:
    """Provisioned capacity of a table or an index, and when it last changed.

    Args:
        read_units: `ReadCapacityUnits`; 0 on demand.
        write_units: `WriteCapacityUnits`; 0 on demand.
        last_increase_s: Time of the last increase, in seconds since the epoch.
        last_decrease_s: Time of the last decrease.
    """

    read_units: int
    write_units: int
    last_increase_s: float | None = None
    last_decrease_s: float | None = None
    _decreases: int = field(default=0, repr=False)
    _decreases_day: int = field(default=0, repr=False)

    def decreases_today(self, now_s: float) -> int:
        """Return the decreases of the current UTC day."""
        return self._decreases if self._decreases_day == now_s // _DAY_S else 0

    def is_lowered_by(self, read_units: int, write_units: int) -> bool:
        """Return whether a change would be a decrease: of reads, of writes, or of both."""
        return read_units < self.read_units or write_units < self.write_units

    def change(self, read_units: int, write_units: int, now_s: float) -> None:
        """Set new units and note what kind of change it was: one change can be of both kinds.

        >>> throughput = Throughput(5, 5)
        >>> throughput.change(10, 2, 86_400.0)
        >>> throughput.last_increase_s, throughput.decreases_today(86_401.0)
        (86400.0, 1)
        """
        if read_units > self.read_units or write_units > self.write_units:
            self.last_increase_s = now_s
        if self.is_lowered_by(read_units, write_units):
            self._decreases = self.decreases_today(now_s) + 1
            self._decreases_day = int(now_s // _DAY_S)
            self.last_decrease_s = now_s
        self.read_units, self.write_units = read_units, write_units


@dataclass(frozen=True, slots=True)
class OnDemandMaxima:
    """`OnDemandThroughput`: the most an on-demand table or index may use, None for no maximum.

    Args:
        read_units: `MaxReadRequestUnits`; -1 takes the maximum away.
        write_units: `MaxWriteRequestUnits`; -1 takes the maximum away.
    """

    read_units: int | None
    write_units: int | None

    def merged_over(self, stored: OnDemandMaxima | None) -> OnDemandMaxima:
        """Return these maxima, with the stored ones where these say nothing."""
        if stored is None:
            return self
        return OnDemandMaxima(
            stored.read_units if self.read_units is None else self.read_units,
            stored.write_units if self.write_units is None else self.write_units,
        )

    def in_force(self) -> OnDemandMaxima | None:
        """Return the maxima without those taken away, None where none is left.

        >>> OnDemandMaxima(-1, 5).in_force(), OnDemandMaxima(-1, None).in_force()
        (OnDemandMaxima(read_units=None, write_units=5), None)
        """
        read_units = None if self.read_units == -1 else self.read_units
        write_units = None if self.write_units == -1 else self.write_units
        if read_units is None and write_units is None:
            return None
        return OnDemandMaxima(read_units, write_units)


@dataclass(frozen=True, slots=True)
class WarmThroughput:
    """What a table or an index can serve at once.

    Args:
        read_units: `ReadUnitsPerSecond`.
        write_units: `WriteUnitsPerSecond`.
    """

    read_units: int
    write_units: int


@dataclass(slots=True)
class IndexSettings:
    """A global secondary index beside its keys and entries.

    Args:
        schema: Keys and projection. Here too, for an index is described while it is DELETING.
        throughput: Provisioned capacity.
        on_demand: Maxima on demand.
        warm: Warm throughput asked for or reached before; None for the default.
        warm_settled_s: When a change of it that was asked for is over.
        transition: The change under way.
    """

    schema: IndexSchema
    throughput: Throughput
    on_demand: OnDemandMaxima | None = None
    warm: WarmThroughput | None = None
    warm_settled_s: float = 0.0
    transition: Transition | None = None

    @property
    def status(self) -> Status:
        """`IndexStatus`, as of the last time the table's settings were settled."""
        return self.transition.status if self.transition else "ACTIVE"

    def is_readable(self, now_s: float) -> bool:
        """Return whether the index can be read: it isn't being created any more."""
        transition = self.transition
        if transition is None or transition.is_over(now_s):
            return True
        return transition.status != "CREATING" and not transition.backfills


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """The latest stream of a table. A disabled one stays described by its label and ARN.

    Args:
        enabled: Whether changes are recorded.
        view_type: `StreamViewType`.
        label: `LatestStreamLabel`.
        arn: `LatestStreamArn`.
    """

    enabled: bool
    view_type: str
    label: str
    arn: str


@dataclass(frozen=True, slots=True)
class KinesisDestination:
    """A Kinesis data stream that a table's changes are sent to, or were sent to.

    Args:
        stream_arn: `StreamArn`.
        precision: `ApproximateCreationDateTimePrecision`; None where it was never named.
        is_active: Whether it is `ACTIVE`. A disabled one stays described as `DISABLED`.
    """

    stream_arn: str
    precision: str | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class TimeToLive:
    """Whether items of a table expire.

    Args:
        enabled: Whether they do.
        attribute: The attribute that holds the expiry.
        changed_s: When UpdateTimeToLive last changed it, in seconds since the epoch.
        settled_s: When the change is over.
    """

    enabled: bool
    attribute: str
    changed_s: float
    settled_s: float


@dataclass(frozen=True, slots=True)
class PointInTimeRecovery:
    """How far back a table can be restored.

    Args:
        since_s: When it was enabled, in seconds since the epoch.
        period_days: `RecoveryPeriodInDays`.
    """

    since_s: float
    period_days: int

    def window(self, now_s: float) -> tuple[float, float]:
        """Return the earliest and the latest time that the table can be restored to.

        The latest is typically five minutes ago (API_DescribeContinuousBackups).

        >>> PointInTimeRecovery(1000.0, 35).window(1060.0)
        (1000.0, 1000.0)
        >>> PointInTimeRecovery(1000.0, 1).window(100_000.0)
        (13600.0, 99700.0)
        """
        earliest_s = max(self.since_s, now_s - self.period_days * _DAY_S)
        return earliest_s, max(earliest_s, now_s - _RECOVERY_LAG_S)


@dataclass(frozen=True, slots=True)
class Restoration:
    """What a table was restored from: `RestoreSummary`.

    Args:
        backup_arn: `SourceBackupArn`; None for a point in time.
        table_arn: `SourceTableArn`.
        moment_s: `RestoreDateTime`: the moment that the items are of.
    """

    backup_arn: str | None
    table_arn: str
    moment_s: float


@dataclass(frozen=True, slots=True)
class ContributorInsights:
    """Whether the most used keys of a table or an index are told. They are not counted here.

    Args:
        enabled: Whether they would be.
        mode: `ContributorInsightsMode`.
        changed_s: When that last changed, in seconds since the epoch.
    """

    enabled: bool
    mode: str
    changed_s: float


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """Who may do what with a table. It is kept, not evaluated.

    Args:
        document: JSON, as it was sent.
        revision_id: `RevisionId`, another one for every document.
    """

    document: str
    revision_id: str


@dataclass(frozen=True, slots=True)
class TableClass:
    """`TableClassSummary`.

    Args:
        name: `STANDARD` or `STANDARD_INFREQUENT_ACCESS`.
        changed_s: When UpdateTable last changed it.
    """

    name: str
    changed_s: float | None = None


@dataclass(slots=True)
class TableSettings:
    """All that a table describes beside its keys and items.

    Args:
        name: `TableName`.
        arn: `TableArn`.
        table_id: `TableId`, a UUID.
        created_s: `CreationDateTime`, in seconds since the epoch.
        attribute_types: Type tag by attribute, in the order of the requests.
        billing_mode: How capacity is billed.
        throughput: Provisioned capacity.
        on_demand_since_s: When the table last became on demand.
        on_demand: Maxima on demand.
        warm: Warm throughput asked for or reached before; None for the default.
        warm_settled_s: When a change of it that was asked for is over.
        indexes: Global secondary indexes by name, in the order of their creation.
        stream: The latest stream.
        kinesis: Kinesis destinations by ARN, in the order in which they were first enabled.
        time_to_live: None where it was never enabled.
        recovery: None where the table can't be restored to a point in time.
        insights: Contributor insights by the name of an index, "" for the table; none where they
            never were enabled.
        kms_key_arn: The key of an encrypted table; None for the key that DynamoDB owns.
        encryption_changes_s: When UpdateTable chose that key, in seconds since the epoch.
        table_class: None where it was never named.
        deletion_protection: Whether DeleteTable is refused.
        tags: Value by key.
        resource_policy: None where there is none.
        restoration: None where the table was created empty.
        transition: The change under way.
    """

    name: str
    arn: str
    table_id: str
    created_s: float
    attribute_types: dict[str, str]
    billing_mode: BillingMode
    throughput: Throughput
    on_demand_since_s: float | None = None
    on_demand: OnDemandMaxima | None = None
    warm: WarmThroughput | None = None
    warm_settled_s: float = 0.0
    indexes: dict[str, IndexSettings] = field(default_factory=dict)
    stream: StreamSettings | None = None
    kinesis: dict[str, KinesisDestination] = field(default_factory=dict)
    time_to_live: TimeToLive | None = None
    recovery: PointInTimeRecovery | None = None
    insights: dict[str, ContributorInsights] = field(default_factory=dict)
    kms_key_arn: str | None = None
    encryption_changes_s: tuple[float, ...] = ()
    table_class: TableClass | None = None
    deletion_protection: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    resource_policy: ResourcePolicy | None = None
    restoration: Restoration | None = None
    transition: Transition | None = None

    @property
    def status(self) -> Status:
        """`TableStatus`, as of the last time the settings were settled."""
        return self.transition.status if self.transition else "ACTIVE"

    @property
    def is_on_demand(self) -> bool:
        """Whether the table is billed by request."""
        return self.billing_mode == "PAY_PER_REQUEST"

    def settle(self, now_s: float) -> None:
        """End every change that is over by now. The caller holds the database's lock."""
        for index in list(self.indexes.values()):
            if index.transition is not None and index.transition.is_over(now_s):
                finish, index.transition = index.transition.finish, None
                if finish is not None:
                    finish()
        if self.transition is not None and self.transition.is_over(now_s):
            finish, self.transition = self.transition.finish, None
            if finish is not None:
                finish()

    def forget_index(self, name: str, keys: Iterable[KeySchema]) -> None:
        """Forget a deleted index, and the attributes that no key is left to use.

        Args:
            name: `IndexName`.
            keys: The keys of the table and of its local indexes.
        """
        del self.indexes[name]
        self.insights.pop(name, None)
        used = {attribute for key in keys for attribute in key.names}
        for index in self.indexes.values():
            used.update(index.schema.key.names)
        self.attribute_types = {
            attribute: tag for attribute, tag in self.attribute_types.items() if attribute in used
        }
