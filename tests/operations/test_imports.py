"""ImportTable, DescribeImport and ListImports."""

from __future__ import annotations

import gzip
import json
import re
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.handlers import generate_idempotent_uuid
from freezegun import freeze_time

from dqlmock import DqlmockError
from dqlmock.engine.lifecycle import TableDelays
from dqlmock.limits import LIST_TRANSFERS_PAGE, TRANSFER_RETENTION_S, TRANSFER_TOKEN_S
from tests.conftest import refusal, unchecked_client
from tests.engine_state import state_of
from tests.operations.objects import NO_BUCKET, Objects
from tests.operations.tables import attribute, create_hash_table, key_schema
from tests.operations.test_exports import enable, export

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/new"
NOON = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)
NEW = {
    "TableName": "new",
    "AttributeDefinitions": [attribute("pk")],
    "KeySchema": key_schema("pk"),
    "BillingMode": "PAY_PER_REQUEST",
}
CONFLICT = (
    "There was a conflict when importing from the specified S3 source. This can occur when the "
    "current import conflicts with a previous import request that had the same client token."
)
INVALID = {
    "ImportStatus": "FAILED",
    "FailureCode": "ItemValidationError",
    "FailureMessage": "Some of the items failed validation checks and were not imported. Please "
    "check CloudWatch error logs for more details.",
}


