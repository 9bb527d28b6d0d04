from __future__ import annotations

import uuid
from itertools import count
from typing import Any

import pytest

from dqlmock.engine.arn import stream_label
from dqlmock.engine.settings import ResourcePolicy
from dqlmock.errors import DqlmockError, ResourceInUseException, ValidationException
from tests.unit.operations.tables import (
    ACCOUNT,
    REGION,
    START_S,
    Api,
    definitions,
    elements,
    index,
    on_demand,
    provisioned,
    units,
)

INVALID = "One or more parameter values were invalid: "
NO_DEFINITION = "Invalid KeySchema: Some index key attribute have no definition"
SAME_NAME = "Both the Hash Key and the Range Key element in the KeySchema have the same name"
NOT_HASH = "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"
NOT_RANGE = "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"
COUNT = (
    INVALID + "Number of attributes in KeySchema does not exactly match number of attributes "
    "defined in AttributeDefinitions"
)


@pytest.fixture
def api() -> Api:
    return Api.fresh()


def local(*indexes: dict[str, Any], attributes: str = "pk sk a") -> dict[str, Any]:
    return on_demand("pk sk", attributes, LocalSecondaryIndexes=list(indexes))


def glob(*indexes: dict[str, Any], attributes: str = "pk g") -> dict[str, Any]:
    return on_demand("pk", attributes, GlobalSecondaryIndexes=list(indexes))


