"""UpdateTimeToLive (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine import ttl
from dqlmock.engine.database import Database
from dqlmock.engine.settings import TableSettings, TimeToLive
from dqlmock.errors import ResourceInUseException, ValidationException
from dqlmock.limits import TTL_CHANGE_INTERVAL_S


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Enable or disable TTL; the answer repeats the specification."""
    specification = request["TimeToLiveSpecification"]
    enabled, attribute = specification["Enabled"], specification["AttributeName"]
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = owner.find(name)
        settings, now_s = table.settings, owner.clock.now_s()
        if settings.status == "CREATING":
            # Worded otherwise than for the other operations on tables (AWS, October 2026).
            raise ResourceInUseException(
                f"Attempt to change a resource which is still in use: Table {name} is being created"
            )
        _check_change(settings, enabled, attribute, now_s)
        settled_s = now_s + owner.engine.delays.ttl_s
        settings.time_to_live = TimeToLive(enabled, attribute, now_s, settled_s)
        if enabled:
            ttl.enable(table, attribute, owner.clock)
        else:
            ttl.disable(table)
    return {"TimeToLiveSpecification": {"Enabled": enabled, "AttributeName": attribute}}


def _check_change(settings: TableSettings, enabled: bool, attribute: str, now_s: float) -> None:
    """Check that there is something to change, then that the last change is long enough ago.

    The texts and their order were observed on AWS in October 2026. The hour is the documentation's;
    a table was seen to be refused for 30 minutes and taken after 31.
    """
    current = settings.time_to_live
    if current is None or not current.enabled:
        if not enabled:
            raise ValidationException("TimeToLive is already disabled")
    elif attribute != current.attribute:
        raise ValidationException(
            "TimeToLive is active on a different AttributeName: "
            f"current AttributeName is {current.attribute}"
        )
    elif enabled:
        raise ValidationException("TimeToLive is already enabled")
    if current is not None and now_s < current.changed_s + TTL_CHANGE_INTERVAL_S:
        raise ValidationException(
            "Time to live has been modified multiple times within a fixed interval"
        )
