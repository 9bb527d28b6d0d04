"""Every limit of `dqlmock.limits`, met and passed by one.

Here are the limits that a single request can reach; where the others are tested stands in
`ELSEWHERE`.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from dqlmock import limits
from tests.conftest import refusal, unchecked_client
from tests.operations.tables import attribute, key_schema

ELSEWHERE = {
    "ACCOUNT_THROUGHPUT_UNITS": "test_tags.py (DescribeLimits)",
    "BATCH_GET_SIZE_BYTES": "test_batch_get_item.py",
    "DESCRIBE_STREAM_PAGE": "test_describe_stream.py",
    "ENCRYPTION_CHANGES": "../unit/operations/test_update_table.py",
    "ENCRYPTION_CHANGE_WAIT_S": "../unit/operations/test_update_table.py",
    "IDEMPOTENCY_WINDOW_S": "test_transact_write_items.py, ../unit/engine/test_tokens.py",
    "INDEX_KEY_ATTRIBUTES": "../unit/operations/test_create_table.py",
    "ITEM_COLLECTION_SIZE_BYTES": "test_item_collections.py, with less than 10 GB",
    "LIST_BACKUPS_PAGE": "test_backups.py",
    "LIST_CONTRIBUTOR_INSIGHTS_PAGE": "test_contributor_insights.py",
    "LIST_STREAMS_PAGE": "test_list_streams.py",
    "LIST_TABLES_PAGE": "../unit/operations/test_list_tables.py",
    "LIST_TRANSFERS_PAGE": "test_exports.py, test_imports.py",
    "PAGE_SIZE_BYTES": "below: a page is cut behind the item that passes it",
    "READ_UNIT_BYTES": "below, by the capacity consumed",
    "REQUEST_SIZE_BYTES": "below, and ../server/test_http.py",
    "RECOVERY_PERIOD_DAYS": "test_continuous_backups.py",
    "SHARD_ITERATOR_AGE_S": "test_get_records.py",
    "STATEMENT_PAGE_KEYS": "test_execute_statement.py",
    "STREAM_PAGE_RECORDS": "test_get_records.py",
    "STREAM_PAGE_SIZE_BYTES": "test_get_records.py",
    "STREAM_RETENTION_S": "../unit/engine/test_streams.py",
    "SYSTEM_BACKUP_DAYS": "test_backups.py",
    "TABLE_THROUGHPUT_UNITS": "test_tags.py (DescribeLimits)",
    "TAGS_PER_RESOURCE": "test_tags.py",
    "TRANSACTION_SIZE_BYTES": "test_transact_write_items.py",
    "TRANSFER_RETENTION_S": "test_exports.py, test_imports.py",
    "TRANSFER_TOKEN_S": "test_exports.py, test_imports.py",
    "TTL_CHANGE_INTERVAL_S": "test_update_time_to_live.py",
    "TTL_OLDEST_S": "test_ttl_sweeps.py",
    "WRITE_UNIT_BYTES": "below, by the capacity consumed",
}

ONE: dict[str, Any] = {":v": {"N": "1"}}


def put(**attributes: Any) -> Any:
    item = {"pk": {"S": "a"}, "sk": {"S": "b"}, **attributes}
    return "put_item", {"TableName": "both", "Item": item}


def among(count: int) -> Any:
    keys = ",".join(f"'{number}'" for number in range(count))
    return "execute_statement", {"Statement": f"SELECT * FROM both WHERE pk IN [{keys}]"}


def sized(size_bytes: int) -> Any:
    return put(x={"S": "x" * (size_bytes - len("pkskx") - 2)})


def nested(levels: int) -> Any:
    value: dict[str, Any] = {"S": "x"}
    for _ in range(levels):
        value = {"L": [value]}
    return put(x=value)


def scan(expression: str, **members: Any) -> Any:
    request = {"TableName": "both", "FilterExpression": expression, **members}
    if ":v" in expression:
        request["ExpressionAttributeValues"] = ONE
    return "scan", request


def create(names: str = "pk", **members: Any) -> Any:
    request = {
        "TableName": "made",
        "AttributeDefinitions": [attribute(name) for name in names.split()],
        "KeySchema": key_schema(names.split()[0]),
        "BillingMode": "PAY_PER_REQUEST",
        **members,
    }
    return "create_table", request


def indexes(kind: str, number: int) -> Any:
    local = kind == "LocalSecondaryIndexes"
    rows = [
        {
            "IndexName": f"index{at}",
            "KeySchema": key_schema("pk", "sk") if local else key_schema("sk"),
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
        for at in range(number)
    ]
    schema = {"KeySchema": key_schema("pk", "lk")} if local else {}
    return create("pk sk lk" if local else "pk sk", **schema, **{kind: rows})


def projecting(*numbers: int) -> Any:
    rows = [
        {
            "IndexName": f"index{at}",
            "KeySchema": key_schema("sk"),
            "Projection": {
                "ProjectionType": "INCLUDE",
                "NonKeyAttributes": [f"extra{extra}" for extra in range(number)],
            },
        }
        for at, number in enumerate(numbers)
    ]
    return create("pk sk", GlobalSecondaryIndexes=rows)


def substituting(names_bytes: int, values_bytes: int) -> Any:
    """A Scan with so many bytes in its names and values, their placeholders counted."""
    request: dict[str, Any] = {"FilterExpression": "x = :v", "TableName": "both"}
    request["ExpressionAttributeValues"] = {":v": {"S": "x" * (values_bytes - 2)}}
    if names_bytes:
        request["ExpressionAttributeNames"] = {"#n": "n" * (names_bytes - 2)}
        request["FilterExpression"] = "#n = :v"
    return "scan", request


def tagged(key: str, value: str) -> Any:
    return create(Tags=[{"Key": key, "Value": value}])


def statements(method: str, member: str, number: int) -> Any:
    reads = [
        {"Statement": f"SELECT * FROM both WHERE pk = 'a' AND sk = '{at}'"} for at in range(number)
    ]
    return method, {member: reads}


def transaction(number: int) -> Any:
    gets = [
        {"Get": {"TableName": "both", "Key": {"pk": {"S": str(at)}, "sk": {"S": "b"}}}}
        for at in range(number)
    ]
    return "transact_get_items", {"TransactItems": gets}


def expiry(name: str) -> Any:
    specification = {"Enabled": True, "AttributeName": name}
    return "update_time_to_live", {"TableName": "both", "TimeToLiveSpecification": specification}


def batch_get(number: int) -> Any:
    keys = [{"pk": {"S": str(at)}, "sk": {"S": "b"}} for at in range(number)]
    return "batch_get_item", {"RequestItems": {"both": {"Keys": keys}}}


def batch_write(number: int) -> Any:
    puts = [
        {"PutRequest": {"Item": {"pk": {"S": str(at)}, "sk": {"S": "b"}}}} for at in range(number)
    ]
    return "batch_write_item", {"RequestItems": {"both": puts}}


# limit, a request that meets it, one that passes it, words of the refusal
LIMITS: list[tuple[str, Any, Any, str]] = [
    ("ITEM_SIZE_BYTES", sized(409_600), sized(409_601), "Item size has exceeded the maximum"),
    (
        "PARTITION_KEY_SIZE_BYTES",
        put(pk={"S": "é" * 1024}),
        put(pk={"S": "é" * 1024 + "x"}),
        "Size of hashkey has exceeded the maximum size limit of2048 bytes",
    ),
    (
        "SORT_KEY_SIZE_BYTES",
        put(sk={"S": "é" * 512}),
        put(sk={"S": "é" * 512 + "x"}),
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes",
    ),
    ("NESTING_LEVELS", nested(31), nested(32), "Nesting Levels have exceeded supported limits"),
    (
        "NUMBER_DIGITS",
        put(x={"N": "1" * 38}),
        put(x={"N": "1" * 39}),
        "Attempting to store more than 38 significant digits in a Number",
    ),
    (
        "NUMBER_MAX_EXPONENT",
        put(x={"N": "-9.9999999999999999999999999999999999999E+125"}),
        put(x={"N": "-1E+126"}),
        "Number overflow. Attempting to store a number with magnitude larger than supported range",
    ),
    (
        "NUMBER_MIN_EXPONENT",
        put(x={"N": "1E-130"}),
        put(x={"N": "9E-131"}),
        "Number underflow. Attempting to store a number with magnitude smaller than supported",
    ),
    (
        "EXPRESSION_SIZE_BYTES",
        scan("x = :v".ljust(4096)),
        scan("x = :v".ljust(4097)),
        "Expression size has exceeded the maximum allowed size; expression size: 4097",
    ),
    (
        "EXPRESSION_OPERATORS",
        scan(" AND ".join([*["x = :v"] * 149, "NOT x = :v"])),
        scan(" AND ".join(["x = :v"] * 151)),
        "The expression contains too many operators; operator count: 301",
    ),
    (
        "IN_OPERANDS",
        scan("x IN (" + ",".join([":v"] * 100) + ")"),
        scan("x IN (" + ",".join([":v"] * 101) + ")"),
        "The IN operator is provided with too many operands; number of operands: 101",
    ),
    (
        "STATEMENT_PARTITIONS",
        among(50),
        among(51),
        "One or more parameter values were invalid",
    ),
    (
        "KEY_ATTRIBUTE_NAME_LENGTH",
        create("a" * 255),
        create("a" * 256),
        "Member must have length less than or equal to 255",
    ),
    (
        "ATTRIBUTE_NAME_SIZE_BYTES",
        put(**{"a" * 65_535: {"S": ""}}),
        put(**{"a" * 65_536: {"S": ""}}),
        "Attribute name is too large, must be less than 65536 bytes",
    ),
    (
        "TABLE_NAME_MIN_LENGTH",
        create(TableName="abc"),
        create(TableName="ab"),
        "Member must have length greater than or equal to 3",
    ),
    (
        "TABLE_NAME_MAX_LENGTH",
        create(TableName="a" * 255),
        create(TableName="a" * 256),
        "Member must have length less than or equal to 255",
    ),
    (
        "GLOBAL_SECONDARY_INDEXES",
        indexes("GlobalSecondaryIndexes", 20),
        indexes("GlobalSecondaryIndexes", 21),
        "GlobalSecondaryIndex count exceeds the per-table limit of 20",
    ),
    (
        "LOCAL_SECONDARY_INDEXES",
        indexes("LocalSecondaryIndexes", 5),
        indexes("LocalSecondaryIndexes", 6),
        "Number of LocalSecondaryIndexes exceeds per-table limit of 5",
    ),
    (
        "SCAN_SEGMENTS",
        ("scan", {"TableName": "both", "Segment": 999_999, "TotalSegments": 1_000_000}),
        ("scan", {"TableName": "both", "Segment": 0, "TotalSegments": 1_000_001}),
        "Member must have value less than or equal to 1000000",
    ),
    (
        "EXPRESSION_PLACEHOLDER_LENGTH",
        scan(f"#{'x' * 254} = :v", ExpressionAttributeNames={"#" + "x" * 254: "x"}),
        scan(f"#{'x' * 255} = :v", ExpressionAttributeNames={"#" + "x" * 255: "x"}),
        "The expression attribute map contains a key that is too long; size of key: 256",
    ),
    (
        "EXPRESSION_SUBSTITUTION_SIZE_BYTES",
        substituting(0, limits.EXPRESSION_SUBSTITUTION_SIZE_BYTES),
        substituting(0, limits.EXPRESSION_SUBSTITUTION_SIZE_BYTES + 1),
        "ExpressionAttributeValues exceeds max size",
    ),
    (
        "EXPRESSION_SUBSTITUTION_SIZE_BYTES",
        substituting(1000, limits.EXPRESSION_SUBSTITUTION_SIZE_BYTES - 1000),
        substituting(1000, limits.EXPRESSION_SUBSTITUTION_SIZE_BYTES - 999),
        "Combined size of ExpressionAttributeNames and ExpressionAttributeValues exceeds max size",
    ),
    (
        "PROJECTED_NON_KEY_ATTRIBUTES",
        projecting(20, 20, 20, 20, 20),
        projecting(20, 20, 20, 20, 20, 1),
        "One or more parameter values were invalid",
    ),
    (
        "INDEX_NON_KEY_ATTRIBUTES",
        projecting(20),
        projecting(21),
        "Member must have length less than or equal to 20",
    ),
    (
        "TAG_KEY_LENGTH",
        tagged("k" * 128, ""),
        tagged("k" * 129, ""),
        "Member must have length less than or equal to 128",
    ),
    (
        "TAG_VALUE_LENGTH",
        tagged("k", "v" * 256),
        tagged("k", "v" * 257),
        "Member must have length less than or equal to 256",
    ),
    (
        "TTL_ATTRIBUTE_NAME_LENGTH",
        expiry("e" * 255),
        expiry("e" * 256),
        "Member must have length less than or equal to 255",
    ),
    ("TRANSACTION_ACTIONS", transaction(100), transaction(101), "less than or equal to 100"),
    (
        "TRANSACTION_ACTIONS",
        statements("execute_transaction", "TransactStatements", 100),
        statements("execute_transaction", "TransactStatements", 101),
        "less than or equal to 100",
    ),
    (
        "BATCH_STATEMENTS",
        statements("batch_execute_statement", "Statements", 25),
        statements("batch_execute_statement", "Statements", 26),
        "less than or equal to 25",
    ),
    (
        "STATEMENT_LENGTH",
        ("execute_statement", {"Statement": "SELECT * FROM both".ljust(8192)}),
        ("execute_statement", {"Statement": "SELECT * FROM both".ljust(8193)}),
        "Member must have length less than or equal to 8192",
    ),
    ("BATCH_GET_KEYS", batch_get(100), batch_get(101), "less than or equal to 100"),
    ("BATCH_WRITE_ITEMS", batch_write(25), batch_write(26), "less than or equal to 25"),
]


@pytest.fixture
def table(dynamodb: Any) -> Any:
    dynamodb.create_table(
        TableName="both",
        AttributeDefinitions=[attribute("pk"), attribute("sk")],
        KeySchema=key_schema("pk", "sk"),
        BillingMode="PAY_PER_REQUEST",
    )
    return dynamodb


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row[0])
def test_a_limit_can_be_met(table: Any, row: tuple[str, Any, Any, str]) -> None:
    method, request = row[1]
    answer = getattr(table, method)(**request)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row[0])
def test_a_limit_can_not_be_passed(table: Any, row: tuple[str, Any, Any, str]) -> None:
    method, request = row[2]
    _, message = refusal(getattr(table, method), **request)
    assert row[3] in message


def too_many_names(extra_bytes: int) -> dict[str, Any]:
    """A GetItem whose names alone fill 2 MB, but for so many bytes."""
    names = {f"#{at:02}": f"{at:02}".ljust(65_500, "x") for at in range(32)}
    rest_bytes = limits.EXPRESSION_SUBSTITUTION_SIZE_BYTES - 32 * (3 + 65_500) - len("#rest")
    names["#rest"] = "r" * (rest_bytes + extra_bytes)
    return {
        "TableName": "both",
        "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}},
        "ProjectionExpression": ",".join(names),
        "ExpressionAttributeNames": names,
    }


def test_names_alone_can_be_too_many(table: Any) -> None:
    table.get_item(**too_many_names(0))
    _, message = refusal(table.get_item, **too_many_names(1))
    assert message == "ExpressionAttributeNames exceeds max size"


LONG_NAME = "n" * (limits.ATTRIBUTE_NAME_SIZE_BYTES + 1)


@pytest.mark.parametrize(
    ("expression", "placeholders", "older"),
    [
        (
            "SET x = :v",
            {"ExpressionAttributeValues": {":v": {"M": {LONG_NAME: {"S": "y"}}}}},
            "ExpressionAttributeValues contains invalid value: {} for key :v",
        ),
        (
            "REMOVE #n",
            {"ExpressionAttributeNames": {"#n": LONG_NAME}},
            "ExpressionAttributeNames contains invalid value: {} for key #n",
        ),
    ],
)
def test_a_long_name_in_an_update(
    table: Any, expression: str, placeholders: dict[str, Any], older: str
) -> None:
    """ExtendDB/extenddb#365 quotes AWS of September 2026; the older words are DynamoDB Local's."""
    request = {
        "TableName": "both",
        "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}},
        "UpdateExpression": expression,
        **placeholders,
    }
    words = "Attribute name is too large, must be less than 65536 bytes"
    _, message = refusal(table.update_item, **request)
    assert message == f"1 validation error detected: {words}"
    _, message = refusal(unchecked_client("me-central-1").update_item, **request)
    assert message == older.format(words)


