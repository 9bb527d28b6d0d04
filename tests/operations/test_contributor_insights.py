"""UpdateContributorInsights, DescribeContributorInsights and ListContributorInsights."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from dqlmock import TableDelays, dql_mock
from tests.conftest import refusal, unchecked_client
from tests.operations.tables import create_composite_table, create_hash_table

NOON = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)
NOON_MS = int(NOON.timestamp() * 1000)
TABLE_ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"
ALL = {"ContributorInsightsMode": "ACCESSED_AND_THROTTLED_KEYS"}
THROTTLED = {"ContributorInsightsMode": "THROTTLED_KEYS"}


class Insights:
    """The three operations on a table without a sort key, and on one with indexes."""

    def __init__(self, client: Any) -> None:
        create_hash_table(client)
        create_composite_table(client)
        self.client = client

    def change(self, action: str, table: str = "hash", **more: Any) -> dict[str, Any]:
        return members(
            self.client.update_contributor_insights(
                TableName=table, ContributorInsightsAction=action, **more
            )
        )

    def describe(self, table: str = "hash", **more: Any) -> dict[str, Any]:
        return members(self.client.describe_contributor_insights(TableName=table, **more))

    def listed(self, **parameters: Any) -> list[tuple[str, str, str]]:
        page = self.client.list_contributor_insights(**parameters)
        return [
            (each["TableName"], each.get("IndexName", ""), each["ContributorInsightsStatus"])
            for each in page["ContributorInsightsSummaries"]
        ]


def members(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


@pytest.fixture
def insights(dynamodb: Any) -> Insights:
    return Insights(dynamodb)


def rule(kind: str, table: str = "hash", made_ms: int = NOON_MS) -> str:
    return f"DynamoDBContributorInsights-{kind}-{table}-{made_ms}"


def test_a_new_table_has_none(insights: Insights) -> None:
    assert insights.describe() == {"TableName": "hash", "ContributorInsightsStatus": "DISABLED"}
    assert insights.listed() == []


def test_enabling_says_that_it_has_begun_and_is_over(insights: Insights) -> None:
    with freeze_time(NOON):
        assert insights.change("ENABLE") == {
            "TableName": "hash",
            "ContributorInsightsStatus": "ENABLING",
            **ALL,
        }
    assert insights.describe() == {
        "TableName": "hash",
        "ContributorInsightsStatus": "ENABLED",
        "ContributorInsightsRuleList": [rule("PKC"), rule("PKT")],
        "LastUpdateDateTime": NOON,
        **ALL,
    }


def test_a_sort_key_has_rules_too(insights: Insights) -> None:
    with freeze_time(NOON):
        insights.change("ENABLE", "composite")
    found = insights.describe("composite")["ContributorInsightsRuleList"]
    assert found == [rule(kind, "composite") for kind in ("PKC", "SKC", "PKT", "SKT")]


def test_throttled_keys_alone(insights: Insights) -> None:
    with freeze_time(NOON):
        assert insights.change("ENABLE", "composite", **THROTTLED)["ContributorInsightsMode"] == (
            "THROTTLED_KEYS"
        )
    described = insights.describe("composite")
    assert described["ContributorInsightsMode"] == "THROTTLED_KEYS"
    assert described["ContributorInsightsRuleList"] == [
        rule(kind, "composite") for kind in ("PKT", "SKT")
    ]


def test_an_index_has_insights_of_its_own(insights: Insights) -> None:
    index = {"IndexName": "global_keys"}
    with freeze_time(NOON):
        answer = insights.change("ENABLE", "composite", **index)
    assert answer["IndexName"] == "global_keys"
    described = insights.describe("composite", **index)
    assert described["IndexName"] == "global_keys"
    assert described["ContributorInsightsStatus"] == "ENABLED"
    assert described["ContributorInsightsRuleList"] == [
        rule(kind, "composite") for kind in ("PKC", "PKT")
    ]
    assert insights.describe("composite")["ContributorInsightsStatus"] == "DISABLED"
    assert insights.describe("composite", IndexName="global_all") == {
        "TableName": "composite",
        "IndexName": "global_all",
        "ContributorInsightsStatus": "DISABLED",
    }


def test_disabling(insights: Insights) -> None:
    with freeze_time(NOON) as clock:
        insights.change("ENABLE")
        clock.tick(timedelta(minutes=1))
        assert insights.change("DISABLE") == {
            "TableName": "hash",
            "ContributorInsightsStatus": "DISABLING",
        }
    disabled = {
        "TableName": "hash",
        "ContributorInsightsStatus": "DISABLED",
        "LastUpdateDateTime": NOON + timedelta(minutes=1),
    }
    assert insights.describe() == disabled
    assert insights.change("DISABLE")["ContributorInsightsStatus"] == "DISABLING"
    assert insights.describe() == disabled


def test_disabling_what_never_was_enabled(insights: Insights) -> None:
    assert insights.change("DISABLE")["ContributorInsightsStatus"] == "DISABLING"
    assert insights.describe() == {"TableName": "hash", "ContributorInsightsStatus": "DISABLED"}
    assert insights.listed() == []


def test_only_a_change_makes_new_rules(insights: Insights) -> None:
    with freeze_time(NOON) as clock:
        insights.change("ENABLE")
        clock.tick(timedelta(seconds=1))
        insights.change("ENABLE")
        assert insights.describe()["ContributorInsightsRuleList"] == [rule("PKC"), rule("PKT")]
        insights.change("ENABLE", **THROTTLED)
        assert insights.describe()["ContributorInsightsRuleList"] == [
            rule("PKT", made_ms=NOON_MS + 1000)
        ]


def test_a_list_has_tables_and_indexes(insights: Insights) -> None:
    insights.change("ENABLE")
    insights.change("ENABLE", "composite")
    insights.change("ENABLE", "composite", IndexName="global_keys")
    insights.change("DISABLE")
    composite = [("composite", "", "ENABLED"), ("composite", "global_keys", "ENABLED")]
    assert insights.listed() == [*composite, ("hash", "", "DISABLED")]
    assert insights.listed(TableName="composite") == composite
    assert insights.listed(TableName=TABLE_ARN) == [("hash", "", "DISABLED")]
    summaries = insights.client.list_contributor_insights()["ContributorInsightsSummaries"]
    assert [each.get("ContributorInsightsMode") for each in summaries] == [
        *[ALL["ContributorInsightsMode"]] * 2,
        None,
    ]


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_a_list_comes_page_by_page(insights: Insights, most: int) -> None:
    insights.change("ENABLE")
    insights.change("ENABLE", "composite")
    insights.change("ENABLE", "composite", IndexName="global_keys")
    pages: list[Any] = []
    more: dict[str, Any] = {}
    while not pages or more:
        page = insights.client.list_contributor_insights(MaxResults=most, **more)
        pages.append(page["ContributorInsightsSummaries"])
        more = {"NextToken": page["NextToken"]} if "NextToken" in page else {}
    assert [len(page) for page in pages] == {1: [1, 1, 1], 2: [2, 1]}.get(most, [3])
    assert [(each["TableName"], each.get("IndexName")) for page in pages for each in page] == [
        ("composite", None),
        ("composite", "global_keys"),
        ("hash", None),
    ]


@pytest.mark.parametrize("most", [0, -1])
def test_a_page_holds_one_summary_at_least(insights: Insights, most: int) -> None:
    insights.change("ENABLE")
    insights.change("ENABLE", "composite")
    assert insights.listed(MaxResults=most) == [("composite", "", "ENABLED")]


def test_a_page_holds_a_hundred(insights: Insights) -> None:
    for number in range(100):
        create_hash_table(insights.client, f"table{number:03}")
        insights.change("ENABLE", f"table{number:03}")
    page = insights.client.list_contributor_insights()
    assert len(page["ContributorInsightsSummaries"]) == 100
    assert "NextToken" not in page
    insights.change("ENABLE")  # "hash" comes before them
    page = insights.client.list_contributor_insights()
    assert len(page["ContributorInsightsSummaries"]) == 100
    assert insights.listed(NextToken=page["NextToken"]) == [("table099", "", "ENABLED")]
    assert len(insights.listed(MaxResults=100)) == 100


def test_a_page_is_not_too_large(insights: Insights) -> None:
    assert refusal(insights.client.list_contributor_insights, MaxResults=101) == (
        "ValidationException",
        (
            "1 validation error detected: Value '101' at 'maxResults' failed to satisfy "
            "constraint: Member must have value less than or equal to 100"
        ),
    )


@pytest.mark.parametrize("token", ["x", "é", "aGFzaA==", ""])
def test_a_token_that_is_none(insights: Insights, token: str) -> None:
    assert refusal(insights.client.list_contributor_insights, NextToken=token) == (
        "ValidationException",
        "Invalid NextToken",
    )


@pytest.mark.parametrize("name", ["nothing", TABLE_ARN.replace("hash", "nothing")])
def test_there_is_no_such_table(insights: Insights, name: str) -> None:
    missing = (
        "ResourceNotFoundException",
        "Requested resource not found: Table: nothing not found",
    )
    assert refusal(insights.describe, table=name) == missing
    assert refusal(insights.change, action="ENABLE", table=name) == missing
    assert refusal(insights.listed, TableName=name) == missing


@pytest.mark.parametrize("index", ["nothing", "local"])
def test_there_is_no_such_global_index(insights: Insights, index: str) -> None:
    missing = ("ResourceNotFoundException", "Requested resource not found")
    asked = {"table": "composite", "IndexName": index}
    assert refusal(insights.describe, **asked) == missing
    assert refusal(insights.change, action="ENABLE", **asked) == missing


def test_a_table_is_named_by_its_arn_too(insights: Insights) -> None:
    assert insights.change("ENABLE", TABLE_ARN)["TableName"] == "hash"
    assert insights.describe(TABLE_ARN) == insights.describe()


def test_a_deleted_index_takes_its_insights_along(insights: Insights) -> None:
    insights.change("ENABLE", "composite")
    insights.change("ENABLE", "composite", IndexName="global_keys")
    insights.client.update_table(
        TableName="composite",
        GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "global_keys"}}],
    )
    assert insights.listed() == [("composite", "", "ENABLED")]


def test_an_index_that_is_being_deleted_keeps_them_meanwhile(db: Any, insights: Insights) -> None:
    insights.change("ENABLE", "composite", IndexName="global_all")
    described = insights.describe("composite", IndexName="global_all")
    assert len(described["ContributorInsightsRuleList"]) == 4
    db.engine.delays = TableDelays(index_delete_s=10)
    deleted = {"Delete": {"IndexName": "global_all"}}
    insights.client.update_table(TableName="composite", GlobalSecondaryIndexUpdates=[deleted])
    assert insights.describe("composite", IndexName="global_all") == described


def test_a_savepoint_takes_changes_back(db: Any, insights: Insights) -> None:
    with db.savepoint():
        insights.change("ENABLE")
    assert insights.describe()["ContributorInsightsStatus"] == "DISABLED"


def test_a_dump_holds_them(db: Any, insights: Insights, tmp_path: Path) -> None:
    insights.change("ENABLE", "composite", IndexName="global_keys", **THROTTLED)
    described = insights.describe("composite", IndexName="global_keys")
    db.dump(tmp_path / "dump")
    with dql_mock() as restored:
        restored.restore(tmp_path / "dump")
        found = unchecked_client().describe_contributor_insights(
            TableName="composite", IndexName="global_keys"
        )
    assert members(found) == described
