"""What botocore's model gets wrong about AWS, or doesn't say: one table, with its evidence.

A row names its target as `"KeyType"` (a shape), `"PutItem"` (an operation), `"*.TableName"` (a
member of that name wherever it stands), `"CreateTable.TableName"` (a member of one operation or
structure) or `"operation"` (all operations). Later targets in that list win over earlier ones.

Evidence is one of: the captures of AWS's answers by region, autumn 2026 ("capture"); the
conformance suite of May 2026 ("suite"); an issue thread that quotes AWS; AWS's documentation; the
newest service model; DynamoDB Local. "second-hand" marks what other implementers of the API
report of AWS and nobody checked here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from dqlmock import limits
from dqlmock.shapes.model import Shape


@dataclass(frozen=True, slots=True)
class Row:
    """One difference between the model and AWS.

    Args:
        target: What the row is about: see the module.
        change: Fields of `Shape` and their values on AWS. `members` adds to those of the model,
            each shaped like a member that it names; older models may lack the latter.
        evidence: How it is known.
    """

    target: str
    change: Mapping[str, Any]
    evidence: str


_MODE: Final = {"members": {"TableThroughputMode": "BillingMode"}}
_MODE_EVIDENCE: Final = (
    "ExtendDB/extenddb#320, August 2026: both operations take TableThroughputMode, no model has it"
)
_NAME_PATTERN: Final = "[a-zA-Z0-9_.-]+"
_SHORTEST_NEW_NAME: Final = {
    "minimum": limits.TABLE_NAME_MIN_LENGTH,
    "reports_once": False,
}

TABLE: Final = (
    # Names of tables. The model gives them 1 to 1024 characters and no pattern, for the sake of
    # ARNs; models before 2024-03 have 3 to 255 everywhere.
    Row(
        "*.TableName",
        {
            "minimum": 1,
            "maximum": limits.TABLE_NAME_MAX_LENGTH,
            "pattern": _NAME_PATTERN,
            "accepts_arn": True,
            "reports_once": True,
        },
        "capture s_put_table_empty, _long, _badchars, o_upd_empty_table, o_del_empty_table: "
        "an empty name is too short and nothing else; API reference: an ARN may stand there",
    ),
    Row(
        "CreateTable.TableName",
        _SHORTEST_NEW_NAME,
        "capture s_ct_table_short; both violations of an empty name: quoted in public code, 2018; "
        "API_CreateTable: an ARN may stand there",
    ),
    Row(
        "TableCreationParameters.TableName",
        {**_SHORTEST_NEW_NAME, "accepts_arn": False},
        "model",
    ),
    Row("ListStreams.TableName", {**_SHORTEST_NEW_NAME, "accepts_arn": False}, "model"),
    Row(
        "BatchGetItem.RequestItems",
        {"minimum": None},
        "suite, error-messages/batchGetItem: an empty map has a message of its own",
    ),
    Row(
        "BatchWriteItem.RequestItems",
        {"minimum": None},
        "capture o_bw_empty_requestitems: an empty map has a message of its own",
    ),
    # Names of attributes outside of keys.
    Row(
        "AttributeName",
        {"unchecked": True},
        "DynamoDB Local 2026-11: 'Attribute name is too large, must be less than 65536 bytes'",
    ),
    # What is required.
    Row(
        "CreateTable",
        {"required": ()},
        "suite, error-messages/createTable: an absent TableName has a message of its own; model "
        "since 2025: KeySchema and AttributeDefinitions come from GlobalTableSourceArn",
    ),
    *(
        Row(
            operation,
            {"required": ()},
            "suite, error-messages/createTable, and dynalite for the other four: an absent "
            "TableName has a message of its own; UpdateTable's members are optional beside it",
        )
        for operation in ("DescribeTable", "UpdateTable", "DeleteTable", "DescribeTimeToLive")
    ),
    # Members that no model has.
    Row("CreateTableInput", _MODE, _MODE_EVIDENCE),
    Row("UpdateTableInput", _MODE, _MODE_EVIDENCE),
    # Sizes of lists.
    Row("CreateTable.KeySchema", {"maximum": 2}, "capture c_ct_3keys"),
    Row("TableCreationParameters.KeySchema", {"maximum": 2}, "as CreateTable.KeySchema"),
    Row("LocalSecondaryIndex.KeySchema", {"maximum": 2}, "as CreateTable.KeySchema"),
    Row(
        "GlobalSecondaryIndex.KeySchema",
        {"maximum": 2 * limits.INDEX_KEY_ATTRIBUTES},
        "GSI.DesignPattern.MultiAttributeKeys: four attributes of either kind",
    ),
    Row(
        "CreateGlobalSecondaryIndexAction.KeySchema",
        {"maximum": 2 * limits.INDEX_KEY_ATTRIBUTES},
        "GSI.DesignPattern.MultiAttributeKeys: four attributes of either kind",
    ),
    # The order in which the values of an enum are shown.
    Row(
        "ReturnValue",
        {"enum": ("ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")},
        "capture put-item-validation-error-aggregation, older wording",
    ),
    Row(
        "ReturnConsumedCapacity",
        {"enum": ("INDEXES", "TOTAL", "NONE")},
        "capture o_put_three_bad_enums",
    ),
    Row(
        "ReturnItemCollectionMetrics",
        {"enum": ("SIZE", "NONE")},
        "capture o_put_three_bad_enums",
    ),
    Row(
        "Select",
        {"enum": ("SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")},
        "suite, error-messages/query",
    ),
    Row("KeyType", {"enum": ("HASH", "RANGE")}, "suite, error-messages/createTable"),
    Row("ScalarAttributeType", {"enum": ("B", "N", "S")}, "suite, error-messages/createTable"),
    Row("ProjectionType", {"enum": ("ALL", "INCLUDE", "KEYS_ONLY")}, "second-hand"),
    Row("ConditionalOperator", {"enum": ("OR", "AND")}, "second-hand"),
    Row(
        "ComparisonOperator",
        {
            "enum": (
                *("IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE"),
                *("LE", "BEGINS_WITH", "GE", "CONTAINS"),
            )
        },
        "second-hand",
    ),
    # The order in which violations are reported.
    Row(
        "operation",
        {"report_first": ("ReturnConsumedCapacity", "ReturnValues", "ReturnItemCollectionMetrics")},
        "capture o_put_three_bad_enums, put-item-validation-error-aggregation: these in this "
        "order, and ReturnValues before TableName; nothing is known of the other members",
    ),
    Row(
        "ProvisionedThroughput",
        {"report_first": ("WriteCapacityUnits",)},
        "serverless-create-global-dynamodb-table #12 quotes AWS: write before read",
    ),
)

_CHANGES: Final[dict[str, Mapping[str, Any]]] = {row.target: row.change for row in TABLE}

PRINTED_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "AttributeValue": (
        *("S", "N", "B", "INT", "DECIMAL", "DOUBLE", "SS", "NS", "BS", "INTSET", "DECIMALSET"),
        *("DOUBLESET", "M", "L", "NULL", "BOOL"),
    ),
    "PutRequest": ("Item", "WorkloadProfileName"),
}
"""What AWS prints of a structure where it differs from the model's members: capture c_bw_over25."""

