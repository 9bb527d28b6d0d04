"""Values as AWS's messages print them."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.shapes.model import service_model
from dqlmock.shapes.printed import printed

VALUE = (
    "AttributeValue(s={s}, n={n}, b={b}, iNT=null, dECIMAL=null, dOUBLE=null, sS=null, nS=null, "
    "bS=null, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m=null, l={l}, nULL=null, bOOL={bool})"
)
ABSENT = {"s": "null", "n": "null", "b": "null", "l": "null", "bool": "null"}


@pytest.mark.parametrize(
    ("shape", "value", "text"),
    [
        ("TableName", "a'b", "a'b"),
        ("PositiveIntegerObject", 0, "0"),
        ("BooleanObject", True, "true"),
        ("BooleanObject", False, "false"),
        ("AttributeNameList", [], "[]"),
        ("AttributeNameList", ["a", "b"], "[a, b]"),
        ("ExpressionAttributeNameMap", {}, "{}"),
        ("ExpressionAttributeNameMap", {"#a": "x", "#b": None}, "{#a=x, #b=null}"),
        ("Tag", {"Key": "k"}, "Tag(key=k, value=null)"),
        ("AttributeValue", {"S": "x"}, VALUE.format(**{**ABSENT, "s": "x"})),
        ("AttributeValue", {"BOOL": True}, VALUE.format(**{**ABSENT, "bool": "true"})),
        (
            "AttributeValue",
            {"B": "YWJj"},
            VALUE.format(**{**ABSENT, "b": "java.nio.HeapByteBuffer[pos=0 lim=3 cap=3]"}),
        ),
        (
            "WriteRequest",
            {"PutRequest": {"Item": {}}},
            (
                "WriteRequest(putRequest=PutRequest(item={}, workloadProfileName=null), "
                "deleteRequest=null)"
            ),
        ),
    ],
)
def test_printed(shape: str, value: Any, text: str) -> None:
    model = service_model("dynamodb")
    assert printed(model, model.shape(shape), value) == text


def test_depth_is_not_bounded() -> None:
    value: Any = {"S": "leaf"}
    for _ in range(3_000):
        value = {"L": [value]}
    model = service_model("dynamodb")
    assert "s=leaf" in printed(model, model.shape("AttributeValue"), value)
