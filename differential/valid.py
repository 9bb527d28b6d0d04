"""One valid request or more for each operation: what the others are made from by breaking it."""

from __future__ import annotations

from typing import Any, Final

from differential.given import TABLES

Request = dict[str, Any]

ANN: Final = {"id": {"S": "ann"}}
USERS_ARN: Final = "<arn>users"
ORDER: Final = {"id": {"S": "ann"}, "seq": {"N": "3"}}
_NAMES: Final = {"#n": "age"}
_VALUES: Final = {":v": {"N": "1"}}
_CAPACITY: Final = {"ReturnConsumedCapacity": "TOTAL"}
_CONDITION: Final = {
    "ConditionExpression": "#n > :v",
    "ExpressionAttributeNames": _NAMES,
    "ExpressionAttributeValues": _VALUES,
}
_THROUGHPUT: Final = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}

_ACTIONS: Final[list[Request]] = [
    {"Put": {"TableName": "users", "Item": {**ANN, "age": {"N": "9"}}}},
    {"Update": {"TableName": "users", "Key": {"id": {"S": "bob"}}, "UpdateExpression": "SET a=id"}},
    {"Delete": {"TableName": "orders", "Key": ORDER}},
    {
        "ConditionCheck": {
            "TableName": "users",
            "Key": {"id": {"S": "zoe"}},
            "ConditionExpression": "attribute_not_exists(id)",
        }
    },
]

