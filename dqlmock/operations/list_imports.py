"""ListImports (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListImports.html)."""

from __future__ import annotations

from typing import Any, Final

from dqlmock.engine.database import Database
from dqlmock.operations.transfers import page

_SUMMARY: Final = (
    *("ImportArn", "ImportStatus", "TableArn", "S3BucketSource", "CloudWatchLogGroupArn"),
    *("InputFormat", "StartTime", "EndTime"),
)


def check(request: dict[str, Any]) -> None:
    """Check the rules that need no state: there are none."""


def run(database: Database, request: dict[str, Any]) -> dict[str, Any]:
    """List the imports that follow the start, those of deleted tables too.

    In the order of ListExports, and with S3BucketSource as it was given: cloud-custodian's
    recording of AWS of March 2026, test_dynamodb_import_summary_filter.
    """
    limit = request.get("PageSize")
    imports, more = page(database, request, lambda owner: owner.imports, limit)
    told = [each.description(database.clock.now_s()) for each in imports]
    summaries = [{name: each[name] for name in _SUMMARY if name in each} for each in told]
    for summary, each in zip(summaries, imports, strict=True):
        summary["S3BucketSource"] = each.request["S3BucketSource"]
    return {"ImportSummaryList": summaries, **more}
