"""DescribeTimeToLive (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.settings import TimeToLive
from dqlmock.errors import ValidationException
from dqlmock.operations.parameters import check_table_name


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state."""
    check_table_name(request)


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe TTL as it stands by now."""
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        settings = owner.find(name).settings
        if settings.status in ("CREATING", "DELETING"):
            # As AWS answered in October 2026.
            raise ValidationException(
                f"Cannot describe time to live while table is in {settings.status} state: "
                f"Current table state is {settings.status}"
            )
        return {"TimeToLiveDescription": _description(settings.time_to_live, owner.clock.now_s())}


def _description(time_to_live: TimeToLive | None, now_s: float) -> dict[str, Any]:
    if time_to_live is None:
        return {"TimeToLiveStatus": "DISABLED"}
    is_settled = now_s >= time_to_live.settled_s
    if time_to_live.enabled:
        status = "ENABLED" if is_settled else "ENABLING"
    elif is_settled:  # the attribute is forgotten then (AWS, October 2026)
        return {"TimeToLiveStatus": "DISABLED"}
    else:
        status = "DISABLING"
    return {"TimeToLiveStatus": status, "AttributeName": time_to_live.attribute}