VALID: Final[dict[str, list[Request]]] = {
    "PutItem": [
        {
            "TableName": "users",
            "Item": {**ANN, "age": {"N": "9"}, "tags": {"SS": ["x"]}, "m": {"M": {"a": {"L": []}}}},
            **_CONDITION,
            **_CAPACITY,
            "ReturnValues": "ALL_OLD",
            "ReturnItemCollectionMetrics": "SIZE",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        },
        {
            "TableName": "users",
            "Item": ANN,
            "Expected": {"age": {"ComparisonOperator": "EQ", "AttributeValueList": [{"N": "41"}]}},
            "ConditionalOperator": "AND",
        },
        {
            "TableName": "users",
            "Item": ANN,
            "Expected": {"age": {"Value": {"N": "41"}, "Exists": True}},
        },
    ],
    "GetItem": [
        {
            "TableName": "users",
            "Key": ANN,
            "ConsistentRead": True,
            "ProjectionExpression": "#n, tags",
            "ExpressionAttributeNames": _NAMES,
            **_CAPACITY,
        },
        {"TableName": "users", "Key": ANN, "AttributesToGet": ["age", "id"]},
    ],
    "UpdateItem": [
        {
            "TableName": "users",
            "Key": ANN,
            "UpdateExpression": "SET age = #n + :v",
            **_CONDITION,
            **_CAPACITY,
            "ReturnValues": "UPDATED_NEW",
            "ReturnItemCollectionMetrics": "SIZE",
        },
        {
            "TableName": "users",
            "Key": ANN,
            "AttributeUpdates": {"age": {"Value": {"N": "1"}, "Action": "ADD"}},
            "Expected": {"id": {"ComparisonOperator": "NOT_NULL"}},
        },
    ],
    "DeleteItem": [
        {
            "TableName": "users",
            "Key": ANN,
            **_CONDITION,
            **_CAPACITY,
            "ReturnValues": "ALL_OLD",
            "ReturnItemCollectionMetrics": "SIZE",
        },
        {
            "TableName": "users",
            "Key": ANN,
            "Expected": {"age": {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "1"}]}},
            "ConditionalOperator": "OR",
        },
    ],
    "Query": [
        {
            "TableName": "orders",
            "IndexName": "by_day",
            "KeyConditionExpression": "id = :i AND #d > :d",
            "FilterExpression": "qty > :q",
            "ProjectionExpression": "id, qty",
            "ExpressionAttributeNames": {"#d": "dated"},
            "ExpressionAttributeValues": {
                ":i": {"S": "ann"},
                ":d": {"S": "2026"},
                ":q": {"N": "10"},
            },
            "Limit": 3,
            "ScanIndexForward": False,
            "ConsistentRead": True,
            "Select": "SPECIFIC_ATTRIBUTES",
            **_CAPACITY,
            "ExclusiveStartKey": {**ORDER, "dated": {"S": "2026-01-03"}},
        },
        {
            "TableName": "orders",
            "KeyConditions": {
                "id": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "ann"}]},
                "seq": {
                    "ComparisonOperator": "BETWEEN",
                    "AttributeValueList": [{"N": "2"}, {"N": "4"}],
                },
            },
            "QueryFilter": {
                "qty": {"ComparisonOperator": "GT", "AttributeValueList": [{"N": "1"}]}
            },
            "ConditionalOperator": "AND",
            "AttributesToGet": ["id", "qty"],
        },
    ],
    "Scan": [
        {
            "TableName": "orders",
            "IndexName": "by_city",
            "FilterExpression": "city = :c",
            "ProjectionExpression": "id, city",
            "ExpressionAttributeValues": {":c": {"S": "Rome"}},
            "Limit": 50,
            "Segment": 0,
            "TotalSegments": 1,
            "Select": "SPECIFIC_ATTRIBUTES",
            **_CAPACITY,
        },
        {
            "TableName": "users",
            "ScanFilter": {"age": {"ComparisonOperator": "LT", "AttributeValueList": [{"N": "0"}]}},
            "ConditionalOperator": "AND",
            "AttributesToGet": ["id"],
            "ConsistentRead": True,
        },
    ],
    "BatchGetItem": [
        {
            "RequestItems": {
                "users": {
                    "Keys": [ANN],
                    "ProjectionExpression": "#n",
                    "ExpressionAttributeNames": _NAMES,
                    "ConsistentRead": True,
                },
                "orders": {"Keys": [ORDER]},
            },
            **_CAPACITY,
        }
    ],
    "BatchWriteItem": [
        {
            "RequestItems": {
                "users": [
                    {"PutRequest": {"Item": {"id": {"S": "zoe"}, "age": {"N": "3"}}}},
                    {"DeleteRequest": {"Key": ANN}},
                ]
            },
            **_CAPACITY,
            "ReturnItemCollectionMetrics": "SIZE",
        }
    ],
    "TransactWriteItems": [{"TransactItems": _ACTIONS, **_CAPACITY}],
    "TransactGetItems": [
        {
            "TransactItems": [
                {
                    "Get": {
                        "TableName": "users",
                        "Key": ANN,
                        "ProjectionExpression": "#n",
                        "ExpressionAttributeNames": _NAMES,
                    }
                },
                {"Get": {"TableName": "orders", "Key": ORDER}},
            ],
            **_CAPACITY,
        }
    ],
    "CreateTable": [
        {
            **TABLES[1],
            "TableName": "made",
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": _THROUGHPUT,
            "GlobalSecondaryIndexes": [
                {
                    **TABLES[1]["GlobalSecondaryIndexes"][0],
                    "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["qty"]},
                    "ProvisionedThroughput": _THROUGHPUT,
                }
            ],
        }
    ],
    "UpdateTable": [
        {
            "TableName": "users",
            "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": _THROUGHPUT,
        }
    ],
    "DeleteTable": [{"TableName": "users"}],
    "DescribeTable": [{"TableName": "users"}],
    "ListTables": [{"ExclusiveStartTableName": "orders", "Limit": 2}],
    "DescribeTimeToLive": [{"TableName": "users"}],
    "UpdateTimeToLive": [
        {
            "TableName": "users",
            "TimeToLiveSpecification": {"AttributeName": "ends", "Enabled": True},
        }
    ],
    "ExecuteStatement": [
        {
            "Statement": "SELECT id, age FROM users WHERE id = ?",
            "Parameters": [{"S": "ann"}],
            "ConsistentRead": True,
            "Limit": 5,
            **_CAPACITY,
        }
    ],
    "BatchExecuteStatement": [
        {
            "Statements": [
                {"Statement": "SELECT id FROM users WHERE id = ?", "Parameters": [{"S": "ann"}]}
            ],
            **_CAPACITY,
        }
    ],
    "ExecuteTransaction": [
        {
            "TransactStatements": [
                {"Statement": "DELETE FROM users WHERE id = ?", "Parameters": [{"S": "ann"}]}
            ],
            **_CAPACITY,
        }
    ],
    "TagResource": [{"ResourceArn": USERS_ARN, "Tags": [{"Key": "team", "Value": "red"}]}],
    "UntagResource": [{"ResourceArn": USERS_ARN, "TagKeys": ["team"]}],
    "ListTagsOfResource": [{"ResourceArn": USERS_ARN}],
    "DescribeLimits": [{}],
    "DescribeEndpoints": [{}],
    "ListStreams": [{"TableName": "events", "Limit": 1}],
    "DescribeStream": [{"StreamArn": "<stream>", "Limit": 1}],
    "GetShardIterator": [
        {"StreamArn": "<stream>", "ShardId": "<shard>", "ShardIteratorType": "TRIM_HORIZON"}
    ],
    "GetRecords": [{"ShardIterator": "<iterator>", "Limit": 10}],
}

