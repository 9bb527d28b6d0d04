"""Whatever arrives, the pipe answers: no exception of Python's reaches a caller."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dqlmock.clock import Clock
from dqlmock.engine.database import Engine
from dqlmock.shapes.request import request_shape
from dqlmock.wire.dispatch import Pipe
from dqlmock.wire.messages import WireRequest

REGIONS = ("us-east-1", "me-central-1", "eu-west-2")
OPERATIONS = ("PutItem", "GetItem", "UpdateItem", "DeleteItem", "Query", "Scan")
WORDS = (
    *("pk", "sk", "g", "a", "a.b", "l[0]", "#n", ":v", ":n", "=", "<>", "<", "AND", "OR", "NOT"),
    *("BETWEEN", "IN", "(", ")", ",", "size(a)", "begins_with(sk, :v)", "SET", "REMOVE", "ADD"),
    *("DELETE", "if_not_exists(a, :v)", "list_append(a, :v)", "+", ".", "[", "'", "9" * 30, "é"),
)
CREATE = {
    "TableName": "things",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "g")
    ],
    "KeySchema": [
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "index",
            "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
    "BillingMode": "PAY_PER_REQUEST",
}

texts = st.one_of(
    st.sampled_from(["", "a", "pk", "1", "x" * 300, "YQ==", "EQ", "AND", "ALL_OLD", "index"]),
    st.text(max_size=4),
)
names = st.one_of(st.sampled_from(["pk", "sk", "g", "a", "", "#n", ":v", ":n"]), texts)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=6,
)
numbers = st.sampled_from(
    ["0", "1", "-1.5", "1e126", "1e-131", "9" * 39, "x", "", "1e99999", "\u0661"]
)
values = st.recursive(
    st.one_of(
        st.builds(lambda text: {"S": text}, texts),
        st.builds(lambda text: {"N": text}, numbers),
        st.builds(lambda text: {"B": text}, texts),
        st.builds(lambda members: {"SS": members}, st.lists(texts, max_size=3)),
        st.builds(lambda members: {"NS": members}, st.lists(numbers, max_size=3)),
        st.sampled_from([{"NULL": True}, {"NULL": False}, {"BOOL": True}, {}, {"X": 1}]),
        json_values,
    ),
    lambda inner: st.one_of(
        st.builds(lambda members: {"L": members}, st.lists(inner, max_size=3)),
        st.builds(lambda members: {"M": members}, st.dictionaries(names, inner, max_size=3)),
    ),
    max_leaves=4,
)
items = st.one_of(st.dictionaries(names, values, max_size=4), json_values)
conditions = st.fixed_dictionaries(
    {},
    optional={
        "ComparisonOperator": st.sampled_from(["EQ", "BETWEEN", "IN", "NULL", "BOGUS"]),
        "AttributeValueList": st.lists(values, max_size=3),
        "Value": values,
        "Exists": st.booleans(),
        "Action": st.sampled_from(["PUT", "ADD", "DELETE", "BOGUS"]),
    },
)
MAPS_OF_VALUES = ("Item", "Key", "ExclusiveStartKey", "ExpressionAttributeValues")
MAPS_OF_CONDITIONS = ("Expected", "AttributeUpdates", "KeyConditions", "QueryFilter", "ScanFilter")


def parameter(name: str) -> st.SearchStrategy[Any]:
    if name == "TableName":
        return st.one_of(st.just("things"), texts)
    if name.endswith("Expression"):
        return st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
    if name in MAPS_OF_VALUES:
        return items
    if name in MAPS_OF_CONDITIONS:
        return st.dictionaries(names, conditions | json_values, max_size=2)
    if name == "ExpressionAttributeNames":
        return st.dictionaries(names, texts, max_size=2)
    return json_values


def request_bodies(operation: str) -> st.SearchStrategy[bytes]:
    members = {name: parameter(name) for name in sorted(request_shape(operation).members)}
    likely = {"TableName": members.pop("TableName")}
    for name in ("Item", "Key", "KeyConditionExpression"):
        if name in members:
            likely[name] = members.pop(name)
    requests = st.fixed_dictionaries(likely, optional=members)
    return st.one_of(requests, json_values).map(lambda body: json.dumps(body).encode())


calls = st.sampled_from(OPERATIONS).flatmap(
    lambda operation: st.tuples(st.just(operation), request_bodies(operation))
)


@settings(max_examples=150)
@given(calls=st.lists(calls, min_size=1, max_size=4), region=st.sampled_from(REGIONS))
def test_every_request_is_answered(calls: list[tuple[str, bytes]], region: str) -> None:
    pipe = Pipe(Engine(Clock()))
    for operation, body in (("CreateTable", json.dumps(CREATE).encode()), *calls):
        target = f"DynamoDB_20120810.{operation}"
        answer = pipe.answer(WireRequest(target, body, "123456789012", region))
        assert answer.status in {200, 400}
        assert isinstance(json.loads(answer.body), dict)


def test_documents_nested_as_deep_as_json_goes_are_answered() -> None:
    pipe = Pipe(Engine(Clock()))
    create = json.dumps(CREATE).encode()
    for region in REGIONS:
        pipe.answer(WireRequest("DynamoDB_20120810.CreateTable", create, "123456789012", region))
    key = '"Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}, "TableName": "things"'
    for depth in (33, 150, 400, 5_000):
        value = '{"L":[' * depth + '{"S":"x"}' + "]}" * depth
        for operation, body in (
            ("PutItem", f'{{"TableName": "things", "Item": {{"pk": {value}}}}}'),
            (
                "UpdateItem",
                (
                    f'{{{key}, "ConditionExpression": "a = :v", '
                    f'"ExpressionAttributeValues": {{":v": {value}}}}}'
                ),
            ),
            ("Scan", f'{{"TableName": {"[" * depth}{"]" * depth}}}'),
        ):
            for region in REGIONS:
                target = f"DynamoDB_20120810.{operation}"
                request = WireRequest(target, body.encode(), "123456789012", region)
                assert pipe.answer(request).status == 400
