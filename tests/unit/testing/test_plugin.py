"""The plugin, in pytest runs of their own: it may be loaded in this one, or not."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def dql_tables():
    return {"everywhere": "id"}

@pytest.fixture(scope="session")
def seeded(dql_session, dql_clients):
    client = dql_clients.client("us-east-1")
    for number in range(3):
        client.put_item(TableName="everywhere", Item={"id": {"S": str(number)}})
    return dql_session
"""

SCOPES = """
import boto3
import pytest

def count():
    return boto3.resource("dynamodb").Table("everywhere").scan()["Count"]

def put(key):
    boto3.resource("dynamodb").Table("everywhere").put_item(Item={"id": key})

@pytest.fixture(scope="module")
def of_module(dql_module):
    put("module")

@pytest.fixture(scope="class")
def of_class(dql_class):
    put("class")

# The module's mock is asked for before the session's, which stands around it nevertheless.
def test_module(of_module):
    assert count() == 4

@pytest.mark.parametrize("key", ["a", "b"])
def test_each_test_has_a_fork_of_its_own(seeded, of_module, dql, dql_client, key):
    assert count() == 4
    assert not dql.calls.of("PutItem")
    dql_client.put_item(TableName="everywhere", Item={"id": {"S": key}})
    assert count() == 5
    dql.rollback()
    assert count() == 4
    put(key)

class TestOfClass:
    def test_one(self, seeded, of_class, dql):
        assert count() == 5
        put("more")

    def test_other(self, seeded, of_class, dql):
        assert count() == 5
"""

SESSION_GOES_ON = """
import boto3

def test_the_module_before_left_the_session_as_it_was(seeded, dql):
    assert boto3.resource("dynamodb").Table("everywhere").scan()["Count"] == 3
"""

MARKERS = """
import unittest
import boto3
import pytest
from dqlmock.mock import running_here

def names():
    return boto3.client("dynamodb").list_tables()["TableNames"]

def test_no_mock_runs_where_none_is_asked_for():
    assert running_here() is None

WHOLE = {
    "TableName": "whole",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
}

@pytest.mark.dql_tables(WHOLE, lines="order_id, line:N")
def test_tables():
    assert names() == ["everywhere", "lines", "whole"]

@pytest.mark.dql(region="eu-west-1")
@pytest.mark.dql_tables(orders="id")
class TestPlain:
    @classmethod
    def setup_class(cls):
        boto3.resource("dynamodb").Table("orders").put_item(Item={"id": "class"})

    def setup_method(self):
        boto3.resource("dynamodb").Table("orders").put_item(Item={"id": "method"})

    @pytest.mark.parametrize("key", ["a", "b"])
    def test_count(self, key, dql_resource, dql_region):
        assert boto3.client("dynamodb").meta.region_name == dql_region == "eu-west-1"
        orders = dql_resource.Table("orders")
        assert orders.scan()["Count"] == 2
        orders.put_item(Item={"id": key})

@pytest.mark.dql_tables(orders="id")
class TestUnittest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        boto3.resource("dynamodb").Table("orders").put_item(Item={"id": "class"})

    def setUp(self):
        self.orders = boto3.resource("dynamodb").Table("orders")
        self.orders.put_item(Item={"id": "test"})

    def test_one(self):
        assert self.orders.scan()["Count"] == 2
        self.orders.put_item(Item={"id": "one"})

    def test_other(self):
        assert self.orders.scan()["Count"] == 2
        self.orders.put_item(Item={"id": "other"})

@pytest.mark.dql
class TestUnittestWithoutSetUpClass(unittest.TestCase):
    def setUp(self):
        assert names() == ["everywhere"]

    def test_one(self):
        assert running_here() is not None

@pytest.mark.dql(wording="older")
def test_clients_are_shared(dql, dql_client, dql_clients, dql_streams_client):
    assert dql.engine.wording == "older"
    assert dql_client is dql_clients.client("us-east-1")
    assert dql_streams_client.list_streams()["Streams"] == []
"""

FAULTY = """
import pytest

@pytest.mark.dql("eu-west-1")
def test_an_option_without_a_name():
    pass

@pytest.mark.dql_tables(orders="a, b, c")
def test_three_keys():
    pass

@pytest.mark.dql_tables({"KeySchema": []})
def test_a_table_without_a_name():
    pass

@pytest.mark.dql_tables({"TableName": "x", "KeySchema": [], "AttributeDefinitions": []})
def test_what_dynamodb_refuses():
    pass

@pytest.mark.dql(wording="older")
def test_an_engine_that_runs_already(dql_session):
    pass
"""