def included(*names: str) -> dict[str, Any]:
    return {"Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(names)}}


def test_attributes_are_described_in_their_own_order(api: Api) -> None:
    """As AWS does: the examples of `create-table` in the AWS CLI, recorded by localstack/localstack
    too (tests/aws/services/cloudformation, test_global_table_with_ttl_and_sse)."""
    names = ["gsi1pk", "gsi1sk", "pk", "sk"]
    request = on_demand("pk sk", "pk sk gsi1sk gsi1pk")
    request["GlobalSecondaryIndexes"] = [index("gsi1", "gsi1pk gsi1sk")]
    created = api.create(**request)["AttributeDefinitions"]
    described = api.describe()["AttributeDefinitions"]
    assert [attribute["AttributeName"] for attribute in created] == names
    assert described == created


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        # Billing
        (
            on_demand(ProvisionedThroughput=units(1, 1)),
            INVALID + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
            "BillingMode is PAY_PER_REQUEST",
        ),
        *(
            (
                request,
                INVALID + "ReadCapacityUnits and WriteCapacityUnits must both be specified when "
                "BillingMode is PROVISIONED",
            )
            for request in (
                on_demand(BillingMode="PROVISIONED"),
                {k: v for k, v in on_demand().items() if k != "BillingMode"},
            )
        ),
        (
            {**provisioned(), "ProvisionedThroughput": units(10**12 + 1, 1)},
            "Given value 1000000000001 for ReadCapacityUnits is out of bounds",
        ),
        (
            {**provisioned(), "ProvisionedThroughput": units(1, 10**12 + 1)},
            "Given value 1000000000001 for WriteCapacityUnits is out of bounds",
        ),
        # The table's key
        (
            on_demand("a", "b"),
            INVALID + "Some index key attributes are not defined in AttributeDefinitions. "
            "Keys: [a], AttributeDefinitions: [b]",
        ),
        (
            on_demand("user_id", "name id status"),
            INVALID + "Some index key attributes are not defined in AttributeDefinitions. "
            "Keys: [user_id], AttributeDefinitions: [name, id, status]",
        ),
        (on_demand("a b", "a"), NO_DEFINITION),
        (on_demand("a b", "c"), NO_DEFINITION),
        (on_demand("a a", "a"), NO_DEFINITION),
        (on_demand("a", ""), NO_DEFINITION),
        (
            on_demand("a b", "a c"),
            INVALID + "Some index key attributes are not defined in AttributeDefinitions. "
            "Keys: [a, b], AttributeDefinitions: [a, c]",
        ),
        (on_demand("a a", "a b"), SAME_NAME),
        (on_demand("a:RANGE"), NOT_HASH),
        (on_demand("a:RANGE b:HASH", "a b"), NOT_HASH),
        (on_demand("a:HASH b:HASH", "a b"), NOT_RANGE),
        # go-to-k/cdkd#1741 quotes us-east-1 (August 2026).
        (
            on_demand("a", "a b"),
            INVALID + "Some AttributeDefinitions are not used. "
            "AttributeDefinitions: [a, b], KeySchema: [a]",
        ),
        (on_demand("a", "a a"), COUNT),
        # Local indexes
        (local(), INVALID + "List of LocalSecondaryIndexes is empty"),
        (
            on_demand("pk", "pk a", LocalSecondaryIndexes=[index("idx", "pk a")]),
            INVALID + "Table KeySchema does not have a range key, which is required when "
            "specifying a LocalSecondaryIndex",
        ),
        (
            local(index("idx", "pk b")),
            INVALID + "Some index key attributes are not defined in AttributeDefinitions. "
            "Keys: [pk, b], AttributeDefinitions: [a, sk, pk]",
        ),
        (local(index("idx", "pk pk")), SAME_NAME),
        (local(index("idx", "pk:RANGE a:HASH")), NOT_HASH),
        (local(index("idx", "pk:HASH a:HASH")), NOT_RANGE),
        (
            local(index("idx", "pk")),
            INVALID + "Index KeySchema does not have a range key for index: idx",
        ),
        (
            local(index("idx", "a sk")),
            INVALID + "Index KeySchema does not have the same leading hash key as table "
            "KeySchema for index: idx. index hash key: a, table hash key: pk",
        ),
        (
            local({**index("idx", "pk a"), "Projection": {}}),
            INVALID + "Unknown ProjectionType: null",
        ),
        (
            local(index("idx", "pk a", "INCLUDE")),
            INVALID + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified",
        ),
        (
            local(
                {
                    **index("idx", "pk a"),
                    "Projection": {**included("x")["Projection"], "ProjectionType": "ALL"},
                }
            ),
            INVALID + "ProjectionType is ALL, but NonKeyAttributes is specified",
        ),
        (
            local(index("idx", "pk a"), index("idx", "pk a")),
            INVALID + "Duplicate index name: idx",
        ),
        (
            local(*(index(f"idx{n}", "pk a") for n in range(6))),
            INVALID + "Number of LocalSecondaryIndexes exceeds per-table limit of 5",
        ),
        # Global indexes
        (glob(), INVALID + "List of GlobalSecondaryIndexes is empty"),
        (
            glob(index("idx", "nope")),
            INVALID + "Some index key attributes are not defined in AttributeDefinitions. "
            "Keys: [nope], AttributeDefinitions: [g, pk]",
        ),
        (glob(index("idx", "g g")), SAME_NAME),
        (glob(index("idx", "g:RANGE")), NOT_HASH),
        (
            glob(index("idx", "g:HASH a:RANGE b:HASH"), attributes="pk g a b"),
            (
                "Invalid KeySchema: All HASH key attributes must precede RANGE key attributes "
                "in the KeySchema"
            ),
        ),
        (
            glob(index("idx", "a:HASH b:HASH c:HASH d:HASH e:HASH"), attributes="pk a b c d e"),
            (
                "Invalid KeySchema: The KeySchema exceeds the maximum allowed number of HASH key "
                "attributes"
            ),
        ),
        (
            glob(index("idx", "pk a b c d e"), attributes="pk a b c d e"),
            (
                "Invalid KeySchema: The KeySchema exceeds the maximum allowed number of RANGE key "
                "attributes"
            ),
        ),
        (
            glob(
                {
                    **index("idx", "g"),
                    **included("x"),
                    "Projection": {"ProjectionType": "KEYS_ONLY", "NonKeyAttributes": ["x"]},
                }
            ),
            INVALID + "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified",
        ),
        (glob(index("idx", "g"), index("idx", "g")), INVALID + "Duplicate index name: idx"),
        (
            {**local(index("idx", "pk a")), "GlobalSecondaryIndexes": [index("idx", "a")]},
            INVALID + "Duplicate index name: idx",
        ),
        (
            glob(*(index(f"idx{n}", "g") for n in range(21))),
            INVALID + "GlobalSecondaryIndex count exceeds the per-table limit of 20",
        ),
        (
            glob(index("idx", "g", ProvisionedThroughput=units(1, 1))),
            INVALID + "ProvisionedThroughput should not be specified for index: idx when "
            "BillingMode is PAY_PER_REQUEST",
        ),
        (
            provisioned("pk", "pk g", GlobalSecondaryIndexes=[index("idx", "g")]),
            INVALID + "ProvisionedThroughput is not specified for index: idx",
        ),
        (
            provisioned(
                "pk",
                "pk g",
                GlobalSecondaryIndexes=[
                    index("idx", "g", ProvisionedThroughput=units(1, 10**12 + 1))
                ],
            ),
            "Given value 1000000000001 for WriteCapacityUnits is out of bounds for index idx",
        ),
        # Attribute definitions of a table with indexes
        (
            glob(index("idx", "g"), attributes="pk g other"),
            INVALID + "Some AttributeDefinitions are not used. "
            "AttributeDefinitions: [pk, g, other], keys used: [pk, g]",
        ),
        (
            glob(index("idx", "g"), attributes="pk g g"),
            "Attribute Name is duplicated: g",
        ),
        # The rest
        (
            on_demand(StreamSpecification={"StreamEnabled": False, "StreamViewType": "KEYS_ONLY"}),
            INVALID + "Table is being created with a stream disabled, UpdateViewType should not "
            "be specified",
        ),
        (
            on_demand(StreamSpecification={"StreamEnabled": True}),
            (
                "Invalid StreamViewType: Stream ViewType must not be null or empty when enabling "
                "streams."
            ),
        ),
        (
            on_demand(SSESpecification={"Enabled": True, "SSEType": "AES256"}),
            INVALID + "The only valid SSEType is KMS",
        ),
        (
            on_demand(SSESpecification={"Enabled": True, "KMSMasterKeyId": "alias/key"}),
            INVALID + "SSEType KMS is required if KMSMasterKeyId is specified",
        ),
        (
            provisioned(OnDemandThroughput={"MaxWriteRequestUnits": 5}),
            INVALID + "MaxWriteRequestUnits for OnDemandThroughput cannot be specified when "
            "table BillingMode is PROVISIONED.",
        ),
        *(
            (
                on_demand(OnDemandThroughput={"MaxReadRequestUnits": units_}),
                INVALID + "Requested MaxReadRequestUnits for OnDemandThroughput for table is "
                "outside of valid range",
            )
            for units_ in (0, -1)
        ),
        *(
            # go-to-k/cdkd#3392 tells that AWS refuses them, not in which words.
            (
                make(
                    "pk",
                    "pk g",
                    GlobalSecondaryIndexes=[
                        {
                            **index("idx", "g", OnDemandThroughput={"MaxReadRequestUnits": most}),
                            **paid,
                        }
                    ],
                ),
                "One or more parameter values were invalid",
            )
            for make, most, paid in (
                (on_demand, 0, {}),
                (on_demand, -1, {}),
                (provisioned, 5, {"ProvisionedThroughput": units(1, 1)}),
            )
        ),
    ],
)
def test_a_rule_broken_is_refused_with_aws_words(
    api: Api, request_: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationException) as refused:
        api.create(**request_)
    assert refused.value.message == message
    assert api.names() == {"TableNames": []}