MOST_VIOLATIONS_REPORTED: Final = 10
"""AWS stops there: second-hand."""

_ARN = re.compile(
    r"arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/"
    rf"[a-zA-Z0-9_.-]{{{limits.TABLE_NAME_MIN_LENGTH},{limits.TABLE_NAME_MAX_LENGTH}}}"
)

_PYTHON_PATTERNS: Final = {
    r"\p{Print}+": r"[\x20-\x7e]+",
    r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*": (
        r"[\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff\r\n\t]*"
    ),
}


def amend(shape: Shape, *targets: str) -> Shape:
    """Return a shape as AWS checks it.

    Args:
        shape: The shape as the model has it.
        targets: What rows may call it, the most particular last.

    >>> from dqlmock.shapes.model import service_model
    >>> amend(service_model("dynamodb").shape("ScalarAttributeType")).enum
    ('B', 'N', 'S')
    """
    for target in (shape.name, *targets):
        change = _CHANGES.get(target)
        if change is not None:
            added = {
                member: shape.members[like]
                for member, like in change.get("members", {}).items()
                if like in shape.members
            }
            shape = replace(shape, **{**change, "members": {**shape.members, **added}})
    return shape


def is_table_arn(text: str) -> bool:
    """Tell whether a text is the ARN of a table.

    >>> is_table_arn("arn:aws:dynamodb:eu-west-1:123456789012:table/orders")
    True
    >>> is_table_arn("orders")
    False
    """
    return _ARN.fullmatch(text) is not None


def compile_pattern(pattern: str) -> re.Pattern[str] | None:
    r"""Compile a pattern of the model, which is Java's, as Python's.

    Returns:
        The pattern; None if Python can't say it, so that a newer botocore does no harm.

    >>> compile_pattern("[0-9]{12}")
    re.compile('[0-9]{12}', re.ASCII)
    >>> compile_pattern(r"\p{Lu}+") is None
    True
    """
    try:
        return re.compile(_PYTHON_PATTERNS.get(pattern, pattern), re.ASCII)
    except re.error:
        return None
