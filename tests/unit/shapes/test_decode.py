"""Decoding: what is accepted, what is dropped, and AWS's text for each wrong type."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dqlmock.errors import SerializationException, ValidationException
from dqlmock.shapes import request_shape

STRUCTURE_FOUND = "Start of structure or map found where not expected"
GENERIC = (
    "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
    "java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
    "java.lang.Class are in module java.base of loader 'bootstrap')"
)
DYNAMODB = "com.amazonaws.dynamodb.v20120810"
MAP_OF_VALUES = (
    f"Unrecognized collection type java.util.Map<java.lang.String, {DYNAMODB}.AttributeValue>"
)
NO_ATTRIBUTE_VALUE = f"Unrecognized collection type class {DYNAMODB}.AttributeValue"


def decode(operation: str, document: str, service: str = "dynamodb") -> dict[str, Any]:
    return request_shape(operation, service).decode(json.loads(document))


def fault(operation: str, document: str, service: str = "dynamodb") -> str:
    with pytest.raises(SerializationException) as raised:
        decode(operation, document, service)
    return raised.value.message


def item(value: str) -> str:
    return f'{{"Item": {{"a": {value}}}}}'


STRINGS = [
    ("1", "NUMBER_VALUE cannot be converted to String"),
    ("-1", "NUMBER_VALUE cannot be converted to String"),
    ("1.5", "DECIMAL_VALUE cannot be converted to String"),
    ("true", "TRUE_VALUE cannot be converted to String"),
    ("false", "FALSE_VALUE cannot be converted to String"),
    ("[]", "Unrecognized collection type class java.lang.String"),
    ("{}", STRUCTURE_FOUND),
]


@pytest.mark.parametrize(("value", "message"), STRINGS)
def test_string(value: str, message: str) -> None:
    assert fault("PutItem", f'{{"TableName": {value}}}') == message


@pytest.mark.parametrize("tag", ["S", "N"])
@pytest.mark.parametrize(("value", "message"), STRINGS)
def test_string_of_attribute_value(tag: str, value: str, message: str) -> None:
    assert fault("PutItem", item(f'{{"{tag}": {value}}}')) == message


@pytest.mark.parametrize("tag", ["SS", "NS"])
@pytest.mark.parametrize(("value", "message"), STRINGS)
def test_member_of_set(tag: str, value: str, message: str) -> None:
    assert fault("PutItem", item(f'{{"{tag}": ["1", {value}]}}')) == message


@pytest.mark.parametrize(("value", "message"), STRINGS)
def test_string_in_list_and_map(value: str, message: str) -> None:
    assert fault("GetItem", f'{{"AttributesToGet": ["a", {value}]}}') == message
    assert fault("GetItem", f'{{"ExpressionAttributeNames": {{"#a": {value}}}}}') == message


BOOLEANS = [
    ('"23"', "Unexpected token received from parser"),
    ('""', "Unexpected token received from parser"),
    ("1", "NUMBER_VALUE cannot be converted to Boolean"),
    ("1.5", "DECIMAL_VALUE cannot be converted to Boolean"),
    ("[]", "Unrecognized collection type class java.lang.Boolean"),
    ("{}", STRUCTURE_FOUND),
]


@pytest.mark.parametrize(("value", "message"), BOOLEANS)
def test_boolean(value: str, message: str) -> None:
    assert fault("GetItem", f'{{"ConsistentRead": {value}}}') == message
    assert fault("PutItem", item(f'{{"BOOL": {value}}}')) == message
    assert fault("PutItem", item(f'{{"NULL": {value}}}')) == message


def integers(name: str) -> list[tuple[str, str]]:
    return [
        ('"1"', f"STRING_VALUE cannot be converted to {name}"),
        ("true", f"TRUE_VALUE cannot be converted to {name}"),
        ("false", f"FALSE_VALUE cannot be converted to {name}"),
        ("[]", f"Unrecognized collection type class java.lang.{name}"),
        ("{}", STRUCTURE_FOUND),
        ("1e400", f"DECIMAL_VALUE cannot be converted to {name}"),
        ("NaN", f"DECIMAL_VALUE cannot be converted to {name}"),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("YES", True), ("1", True), ("False", False), ("no", False), ("0", False)],
)
def test_text_that_is_taken_for_a_boolean(text: str, value: bool) -> None:
    assert decode("GetItem", f'{{"ConsistentRead": "{text}"}}') == {"ConsistentRead": value}
    assert decode("PutItem", item(f'{{"L": [{{"BOOL": "{text}"}}]}}')) == {
        "Item": {"a": {"L": [{"BOOL": value}]}}
    }


@pytest.mark.parametrize(
    ("value", "message"),
    [
        *integers("Integer"),
        ("2147483648", "NUMBER_VALUE cannot be converted to Integer"),
        ("-2147483649", "NUMBER_VALUE cannot be converted to Integer"),
        ("1e10", "DECIMAL_VALUE cannot be converted to Integer"),
    ],
)
def test_integer(value: str, message: str) -> None:
    assert fault("Scan", f'{{"Limit": {value}}}') == message


@pytest.mark.parametrize(
    ("value", "message"),
    [*integers("Long"), ("9223372036854775808", "NUMBER_VALUE cannot be converted to Long")],
)
def test_long(value: str, message: str) -> None:
    document = f'{{"ProvisionedThroughput": {{"ReadCapacityUnits": {value}}}}}'
    assert fault("CreateTable", document) == message


@pytest.mark.parametrize(
    ("value", "decoded"),
    [("1", 1), ("1.9", 1), ("-1.9", -1), ("1e2", 100), ("2147483647", 2147483647)],
)
def test_integer_is_cut_off(value: str, decoded: int) -> None:
    limit = decode("Scan", f'{{"Limit": {value}}}')["Limit"]
    assert (limit, type(limit)) == (decoded, int)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('"2026"', "STRING_VALUE cannot be converted to Date"),
        ("true", "TRUE_VALUE cannot be converted to Date"),
        ("{}", STRUCTURE_FOUND),
    ],
)
def test_timestamp(value: str, message: str) -> None:
    assert fault("ListBackups", f'{{"TimeRangeLowerBound": {value}}}') == message


@pytest.mark.parametrize("value", ["1", "1.5"])
def test_timestamp_is_a_number(value: str) -> None:
    decoded = decode("ListBackups", f'{{"TimeRangeLowerBound": {value}}}')
    assert decoded == {"TimeRangeLowerBound": float(value)}


BLOBS = [
    ("1", "only base-64-encoded strings are convertible to bytes"),
    ("true", "only base-64-encoded strings are convertible to bytes"),
    ("[]", "Unrecognized collection type class java.nio.ByteBuffer"),
    ("{}", STRUCTURE_FOUND),
    ('"abc"', "Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
    ('"ab"', "Base64 encoded length is expected a multiple of 4 bytes but found: 2"),
    ('"abcdefghijk"', "Base64 encoded length is expected a multiple of 4 bytes but found: 11"),
    ('"ab!="', ""),
    ('"a==="', ""),
    ('"=abc"', ""),
    ('"ab=c"', ""),
    ('"éabc"', ""),
    ('"abc\\n"', ""),
]


@pytest.mark.parametrize(("value", "message"), BLOBS)
def test_binary(value: str, message: str) -> None:
    assert fault("PutItem", item(f'{{"B": {value}}}')) == message
    assert fault("PutItem", item(f'{{"BS": ["YQ==", {value}]}}')) == message


@pytest.mark.parametrize("text", ["", "YQ==", "YWI=", "YWJj", "YWJjYQ==", "+/8=", "/w=="])
def test_binary_is_taken_as_it_is(text: str) -> None:
    assert decode("PutItem", item(f'{{"B": "{text}"}}')) == {"Item": {"a": {"B": text}}}
    assert decode("PutItem", item(f'{{"BS": ["{text}"]}}')) == {"Item": {"a": {"BS": [text]}}}


# The last two: dynalite's tests, recorded of AWS in October 2018.
@pytest.mark.parametrize("text", ["YR==", "YWJ=", "YWJjYf==", "Y!J=", "+/+=", "=+/="])
def test_bits_that_no_encoder_sets_are_refused(text: str) -> None:
    message = "Invalid last non-pad Base64 character dectected"
    assert fault("PutItem", item(f'{{"B": "{text}"}}')) == message
    assert fault("PutItem", item(f'{{"BS": ["YQ==", "{text}"]}}')) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1", "Unexpected field type"),
        ("true", "Unexpected field type"),
        ('"x"', "Unexpected field type"),
        ("{}", STRUCTURE_FOUND),
    ],
)
def test_list(value: str, message: str) -> None:
    assert fault("GetItem", f'{{"AttributesToGet": {value}}}') == message
    assert fault("ExecuteStatement", f'{{"Parameters": {value}}}') == message
    for tag in ("L", "SS", "NS", "BS"):
        assert fault("PutItem", item(f'{{"{tag}": {value}}}')) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [("1", GENERIC), ("true", GENERIC), ('"x"', GENERIC), ("{}", STRUCTURE_FOUND)],
)
def test_list_in_map(value: str, message: str) -> None:
    assert fault("BatchWriteItem", f'{{"RequestItems": {{"t": {value}}}}}') == message


@pytest.mark.parametrize(
    ("value", "message"),
    [("1", "Unexpected field type"), ('"x"', "Unexpected field type"), ("[]", MAP_OF_VALUES)],
)
def test_map(value: str, message: str) -> None:
    assert fault("PutItem", f'{{"Item": {value}}}') == message
    assert fault("PutItem", item(f'{{"M": {value}}}')) == message


@pytest.mark.parametrize(
    ("document", "operation", "message"),
    [
        (
            '{"ExpressionAttributeNames": []}',
            "GetItem",
            "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>",
        ),
        (
            '{"RequestItems": []}',
            "BatchGetItem",
            (
                "Unrecognized collection type java.util.Map<java.lang.String, "
                f"{DYNAMODB}.KeysAndAttributes>"
            ),
        ),
        (
            '{"RequestItems": []}',
            "BatchWriteItem",
            (
                "Unrecognized collection type java.util.Map<java.lang.String, "
                f"java.util.List<{DYNAMODB}.WriteRequest>>"
            ),
        ),
    ],
)
def test_list_in_place_of_a_map(document: str, operation: str, message: str) -> None:
    assert fault(operation, document) == message


@pytest.mark.parametrize(
    ("value", "message"), [("1", GENERIC), ('"x"', GENERIC), ("[]", MAP_OF_VALUES)]
)
def test_map_in_list(value: str, message: str) -> None:
    assert fault("BatchGetItem", f'{{"RequestItems": {{"t": {{"Keys": [{value}]}}}}}}') == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1", "Unexpected field type"),
        ('"x"', "Unexpected field type"),
        ("[]", f"Unrecognized collection type class {DYNAMODB}.ProvisionedThroughput"),
    ],
)
def test_structure(value: str, message: str) -> None:
    assert fault("CreateTable", f'{{"ProvisionedThroughput": {value}}}') == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1", "Unexpected value type in payload"),
        ('"x"', "Unexpected value type in payload"),
        ("[]", f"Unrecognized collection type class {DYNAMODB}.KeySchemaElement"),
    ],
)
def test_structure_in_list(value: str, message: str) -> None:
    assert fault("CreateTable", f'{{"KeySchema": [{value}]}}') == message


@pytest.mark.parametrize(
    ("value", "message"),
    [("1", "Unexpected value type in payload"), ("[]", NO_ATTRIBUTE_VALUE)],
)
def test_attribute_value_in_map_and_list(value: str, message: str) -> None:
    assert fault("PutItem", item(value)) == message
    assert fault("PutItem", item(f'{{"L": [{value}]}}')) == message
    assert fault("PutItem", item(f'{{"M": {{"b": {value}}}}}')) == message
    assert fault("ExecuteStatement", f'{{"Parameters": [{value}]}}') == message


@pytest.mark.parametrize(
    ("value", "message"), [("1", "Unexpected field type"), ("[]", NO_ATTRIBUTE_VALUE)]
)
def test_attribute_value_in_structure(value: str, message: str) -> None:
    assert fault("PutItem", f'{{"Expected": {{"a": {{"Value": {value}}}}}}}') == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1", "Unexpected value type in payload"),
        ("null", "Unexpected value type in payload"),
        ("[]", f"Unrecognized collection type class {DYNAMODB}.PutItemInput"),
    ],
)
def test_body(value: str, message: str) -> None:
    assert fault("PutItem", value) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('{"M": {"x": {"S": 1}}}, "b": {"B": "abc"}', "NUMBER_VALUE cannot be converted to String"),
        (
            '{"B": "abc"}, "b": {"S": 1}',
            ("Base64 encoded length is expected a multiple of 4 bytes but found: 3"),
        ),
        ('{"L": [{"S": 1}, 1]}', "NUMBER_VALUE cannot be converted to String"),
        ('{"M": {"x": 1}, "S": 1}', "Unexpected value type in payload"),
    ],
)
def test_first_fault_of_the_document_is_reported(value: str, message: str) -> None:
    assert fault("PutItem", f'{{"Item": {{"a": {value}}}}}') == message


@pytest.mark.parametrize(
    "value",
    [
        '{"S": ""}',
        '{"N": "1"}',
        '{"BOOL": false}',
        '{"NULL": true}',
        '{"SS": ["a"]}',
        '{"NS": []}',
        '{"BS": ["YQ=="]}',
        '{"L": []}',
        '{"M": {}}',
        '{"M": {"x": {"L": [{"M": {"y": {"S": "z"}}}, {"N": "1"}]}}}',
    ],
)
def test_well_formed_item_is_not_copied(value: str) -> None:
    body = json.loads(item(value))
    assert request_shape("PutItem").decode(body)["Item"] is body["Item"]


@pytest.mark.parametrize(
    ("value", "decoded"),
    [
        ("null", {}),
        ("{}", {}),
        ('{"X": 1}', {}),
        ('{"S": null}', {}),
        ('{"S": "a", "X": {"S": 1}}', {"S": "a"}),
        ('{"S": "a", "N": null}', {"S": "a"}),
        ('{"S": "a", "N": "1"}', {"S": "a", "N": "1"}),
        ('{"M": null}', {}),
        ('{"M": {"b": null, "c": {"S": "x"}}}', {"M": {"b": {}, "c": {"S": "x"}}}),
        ('{"L": [null, {"X": 1}, {"S": "x"}]}', {"L": [{}, {}, {"S": "x"}]}),
        (
            '{"L": [], "M": {}, "SS": ["a"], "BOOL": true}',
            {"L": [], "M": {}, "SS": ["a"], "BOOL": True},
        ),
    ],
)
def test_unknown_and_null_members_of_attribute_values(value: str, decoded: object) -> None:
    assert decode("PutItem", item(value)) == {"Item": {"a": decoded}}
    body = json.loads(item(value))
    before = json.dumps(body)
    request_shape("PutItem").decode(body)
    assert json.dumps(body) == before


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        (
            "SS",
            (
                "One or more parameter values were invalid: "
                "An string set may not have a null string as a member"
            ),
        ),
        ("NS", "A value provided cannot be converted into a number"),
        ("BS", "The supplied Item contains a null AttributeValue"),
    ],
)
def test_null_member_of_set(tag: str, message: str) -> None:
    with pytest.raises(ValidationException) as raised:
        decode("PutItem", item(f'{{"{tag}": [null]}}'))
    assert raised.value.message == message


def test_unknown_and_null_members_of_structures_are_dropped() -> None:
    document = '{"TableName": null, "X": {"S": 1}, "KeySchema": [{"AttributeName": "a", "Y": 2}]}'
    assert decode("CreateTable", document) == {"KeySchema": [{"AttributeName": "a"}]}


def test_null_members_of_lists_and_maps_stay() -> None:
    assert decode("CreateTable", '{"KeySchema": [null]}') == {"KeySchema": [None]}
    assert decode("GetItem", '{"ExpressionAttributeNames": {"#a": null}}') == {
        "ExpressionAttributeNames": {"#a": None}
    }


@pytest.mark.parametrize("leaf", [{"S": "x"}, {"S": "x", "X": 1}, {"B": "YQ=="}, 1])
@pytest.mark.parametrize("kind", ["L", "M"])
def test_depth_is_not_bounded(leaf: object, kind: str) -> None:
    value: Any = leaf
    for _ in range(5_000):
        value = {"L": [value]} if kind == "L" else {"M": {"a": value}}
    shape = request_shape("PutItem")
    if leaf == 1:
        with pytest.raises(SerializationException, match="Unexpected value type in payload"):
            shape.decode({"TableName": "t", "Item": {"a": value}})
    else:
        shape.check(shape.decode({"TableName": "t", "Item": {"a": value}}))


def test_streams() -> None:
    assert fault("GetRecords", '{"Limit": "1"}', "dynamodbstreams") == (
        "STRING_VALUE cannot be converted to Integer"
    )
    assert decode("GetRecords", '{"ShardIterator": "x"}', "dynamodbstreams") == {
        "ShardIterator": "x"
    }
