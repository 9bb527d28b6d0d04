"""Contributor insights of a table or a global index: which is meant, and how they are described.

Shared by UpdateContributorInsights and its kin
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dqlmock.engine.database import Database
from dqlmock.engine.settings import ContributorInsights
from dqlmock.engine.table import Table
from dqlmock.errors import ResourceNotFoundException

DEFAULT_MODE: Final = "ACCESSED_AND_THROTTLED_KEYS"
"""The mode of who names none. (contributorinsights_HowItWorks)"""

_COUNTED: Final = {DEFAULT_MODE: "CT", "THROTTLED_KEYS": "T"}
"""What the rules of a mode count: keys consumed, keys throttled."""


def insights_table(owner: Database, name: str, index_name: str) -> Table:
    """Return a table whose insights, or whose index's, are asked for.

    The caller holds the database's lock.

    Args:
        owner: Where the table is.
        name: `TableName`.
        index_name: `IndexName`; "" for the table itself.

    Raises:
        ResourceNotFoundException: There is no such table, or no such global index of it.
    """
    table = owner.find(name)
    if index_name and index_name not in table.settings.indexes:
        raise ResourceNotFoundException("Requested resource not found")
    return table


def named(table: Table, index_name: str) -> dict[str, Any]:
    """Return the members of an answer that say what it is about."""
    return {"TableName": table.name, **({"IndexName": index_name} if index_name else {})}


def status(insights: ContributorInsights | None) -> dict[str, Any]:
    """Return the members of an answer that say how insights stand."""
    if insights is None or not insights.enabled:
        return {"ContributorInsightsStatus": "DISABLED"}
    return {"ContributorInsightsStatus": "ENABLED", "ContributorInsightsMode": insights.mode}


def rules(table: Table, index_name: str, insights: ContributorInsights) -> Iterator[str]:
    """Yield `ContributorInsightsRuleList`.

    An index's rules are named after its table, as in the AWS CLI's example of
    `describe-contributor-insights`, which has this order too.

    Args:
        table: Whose.
        index_name: "" for the table's own.
        insights: They are enabled.
    """
    # Described though it is being deleted, an index is in the settings alone.
    schema = table.settings.indexes[index_name].schema if index_name else table.schema
    keys = "PS" if schema.key.sort else "P"
    for counted in _COUNTED[insights.mode]:
        for key in keys:
            made_ms = int(insights.changed_s * 1000)
            yield f"DynamoDBContributorInsights-{key}K{counted}-{table.name}-{made_ms}"