LARGEST_WITH_ENTRY = limits.ITEM_SIZE_BYTES // 2 - len("pkaskblcx")


@pytest.fixture
def with_local_index(dynamodb: Any) -> Any:
    dynamodb.create_table(
        TableName="sparse",
        AttributeDefinitions=[attribute("pk"), attribute("sk"), attribute("l")],
        KeySchema=key_schema("pk", "sk"),
        LocalSecondaryIndexes=[
            {
                "IndexName": "all",
                "KeySchema": key_schema("pk", "l"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    return dynamodb


def indexed(size_bytes: int) -> dict[str, Any]:
    return {"pk": {"S": "a"}, "sk": {"S": "b"}, "l": {"S": "c"}, "x": {"S": "x" * size_bytes}}


PUTS: dict[str, Any] = {
    "put_item": lambda item: {"TableName": "sparse", "Item": item},
    "batch_write_item": lambda item: {"RequestItems": {"sparse": [{"PutRequest": {"Item": item}}]}},
    "transact_write_items": lambda item: {
        "TransactItems": [{"Put": {"TableName": "sparse", "Item": item}}]
    },
    "execute_statement": lambda item: {
        "Statement": "INSERT INTO sparse VALUE {'pk': 'a', 'sk': 'b', 'l': 'c', 'x': ?}",
        "Parameters": [item["x"]],
    },
}


@pytest.mark.parametrize("method", PUTS)
def test_entries_of_local_indexes_count(with_local_index: Any, method: str) -> None:
    call = getattr(with_local_index, method)
    code, message = refusal(call, **PUTS[method](indexed(LARGEST_WITH_ENTRY + 1)))
    if method == "transact_write_items":
        assert (code, message[-17:]) == ("TransactionCanceledException", "[ValidationError]")
    else:
        assert message == "Item size has exceeded the maximum allowed size"
    call(**PUTS[method](indexed(LARGEST_WITH_ENTRY)))


def test_an_item_outside_of_the_local_index_may_be_larger(with_local_index: Any) -> None:
    item = indexed(LARGEST_WITH_ENTRY + 1)
    del item["l"]
    with_local_index.put_item(TableName="sparse", Item=item)
    update = {
        "TableName": "sparse",
        "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}},
        "UpdateExpression": "SET l = :l",
        "ExpressionAttributeValues": {":l": {"S": "c"}},
    }
    _, message = refusal(with_local_index.update_item, **update)
    assert message == "Item size to update has exceeded the maximum allowed size"
    item["x"] = {"S": "x" * LARGEST_WITH_ENTRY}
    with_local_index.put_item(TableName="sparse", Item=item)
    with_local_index.update_item(**update)


def test_an_index_created_later_adds_to_what_is_projected(table: Any) -> None:
    table.create_table(**projecting(20, 20, 20, 20, 19)[1])
    index = projecting(2)[1]["GlobalSecondaryIndexes"][0]
    update = {"TableName": "made", "AttributeDefinitions": [attribute("sk")]}

    def create_index(*names: str) -> dict[str, Any]:
        projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": names}
        create = {**index, "IndexName": "later", "Projection": projection}
        return {**update, "GlobalSecondaryIndexUpdates": [{"Create": create}]}

    _, message = refusal(table.update_table, **create_index("a", "b"))
    assert message == "One or more parameter values were invalid"
    table.update_table(**create_index("a"))


def test_the_size_of_a_request(table: Any) -> None:
    """AWS's table of API errors has the status; the item is refused where the request is taken."""
    empty = b'{"TableName": "both", "Item": {"pk": {"S": "a"}, "sk": {"S": "b"}, "x": {"S": ""}}}'
    fits = "x" * (limits.REQUEST_SIZE_BYTES - len(empty))
    code, message = refusal(table.put_item, **put(x={"S": fits})[1])
    assert (code, message) == (
        "ValidationException",
        "Item size has exceeded the maximum allowed size",
    )
    with pytest.raises(ClientError) as caught:
        table.put_item(**put(x={"S": fits + "x"})[1])
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413


def test_every_limit_is_tested() -> None:
    names = {name for name in vars(limits) if name.isupper()}
    assert names == {row[0] for row in LIMITS} | ELSEWHERE.keys()


@pytest.mark.parametrize(("size_bytes", "units"), [(1024, 1.0), (1025, 2.0), (4097, 5.0)])
def test_a_write_unit(table: Any, size_bytes: int, units: float) -> None:
    answer = table.put_item(**sized(size_bytes)[1], ReturnConsumedCapacity="TOTAL")
    assert answer["ConsumedCapacity"]["CapacityUnits"] == units


@pytest.mark.parametrize(("size_bytes", "units"), [(4096, 1.0), (4097, 2.0)])
def test_a_read_unit(table: Any, size_bytes: int, units: float) -> None:
    table.put_item(**sized(size_bytes)[1])
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    capacity = {"TableName": "both", "Key": key, "ReturnConsumedCapacity": "TOTAL"}
    strong = table.get_item(**capacity, ConsistentRead=True)
    eventual = table.get_item(**capacity)
    assert strong["ConsumedCapacity"]["CapacityUnits"] == units
    assert eventual["ConsumedCapacity"]["CapacityUnits"] == units / 2


@pytest.mark.parametrize(("rest_bytes", "found"), [(1024, 3), (1025, 3), (1023, 4)])
def test_a_page(table: Any, rest_bytes: int, found: int) -> None:
    sizes = [409_600, 409_600, limits.PAGE_SIZE_BYTES - 2 * 409_600 - 1024 + rest_bytes, 100]
    for at, size_bytes in enumerate(sizes):
        table.put_item(**put(sk={"S": str(at)}, x={"S": "x" * (size_bytes - 7)})[1])
    page = table.query(
        TableName="both",
        KeyConditionExpression="pk = :k",
        ExpressionAttributeValues={":k": {"S": "a"}},
    )
    assert page["Count"] == found
    assert page["LastEvaluatedKey"]["sk"] == {"S": str(found - 1)}