UNCOMPARED: Final = frozenset(
    {
        "CreateBackup",
        "DeleteBackup",
        "DeleteResourcePolicy",
        "DescribeBackup",
        "DescribeContinuousBackups",
        "DescribeContributorInsights",
        "DescribeExport",
        "DescribeImport",
        "DescribeKinesisStreamingDestination",
        "DisableKinesisStreamingDestination",
        "EnableKinesisStreamingDestination",
        "ExportTableToPointInTime",
        "GetResourcePolicy",
        "ImportTable",
        "ListBackups",
        "ListContributorInsights",
        "ListExports",
        "ListImports",
        "PutResourcePolicy",
        "RestoreTableFromBackup",
        "RestoreTableToPointInTime",
        "UpdateContinuousBackups",
        "UpdateContributorInsights",
        "UpdateKinesisStreamingDestination",
    }
)
"""Operations that neither server knows."""

OTHER_MEMBERS: Final[dict[str, list[Any]]] = {
    "ExclusiveStartKey": [ANN, ORDER, {}, {"id": {"N": "1"}}, {"nope": {"S": "x"}}],
    "ConditionalOperator": ["AND", "OR"],
    "AttributesToGet": [["id"], ["id", "id"], []],
    "ReturnValues": ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"],
    "Select": ["ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "COUNT", "SPECIFIC_ATTRIBUTES"],
    "Segment": [0, 1, -1],
    "TotalSegments": [1, 2, 0, 1_000_000, 1_000_001],
    "ReturnConsumedCapacity": ["INDEXES", "TOTAL", "NONE"],
    "ReturnItemCollectionMetrics": ["SIZE", "NONE"],
    "ConsistentRead": [True, False],
    "IndexName": ["by_city", "by_day", "nope", "no such", "a"],
    "Limit": [1, 0, -1],
    "ScanIndexForward": [True],
    "FilterExpression": ["qty > qty", "id = id"],
    "ProjectionExpression": ["id", "qty, id"],
    "KeyConditionExpression": ["id = id"],
    "ExpressionAttributeNames": [{"#x": "x"}, {}, {"x": "x"}, {"#": "x"}],
    "ExpressionAttributeValues": [{":x": {"S": "x"}}, {}, {"x": {"S": "x"}}, {":": {"S": "x"}}],
    "Expected": [{}, {"age": {}}, {"age": {"Exists": False}}, {"age": {"Exists": True}}],
    "ConditionExpression": ["attribute_exists(id)"],
    "UpdateExpression": ["REMOVE age"],
    "AttributeUpdates": [{}, {"age": {"Action": "DELETE"}}],
    "QueryFilter": [
        {"qty": {"ComparisonOperator": "NULL"}},
        {"id": {"ComparisonOperator": "NULL"}},
    ],
    "ScanFilter": [{"age": {"ComparisonOperator": "NULL"}}, {}],
    "KeyConditions": [{}],
    "ClientRequestToken": ["token", "x" * 36, "x" * 37, ""],
    "NextToken": ["", "x"],
    "ExclusiveStartTableName": ["ab", "users", "a b"],
}
"""Values to try where a valid request has no such member."""