ADVICE = """
import pytest

@pytest.mark.dql_tables(orders="id")
@pytest.mark.parametrize("number", [1, 2])
def test_a_scan_for_one_key(dql_client, number):
    for each in range(40):
        dql_client.put_item(TableName="orders", Item={"id": {"S": str(each)}})
    for each in range(5):
        dql_client.scan(
            TableName="orders",
            FilterExpression="id = :id",
            ExpressionAttributeValues={":id": {"S": "1"}},
        )

def test_nothing(dql):
    pass
"""

WITHOUT = """
import sys

def test_without(request):
    assert not request.config.pluginmanager.hasplugin("dqlmock")
    assert "dqlmock.mock" not in sys.modules
"""

LOADED = """
import sys, time, pytest
started = time.perf_counter()
import dqlmock.pytest_plugin
print((time.perf_counter() - started) * 1000)
print(*(name for name in ("botocore", "boto3", "lark", "dqlmock.mock") if name in sys.modules))
"""


def run(directory: Path, *arguments: str, plugin: bool = True) -> tuple[int, str]:
    """Run pytest where nothing is loaded but what a test names."""
    environment = {name: value for name, value in os.environ.items() if name[:3] != "AWS"}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    loaded = ("-p", "dqlmock.pytest_plugin") if plugin else ()
    outcome = subprocess.run(
        [sys.executable, "-m", "pytest", "-W", "error", "--strict-markers", *loaded, *arguments],
        cwd=directory,
        env=environment,
        capture_output=True,
        text=True,
    )
    return outcome.returncode, outcome.stdout + outcome.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_a_scopes.py").write_text(SCOPES)
    (tmp_path / "test_b_session.py").write_text(SESSION_GOES_ON)
    (tmp_path / "test_markers.py").write_text(MARKERS)
    return tmp_path


def test_scopes(project: Path) -> None:
    code, output = run(project, "-q", "test_a_scopes.py", "test_b_session.py")
    assert code == 0, output
    assert "6 passed" in output


def test_markers_classes_and_clients(project: Path) -> None:
    code, output = run(project, "-q", "test_markers.py")
    assert code == 0, output
    assert "8 passed" in output


@pytest.mark.skipif(find_spec("xdist") is None, reason="pytest-xdist is not installed")
def test_each_worker_of_xdist_has_a_state_of_its_own(project: Path) -> None:
    code, output = run(project, "-q", "-p", "xdist", "-n", "2", "--dist", "loadfile")
    assert code == 0, output
    assert "14 passed" in output


def test_misuse_is_told(tmp_path: Path) -> None:
    (tmp_path / "test_faulty.py").write_text(FAULTY)
    code, output = run(tmp_path, "-q", "--tb=line", "test_faulty.py")
    assert code == 1
    assert "5 errors" in output
    assert "The marker dql takes options by name" in output
    assert "The keys of a table look like" in output
    assert "A table is declared by a CreateTable request" in output
    assert "The table 'x' can't be created: " in output
    assert "A mock is running already" in output


@pytest.mark.parametrize("workers", [0, 2])
def test_advice_is_summed_up_at_the_end(tmp_path: Path, workers: int) -> None:
    if workers and find_spec("xdist") is None:
        pytest.skip("pytest-xdist is not installed")
    (tmp_path / "test_advice.py").write_text(ADVICE)
    xdist = ("-p", "xdist", "-n", str(workers)) if workers else ()
    code, output = run(tmp_path, "-q", "--dql-advice", *xdist)
    assert code == 0, output
    assert "DynamoDB advice" in output
    assert "2 tests: " in output
    assert "(docs/advice/" in output
    code, output = run(tmp_path, "-q")
    assert "DynamoDB advice" not in output


