"""Capacity of tables and indexes as CreateTable and UpdateTable are told it.

Owns the rules on BillingMode, ProvisionedThroughput and OnDemandThroughput that both share, and
their translation into the engine's settings. Knows no state but the billing mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from dqlmock.engine.settings import (
    IndexSettings,
    OnDemandMaxima,
    TableSettings,
    Throughput,
    WarmThroughput,
)
from dqlmock.errors import LimitExceededException, ValidationException
from dqlmock.operations.table_definition import Member, invalid

_MOST_UNITS = 1_000_000_000_000
_FREE_DECREASES = 4
_DECREASE_WAIT_S = 3600
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MAXIMA = ("MaxReadRequestUnits", "MaxWriteRequestUnits")

NEITHER_ON_DEMAND = (
    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
    "PAY_PER_REQUEST"
)


def take_mode(request: dict[str, Any]) -> None:
    """Take TableThroughputMode for BillingMode, where a request says only the former.

    AWS lets BillingMode decide where both are there, and speaks of BillingMode in its errors
    (measured in August 2026: ExtendDB/extenddb#320).
    """
    mode = request.pop("TableThroughputMode", None)
    if mode is not None:
        request.setdefault("BillingMode", mode)


def check_bounds(provisioned: Member | None, where: str = "") -> None:
    """Check that units are within what AWS takes for a number of units at all.

    Args:
        provisioned: `ProvisionedThroughput`, of valid shape.
        where: What AWS appends for an index.

    Raises:
        ValidationException: More than 10**12 units.
    """
    for name in ("ReadCapacityUnits", "WriteCapacityUnits"):
        units = provisioned[name] if provisioned else 0
        if units > _MOST_UNITS:
            raise ValidationException(f"Given value {units} for {name} is out of bounds{where}")


def check_on_demand_range(on_demand: Member, lowest: tuple[int, ...] = ()) -> None:
    """Check a table's maxima: 1 or more.

    Args:
        on_demand: `OnDemandThroughput`.
        lowest: Values that are allowed beside: UpdateTable takes a maximum away with -1.

    Raises:
        ValidationException: A maximum out of range.
    """
    for name, units in maxima_named(on_demand):
        if units < 1 and units not in lowest:
            raise invalid(
                f"Requested {name} for OnDemandThroughput for table is outside of valid range"
            )


def check_index_maxima(index: Member, *, on_demand: bool, lowest: tuple[int, ...] = ()) -> None:
    """Check the maxima of an index: 1 or more, and of a table on demand.

    Args:
        index: What may have `OnDemandThroughput`.
        on_demand: Whether the table's capacity is on demand.
        lowest: Values that are allowed beside.

    Raises:
        ValidationException: A maximum that isn't allowed. It is refused on AWS as a table's is
            (go-to-k/cdkd#3392, September 2026), but nobody quotes the words: the general ones.
    """
    for _, units in maxima_named(index.get("OnDemandThroughput")):
        if not on_demand or (units < 1 and units not in lowest):
            raise ValidationException("One or more parameter values were invalid")


def maxima_named(on_demand: Member | None) -> Iterator[tuple[str, int]]:
    """Return the maxima that are there, reads first."""
    for name in _MAXIMA:
        units = on_demand.get(name) if on_demand else None
        if units is not None:
            yield name, units


def throughput_of(member: Member) -> Throughput:
    """Return the capacity a table or an index begins with; none on demand.

    >>> throughput_of({"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 1}})
    Throughput(read_units=5, write_units=1, last_increase_s=None, last_decrease_s=None)
    """
    provisioned = member.get("ProvisionedThroughput")
    if provisioned is None:
        return Throughput(0, 0)
    return Throughput(provisioned["ReadCapacityUnits"], provisioned["WriteCapacityUnits"])


def maxima_of(member: Member) -> OnDemandMaxima | None:
    """Return the maxima that a table or an index is given, None for none."""
    units = dict(maxima_named(member.get("OnDemandThroughput")))
    if not units:
        return None
    return OnDemandMaxima(units.get(_MAXIMA[0]), units.get(_MAXIMA[1]))


def warm_of(member: Member) -> WarmThroughput | None:
    """Return the warm throughput that is asked for, None for none.

    >>> warm_of({"WarmThroughput": {"ReadUnitsPerSecond": 15_000}})
    WarmThroughput(read_units=15000, write_units=0)
    """
    warm = member.get("WarmThroughput")
    if not warm:
        return None
    return WarmThroughput(warm.get("ReadUnitsPerSecond", 0), warm.get("WriteUnitsPerSecond", 0))


def warm_reached(
    warm: WarmThroughput | None, throughput: Throughput, *, on_demand: bool
) -> WarmThroughput:
    """Return what a table or an index can serve at once.

    A new on-demand table serves 12,000 reads and 4,000 writes a second, a provisioned one what it
    is provisioned with: units beyond its warm throughput raise that, for good
    (warm-throughput-scenarios.html).

    Args:
        warm: What was asked for or reached before, None for nothing.
        throughput: The capacity there is.
        on_demand: Whether capacity is on demand.

    >>> warm_reached(WarmThroughput(15_000, 0), Throughput(0, 0), on_demand=True)
    WarmThroughput(read_units=15000, write_units=4000)
    """
    default = (12_000, 4_000) if on_demand else (throughput.read_units, throughput.write_units)
    if warm is None:
        return WarmThroughput(*default)
    return WarmThroughput(max(warm.read_units, default[0]), max(warm.write_units, default[1]))


def check_warm(member: Member, current: WarmThroughput, where: str = "table") -> None:
    """Check that no less warm throughput is asked for than there is; the same is taken.

    Args:
        member: What may have `WarmThroughput`.
        current: What there is.
        where: What AWS calls it: `"table"`, or `"index"` and its name.

    Raises:
        ValidationException: Less, reads first. go-to-k/cdkd#1768 quotes AWS (August 2026).
    """
    warm = member.get("WarmThroughput") or {}
    units = {"ReadUnitsPerSecond": current.read_units, "WriteUnitsPerSecond": current.write_units}
    for name, least in units.items():
        if warm.get(name, least) < least:
            raise invalid(
                f"Requested {name} for WarmThroughput for {where} is lower than current "
                "WarmThroughput, decreasing WarmThroughput is not supported"
            )


def keep_warm(
    settings: TableSettings | IndexSettings, *, on_demand: bool, member: Member | None = None
) -> None:
    """Keep what was reached, and what is asked for, before capacity changes.

    Args:
        settings: Its settings.
        on_demand: Whether capacity is on demand now.
        member: What asks for `WarmThroughput`, checked.
    """
    reached = warm_reached(settings.warm, settings.throughput, on_demand=on_demand)
    asked = warm_of(member or {}) or reached
    settings.warm = WarmThroughput(
        max(reached.read_units, asked.read_units), max(reached.write_units, asked.write_units)
    )


def unchanged_throughput(
    throughput: Throughput, kind: str, name: str | None = None
) -> ValidationException:
    """Return the error for a change that changes nothing.

    Args:
        throughput: The units there are, which are those asked for.
        kind: `"table"` or `"index"`.
        name: The index.
    """
    reads, writes = throughput.read_units, throughput.write_units
    return ValidationException(
        f"The provisioned throughput for the {f'{kind} {name}' if name else kind} will not change. "
        "The requested value equals the current value. "
        f"Current ReadCapacityUnits provisioned for the {kind}: {reads}. "
        f"Requested ReadCapacityUnits: {reads}. "
        f"Current WriteCapacityUnits provisioned for the {kind}: {writes}. "
        f"Requested WriteCapacityUnits: {writes}. Refer to the Amazon DynamoDB Developer Guide "
        "for current limits and how to request higher limits."
    )


def check_decrease(throughput: Throughput, asked: Throughput, now_s: float) -> None:
    """Check how often capacity was lowered today.

    Four decreases a UTC day are free, each further one waits an hour (ServiceQuotas.html,
    "Decreasing provisioned throughput").

    Raises:
        LimitExceededException: Too soon.
    """
    last_s = throughput.last_decrease_s
    today = throughput.decreases_today(now_s)
    if last_s is None or not throughput.is_lowered_by(asked.read_units, asked.write_units):
        return
    next_s = last_s + _DECREASE_WAIT_S
    if today >= _FREE_DECREASES and now_s < next_s:
        raise LimitExceededException(
            "Subscriber limit exceeded: Provisioned throughput decreases are limited within a "
            f"given UTC day. After the first {_FREE_DECREASES} decreases, each subsequent decrease "
            f"in the same UTC day can be performed at most once every {_DECREASE_WAIT_S} seconds. "
            f"Number of decreases today: {today}. Last decrease at {_spoken(last_s)}. "
            f"Next decrease can be made at {_spoken(next_s)}"
        )


def _spoken(moment_s: float) -> str:
    """Return a time in the long form of AWS's answers.

    AWS in ansible-collections/community.aws issue 1558 (October 2022).
    """
    moment = datetime.fromtimestamp(moment_s, timezone.utc)
    day = f"{_DAYS[moment.weekday()]}, {_MONTHS[moment.month - 1]} {moment.day}, {moment.year}"
    half = "PM" if moment.hour >= 12 else "AM"
    return f"{day} at {moment.hour % 12 or 12}:{moment:%M:%S} {half} Coordinated Universal Time"
