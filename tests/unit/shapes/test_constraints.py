"""The constraints of requests: every reason, both sides of each bound, paths, values and order."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import ConstraintViolations, Violation
from dqlmock.shapes import request_shape
from dqlmock.shapes.constraints import _REMEMBERED_NAMES, _remembering

Request = dict[str, Any]
Row = tuple[str, str | None, str]

NULL = "Member must not be null"
NAME_PATTERN = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
RETURN_VALUES = (
    "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
)
CAPACITY = "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]"
BILLING = "Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"
METRICS = "Member must satisfy enum value set: [SIZE, NONE]"
ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/"


def at_least(bound: int, measured: str = "length") -> str:
    return f"Member must have {measured} greater than or equal to {bound}"


def at_most(bound: int, measured: str = "length") -> str:
    return f"Member must have {measured} less than or equal to {bound}"


TAG_KEY = f"{at_most(128)}, {at_least(1)}"
TABLE_NAME = f"{at_most(255)}, {at_least(1)}, {NAME_PATTERN}"


def violations(operation: str, request: Request, service: str = "dynamodb") -> list[Row]:
    try:
        request_shape(operation, service).check(request)
    except ConstraintViolations as error:
        return [(v.path, v.value, v.reason) for v in error.violations]
    return []


PUT: Request = {"TableName": "orders", "Item": {}}
GET: Request = {"TableName": "orders", "Key": {}}
TABLE: Request = {"TableName": "orders"}
ELEMENT: Request = {"AttributeName": "pk", "KeyType": "HASH"}


def index(**members: Any) -> Request:
    projection: Request = {"ProjectionType": "ALL"}
    return {"IndexName": "byDate", "KeySchema": [ELEMENT], "Projection": projection, **members}


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        # Absent members.
        ("PutItem", {"Item": {}}, ("tableName", None, NULL)),
        ("PutItem", {"TableName": "orders"}, ("item", None, NULL)),
        ("GetItem", {"TableName": "orders"}, ("key", None, NULL)),
        ("TransactWriteItems", {}, ("transactItems", None, NULL)),
        ("BatchWriteItem", {}, ("requestItems", None, NULL)),
        (
            "TransactWriteItems",
            {"TransactItems": [{}, {"Put": {"TableName": "orders"}}]},
            ("transactItems.2.member.put.item", None, NULL),
        ),
        (
            "BatchWriteItem",
            {"RequestItems": {"orders": [{"PutRequest": {}}]}},
            ("requestItems.orders.member.1.member.putRequest.item", None, NULL),
        ),
        (
            "BatchGetItem",
            {"RequestItems": {"orders": {}}},
            ("requestItems.orders.member.keys", None, NULL),
        ),
        (
            "Scan",
            {**TABLE, "ScanFilter": {"a": {}}},
            ("scanFilter.a.member.comparisonOperator", None, NULL),
        ),
        (
            "CreateTable",
            {**TABLE, "SSESpecification": {"SSEType": "X"}},
            (
                "sSESpecification.sSEType",
                "X",
                "Member must satisfy enum value set: [AES256, KMS]",
            ),
        ),
        # Names of tables.
        ("PutItem", {**PUT, "TableName": ""}, ("tableName", "", at_least(1))),
        ("PutItem", {**PUT, "TableName": "a" * 256}, ("tableName", "a" * 256, at_most(255))),
        ("PutItem", {**PUT, "TableName": "a b!"}, ("tableName", "a b!", NAME_PATTERN)),
        ("PutItem", {**PUT, "TableName": "a\n"}, ("tableName", "a\n", NAME_PATTERN)),
        ("PutItem", {**PUT, "TableName": "é"}, ("tableName", "é", NAME_PATTERN)),
        (
            "PutItem",
            {**PUT, "TableName": "arn:aws:s3:::b"},
            ("tableName", "arn:aws:s3:::b", NAME_PATTERN),
        ),
        ("PutItem", {**PUT, "TableName": ARN}, ("tableName", ARN, NAME_PATTERN)),
        ("CreateTable", {"TableName": "ab"}, ("tableName", "ab", at_least(3))),
        ("CreateTable", {"TableName": "a" * 256}, ("tableName", "a" * 256, at_most(255))),
        ("CreateTable", {"TableName": "abc!"}, ("tableName", "abc!", NAME_PATTERN)),
        (
            "TransactGetItems",
            {"TransactItems": [{"Get": {"TableName": "", "Key": {}}}]},
            ("transactItems.1.member.get.tableName", "", at_least(1)),
        ),
        ("Query", {**TABLE, "IndexName": "ab"}, ("indexName", "ab", at_least(3))),
        ("Query", {**TABLE, "IndexName": "abc!"}, ("indexName", "abc!", NAME_PATTERN)),
        (
            "ListTables",
            {"ExclusiveStartTableName": "ab"},
            ("exclusiveStartTableName", "ab", at_least(3)),
        ),
        # Enums.
        ("PutItem", {**PUT, "ReturnValues": "X"}, ("returnValues", "X", RETURN_VALUES)),
        ("PutItem", {**PUT, "ReturnValues": ""}, ("returnValues", "", RETURN_VALUES)),
        (
            "Query",
            {**TABLE, "ReturnConsumedCapacity": "total"},
            (
                "returnConsumedCapacity",
                "total",
                CAPACITY,
            ),
        ),
        (
            "PutItem",
            {**PUT, "ReturnItemCollectionMetrics": "X"},
            (
                "returnItemCollectionMetrics",
                "X",
                METRICS,
            ),
        ),
        (
            "Query",
            {**TABLE, "Select": "X"},
            (
                "select",
                "X",
                (
                    "Member must satisfy enum value set: "
                    "[SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]"
                ),
            ),
        ),
        (
            "CreateTable",
            {**TABLE, "KeySchema": [{**ELEMENT, "KeyType": "X"}]},
            (
                "keySchema.1.member.keyType",
                "X",
                "Member must satisfy enum value set: [HASH, RANGE]",
            ),
        ),
        (
            "CreateTable",
            {**TABLE, "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "X"}]},
            (
                "attributeDefinitions.1.member.attributeType",
                "X",
                "Member must satisfy enum value set: [B, N, S]",
            ),
        ),
        (
            "CreateTable",
            {**TABLE, "BillingMode": "X"},
            (
                "billingMode",
                "X",
                BILLING,
            ),
        ),
        (
            "PutItem",
            {**PUT, "ConditionalOperator": "X"},
            (
                "conditionalOperator",
                "X",
                "Member must satisfy enum value set: [OR, AND]",
            ),
        ),
        (
            "Scan",
            {**TABLE, "ScanFilter": {"a": {"ComparisonOperator": "X"}}},
            (
                "scanFilter.a.member.comparisonOperator",
                "X",
                (
                    "Member must satisfy enum value set: [IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, "
                    "GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS]"
                ),
            ),
        ),
        # Values of numbers.
        ("Scan", {**TABLE, "Limit": 0}, ("limit", "0", at_least(1, "value"))),
        ("Scan", {**TABLE, "Segment": -1}, ("segment", "-1", at_least(0, "value"))),
        (
            "Scan",
            {**TABLE, "Segment": 1_000_000},
            (
                "segment",
                "1000000",
                at_most(999_999, "value"),
            ),
        ),
        ("Scan", {**TABLE, "TotalSegments": 0}, ("totalSegments", "0", at_least(1, "value"))),
        (
            "Scan",
            {**TABLE, "TotalSegments": 1_000_001},
            (
                "totalSegments",
                "1000001",
                at_most(1_000_000, "value"),
            ),
        ),
        ("ListTables", {"Limit": 101}, ("limit", "101", at_most(100, "value"))),
        (
            "UpdateTable",
            {
                **TABLE,
                "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 1},
            },
            ("provisionedThroughput.readCapacityUnits", "0", at_least(1, "value")),
        ),
        # Lengths of lists and texts.
        ("GetItem", {**GET, "AttributesToGet": []}, ("attributesToGet", "[]", at_least(1))),
        ("CreateTable", {**TABLE, "KeySchema": []}, ("keySchema", "[]", at_least(1))),
        (
            "CreateTable",
            {**TABLE, "KeySchema": [ELEMENT] * 3},
            (
                "keySchema",
                "[" + ", ".join(["KeySchemaElement(attributeName=pk, keyType=HASH)"] * 3) + "]",
                at_most(2),
            ),
        ),
        ("TransactWriteItems", {"TransactItems": []}, ("transactItems", "[]", at_least(1))),
        ("TransactGetItems", {"TransactItems": []}, ("transactItems", "[]", at_least(1))),
        (
            "UpdateTimeToLive",
            {**TABLE, "TimeToLiveSpecification": {"Enabled": True, "AttributeName": ""}},
            ("timeToLiveSpecification.attributeName", "", at_least(1)),
        ),
        (
            "TransactWriteItems",
            {"TransactItems": [{}], "ClientRequestToken": "x" * 37},
            ("clientRequestToken", "x" * 37, at_most(36)),
        ),
        (
            "CreateTable",
            {**TABLE, "Tags": [{"Key": "", "Value": ""}]},
            ("tags.1.member.key", "", at_least(1)),
        ),
        (
            "BatchGetItem",
            {"RequestItems": {"orders": {"Keys": []}}},
            (
                "requestItems.orders.member.keys",
                "[]",
                at_least(1),
            ),
        ),
        # Members of lists and maps.
        (
            "UntagResource",
            {"ResourceArn": "arn", "TagKeys": ["ok", ""]},
            ("tagKeys", "[ok, ]", f"Member must satisfy constraint: [{TAG_KEY}]"),
        ),
        (
            "BatchWriteItem",
            {"RequestItems": {"orders": []}},
            (
                "requestItems",
                "{orders=[]}",
                f"Map value must satisfy constraint: [{at_most(25)}, {at_least(1)}]",
            ),
        ),
        (
            "BatchWriteItem",
            {"RequestItems": {"a!": [{}]}},
            (
                "requestItems",
                "{a!=[WriteRequest(putRequest=null, deleteRequest=null)]}",
                f"Map keys must satisfy constraint: [{TABLE_NAME}]",
            ),
        ),
        ("CreateTable", {**TABLE, "KeySchema": [None]}, ("keySchema.1.member", None, NULL)),
        (
            "GetItem",
            {**GET, "ExpressionAttributeNames": {"#a": None}},
            (
                "expressionAttributeNames.#a.member",
                None,
                NULL,
            ),
        ),
        (
            "BatchWriteItem",
            {"RequestItems": {"orders": [None]}},
            (
                "requestItems.orders.member.1.member",
                None,
                NULL,
            ),
        ),
    ],
)
def test_violation(operation: str, request_: Request, expected: Row) -> None:
    assert violations(operation, request_) == [expected]


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("PutItem", {**PUT, "TableName": "a"}),
        ("PutItem", {**PUT, "TableName": "a" * 255}),
        ("PutItem", {**PUT, "TableName": "Az09_.-"}),
        ("PutItem", {**PUT, "TableName": ARN + "abc"}),
        ("PutItem", {**PUT, "TableName": ARN + "a" * 255}),
        ("PutItem", {**PUT, "TableName": "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/abc"}),
        ("CreateTable", {"TableName": "abc"}),
        ("CreateTable", {"TableName": "a" * 255}),
        ("CreateTable", {"TableName": ARN + "abc"}),
        ("Query", {**TABLE, "IndexName": "abc"}),
        ("ListTables", {"ExclusiveStartTableName": "abc", "Limit": 100}),
        ("ListTables", {}),
        *(("PutItem", {**PUT, "ReturnValues": value}) for value in ("NONE", "ALL_OLD", "ALL_NEW")),
        ("PutItem", {**PUT, "ReturnConsumedCapacity": "TOTAL"}),
        ("PutItem", {**PUT, "Expected": {"a": {"ComparisonOperator": "NOT_NULL"}}}),
        ("Scan", {**TABLE, "Limit": 1, "Segment": 0, "TotalSegments": 1}),
        ("Scan", {**TABLE, "Segment": 999_999, "TotalSegments": 1_000_000}),
        ("GetItem", {**GET, "AttributesToGet": ["a"]}),
        ("GetItem", {**GET, "AttributesToGet": ["a" * 65_536], "Key": {"a" * 65_536: {}}}),
        ("CreateTable", {**TABLE, "KeySchema": [ELEMENT] * 2}),
        ("CreateTable", {**TABLE, "GlobalSecondaryIndexes": [index(KeySchema=[ELEMENT] * 8)]}),
        ("CreateTable", {**TABLE, "Tags": [{"Key": "k", "Value": ""}]}),
        ("TransactWriteItems", {"TransactItems": [{}] * 100, "ClientRequestToken": "x" * 36}),
        ("UntagResource", {"ResourceArn": "arn", "TagKeys": ["k" * 128]}),
        ("BatchWriteItem", {"RequestItems": {"orders": [{}] * 25}}),
        ("BatchWriteItem", {"RequestItems": {ARN + "abc": [{}]}}),
        # An empty map has a message of its own, which the operation raises.
        ("BatchWriteItem", {"RequestItems": {}}),
        ("BatchGetItem", {"RequestItems": {}}),
        ("BatchGetItem", {"RequestItems": {"orders": {"Keys": [{}] * 100}}}),
    ],
)
def test_no_violation(operation: str, request_: Request) -> None:
    assert violations(operation, request_) == []


@pytest.mark.parametrize(
    ("operation", "request_", "path", "reason"),
    [
        ("TransactWriteItems", {"TransactItems": [{}] * 101}, "transactItems", at_most(100)),
        (
            "BatchGetItem",
            {"RequestItems": {"orders": {"Keys": [{}] * 101}}},
            "requestItems.orders.member.keys",
            at_most(100),
        ),
        (
            "BatchWriteItem",
            {"RequestItems": {"orders": [{}] * 26}},
            "requestItems",
            f"Map value must satisfy constraint: [{at_most(25)}, {at_least(1)}]",
        ),
        (
            "CreateTable",
            {**TABLE, "GlobalSecondaryIndexes": [index(KeySchema=[ELEMENT] * 9)]},
            "globalSecondaryIndexes.1.member.keySchema",
            at_most(8),
        ),
        (
            "CreateTable",
            {**TABLE, "LocalSecondaryIndexes": [index(KeySchema=[ELEMENT] * 3)]},
            "localSecondaryIndexes.1.member.keySchema",
            at_most(2),
        ),
        (
            "UpdateTable",
            {**TABLE, "GlobalSecondaryIndexUpdates": [{"Create": index(KeySchema=[ELEMENT] * 9)}]},
            "globalSecondaryIndexUpdates.1.member.create.keySchema",
            at_most(8),
        ),
        (
            "CreateTable",
            {**TABLE, "GlobalSecondaryIndexes": [index(Projection={"NonKeyAttributes": []})]},
            "globalSecondaryIndexes.1.member.projection.nonKeyAttributes",
            at_least(1),
        ),
    ],
)
def test_path(operation: str, request_: Request, path: str, reason: str) -> None:
    assert [(place, why) for place, _, why in violations(operation, request_)] == [(path, reason)]


@pytest.mark.parametrize(
    ("operation", "request_", "expected"),
    [
        (
            "PutItem",
            {
                **PUT,
                "ReturnValues": "INVALID",
                "ReturnItemCollectionMetrics": "INVALID",
                "ReturnConsumedCapacity": "INVALID",
            },
            [
                ("returnConsumedCapacity", "INVALID", CAPACITY),
                ("returnValues", "INVALID", RETURN_VALUES),
                ("returnItemCollectionMetrics", "INVALID", METRICS),
            ],
        ),
        (
            "PutItem",
            {"TableName": "", "Item": {}, "ReturnValues": "INVALID"},
            [("returnValues", "INVALID", RETURN_VALUES), ("tableName", "", at_least(1))],
        ),
        (
            "UpdateItem",
            {**GET, "ReturnValues": "INVALID", "ReturnConsumedCapacity": "INVALID"},
            [
                ("returnConsumedCapacity", "INVALID", CAPACITY),
                ("returnValues", "INVALID", RETURN_VALUES),
            ],
        ),
        (
            "CreateTable",
            {"TableName": ""},
            [("tableName", "", at_least(3)), ("tableName", "", NAME_PATTERN)],
        ),
        *(
            (
                operation,
                {**TABLE, "BillingMode": "B1", "TableThroughputMode": "B2"},
                # Measured on AWS in August 2026: ExtendDB/extenddb#320.
                [("billingMode", "B1", BILLING), ("tableThroughputMode", "B2", BILLING)],
            )
            for operation in ("CreateTable", "UpdateTable")
        ),
        (
            "UpdateTable",
            {**TABLE, "ProvisionedThroughput": {}},
            [
                ("provisionedThroughput.writeCapacityUnits", None, NULL),
                ("provisionedThroughput.readCapacityUnits", None, NULL),
            ],
        ),
    ],
)
def test_report_order(operation: str, request_: Request, expected: list[Row]) -> None:
    assert violations(operation, request_) == expected
    assert violations(operation, dict(reversed(request_.items()))) == expected


@pytest.mark.parametrize(("elements", "reported"), [(1, 2), (4, 8), (5, 10), (6, 10)])
def test_ten_violations_are_reported_at_most(elements: int, reported: int) -> None:
    request = {**TABLE, "AttributeDefinitions": [{}] * elements}
    assert len(violations("CreateTable", request)) == reported


def test_remembered_names_are_bounded() -> None:
    asked: list[str] = []

    def passes(name: str) -> bool:
        asked.append(name)
        return name != "bad"

    remembered = _remembering(passes)
    names = [f"t{number}" for number in range(_REMEMBERED_NAMES)]
    for name in (*names, *names, "late", "late", "bad", "bad"):
        assert remembered(name) is (name != "bad")
    assert asked == [*names, "late", "late", "bad", "bad"]


def test_violations_are_objects() -> None:
    with pytest.raises(ConstraintViolations) as raised:
        request_shape("Scan").check({"TableName": "orders", "Limit": 0})
    assert raised.value.code == "ValidationException"
    assert raised.value.violations == (Violation("limit", "0", at_least(1, "value")),)


def test_streams() -> None:
    assert violations("GetRecords", {}, "dynamodbstreams") == [("shardIterator", None, NULL)]
    assert violations("ListStreams", {"TableName": "ab"}, "dynamodbstreams") == [
        ("tableName", "ab", at_least(3))
    ]
    assert violations("ListStreams", {"TableName": "abc", "Limit": 1}, "dynamodbstreams") == []
