"""TagResource, UntagResource, ListTagsOfResource, DescribeLimits and DescribeEndpoints."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from differential.bench import Bench
from differential.given import OWN
from differential.servers import Mock
from dqlmock import dql_mock
from dqlmock.engine.lifecycle import TableDelays
from tests.conftest import unchecked_client
from tests.operations.tables import create_hash_table

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/hash"


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def listed(client: Any) -> list[dict[str, str]]:
    answer = client.list_tags_of_resource(ResourceArn=ARN)
    assert "NextToken" not in answer
    found: list[dict[str, str]] = answer["Tags"]
    return found


def call(client: Any, operation: str, arn: str) -> Any:
    rest: dict[str, dict[str, Any]] = {
        "tag_resource": {"Tags": tags(a="1")},
        "untag_resource": {"TagKeys": ["a"]},
    }
    return getattr(client, operation)(ResourceArn=arn, **rest.get(operation, {}))


def refused(call: Any, **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def tagged(dynamodb: Any) -> Any:
    create_hash_table(dynamodb)
    dynamodb.tag_resource(ResourceArn=ARN, Tags=tags(a="1", b=""))
    return dynamodb


def test_tags_are_added_replaced_and_removed(tagged: Any) -> None:
    assert listed(tagged) == tags(a="1", b="")
    tagged.tag_resource(ResourceArn=ARN, Tags=tags(b="2", c="3"))
    assert listed(tagged) == tags(a="1", b="2", c="3")
    tagged.untag_resource(ResourceArn=ARN, TagKeys=["b", "never"])
    assert listed(tagged) == tags(a="1", c="3")


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("TagResource", {"Tags": [{"Key": "a", "Value": "b"}]}),
        ("UntagResource", {"TagKeys": ["a"]}),
    ],
)
def test_the_answer_has_no_body(operation: str, members: dict[str, Any]) -> None:
    bench = Bench(Mock())
    bench.prepare(OWN)
    assert bench.ask(operation, {"ResourceArn": "<arn>users", **members}).body == ""


def test_tags_of_create_table(dynamodb: Any) -> None:
    request = {
        "TableName": "hash",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    }
    code, _ = refused(dynamodb.create_table, **request, Tags=[*tags(a="1"), *tags(a="2")])
    assert code == "ValidationException"
    dynamodb.create_table(**request, Tags=tags(a="1"))
    assert listed(dynamodb) == tags(a="1")


def test_50_tags_at_most(tagged: Any) -> None:
    many = tags(**{f"k{number}": "v" for number in range(48)})
    tagged.tag_resource(ResourceArn=ARN, Tags=many)
    assert len(listed(tagged)) == 50
    code, _ = refused(tagged.tag_resource, ResourceArn=ARN, Tags=tags(one_more="v"))
    assert code == "ValidationException"
    tagged.tag_resource(ResourceArn=ARN, Tags=tags(k0="new"))
    assert len(listed(tagged)) == 50


@pytest.mark.parametrize(
    "bad",
    [
        [{"Key": "aws:mine", "Value": "1"}],
        [*tags(a="1"), *tags(a="2")],
        [{"Key": "", "Value": "1"}],
        [{"Key": "k" * 129, "Value": "1"}],
        [{"Key": "k", "Value": "v" * 257}],
    ],
    ids=["reserved", "twice", "empty key", "long key", "long value"],
)
def test_tags_that_are_refused(tagged: Any, bad: list[dict[str, str]]) -> None:
    code, _ = refused(tagged.tag_resource, ResourceArn=ARN, Tags=bad)
    assert code == "ValidationException"
    assert listed(tagged) == tags(a="1", b="")


def test_the_longest_tag(tagged: Any) -> None:
    longest = {"Key": "k" * 128, "Value": "v" * 256}
    tagged.tag_resource(ResourceArn=ARN, Tags=[longest])
    assert longest in listed(tagged)


def test_none_at_all(tagged: Any) -> None:
    assert refused(tagged.tag_resource, ResourceArn=ARN, Tags=[]) == (
        "ValidationException",
        "Atleast one Tag needs to be provided as Input.",
    )
    assert refused(tagged.untag_resource, ResourceArn=ARN, TagKeys=[]) == (
        "ValidationException",
        "Atleast one Tag Key needs to be provided as Input.",
    )


@pytest.mark.parametrize("operation", ["tag_resource", "untag_resource", "list_tags_of_resource"])
@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        (
            "hash",
            "ValidationException",
            "One or more parameter values were invalid: ARNs must start with 'arn:': hash",
        ),
        ("arn:aws:s3:::hash", "AccessDeniedException", "User: "),
        ("arn:aws:dynamodb:us-east-1:000000000000:table/hash", "AccessDeniedException", "User: "),
        (f"{ARN}/index/i", "ValidationException", "Invalid TableArn: "),
        (ARN.replace("us-east-1", "eu-west-1"), "ValidationException", "Invalid TableArn: "),
        (
            f"{ARN}-not",
            "ResourceNotFoundException",
            f"Requested resource not found: ResourceArn: {ARN}-not not found",
        ),
    ],
    ids=["name", "service", "account", "index", "region", "missing"],
)
def test_arns_that_are_refused(
    tagged: Any, operation: str, arn: str, code: str, message: str
) -> None:
    found = refused(lambda: call(tagged, operation, arn))
    assert found[0] == code
    assert found[1].startswith(message)


def test_who_is_denied_what(tagged: Any) -> None:
    arn = "arn:aws:s3:::hash"
    assert refused(tagged.tag_resource, ResourceArn=arn, Tags=tags(a="1"))[1] == (
        "User: arn:aws:iam::123456789012:root is not authorized to perform: "
        "dynamodb:TagResource on resource: arn:aws:s3:::hash"
    )


def test_a_table_being_created() -> None:
    with dql_mock(delays=TableDelays(create_s=10)) as db:
        client = unchecked_client()
        create_hash_table(client)
        assert refused(client.tag_resource, ResourceArn=ARN, Tags=tags(a="1")) == (
            "ResourceInUseException",
            "Attempt to change a resource which is still in use: Table is being created: hash",
        )
        assert listed(client) == []
        db.clock.advance(timedelta(seconds=10))
        client.tag_resource(ResourceArn=ARN, Tags=tags(a="1"))
        assert listed(client) == tags(a="1")


def test_limits(dynamodb: Any) -> None:
    answer = dynamodb.describe_limits()
    del answer["ResponseMetadata"]
    assert answer == {
        "AccountMaxReadCapacityUnits": 80_000,
        "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000,
        "TableMaxWriteCapacityUnits": 40_000,
    }


@pytest.mark.parametrize(
    ("region", "address"),
    [
        ("eu-west-1", "dynamodb.eu-west-1.amazonaws.com"),
        ("cn-north-1", "dynamodb.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_endpoints(db: Any, region: str, address: str) -> None:
    answer = unchecked_client(region).describe_endpoints()
    assert answer["Endpoints"] == [{"Address": address, "CachePeriodInMinutes": 1440}]


# Developer guide, abac-streams ("Stream resources do not inherit tags from their parent table");
# go-to-k/cdkd#3464, of September 2026.
class TestTagsOfStreams:
    @pytest.fixture
    def arn(self, dynamodb: Any) -> str:
        create_hash_table(dynamodb)
        dynamodb.tag_resource(ResourceArn=ARN, Tags=tags(table="1"))
        return self.enable(dynamodb)

    def enable(self, dynamodb: Any) -> str:
        specification = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
        answer = dynamodb.update_table(TableName="hash", StreamSpecification=specification)
        found: str = answer["TableDescription"]["LatestStreamArn"]
        return found

    def test_they_are_its_own(self, dynamodb: Any, arn: str) -> None:
        def of_stream() -> Any:
            return dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]

        assert of_stream() == []
        dynamodb.tag_resource(ResourceArn=arn, Tags=tags(a="1", b="2"))
        assert of_stream() == tags(a="1", b="2")
        dynamodb.untag_resource(ResourceArn=arn, TagKeys=["a", "table"])
        assert of_stream() == tags(b="2")
        assert listed(dynamodb) == tags(table="1")

    def test_fifty_at_most(self, dynamodb: Any, arn: str) -> None:
        dynamodb.tag_resource(ResourceArn=arn, Tags=tags(**{f"k{n}": "v" for n in range(50)}))
        refusal = refused(dynamodb.tag_resource, ResourceArn=arn, Tags=tags(more="v"))
        assert refusal[0] == "ValidationException"

    def test_a_new_stream_has_none(self, dynamodb: Any, arn: str) -> None:
        dynamodb.tag_resource(ResourceArn=arn, Tags=tags(a="1"))
        dynamodb.update_table(TableName="hash", StreamSpecification={"StreamEnabled": False})
        latest = self.enable(dynamodb)
        assert latest != arn
        assert dynamodb.list_tags_of_resource(ResourceArn=latest)["Tags"] == []
        assert dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"] == tags(a="1")

    def test_a_savepoint_takes_them_back(self, db: Any, dynamodb: Any, arn: str) -> None:
        dynamodb.tag_resource(ResourceArn=arn, Tags=tags(a="1"))
        with db.savepoint():
            dynamodb.tag_resource(ResourceArn=arn, Tags=tags(b="2"))
        assert dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"] == tags(a="1")

    @pytest.mark.parametrize(
        "operation", ["tag_resource", "untag_resource", "list_tags_of_resource"]
    )
    def test_streams_there_are_not(self, dynamodb: Any, arn: str, operation: str) -> None:
        for other, code in (
            (f"{arn}9", "ResourceNotFoundException"),
            (arn.replace("us-east-1", "eu-west-1"), "ValidationException"),
            (arn.replace("123456789012", "210987654321"), "AccessDeniedException"),
        ):
            assert refused(lambda arn=other: call(dynamodb, operation, arn))[0] == code