BESIDE = """
import threading
import unittest
import boto3
import pytest
from dqlmock import dql_mock, mock_dynamodb

def names():
    return boto3.client("dynamodb", region_name="us-east-1").list_tables()["TableNames"]

def create(name):
    boto3.client("dynamodb", region_name="us-east-1").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )

def test_session(dql_session):
    assert names() == ["everywhere"]
    with dql_mock() as db:  # who asks for a mock joins it
        assert db is dql_session

@mock_dynamodb
def test_decorated():
    assert names() == []
    create("mine")

def test_context_manager():
    with dql_mock():
        assert names() == []
        create("mine")
        found = []
        thread = threading.Thread(target=lambda: found.extend(names()))
        thread.start()
        thread.join()
        assert found == ["mine"]
    assert names() == ["everywhere"]

@mock_dynamodb
class TestClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        assert names() == []
        create("mine")

    def test_it(self):
        assert names() == ["mine"]

    def test_again(self):
        assert names() == ["mine"]

def test_fork(dql):
    assert names() == ["everywhere"]
    create("forked")

@pytest.mark.dql_tables(marked="id")
def test_marked():
    assert names() == ["everywhere", "marked"]

def test_asked_for_late(request):
    request.getfixturevalue("dql")
    assert names() == ["everywhere"]

def test_session_again(dql_session):
    assert names() == ["everywhere"]
"""


def test_a_mock_of_a_test_stands_beside_that_of_the_session(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_beside.py").write_text(BESIDE)
    code, output = run(tmp_path, "-q")
    assert code == 0, output
    assert "9 passed" in output


ADVISED = """
import threading
import unittest
import boto3
import pytest
from dqlmock import dql_mock, mock_dynamodb

def scan_for_a_key(name):
    client = boto3.client("dynamodb", region_name="us-east-1")
    client.create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    look_for_a_key(client, name)

def look_for_a_key(client, name):
    client.scan(
        TableName=name,
        FilterExpression="id = :id",
        ExpressionAttributeValues={":id": {"S": "1"}},
    )

@mock_dynamodb
def test_decorated():
    scan_for_a_key("decorated")

def test_context_manager():
    with mock_dynamodb(), dql_mock():
        scan_for_a_key("context")

def test_two_mocks():
    for number in range(2):
        with dql_mock():
            scan_for_a_key(f"two-{number}")

def test_thread():
    def work():
        with dql_mock():
            scan_for_a_key("thread")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

@mock_dynamodb
class TestUnit(unittest.TestCase):
    def setUp(self):
        scan_for_a_key("unit")
    def test_it(self):
        pass

@mock_dynamodb
class TestUnitClass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scan_for_a_key("unit-class")
    def test_it(self):
        pass

@pytest.fixture(scope="module")
def module():
    with dql_mock():
        scan_for_a_key("module")
        yield

def test_module(module):
    pass

def test_fork(dql_module, dql):
    scan_for_a_key("fork")

def test_own(dql):
    scan_for_a_key("own")

def test_failing(dql):
    scan_for_a_key("failing")
    dql.expect("GetItem")
"""


@pytest.mark.parametrize("workers", [0, 2])
def test_advice_is_on_every_mock(tmp_path: Path, workers: int) -> None:
    if workers and find_spec("xdist") is None:
        pytest.skip("pytest-xdist is not installed")
    (tmp_path / "test_advised.py").write_text(ADVISED)
    xdist = ("-p", "xdist", "-n", str(workers)) if workers else ()
    _, output = run(tmp_path, "-q", "--dql-advice", *xdist)
    assert "10 passed, 1 error" in output
    for name, test in {
        "decorated": "test_decorated",
        "context": "test_context_manager",
        "two-0": "test_two_mocks",
        "two-1": "test_two_mocks",
        "thread": "test_thread",
        "unit": "TestUnit::test_it",
        "unit-class": "TestUnitClass::test_it",
        "module": "test_",  # whichever is the module's last
        "fork": "test_fork",
        "own": "test_own",
        "failing": "test_failing",
    }.items():
        [line] = [line for line in output.splitlines() if f"Scan of {name} " in line]
        assert line.startswith("1 test: scan-instead-of-"), line
        assert f"{test}" in line


def test_it_can_be_kept_out(tmp_path: Path) -> None:
    (tmp_path / "test_without.py").write_text(WITHOUT)
    code, output = run(tmp_path, "-q", "-p", "no:dqlmock", plugin=False)
    assert code == 0, output


def test_loading_it_loads_nothing_else() -> None:
    """It stands in every pytest run of every project that has the package installed."""
    outcome = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=ROOT
    )
    _, loaded = outcome.stdout.split("\n")[:2]
    assert loaded == ""