@pytest.mark.parametrize(
    "request_",
    [
        provisioned("a b", "b a"),
        {**provisioned(), "ProvisionedThroughput": units(10**12, 10**12)},
        local(*(index(f"idx{n}", "pk a") for n in range(5))),
        local(index("idx", "pk sk"), attributes="pk sk"),
        glob(*(index(f"idx{n}", "g") for n in range(20))),
        glob(index("idx", "g", "INCLUDE", **included("x"))),
        glob(index("idx", "sk pk"), attributes="pk sk"),
        on_demand(StreamSpecification={"StreamEnabled": False}),
        on_demand(OnDemandThroughput={"MaxReadRequestUnits": 1}),
        on_demand(OnDemandThroughput={}),
    ],
)
def test_what_keeps_the_rules_is_created(api: Api, request_: dict[str, Any]) -> None:
    api.create(**request_)
    assert api.describe()["TableStatus"] == "ACTIVE"


def test_rules_are_checked_in_the_order_of_aws(api: Api) -> None:
    broken = on_demand(
        "a:HASH b:HASH",
        "a b unused",
        ProvisionedThroughput=units(1, 1),
        LocalSecondaryIndexes=[],
        GlobalSecondaryIndexes=[],
        SSESpecification={"SSEType": "AES256"},
    )
    repairs: list[tuple[str, dict[str, Any]]] = [
        ("Neither ReadCapacityUnits", {"BillingMode": "PROVISIONED"}),
        ("second KeySchemaElement", {"KeySchema": elements("a b")}),
        ("List of LocalSecondaryIndexes", {"LocalSecondaryIndexes": [index("lsi", "a unused")]}),
        ("List of GlobalSecondaryIndexes", {"GlobalSecondaryIndexes": [index("gsi", "b")]}),
        (
            "is not specified for index",
            {"GlobalSecondaryIndexes": [index("gsi", "b", ProvisionedThroughput=units(1, 1))]},
        ),
        ("The only valid SSEType", {"SSESpecification": {"Enabled": False}}),
    ]
    for words, repair in repairs:
        with pytest.raises(ValidationException, match=words):
            api.create(**broken)
        broken.update(repair)
    api.create(**broken)