def parameters_of(table: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    return {
        "S3BucketSource": {"S3Bucket": "bucket"},
        "InputFormat": "DYNAMODB_JSON",
        "TableCreationParameters": {**NEW, **table},
        **request,
    }


def import_table(client: Any, table: dict[str, Any] | None = None, **request: Any) -> Any:
    parameters = parameters_of(table or {}, request)
    return client.import_table(**parameters)["ImportTableDescription"]


def refused(client: Any, table: dict[str, Any] | None = None, **request: Any) -> tuple[str, str]:
    return refusal(client.import_table, **parameters_of(table or {}, request))


def described(client: Any, import_arn: str) -> Any:
    return client.describe_import(ImportArn=import_arn)["ImportTableDescription"]


def imported(client: Any, table: dict[str, Any] | None = None, **request: Any) -> Any:
    """Import, and return how it ended."""
    return described(client, import_table(client, table, **request)["ImportArn"])


def counts(told: dict[str, Any]) -> tuple[int, int, int]:
    return told["ProcessedItemCount"], told["ImportedItemCount"], told["ErrorCount"]


def items(client: Any, name: str = "new") -> Any:
    return sorted(client.scan(TableName=name)["Items"], key=str)


def lines(*documents: Any) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


def item(pk: str, **attributes: Any) -> dict[str, Any]:
    return {"Item": {"pk": {"S": pk}, **attributes}}


@pytest.fixture
def objects(db: Any) -> Objects:
    objects = Objects()
    db.engine.open_objects = objects.open
    return objects


def test_what_an_import_tells(dynamodb: Any, objects: Objects) -> None:
    objects.bodies["in/1"] = lines(item("a", n={"N": "1.0"}))
    with freeze_time(NOON):
        source = {"S3Bucket": "bucket", "S3KeyPrefix": "in/"}
        begun = import_table(dynamodb, S3BucketSource=source, ClientToken="t")
        ended = described(dynamodb, begun["ImportArn"])
    assert re.fullmatch(ARN + r"/import/01790856000000-[0-9a-f]{8}", begun["ImportArn"])
    assert begun == {
        "ImportArn": begun["ImportArn"],
        "ImportStatus": "IN_PROGRESS",
        "TableArn": ARN,
        "TableId": dynamodb.describe_table(TableName="new")["Table"]["TableId"],
        "ClientToken": "t",
        "S3BucketSource": {"S3BucketOwner": "123456789012", **source},
        "ErrorCount": 0,
        "CloudWatchLogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:/aws-dynamodb"
        "/imports:*",
        "InputFormat": "DYNAMODB_JSON",
        "InputCompressionType": "NONE",
        "TableCreationParameters": NEW,
        "StartTime": NOON,
        "ProcessedItemCount": 0,
        "ImportedItemCount": 0,
    }
    assert ended == {
        **begun,
        "ImportStatus": "COMPLETED",
        "EndTime": NOON,
        "ProcessedSizeBytes": len(objects.bodies["in/1"]),
        "ProcessedItemCount": 1,
        "ImportedItemCount": 1,
    }
    assert items(dynamodb) == [{"pk": {"S": "a"}, "n": {"N": "1"}}]
    assert objects.callers == [("123456789012", "us-east-1")]


def test_an_export_comes_back(dynamodb: Any, objects: Objects) -> None:
    create_hash_table(dynamodb)
    for number in range(5):
        dynamodb.put_item(TableName="hash", Item={"pk": {"S": str(number)}, "b": {"B": b"\xff"}})
    enable(dynamodb)
    arn = export(dynamodb, S3Prefix="backup")["ExportArn"]
    prefix = f"backup/AWSDynamoDB/{arn.rpartition('/')[2]}/data/"
    source = {"S3Bucket": "bucket", "S3KeyPrefix": prefix}
    ended = imported(dynamodb, S3BucketSource=source, InputCompressionType="GZIP")
    assert counts(ended) == (5, 5, 0)
    assert items(dynamodb) == items(dynamodb, "hash")
    data = next(body for key, body in objects.bodies.items() if key.startswith(prefix))
    assert ended["ProcessedSizeBytes"] == len(gzip.decompress(data))


def test_of_several_objects_those_behind_the_prefix(dynamodb: Any, objects: Objects) -> None:
    for key in ("a/1", "a/2", "b/1"):
        objects.bodies[key] = lines(item(key))
    assert counts(imported(dynamodb, S3BucketSource={"S3Bucket": "bucket"})) == (3, 3, 0)
    source = {"S3Bucket": "bucket", "S3KeyPrefix": "a"}
    assert counts(imported(dynamodb, {"TableName": "some"}, S3BucketSource=source)) == (2, 2, 0)
    assert [each["pk"]["S"] for each in items(dynamodb, "some")] == ["a/1", "a/2"]


def test_of_items_with_one_key_the_last_stays(dynamodb: Any, objects: Objects) -> None:
    objects.bodies["1"] = lines(item("a", v={"S": "1"}), item("a", v={"S": "2"}))
    objects.bodies["2"] = lines(item("a", v={"S": "3"}))
    ended = imported(dynamodb)
    assert (ended["ImportStatus"], counts(ended)) == ("COMPLETED", (3, 3, 0))
    assert items(dynamodb) == [{"pk": {"S": "a"}, "v": {"S": "3"}}]


def test_indexes_are_filled(dynamodb: Any, objects: Objects) -> None:
    objects.bodies["1"] = lines(item("a", g={"N": "1"}), item("b"))
    index = {
        "IndexName": "by_g",
        "KeySchema": key_schema("g"),
        "Projection": {"ProjectionType": "ALL"},
    }
    definitions = [attribute("pk"), attribute("g", "N")]
    table = {"AttributeDefinitions": definitions, "GlobalSecondaryIndexes": [index]}
    assert counts(imported(dynamodb, table)) == (2, 2, 0)
    found = dynamodb.scan(TableName="new", IndexName="by_g")["Items"]
    assert [each["pk"]["S"] for each in found] == ["a"]


class TestBadItems:
    @pytest.mark.parametrize(
        "bad",
        [
            {"Item": {"other": {"S": "x"}}},
            {"Item": {"pk": {"N": "1"}}},
            {"Item": {"pk": {"S": ""}}},
            item("x", n={"N": "one"}),
            item("x", n={"S": 1}),
            item("x", n={"S": "1", "N": "1"}),
            item("x", v={"S": "x" * 409_600}),
        ],
    )
    def test_it_is_skipped(self, dynamodb: Any, objects: Objects, bad: Any) -> None:
        objects.bodies["1"] = lines(item("a"), bad, item("b"))
        ended = imported(dynamodb)
        assert {name: ended[name] for name in INVALID} == INVALID
        assert counts(ended) == (3, 2, 1)
        assert [each["pk"]["S"] for each in items(dynamodb)] == ["a", "b"]

    @pytest.mark.parametrize("bad", [b"{nope\n", b"[]\n", b'{"pk":{"S":"x"}}\n', b'{"Item":1}\n'])
    def test_what_is_no_item_ends_its_object(
        self, dynamodb: Any, objects: Objects, bad: bytes
    ) -> None:
        objects.bodies["1"] = lines(item("a")) + bad + lines(item("b"))
        objects.bodies["2"] = lines(item("c"))
        ended = imported(dynamodb)
        assert {name: ended[name] for name in INVALID} == INVALID
        assert counts(ended) == (3, 2, 1)
        assert [each["pk"]["S"] for each in items(dynamodb)] == ["a", "c"]

    def test_nesting_without_end(self, dynamodb: Any, objects: Objects) -> None:
        objects.bodies["1"] = b"[" * 200_000
        assert counts(imported(dynamodb)) == (1, 0, 1)

    def test_empty_lines_are_none(self, dynamodb: Any, objects: Objects) -> None:
        objects.bodies["1"] = b"\r\n" + lines(item("a")).replace(b"\n", b"\r\n") + b"\n"
        assert counts(imported(dynamodb)) == (1, 1, 0)


class TestCsv:
    def test_the_example_of_the_documentation(self, dynamodb: Any, objects: Objects) -> None:
        objects.bodies["import-test.csv"] = (
            b"title,artist,year_of_release\nThe Dark Side of the Moon,Pink Floyd,1973"
        )
        ended = imported(dynamodb, InputFormat="CSV")
        assert {name: ended[name] for name in INVALID} == INVALID
        assert (counts(ended), ended["ProcessedSizeBytes"]) == ((1, 0, 1), 70)
        assert items(dynamodb) == []

    def test_only_keys_have_types(self, dynamodb: Any, objects: Objects) -> None:
        text = 'pk,sk,n,t\r\na,1.0,2.0,"x, ""y""\r\nz"\r\na,2,,é\r\n'
        objects.bodies["1.csv"] = text.encode()
        table = {
            "AttributeDefinitions": [attribute("pk"), attribute("sk", "N")],
            "KeySchema": key_schema("pk", "sk"),
        }
        assert counts(imported(dynamodb, table, InputFormat="CSV")) == (2, 2, 0)
        first, second = items(dynamodb)
        assert first == {
            "pk": {"S": "a"},
            "sk": {"N": "1"},
            "n": {"S": "2.0"},
            "t": {"S": 'x, "y"\r\nz'},
        }
        assert second.keys() == {"pk", "sk", "t"}

    def test_options(self, dynamodb: Any, objects: Objects) -> None:
        objects.bodies["1.csv"] = b"a;x,y\nb;z\n"
        options = {"Csv": {"Delimiter": ";", "HeaderList": ["pk", "v"]}}
        ended = imported(dynamodb, InputFormat="CSV", InputFormatOptions=options)
        assert ended["InputFormatOptions"] == options
        assert counts(ended) == (2, 2, 0)
        assert items(dynamodb)[0] == {"pk": {"S": "a"}, "v": {"S": "x,y"}}

    @pytest.mark.parametrize("row", [b"c", b"c,1,2", b'c,"1', b"c,\xff"])
    def test_what_is_no_row_ends_its_object(
        self, dynamodb: Any, objects: Objects, row: bytes
    ) -> None:
        objects.bodies["1.csv"] = b"pk,v\na,1\n" + row + b"\nb,2\n"
        ended = imported(dynamodb, InputFormat="CSV")
        assert ended["ImportStatus"] == "FAILED"
        assert ended["ErrorCount"] == 1
        assert "b" not in {each["pk"]["S"] for each in items(dynamodb)}

    def test_a_key_of_another_type_is_skipped(self, dynamodb: Any, objects: Objects) -> None:
        objects.bodies["1.csv"] = b"pk\none\n2\n"
        table = {"AttributeDefinitions": [attribute("pk", "N")]}
        assert counts(imported(dynamodb, table, InputFormat="CSV")) == (2, 1, 1)
        assert items(dynamodb) == [{"pk": {"N": "2"}}]

    @pytest.mark.parametrize("body", [b"", b"pk,v\n"])
    def test_nothing(self, dynamodb: Any, objects: Objects, body: bytes) -> None:
        objects.bodies["1.csv"] = body
        ended = imported(dynamodb, InputFormat="CSV")
        assert (ended["ImportStatus"], counts(ended)) == ("COMPLETED", (0, 0, 0))


class TestCompression:
    def test_an_object_that_is_not_packed(self, dynamodb: Any, objects: Objects) -> None:
        objects.bodies["1"] = lines(item("a"))
        objects.bodies["2"] = gzip.compress(lines(item("b")))
        objects.bodies["3"] = gzip.compress(lines(item("c")))[:-9]
        ended = imported(dynamodb, InputCompressionType="GZIP")
        assert (ended["ImportStatus"], counts(ended)) == ("FAILED", (3, 1, 2))
        assert items(dynamodb) == [{"pk": {"S": "b"}}]

    @pytest.mark.skipif(sys.version_info >= (3, 14), reason="zstd is in the standard library")
    def test_zstd_takes_a_newer_python(self, dynamodb: Any, objects: Objects) -> None:
        with pytest.raises(DqlmockError, match="InputCompressionType ZSTD"):
            import_table(dynamodb, InputCompressionType="ZSTD")

    @pytest.mark.skipif(sys.version_info < (3, 14), reason="zstd came with Python 3.14")
    def test_zstd(self, dynamodb: Any, objects: Objects) -> None:
        zstd = pytest.importorskip("compression.zstd")
        objects.bodies["1"] = zstd.compress(lines(item("a")))
        objects.bodies["2"] = lines(item("b"))
        assert counts(imported(dynamodb, InputCompressionType="ZSTD")) == (2, 1, 1)


class TestTheTable:
    def test_there_is_one(self, dynamodb: Any, objects: Objects) -> None:
        create_hash_table(dynamodb, "new")
        assert refused(dynamodb) == ("ResourceInUseException", "Table already exists: new")
        assert dynamodb.list_imports()["ImportSummaryList"] == []
        assert objects.callers == []

    def test_it_is_checked_as_create_table_checks_it(self, dynamodb: Any, objects: Objects) -> None:
        table = {**NEW, "AttributeDefinitions": [attribute("pk"), attribute("more")]}
        code, message = refused(dynamodb, table)
        assert code == "ValidationException"
        assert (code, message) == refusal(dynamodb.create_table, **table)
        code, message = refused(dynamodb, {"TableName": "n"})
        assert code == "ValidationException"
        assert "tableCreationParameters.tableName" in message

    def test_while_it_is_created(self, dynamodb: Any, objects: Objects, db: Any) -> None:
        objects.bodies["1"] = lines(item("a"))
        db.engine.delays = TableDelays(create_s=10)
        with freeze_time(NOON):
            begun = import_table(dynamodb)
        with freeze_time(NOON + timedelta(seconds=9)):
            assert described(dynamodb, begun["ImportArn"]) == begun
            assert dynamodb.describe_table(TableName="new")["Table"]["TableStatus"] == "CREATING"
            assert "EndTime" not in dynamodb.list_imports()["ImportSummaryList"][0]
        with freeze_time(NOON + timedelta(seconds=10)):
            ended = described(dynamodb, begun["ImportArn"])
            assert (ended["ImportStatus"], ended["ImportedItemCount"]) == ("COMPLETED", 1)
            assert ended["EndTime"] == NOON + timedelta(seconds=10)
            assert items(dynamodb) == [{"pk": {"S": "a"}}]


class TestS3:
    def test_a_bucket_that_does_not_exist(self, dynamodb: Any, objects: Objects) -> None:
        with freeze_time(NOON):
            begun = import_table(dynamodb, S3BucketSource={"S3Bucket": "other"})
            ended = described(dynamodb, begun["ImportArn"])
        failed = {"ImportStatus": "FAILED", "EndTime": NOON, "ProcessedSizeBytes": 0}
        assert ended == {**begun, **failed, **NO_BUCKET}
        assert dynamodb.list_tables()["TableNames"] == []

    def test_an_object_that_goes_away(self, dynamodb: Any, objects: Objects) -> None:
        objects.bodies["1"] = lines(item("a"))
        objects.keys = lambda bucket, prefix: iter(["1", "2"])  # type: ignore[method-assign]  # S3 that changes
        ended = imported(dynamodb)
        assert (ended["ImportStatus"], ended["FailureCode"]) == ("FAILED", "S3NoSuchKey")
        assert counts(ended) == (1, 1, 0)
        assert items(dynamodb) == [{"pk": {"S": "a"}}]

    def test_nobody_plays_it(self, dynamodb: Any, db: Any) -> None:
        with pytest.raises(DqlmockError, match="nobody answers it here"):
            import_table(dynamodb)
        assert dynamodb.list_tables()["TableNames"] == []
        assert dynamodb.list_imports()["ImportSummaryList"] == []

    def test_nobody_plays_it_any_more(self, dynamodb: Any, objects: Objects) -> None:
        def gone(bucket: str, key: str) -> bytes:
            raise DqlmockError("no S3")

        objects.bodies["1"] = b""
        objects.get = gone  # type: ignore[method-assign]  # S3 that ends
        with pytest.raises(DqlmockError, match="no S3"):
            import_table(dynamodb)
        assert dynamodb.list_tables()["TableNames"] == []
        assert dynamodb.list_imports()["ImportSummaryList"] == []


def test_ion_is_not_built(dynamodb: Any, objects: Objects) -> None:
    with pytest.raises(DqlmockError, match="can't answer InputFormat ION"):
        import_table(dynamodb, InputFormat="ION")


class TestClientToken:
    def test_the_same_request(self, dynamodb: Any, objects: Objects) -> None:
        first = import_table(dynamodb, ClientToken="t")
        again = import_table(dynamodb, ClientToken="t")
        assert again == described(dynamodb, first["ImportArn"])
        assert len(dynamodb.list_imports()["ImportSummaryList"]) == 1

    def test_another_request(self, dynamodb: Any, objects: Objects) -> None:
        import_table(dynamodb, ClientToken="t")
        answer = refused(dynamodb, {"TableName": "more"}, ClientToken="t")
        assert answer == ("ImportConflictException", CONFLICT)

    def test_for_eight_hours(self, dynamodb: Any, objects: Objects) -> None:
        with freeze_time(NOON):
            first = import_table(dynamodb, ClientToken="t")["ImportArn"]
        with freeze_time(NOON + timedelta(seconds=TRANSFER_TOKEN_S - 1)):
            assert import_table(dynamodb, ClientToken="t")["ImportArn"] == first
        with freeze_time(NOON + timedelta(seconds=TRANSFER_TOKEN_S)):
            code, _ = refused(dynamodb, ClientToken="t")
        assert code == "ResourceInUseException"

    def test_none(self, dynamodb: Any, objects: Objects) -> None:
        dynamodb.meta.events.unregister("before-parameter-build", generate_idempotent_uuid)
        assert "ClientToken" not in import_table(dynamodb)
        assert refused(dynamodb)[0] == "ResourceInUseException"


@pytest.mark.parametrize(
    "arn", ["x" * 37, f"{ARN}/import/01790856000000-00000000", f"{ARN}/export/017-0/0"]
)
def test_an_import_that_does_not_exist(dynamodb: Any, arn: str) -> None:
    assert refusal(dynamodb.describe_import, ImportArn=arn) == (
        "ImportNotFoundException",
        "The specified import was not found.",
    )


def test_imports_are_remembered_for_90_days(dynamodb: Any, objects: Objects) -> None:
    with freeze_time(NOON):
        arn = import_table(dynamodb)["ImportArn"]
        dynamodb.delete_table(TableName="new")
    with freeze_time(NOON + timedelta(seconds=TRANSFER_RETENTION_S - 1)):
        assert described(dynamodb, arn)["ImportStatus"] == "COMPLETED"
    with freeze_time(NOON + timedelta(seconds=TRANSFER_RETENTION_S)):
        assert refusal(dynamodb.describe_import, ImportArn=arn)[0] == "ImportNotFoundException"


class TestListImports:
    def test_what_it_tells(self, dynamodb: Any, objects: Objects) -> None:
        with freeze_time(NOON):
            told = imported(dynamodb)
            import_table(dynamodb, {"TableName": "other"})
            every = dynamodb.list_imports()["ImportSummaryList"]
            (summary,) = dynamodb.list_imports(TableArn=ARN)["ImportSummaryList"]
        assert [each["TableArn"] for each in every] == [ARN.replace("new", "other"), ARN]
        names = {"ImportArn", "ImportStatus", "TableArn", "S3BucketSource", "InputFormat"}
        names |= {"CloudWatchLogGroupArn", "StartTime", "EndTime"}
        given = {"S3BucketSource": {"S3Bucket": "bucket"}}
        assert summary == {**{name: told[name] for name in names}, **given}

    def test_pages(self, dynamodb: Any, objects: Objects) -> None:
        for number in range(LIST_TRANSFERS_PAGE + 1):
            import_table(dynamodb, {"TableName": f"table-{number:02}"})
        page = dynamodb.list_imports()
        rest = dynamodb.list_imports(NextToken=page["NextToken"])
        assert re.fullmatch("([0-9a-f]{16}){7,64}", page["NextToken"])
        arns = [each["ImportArn"] for each in page["ImportSummaryList"] + rest["ImportSummaryList"]]
        assert len(page["ImportSummaryList"]) == LIST_TRANSFERS_PAGE
        assert arns == sorted(arns, reverse=True)
        assert len(set(arns)) == LIST_TRANSFERS_PAGE + 1
        assert "NextToken" not in rest
        assert len(dynamodb.list_imports(PageSize=3)["ImportSummaryList"]) == 3

    def test_the_longest_name(self, dynamodb: Any, objects: Objects) -> None:
        for name in ("n" * 255, "m" * 255):
            import_table(dynamodb, {"TableName": name})
        token = dynamodb.list_imports(PageSize=1)["NextToken"]
        (last,) = dynamodb.list_imports(NextToken=token)["ImportSummaryList"]
        assert last["TableArn"].endswith("m" * 255)

    def test_of_another_account(self, dynamodb: Any, objects: Objects) -> None:
        import_table(dynamodb)
        other = unchecked_client(aws_access_key_id="111122223333", aws_secret_access_key="x")
        assert other.list_imports()["ImportSummaryList"] == []


def test_a_savepoint_takes_imports_back(dynamodb: Any, objects: Objects, db: Any) -> None:
    objects.bodies["1"] = lines(item("a"))
    before = state_of(db.engine)
    with db.savepoint():
        imported(dynamodb)
    assert state_of(db.engine) == before
    assert dynamodb.list_tables()["TableNames"] == []
    assert dynamodb.list_imports()["ImportSummaryList"] == []
