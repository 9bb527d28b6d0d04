"""Which wording a region uses: AWS's rollout of 2026 as data.

From 2026-06-08 on AWS moved the checks of an operation, region by region, behind one validation
step that rewords messages. `COHORTS` says, for an operation and a family of messages, which regions
still answered in the older wording on the date given; regions that are not listed give the newest.

Owns the table, not the wording itself. Evidence: captures of real DynamoDB in 33 regions,
2026-09-20 to 2026-10-08.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dqlmock.errors import Family

REGIONS: Final = frozenset(
    {
        "af-south-1",
        "ap-east-1",
        "ap-east-2",
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-south-2",
        "ap-southeast-1",
        "ap-southeast-2",
        "ap-southeast-3",
        "ap-southeast-4",
        "ap-southeast-5",
        "ap-southeast-7",
        "ca-central-1",
        "ca-west-1",
        "eu-central-1",
        "eu-central-2",
        "eu-north-1",
        "eu-south-1",
        "eu-south-2",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "il-central-1",
        "me-central-1",
        "me-south-1",
        "mx-central-1",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    }
)
"""The 33 regions that were captured."""

_OLD_COHORT: Final = frozenset({"eu-south-2", "me-central-1"})
_SCAN_MOVED: Final = frozenset(
    {"ap-east-2", "ap-northeast-2", "eu-central-1", "eu-west-2", "us-west-1"}
)
_TRANSACT_MOVED: Final = frozenset({"ap-northeast-2", "eu-north-1", "eu-west-2"})
_TRANSACT_GET_MOVED: Final = frozenset({"ap-northeast-2", "eu-north-1"})
_BATCH_WRITE_MOVED: Final = frozenset(
    {"ap-east-2", "ap-southeast-1", "eu-central-1", "eu-north-1", "eu-west-2"}
)


@dataclass(frozen=True, slots=True)
class Cohort:
    """One row: the regions in which a family of an operation's messages had not moved yet.

    Args:
        operation: The API operation.
        families: Families that moved together; None stands for violations of the service model.
        older_in: Regions with the older wording.
        date: The day of the capture, ISO 8601.
    """

    operation: str
    families: frozenset[Family | None]
    older_in: frozenset[str]
    date: str


_ENVELOPED: Final[frozenset[Family | None]] = frozenset(
    {None, Family.VALUE, Family.NESTING, Family.EXPRESSION, Family.PARAMETERS}
)
_DELETE: Final[frozenset[Family | None]] = frozenset({None, Family.EXPRESSION})
_MODEL: Final[frozenset[Family | None]] = frozenset({None})
_BATCH: Final[frozenset[Family | None]] = frozenset({None, Family.REQUEST_ITEMS})
_SCAN: Final[frozenset[Family | None]] = frozenset({None, Family.SELECT, Family.START_KEY})

COHORTS: Final = (
    Cohort("PutItem", _ENVELOPED, _OLD_COHORT, "2026-10-07"),
    Cohort("UpdateItem", _ENVELOPED, _OLD_COHORT, "2026-10-07"),
    # Unused placeholders in ap-southeast-1: floci-io/floci issue 2893.
    Cohort("DeleteItem", _DELETE, _OLD_COHORT, "2026-09-20"),
    Cohort("BatchGetItem", _BATCH, frozenset({"me-central-1"}), "2026-10-03"),
    Cohort("BatchWriteItem", _BATCH, REGIONS - _BATCH_WRITE_MOVED, "2026-10-03"),
    # SPECIFIC_ATTRIBUTES without a projection: changelog of github.com/nubo-db/dynoxide, 0.11.2;
    # a projection with another Select: ExtendDB/extenddb pull request 211.
    Cohort("Query", frozenset({None, Family.SELECT}), frozenset(), "2026-07-02"),
    Cohort("Scan", _SCAN, REGIONS - _SCAN_MOVED, "2026-10-03"),
    Cohort("TransactGetItems", _MODEL, REGIONS - _TRANSACT_GET_MOVED, "2026-10-08"),
    Cohort("TransactWriteItems", _MODEL, REGIONS - _TRANSACT_MOVED, "2026-10-08"),
)

_OLDER_REGIONS: Final = {
    (row.operation, family): row.older_in for row in COHORTS for family in row.families
}


def is_newest(
    operation: str, family: Family | None, region: str, wording: str | None = None
) -> bool:
    """Tell whether an operation's family of messages is worded in the newest way.

    Args:
        operation: The API operation.
        family: The family; None for violations of the service model.
        region: The region called.
        wording: `"older"` or `"newest"` for every region alike; None to go by the region.

    >>> is_newest("PutItem", Family.EXPRESSION, "us-east-1")
    True
    >>> is_newest("PutItem", Family.EXPRESSION, "me-central-1")
    False
    >>> is_newest("GetItem", Family.EXPRESSION, "us-east-1")
    False
    """
    older_in = _OLDER_REGIONS.get((operation, family))
    if older_in is None:
        return False  # not known to have moved anywhere
    if wording is None:
        return region not in older_in
    # Where no region was seen with the older wording, its text is not known.
    return wording == "newest" or not older_in
