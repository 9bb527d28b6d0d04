"""DescribeContributorInsights (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContributorInsights.html)."""

from __future__ import annotations

from typing import Any

from dqlmock.engine.database import Database
from dqlmock.operations.contributor_insights import insights_table, named, rules, status
from dqlmock.operations.table_description import wire_time


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """Describe them; those that never were enabled are DISABLED and nothing else."""
    index_name = request.get("IndexName", "")
    owner, name = database.resolve(request["TableName"])
    with owner.lock:
        table = insights_table(owner, name, index_name)
        insights = table.settings.insights.get(index_name)
        description = {**named(table, index_name), **status(insights)}
        if insights is not None:
            description["LastUpdateDateTime"] = wire_time(insights.changed_s)
            if insights.enabled:
                listed = list(rules(table, index_name, insights))
                description["ContributorInsightsRuleList"] = listed
    return description
