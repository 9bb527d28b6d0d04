"""ExecuteStatement through boto3: plans, pages, capacity and what cases can't say."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.operations.tables import COMPOSITE, create_composite_table, create_hash_table


def execute(dynamodb: Any, statement: str, *parameters: dict[str, Any], **options: Any) -> Any:
    if parameters:
        options["Parameters"] = list(parameters)
    answer = dynamodb.execute_statement(Statement=statement, **options)
    answer.pop("ResponseMetadata")
    return answer


def refusal(dynamodb: Any, statement: str, *parameters: dict[str, Any], **options: Any) -> str:
    with pytest.raises(ClientError) as caught:
        execute(dynamodb, statement, *parameters, **options)
    error = caught.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


def put(dynamodb: Any, partition: str, sort: str, **attributes: Any) -> None:
    item = {"pk": {"S": partition}, "sk": {"S": sort}, **attributes}
    dynamodb.put_item(TableName=COMPOSITE, Item=item)


def sort_keys(answer: Any) -> list[str]:
    return [item["sk"]["S"] for item in answer["Items"]]


@pytest.fixture
def filled(dynamodb: Any) -> Any:
    """Items a/0 … a/9 and b/0 … b/9 of a little over 4 KB: each costs 1 unit to read."""
    create_composite_table(dynamodb)
    items = [
        {
            "pk": {"S": partition},
            "sk": {"S": str(number)},
            "n": {"N": str(number)},
            "l": {"N": str(-number)},
            "g": {"S": "g"},
            "extra": {"S": "x" * 4100},
        }
        for partition in "ab"
        for number in range(10)
    ]
    puts = [{"PutRequest": {"Item": item}} for item in items]
    dynamodb.batch_write_item(RequestItems={COMPOSITE: puts})
    return dynamodb


FULL_SCAN = 10.5
ONE_PARTITION = 5.5
ONE_ITEM = 1.0


class TestPlans:
    """Which keys are read shows in what the read costs."""

    @pytest.mark.parametrize(
        ("where", "units"),
        [
            ("pk = 'a' AND sk = '1'", ONE_ITEM),
            ("sk = '1' AND 'a' = pk", ONE_ITEM),
            ("(pk = 'a') AND (sk = '1' AND n = 1)", ONE_ITEM),
            ("pk = 'a'", ONE_PARTITION),
            ("pk = 'a' AND n = 1", ONE_PARTITION),
            ("pk = 'a' AND sk > '7'", 1.5),
            ("pk = 'a' AND '7' < sk", 1.5),
            ("pk = 'a' AND sk >= '2' AND sk < '4'", 1.5),
            ("pk = 'a' AND sk BETWEEN '2' AND '3'", 1.5),
            ("pk = 'a' AND begins_with(sk, '2')", ONE_ITEM),
            ("pk = 'a' AND sk > '9'", 0.5),
            ("pk = 'a' AND sk IN ['1', '2']", 2 * ONE_ITEM),
            ("pk = 'a' AND (sk = '1' OR sk = '2')", 2 * ONE_ITEM),
            ("pk IN ['a', 'b'] AND sk = '1'", 2 * ONE_ITEM),
            ("pk IN ['a', 'a'] AND sk = '1'", ONE_ITEM),
            ("pk IN ['a', 'b', 'c']", 2 * ONE_PARTITION + 0.5),
            ("pk = 'a' OR pk = 'b'", 2 * ONE_PARTITION),
            ("pk = 'a' AND NOT sk = '1'", ONE_PARTITION),
            ("pk = 'a' AND contains(sk, '1')", ONE_PARTITION),
            ("sk = '1'", FULL_SCAN),
            ("pk > 'a'", FULL_SCAN),
            ("begins_with(pk, 'a')", FULL_SCAN),
            ("pk = 'a' OR n = 1", FULL_SCAN),
            ("NOT pk = 'b'", FULL_SCAN),
        ],
    )
    def test_units(self, filled: Any, where: str, units: float) -> None:
        statement = f"SELECT sk FROM composite WHERE {where}"
        answer = execute(filled, statement, ReturnConsumedCapacity="TOTAL")
        assert answer["ConsumedCapacity"] == {"TableName": COMPOSITE, "CapacityUnits": units}

    def test_a_strong_read_costs_twice(self, filled: Any) -> None:
        answer = execute(
            filled,
            "SELECT sk FROM composite WHERE pk = 'a'",
            ConsistentRead=True,
            ReturnConsumedCapacity="TOTAL",
        )
        assert answer["ConsumedCapacity"]["CapacityUnits"] == 2 * ONE_PARTITION

    def test_an_index_is_charged_by_name(self, filled: Any) -> None:
        statement = "SELECT sk FROM composite.global_keys WHERE g = 'g'"
        capacity = execute(filled, statement, ReturnConsumedCapacity="INDEXES")["ConsumedCapacity"]
        assert capacity["GlobalSecondaryIndexes"] == {"global_keys": {"CapacityUnits": 0.5}}
        assert capacity["Table"] == {"CapacityUnits": 0.0}

    def test_a_local_index_fetches_what_it_lacks(self, filled: Any) -> None:
        statement = "SELECT n FROM composite.\"local\" WHERE pk = 'a' AND l > -2"
        answer = execute(filled, statement, ReturnConsumedCapacity="TOTAL")
        assert answer["Items"] == [{"n": {"N": "1"}}, {"n": {"N": "0"}}]
        assert answer["ConsumedCapacity"]["CapacityUnits"] == 0.5 + 2 * ONE_ITEM

    def test_writes_cost_what_the_items_do(self, filled: Any) -> None:
        statement = "INSERT INTO composite VALUE {'pk': 'c', 'sk': '0'}"
        answer = execute(filled, statement, ReturnConsumedCapacity="TOTAL")
        assert answer == {
            "Items": [],
            "ConsumedCapacity": {"TableName": COMPOSITE, "CapacityUnits": 1.0},
        }


class TestOrder:
    @pytest.mark.parametrize(
        ("order", "expected"),
        [
            ("", "ba01"),
            ("ORDER BY sk DESC", "ba10"),
            ("ORDER BY pk", "ab01"),
            ("ORDER BY pk DESC, sk DESC", "ba10"),
            ("ORDER BY sk, pk", "ab01"),
        ],
    )
    def test_of_partitions_and_within(self, filled: Any, order: str, expected: str) -> None:
        where = f"pk IN ['b', 'a'] AND sk < '2' {order}"
        items = execute(filled, f"SELECT pk, sk FROM composite WHERE {where}")["Items"]
        found = [item["pk"]["S"] + item["sk"]["S"] for item in items]
        first, second, *sort = list(expected)
        assert found == [partition + s for partition in (first, second) for s in sort]

    def test_descending_sort_keys_of_in(self, filled: Any) -> None:
        where = "pk = 'a' AND sk IN ['3', '1', '2'] ORDER BY sk DESC"
        assert sort_keys(execute(filled, f"SELECT * FROM composite WHERE {where}")) == [*"321"]


class TestPages:
    def pages(self, dynamodb: Any, statement: str, **options: Any) -> list[Any]:
        pages = [execute(dynamodb, statement, **options)]
        while "NextToken" in pages[-1]:
            token = pages[-1]["NextToken"]
            pages.append(execute(dynamodb, statement, NextToken=token, **options))
        return pages

    @pytest.mark.parametrize(
        "where",
        [
            "pk = 'a'",
            "pk = 'a' ORDER BY sk DESC",
            "pk IN ['b', 'a']",
            "pk IN ['b', 'a'] AND sk IN ['1', '2', '5']",
            "pk IN ['a', 'c', 'b'] ORDER BY pk DESC, sk DESC",
            "n >= 0",
        ],
    )
    @pytest.mark.parametrize("limit", [1, 3, 10, 21])
    def test_join_up_to_the_whole(self, filled: Any, where: str, limit: int) -> None:
        statement = f"SELECT pk, sk FROM composite WHERE {where}"
        whole = execute(filled, statement)["Items"]
        pages = self.pages(filled, statement, Limit=limit)
        assert [item for page in pages for item in page["Items"]] == whole
        assert all(len(page["Items"]) <= limit for page in pages)

    def test_an_index_names_all_keys_of_its_position(self, filled: Any) -> None:
        statement = "SELECT sk FROM composite.global_all WHERE g = 'g'"
        page = execute(filled, statement, Limit=1)
        assert page["LastEvaluatedKey"] == {
            "pk": {"S": "b"},
            "sk": {"S": "9"},
            "g": {"S": "g"},
            "l": {"N": "-9"},
        }
        assert len(self.pages(filled, statement, Limit=7)) == 3

    def test_limit_counts_items_read_not_items_returned(self, filled: Any) -> None:
        page = execute(filled, "SELECT * FROM composite WHERE pk = 'a' AND n > 5", Limit=3)
        assert page["Items"] == []
        assert page["LastEvaluatedKey"] == {"pk": {"S": "a"}, "sk": {"S": "2"}}

    def test_a_page_ends_at_one_megabyte_over_all_partitions(self, dynamodb: Any) -> None:
        create_composite_table(dynamodb)
        for partition in "abc":
            for number in range(2):
                put(dynamodb, partition, str(number), x={"S": "x" * 300_000})
        statement = "SELECT pk, sk FROM composite WHERE pk IN ['a', 'b', 'c']"
        pages = self.pages(dynamodb, statement)
        assert [len(page["Items"]) for page in pages] == [4, 2]

    @pytest.mark.parametrize("where", ["pk IN [{}]", "pk IN [{}] ORDER BY pk"])
    @pytest.mark.parametrize(
        ("count", "sizes"), [(10, [10]), (11, [10, 1]), (25, [10, 10, 5]), (50, [10] * 5)]
    )
    def test_a_page_is_of_ten_partitions(
        self, dynamodb: Any, where: str, count: int, sizes: list[int]
    ) -> None:
        create_hash_table(dynamodb)
        names = [f"{number:02}" for number in range(count)]
        for name in names:
            dynamodb.put_item(TableName="hash", Item={"pk": {"S": name}})
        listed = ",".join(f"'{name}'" for name in names)
        pages = self.pages(dynamodb, f"SELECT * FROM hash WHERE {where.format(listed)}")
        assert [len(page["Items"]) for page in pages] == sizes
        assert [item["pk"]["S"] for page in pages for item in page["Items"]] == names

    def test_partitions_without_items_count_too(self, dynamodb: Any) -> None:
        create_hash_table(dynamodb)
        dynamodb.put_item(TableName="hash", Item={"pk": {"S": "k"}})
        listed = ",".join(f"'{name}'" for name in "abcdefghijk")
        pages = self.pages(dynamodb, f"SELECT * FROM hash WHERE pk IN [{listed}]")
        assert [len(page["Items"]) for page in pages] == [0, 1]

    def test_a_token_belongs_to_its_statement(self, filled: Any) -> None:
        statement = "SELECT * FROM composite WHERE pk = ?"
        token = execute(filled, statement, {"S": "a"}, Limit=1)["NextToken"]
        mismatch = "ValidationException: NextToken does not match request"
        assert refusal(filled, statement, {"S": "b"}, NextToken=token) == mismatch
        other = "SELECT sk FROM composite WHERE pk = ?"
        assert refusal(filled, other, {"S": "a"}, NextToken=token) == mismatch
        assert len(execute(filled, statement, {"S": "a"}, NextToken=token)["Items"]) == 9

    def test_a_token_that_was_changed_is_none(self, filled: Any) -> None:
        statement = "SELECT * FROM composite"
        content = urlsafe_b64decode(execute(filled, statement, Limit=1)["NextToken"])
        changed = urlsafe_b64encode(content[:-1] + b"!").decode()
        for token in (changed, "é", "AAAA", urlsafe_b64encode(content[:10]).decode()):
            assert (
                refusal(filled, statement, NextToken=token)
                == "ValidationException: Invalid NextToken"
            )

    def test_a_token_outlives_its_table_without_harm(self, dynamodb: Any) -> None:
        statement = "SELECT * FROM thing"
        create_hash_table(dynamodb, "thing")
        dynamodb.put_item(TableName="thing", Item={"pk": {"S": "a"}})
        token = execute(dynamodb, statement, Limit=1)["NextToken"]
        dynamodb.delete_table(TableName="thing")
        create_composite_table(dynamodb, "thing")
        assert (
            refusal(dynamodb, statement, NextToken=token)
            == "ValidationException: Invalid NextToken"
        )


class TestParameters:
    @pytest.mark.parametrize(
        "value",
        [
            {"S": "text"},
            {"N": "1.5"},
            {"B": b"\x00\x01"},
            {"BOOL": False},
            {"NULL": True},
            {"SS": ["a", "b"]},
            {"NS": ["1", "2"]},
            {"BS": [b"a", b"b"]},
            {"L": [{"S": "a"}, {"M": {"k": {"N": "1"}}}]},
            {"M": {"k": {"L": []}}},
        ],
    )
    def test_of_every_type_come_back(self, dynamodb: Any, value: dict[str, Any]) -> None:
        create_hash_table(dynamodb)
        execute(dynamodb, "INSERT INTO hash VALUE {'pk': ?, 'v': ?}", {"S": "a"}, value)
        answer = execute(dynamodb, "SELECT v FROM hash WHERE pk = ? AND v = ?", {"S": "a"}, value)
        assert answer["Items"] == [{"v": value}]

    def test_are_taken_in_the_order_of_the_text(self, dynamodb: Any) -> None:
        create_hash_table(dynamodb)
        dynamodb.put_item(TableName="hash", Item={"pk": {"S": "a"}, "v": {"N": "1"}})
        execute(
            dynamodb,
            "UPDATE hash SET v = v + ?, w = ? WHERE v < ? AND pk = ?",
            {"N": "2"},
            {"S": "w"},
            {"N": "5"},
            {"S": "a"},
        )
        item = execute(dynamodb, "SELECT * FROM hash")["Items"][0]
        assert item == {"pk": {"S": "a"}, "v": {"N": "3"}, "w": {"S": "w"}}

    def test_key_types_are_checked_on_every_request(self, dynamodb: Any) -> None:
        create_hash_table(dynamodb)
        statement = "SELECT * FROM hash WHERE pk = ?"
        assert execute(dynamodb, statement, {"S": "a"})["Items"] == []
        assert refusal(dynamodb, statement, {"N": "1"}) == (
            "ValidationException: Key attribute's data type should match its data type in "
            "table's schema: Key pk"
        )

    def test_bounds_are_checked_on_every_request(self, dynamodb: Any) -> None:
        create_hash_table(dynamodb)
        statement = "SELECT * FROM hash WHERE v BETWEEN ? AND ?"
        assert execute(dynamodb, statement, {"N": "1"}, {"N": "2"})["Items"] == []
        assert "upper bound to be greater" in refusal(dynamodb, statement, {"N": "2"}, {"N": "1"})


class TestWrites:
    def test_a_failed_condition_carries_the_item_where_asked(self, filled: Any) -> None:
        statement = "UPDATE composite SET v = 1 WHERE pk = 'a' AND sk = '1' AND n = 99"
        with pytest.raises(ClientError) as caught:
            execute(filled, statement, ReturnValuesOnConditionCheckFailure="ALL_OLD")
        assert caught.value.response["Item"]["n"] == {"N": "1"}
        with pytest.raises(ClientError) as caught:
            execute(filled, statement)
        assert "Item" not in caught.value.response

    def test_delete_is_done_or_refused(self, filled: Any) -> None:
        where = "WHERE pk = 'a' AND sk = '1'"
        code = "ConditionalCheckFailedException: The conditional request failed"
        assert refusal(filled, f"DELETE FROM composite {where} AND n = 2") == code
        assert len(execute(filled, f"SELECT * FROM composite {where}")["Items"]) == 1
        execute(filled, f"DELETE FROM composite {where} AND n = 1")
        assert execute(filled, f"SELECT * FROM composite {where}")["Items"] == []

    def test_indexes_follow(self, filled: Any) -> None:
        execute(filled, "UPDATE composite SET g = 'h' WHERE pk = 'a' AND sk = '1'")
        answer = execute(filled, "SELECT sk FROM composite.global_keys WHERE g = 'h'")
        assert sort_keys(answer) == ["1"]

    def test_names_that_look_like_placeholders(self, dynamodb: Any) -> None:
        create_hash_table(dynamodb)
        execute(dynamodb, "INSERT INTO hash VALUE {'pk': 'a', '#n': 1, ':v': 2}")
        execute(dynamodb, 'UPDATE hash SET "#n" = "#n" + 1 WHERE pk = \'a\' AND ":v" = 2')
        answer = execute(dynamodb, 'SELECT "#n" FROM hash WHERE "#n" = 2')
        assert answer["Items"] == [{"#n": {"N": "2"}}]

    def test_an_item_that_is_too_large(self, dynamodb: Any) -> None:
        create_hash_table(dynamodb)
        text = {"S": "x" * 409_600}
        assert refusal(dynamodb, "INSERT INTO hash VALUE {'pk': 'a', 'v': ?}", text) == (
            "ValidationException: Item size has exceeded the maximum allowed size"
        )

    def test_literals_that_nest_too_deep(self, dynamodb: Any) -> None:
        create_hash_table(dynamodb)
        statement = "INSERT INTO hash VALUE {'pk': 'a', 'v': %s}"
        execute(dynamodb, statement % ("[" * 31 + "]" * 31))
        for depth in (32, 41, 2000):
            assert refusal(dynamodb, statement % ("[" * depth + "]" * depth)) == (
                "ValidationException: Nesting Levels have exceeded supported limits"
            )


class TestTables:
    def test_one_that_does_not_exist(self, dynamodb: Any) -> None:
        assert refusal(dynamodb, "SELECT * FROM nowhere WHERE pk = 'a'") == (
            "ResourceNotFoundException: Requested resource not found"
        )

    def test_a_strong_read_of_a_global_index(self, filled: Any) -> None:
        statement = "SELECT * FROM composite.global_all WHERE g = 'g'"
        assert refusal(filled, statement, ConsistentRead=True) == (
            "ValidationException: Strongly consistent read is not supported on Global Secondary "
            "Indexes"
        )


class TestRequest:
    @pytest.mark.parametrize(
        ("request_", "start", "reason"),
        [
            ({}, "Value null at 'statement'", "Member must not be null"),
            (
                {"Statement": ""},
                "Value '' at 'statement'",
                "Member must have length greater than or equal to 1",
            ),
            (
                {"Statement": "x" * 8193},
                f"Value '{'x' * 8193}' at 'statement'",
                "Member must have length less than or equal to 8192",
            ),
            (
                {"Statement": "SELECT * FROM hash", "Parameters": []},
                "Value '[]' at 'parameters'",
                "Member must have length greater than or equal to 1",
            ),
            (
                {"Statement": "SELECT * FROM hash", "Limit": 0},
                "Value '0' at 'limit'",
                "Member must have value greater than or equal to 1",
            ),
        ],
    )
    def test_is_checked_by_its_shape(
        self, dynamodb: Any, request_: dict[str, Any], start: str, reason: str
    ) -> None:
        with pytest.raises(ClientError) as caught:
            dynamodb.execute_statement(**request_)
        assert caught.value.response["Error"]["Message"] == (
            f"1 validation error detected: {start} failed to satisfy constraint: {reason}"
        )


def test_a_statement_may_be_of_the_longest_kind(dynamodb: Any) -> None:
    create_hash_table(dynamodb)
    statement = "SELECT * FROM hash WHERE v IN [" + ",".join(["1"] * 4000) + "]"
    assert "too many operands; number of operands: 4000" in refusal(dynamodb, statement)


@pytest.mark.parametrize("marks", ["?", "1", "?, w = ?"])
def test_parameters_are_judged_before_they_are_counted(filled: Any, marks: str) -> None:
    with pytest.raises(ClientError) as caught:
        filled.execute_statement(
            Statement=f"UPDATE nowhere SET v = {marks} WHERE pk = 'a'", Parameters=[{"SS": []}]
        )
    message = "One or more parameter values were invalid: An string set  may not be empty"
    assert caught.value.response["Error"] == {"Code": "ValidationException", "Message": message}