def test_the_answer_describes_a_table_that_is_creating(api: Api) -> None:
    answer = api.create(**provisioned("pk sk", "sk:N pk"))
    assert uuid.UUID(answer.pop("TableId")).version == 4
    assert answer == {
        "AttributeDefinitions": definitions("pk sk:N"),
        "TableName": "music",
        "KeySchema": elements("pk sk"),
        "TableStatus": "CREATING",
        "CreationDateTime": START_S,
        "ProvisionedThroughput": {**units(5, 5), "NumberOfDecreasesToday": 0},
        "TableSizeBytes": 0,
        "ItemCount": 0,
        "TableArn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/music",
        "DeletionProtectionEnabled": False,
    }


def test_an_on_demand_table_has_a_billing_summary_and_no_units(api: Api) -> None:
    answer = api.create(**on_demand())
    assert answer["BillingModeSummary"] == {"BillingMode": "PAY_PER_REQUEST"}
    assert answer["ProvisionedThroughput"] == {**units(0, 0), "NumberOfDecreasesToday": 0}


def test_the_mode_of_throughput_stands_in_for_the_billing_mode(api: Api) -> None:
    # Measured on AWS in August 2026: ExtendDB/extenddb#320.
    request = on_demand()
    mode = request.pop("BillingMode")
    answer = api.create(**request, TableThroughputMode=mode)
    assert answer["BillingModeSummary"] == {"BillingMode": "PAY_PER_REQUEST"}
    assert answer["TableThroughputModeSummary"] == {"TableThroughputMode": "PAY_PER_REQUEST"}


def test_the_billing_mode_decides(api: Api) -> None:
    answer = api.create(
        **{**provisioned(), "BillingMode": "PROVISIONED"}, TableThroughputMode="PAY_PER_REQUEST"
    )
    assert "BillingModeSummary" not in answer
    assert "TableThroughputModeSummary" not in answer


def test_errors_speak_of_the_billing_mode(api: Api) -> None:
    with pytest.raises(ValidationException, match="when BillingMode is PAY_PER_REQUEST"):
        api.create(**provisioned(), TableThroughputMode="PAY_PER_REQUEST")


def test_indexes_are_described_as_creating(api: Api) -> None:
    request = provisioned(
        "pk sk",
        "pk sk a b",
        LocalSecondaryIndexes=[index("lsi", "pk a", "INCLUDE", **included("x", "y"))],
        GlobalSecondaryIndexes=[
            index("gsi", "b sk", "KEYS_ONLY", ProvisionedThroughput=units(3, 4))
        ],
    )
    answer = api.create(**request)
    arn = answer["TableArn"]
    assert answer["LocalSecondaryIndexes"] == [
        {
            "IndexName": "lsi",
            "KeySchema": elements("pk a"),
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["x", "y"]},
            "IndexSizeBytes": 0,
            "ItemCount": 0,
            "IndexArn": f"{arn}/index/lsi",
        }
    ]
    assert answer["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "gsi",
            "KeySchema": elements("b sk"),
            "Projection": {"ProjectionType": "KEYS_ONLY"},
            "IndexStatus": "CREATING",
            "ProvisionedThroughput": {**units(3, 4), "NumberOfDecreasesToday": 0},
            "IndexSizeBytes": 0,
            "ItemCount": 0,
            "IndexArn": f"{arn}/index/gsi",
        }
    ]


def test_an_index_may_have_four_partition_and_four_sort_attributes(api: Api) -> None:
    key = "a:HASH b:HASH c:HASH d:HASH e:RANGE f:RANGE g:RANGE h:RANGE"
    api.create(**glob(index("idx", key), attributes="pk a b c d e f g h"))
    assert api.describe()["GlobalSecondaryIndexes"][0]["KeySchema"] == elements(key)
    schema = api.database.table("music").schema.indexes["idx"]
    assert schema.key.partition == ("a", "b", "c", "d")
    assert schema.key.sort == ("e", "f", "g", "h")


def test_the_schema_lists_indexes_by_name(api: Api) -> None:
    request = local(index("lsi", "pk a"))
    request["GlobalSecondaryIndexes"] = [index("gsi", "a")]
    api.create(**request)
    schema = api.database.table("music").schema
    assert [(i.name, i.is_global) for i in schema.indexes.values()] == [
        ("gsi", True),
        ("lsi", False),
    ]
    assert schema.types == {"pk": "S", "sk": "S", "a": "S"}


