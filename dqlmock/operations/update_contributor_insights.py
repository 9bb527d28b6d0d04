"""UpdateContributorInsights (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.engine.settings import ContributorInsights, TableSettings
from dqlmock.operations.contributor_insights import DEFAULT_MODE, insights_table, named


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Enable or disable insights, at once; the answer tells that it has begun."""
    enabled = request["ContributorInsightsAction"] == "ENABLE"
    mode, index_name = request.get("ContributorInsightsMode"), request.get("IndexName", "")
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = insights_table(owner, name, index_name)
        if enabled:
            mode = mode or DEFAULT_MODE
            _enable(table.settings, index_name, mode, owner.clock.now_s())
        else:
            mode = None
            _disable(table.settings, index_name, owner.clock.now_s())
    return {
        **named(table, index_name),
        "ContributorInsightsStatus": "ENABLING" if enabled else "DISABLING",
        **({"ContributorInsightsMode": mode} if mode else {}),
    }


def _enable(settings: TableSettings, index_name: str, mode: str, now_s: float) -> None:
    current = settings.insights.get(index_name)
    if current is None or not current.enabled or current.mode != mode:
        settings.insights[index_name] = ContributorInsights(True, mode, now_s)


def _disable(settings: TableSettings, index_name: str, now_s: float) -> None:
    current = settings.insights.get(index_name)
    if current is not None and current.enabled:
        settings.insights[index_name] = ContributorInsights(False, current.mode, now_s)
