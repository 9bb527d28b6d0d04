"""What is refused once text, names and values are known, word for word, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from dqlmock.errors import Family, ValidationException
from dqlmock.expressions.request import Expressions
from dqlmock.expressions.reserved import RESERVED_WORDS

VALUES: dict[str, Any] = {
    ":s": {"S": "x"},
    ":n": {"N": "1"},
    ":hi": {"N": "5"},
    ":b": {"B": "eHg="},
    ":bool": {"BOOL": True},
    ":null": {"NULL": True},
    ":ss": {"SS": ["a"]},
    ":l": {"L": []},
    ":m": {"M": {}},
    ":type": {"S": "S"},
}
NAMES = {"#a": "data", "#b": "data"}


def take(expressions: Expressions, parameter: str, text: str) -> None:
    if parameter == "UpdateExpression":
        expressions.update(text)
    elif parameter == "ProjectionExpression":
        expressions.projection(text)
    elif parameter == "FilterExpression":
        expressions.filter(text)
    else:
        expressions.condition(text)


def refusal(parameter: str, text: str) -> str:
    expressions = Expressions(NAMES, VALUES)
    with pytest.raises(ValidationException) as caught:
        take(expressions, parameter, text)
    prefix = f"Invalid {parameter}: "
    assert caught.value.message.startswith(prefix)
    assert caught.value.family is Family.EXPRESSION or parameter == "ProjectionExpression"
    return caught.value.message[len(prefix) :]


WRONG_TYPE = (
    "Incorrect operand type for operator or function; operator or function: {}, operand type: {}"
)
TYPE_NAMES = "valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"
BETWEEN = "The BETWEEN operator requires {}; lower bound operand: {}, upper bound operand: {}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # Names of attributes and functions.
        ("status = :s", "Attribute name is a reserved keyword; reserved keyword: status"),
        ("a.Select = :s", "Attribute name is a reserved keyword; reserved keyword: Select"),
        ("foo(a)", "Invalid function name; function: foo"),
        ("Size(a) = :n", "Invalid function name; function: Size"),
        (
            "if_not_exists(a, b) = :s",
            "The function is not allowed in a condition expression; function: if_not_exists",
        ),
        (
            "size(a)",
            "The function is not allowed to be used this way in an expression; function: size",
        ),
        (
            "a = contains(b, c)",
            "The function is not allowed to be used this way in an expression; function: contains",
        ),
        (
            "a[4294967295] = b",
            "List index is not within the allowable range; index: [4294967295]",
        ),
        # Placeholders.
        (
            "#missing = :s",
            (
                "An expression attribute name used in the document path is not defined;"
                " attribute name: #missing"
            ),
        ),
        (
            "a.#missing = :s",
            (
                "An expression attribute name used in the document path is not defined;"
                " attribute name: #missing"
            ),
        ),
        (
            "a = :missing",
            (
                "An expression attribute value used in expression is not defined;"
                " attribute value: :missing"
            ),
        ),
        # Numbers of operands.
        (
            "contains(a)",
            (
                "Incorrect number of operands for operator or function;"
                " operator or function: contains, number of operands: 1"
            ),
        ),
        (
            "attribute_exists(a, b)",
            (
                "Incorrect number of operands for operator or function;"
                " operator or function: attribute_exists, number of operands: 2"
            ),
        ),
        (
            "a IN (" + ",".join(["b"] * 101) + ")",
            "The IN operator is provided with too many operands; number of operands: 101",
        ),
        # Types of operands.
        ("begins_with(a, :n)", WRONG_TYPE.format("begins_with", "N")),
        ("begins_with(:n, :n)", WRONG_TYPE.format("begins_with", "N")),
        ("begins_with(a, size(b))", WRONG_TYPE.format("begins_with", "N")),
        ("size(:n) = a", WRONG_TYPE.format("size", "N")),
        ("size(size(a)) = b", WRONG_TYPE.format("size", "N")),
        ("a < :bool", WRONG_TYPE.format("<", "BOOL")),
        (":ss >= a", WRONG_TYPE.format(">=", "SS")),
        ("a > :null", WRONG_TYPE.format(">", "NULL")),
        ("a BETWEEN :l AND b", WRONG_TYPE.format("BETWEEN", "L")),
        (":m BETWEEN a AND b", WRONG_TYPE.format("BETWEEN", "M")),
        ("attribute_type(a, :n)", WRONG_TYPE.format("attribute_type", "N")),
        (
            "attribute_type(a, b)",
            WRONG_TYPE.format("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}"),
        ),
        (
            "attribute_type(a, :s)",
            f"Invalid attribute type name found; type: x, {TYPE_NAMES}",
        ),
        (
            "attribute_exists(:s)",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        (
            "attribute_exists(size(a))",
            "Operator or function requires a document path; operator or function: attribute_exists",
        ),
        # BETWEEN.
        (
            "a BETWEEN :hi AND :n",
            BETWEEN.format(
                "upper bound to be greater than or equal to lower bound",
                "AttributeValue: {N:5}",
                "AttributeValue: {N:1}",
            ),
        ),
        (
            "a BETWEEN :s AND :n",
            BETWEEN.format(
                "same data type for lower and upper bounds",
                "AttributeValue: {S:x}",
                "AttributeValue: {N:1}",
            ),
        ),
        (
            "a BETWEEN :b AND :n",
            BETWEEN.format(
                "same data type for lower and upper bounds",
                "AttributeValue: {B:java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]}",
                "AttributeValue: {N:1}",
            ),
        ),
        # Operands that are the same.
        *[
            (
                text,
                (
                    "The first operand must be distinct from the remaining operands for this"
                    f" operator or function; operator: {operator}, first operand: {operand}"
                ),
            )
            for text, operator, operand in [
                ("a = a", "=", "[a]"),
                ("a.b <> a.b", "<>", "[a, b]"),
                ("a[0] < a[0]", "<", "[a, [0]]"),
                ("a IN (b, a)", "IN", "[a]"),
                ("a BETWEEN b AND a", "BETWEEN", "[a]"),
                ("contains(#a, #a)", "contains", "[data]"),
                ("contains(#a, #b)", "contains", "[data]"),
                ("begins_with(a, a)", "begins_with", "[a]"),
                ("attribute_type(a, a)", "attribute_type", "[a]"),
            ]
        ],
        # Limits.
        (
            ".".join(["a"] * 33) + " = b",
            "The document path has too many nesting levels; nesting levels: 33",
        ),
        (
            " AND ".join(["a = b"] * 151),
            "The expression contains too many operators; operator count: 301",
        ),
        (
            "NOT " * 300 + "a = b",
            "The expression contains too many operators; operator count: 301",
        ),
        (
            " AND ".join(["size(a) = b"] * 101),
            "The expression contains too many operators; operator count: 301",
        ),
    ],
)
@pytest.mark.parametrize("parameter", ["ConditionExpression", "FilterExpression"])
def test_a_condition_is_refused(parameter: str, text: str, reason: str) -> None:
    assert refusal(parameter, text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "a[4294967294] = b",
        ".".join(["a"] * 32) + " = b",
        " AND ".join(["a = b"] * 150),
        "NOT " * 299 + "a = b",
        " AND ".join(["a BETWEEN b AND c"] * 150),
        "a IN (" + ",".join(["b"] * 100) + ")",
        "a = :bool",
        "a IN (:l, :m)",
        "contains(a, :null)",
        "contains(size(a), :n)",
        ":s = :s",
        "a BETWEEN b AND b",
        "size(a) = size(a)",
        "begins_with(a, :b)",
        "attribute_type(a, :type)",
    ],
)
def test_a_condition_is_accepted(text: str) -> None:
    assert Expressions(NAMES, VALUES).condition(text)({}) in (True, False)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("((a = b))", "status = :s"),
        ("((a = b))", "foo(a)"),
        ("status = :s", "#u = :s"),
        ("foo(a)", "a = :u"),
        ("a[9999999999] = b", "a = a"),
        ("a = :u", " AND ".join(["a = b"] * 151)),
    ],
)
def test_what_depends_on_the_text_is_reported_before_what_depends_on_the_request(
    first: str, second: str
) -> None:
    reason = refusal("ConditionExpression", first)
    assert refusal("ConditionExpression", f"{first} AND {second}") == reason
    assert refusal("ConditionExpression", f"{second} AND {first}") == reason


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("#u = b", "a = :u"),
        ("a = a", "contains(a)"),
        ("begins_with(a, :n)", "attribute_type(a, :s)"),
        ("status = :s", "foo(a)"),
    ],
)
def test_faults_of_a_kind_are_reported_in_reading_order(one: str, two: str) -> None:
    assert refusal("ConditionExpression", f"{one} AND {two}") == refusal("ConditionExpression", one)
    assert refusal("ConditionExpression", f"{two} AND {one}") == refusal("ConditionExpression", two)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "SET x = :s SET y = :s",
            'The "SET" section can only be used once in an update expression;',
        ),
        (
            "REMOVE a SET x = :s REMOVE l",
            'The "REMOVE" section can only be used once in an update expression;',
        ),
        ("SET status = :s", "Attribute name is a reserved keyword; reserved keyword: status"),
        ("SET x = foo(a)", "Invalid function name; function: foo"),
        (
            "SET x = size(a)",
            "The function is not allowed in an update expression; function: size",
        ),
        (
            "SET x = list_append(l, :l) + :n",
            (
                "The function is not allowed to be used this way in an expression;"
                " function: list_append"
            ),
        ),
        (
            "SET x = if_not_exists(a, list_append(l, :l))",
            (
                "The function is not allowed to be used this way in an expression;"
                " function: list_append"
            ),
        ),
        (
            "SET x = if_not_exists(:s, a)",
            "Operator or function requires a document path; operator or function: if_not_exists",
        ),
        (
            "SET x = if_not_exists(a, a)",
            (
                "The first operand must be distinct from the remaining operands for this operator"
                " or function; operator: if_not_exists, first operand: [a]"
            ),
        ),
        (
            "SET x = list_append(l)",
            (
                "Incorrect number of operands for operator or function;"
                " operator or function: list_append, number of operands: 1"
            ),
        ),
        ("SET x = list_append(l, :s)", WRONG_TYPE.format("list_append", "S")),
        ("SET x = n + :s", WRONG_TYPE.format("+", "S")),
        ("SET x = :bool - n", WRONG_TYPE.format("-", "BOOL")),
        (
            "ADD n :s",
            (
                "Incorrect operand type for operator or function; operator: ADD,"
                " operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"
            ),
        ),
        (
            "ADD n :l",
            (
                "Incorrect operand type for operator or function; operator: ADD,"
                " operand type: LIST, typeSet: ALLOWED_FOR_ADD_OPERAND"
            ),
        ),
        (
            "DELETE s :n",
            (
                "Incorrect operand type for operator or function; operator: DELETE,"
                " operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"
            ),
        ),
        (
            "SET x = :missing",
            (
                "An expression attribute value used in expression is not defined;"
                " attribute value: :missing"
            ),
        ),
        (
            "SET #missing = :s",
            (
                "An expression attribute name used in the document path is not defined;"
                " attribute name: #missing"
            ),
        ),
        # All paths are looked at before any value.
        (
            "SET x = :missing, #missing = :s",
            (
                "An expression attribute name used in the document path is not defined;"
                " attribute name: #missing"
            ),
        ),
        (
            "SET x = :s, x = :missing",
            (
                "Two document paths overlap with each other; must remove or rewrite one of these"
                " paths; path one: [x], path two: [x]"
            ),
        ),
        (
            "SET " + ",".join(f"a{i}=n+:n" for i in range(301)),
            "The expression contains too many operators; operator count: 301",
        ),
    ],
)
def test_an_update_is_refused(text: str, reason: str) -> None:
    assert refusal("UpdateExpression", text) == reason


TOUCHING = [
    ("a", "a", "overlap", "[a]", "[a]"),
    ("#a", "#b", "overlap", "[data]", "[data]"),
    ("a", "a.b", "overlap", "[a]", "[a, b]"),
    ("a.b", "a", "overlap", "[a, b]", "[a]"),
    ("a", "a.b.c", "overlap", "[a]", "[a, b, c]"),
    ("l", "l[0]", "overlap", "[l]", "[l, [0]]"),
    ("l[1].x", "l[1]", "overlap", "[l, [1], x]", "[l, [1]]"),
    ("a.b", "a[0]", "conflict", "[a, b]", "[a, [0]]"),
    ("x[1].y", "x.y", "conflict", "[x, [1], y]", "[x, y]"),
]


@pytest.mark.parametrize(("one", "two", "how", "shown_one", "shown_two"), TOUCHING)
def test_paths_that_touch_are_refused(
    one: str, two: str, how: str, shown_one: str, shown_two: str
) -> None:
    reason = (
        f"Two document paths {how} with each other; must remove or rewrite one of these paths;"
        f" path one: {shown_one}, path two: {shown_two}"
    )
    assert refusal("ProjectionExpression", f"{one}, {two}") == reason
    assert refusal("UpdateExpression", f"REMOVE {one}, {two}") == reason
    assert refusal("UpdateExpression", f"SET {one} = :s REMOVE {two}") == reason


def test_names_and_paths_of_a_projection_are_worded_alike_in_every_region() -> None:
    for text in ("a, a", "#undef"):
        with pytest.raises(ValidationException) as caught:
            Expressions(None, None).projection(text)
        assert caught.value.family is Family.BARE


def test_a_kept_plan_still_looks_at_values_that_matter() -> None:
    text = "age BETWEEN :l AND :h AND attribute_type(a, :t)"

    def request(low: str, high: str, type_name: str) -> None:
        values = {":l": {"N": low}, ":h": {"N": high}, ":t": {"S": type_name}}
        Expressions(None, values).condition(text)

    request("1", "2", "S")
    with pytest.raises(ValidationException, match="upper bound to be greater"):
        request("2", "1", "S")
    with pytest.raises(ValidationException, match="Invalid attribute type name found; type: T"):
        request("1", "2", "T")
    request("1", "10", "SS")


def test_a_kept_plan_is_not_used_for_other_names_or_types() -> None:
    text = "#a < :v"

    def holds(name: str, value: Any, item: Any) -> bool:
        return Expressions({"#a": name}, {":v": value}).condition(text)(item)

    assert holds("x", {"N": "5"}, {"x": {"N": "1"}})
    assert holds("y", {"N": "5"}, {"y": {"N": "1"}})
    assert not holds("y", {"N": "5"}, {"x": {"N": "1"}})
    with pytest.raises(ValidationException, match="operator or function: <, operand type: BOOL"):
        holds("x", {"BOOL": True}, {})


def test_there_are_573_reserved_words() -> None:
    assert len(RESERVED_WORDS) == 573
    assert {"STATUS", "NAME", "DATA", "COUNT", "ITEMS", "TTL"} <= RESERVED_WORDS
    assert "PK" not in RESERVED_WORDS


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("c = d AND (" * 149 + "a = b" + ")" * 149, False),
        ("c = d OR (c = d AND (" * 74 + "a = b" + "))" * 74, False),
        ("NOT (a = b AND " * 99 + "a = b" + ")" * 99, True),
        ("NOT " * 299 + "a = b", True),
    ],
)
def test_the_deepest_conditions_fit_a_stack_that_is_half_full(text: str, holds: bool) -> None:
    def nested(levels: int) -> bool:
        return nested(levels - 1) if levels else Expressions(None, None).condition(text)({})

    assert nested(400) is holds