def test_a_name_is_taken_once(api: Api) -> None:
    api.create(**on_demand())
    with pytest.raises(ResourceInUseException) as refused:
        api.create(**on_demand())
    assert refused.value.message == "Table already exists: music"


def test_the_name_may_be_the_arn_the_table_will_have(api: Api) -> None:
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/music"
    assert api.create(**on_demand(TableName=arn))["TableName"] == "music"


# The AWS CLI's examples of `create-table`.
def test_a_stream_is_labelled_with_the_moment_of_its_table(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count(START_S)
    monkeypatch.setattr(type(api.database.clock), "now_s", lambda clock: next(ticks))
    on = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    answer = api.create(**on_demand(StreamSpecification=on))
    assert answer["LatestStreamLabel"] == stream_label(answer["CreationDateTime"])


def test_options_are_stored_and_described(api: Api) -> None:
    answer = api.create(
        **on_demand(
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
            SSESpecification={"Enabled": True},
            TableClass="STANDARD_INFREQUENT_ACCESS",
            DeletionProtectionEnabled=True,
            OnDemandThroughput={"MaxReadRequestUnits": 7},
            WarmThroughput={"ReadUnitsPerSecond": 15_000},
            Tags=[{"Key": "team", "Value": "a"}],
            ResourcePolicy="{}",
        )
    )
    label = "2023-11-14T22:13:20.000"
    assert answer["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    assert answer["LatestStreamLabel"] == label
    assert answer["LatestStreamArn"] == f"{answer['TableArn']}/stream/{label}"
    assert answer["SSEDescription"]["Status"] == "ENABLED"
    assert answer["SSEDescription"]["SSEType"] == "KMS"
    key = answer["SSEDescription"]["KMSMasterKeyArn"]
    assert key.startswith(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/")
    assert answer["TableClassSummary"] == {"TableClass": "STANDARD_INFREQUENT_ACCESS"}
    assert answer["DeletionProtectionEnabled"] is True
    assert answer["OnDemandThroughput"] == {"MaxReadRequestUnits": 7}
    assert answer["WarmThroughput"] == {
        "ReadUnitsPerSecond": 15_000,
        "WriteUnitsPerSecond": 4_000,
        "Status": "UPDATING",
    }
    settings = api.database.table("music").settings
    assert settings.tags == {"team": "a"}
    assert settings.resource_policy == ResourcePolicy("{}", "1700000000000")


@pytest.mark.parametrize(
    ("key_id", "arn"),
    [
        ("1234-abcd", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234-abcd"),
        ("arn:aws:kms:us-east-1:1:key/x", "arn:aws:kms:us-east-1:1:key/x"),
    ],
)
def test_a_customers_key_is_described_by_its_arn(api: Api, key_id: str, arn: str) -> None:
    specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key_id}
    answer = api.create(**on_demand(SSESpecification=specification))
    assert answer["SSEDescription"]["KMSMasterKeyArn"] == arn


def test_an_alias_always_stands_for_the_same_key(api: Api) -> None:
    def arn(name: str, alias: str) -> str:
        specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": alias}
        answer = api.create(**on_demand(TableName=name, SSESpecification=specification))
        described: str = answer["SSEDescription"]["KMSMasterKeyArn"]
        return described

    first = arn("one", "alias/key")
    assert arn("two", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/key") == first
    assert arn("three", "alias/other") != first


def test_a_disabled_encryption_is_not_described(api: Api) -> None:
    assert "SSEDescription" not in api.create(**on_demand(SSESpecification={"Enabled": False}))


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("GlobalTableSourceArn", "arn:aws:dynamodb:..."), ("VectorIndexes", [{}])],
)
def test_what_is_not_built_is_refused_rather_than_ignored(
    api: Api, parameter: str, value: Any
) -> None:
    with pytest.raises(DqlmockError, match=parameter):
        api.create(**on_demand(), **{parameter: value})


def test_a_creation_that_takes_no_time_is_over_without_being_looked_at(api: Api) -> None:
    api.create(**on_demand())
    # Held by `find` alone, the settings would be settled by the look itself.
    with api.database.lock:
        assert [table.settings.status for table in api.database._tables.values()] == ["ACTIVE"]


def test_a_table_needs_a_key_schema(api: Api) -> None:
    request = on_demand("pk", "pk")
    del request["KeySchema"]
    with pytest.raises(ValidationException, match="keySchema: Member must not be null"):
        api.create(**request)
