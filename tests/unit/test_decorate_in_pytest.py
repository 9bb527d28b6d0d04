"""Decorating what pytest collects and runs: functions, fixtures, classes of every kind."""

from __future__ import annotations

import pytest

from dqlmock import mock

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.usefixtures("doors")

_HEAD = """
import boto3, pytest, unittest, unittest.mock
from dqlmock.mock import mock_dynamodb
from tests.stub_door import PLAIN

def create(name):
    client = boto3.client("dynamodb")
    client.create_table(TableName=f"test-{name}", **PLAIN)
    return [name.removeprefix("test-") for name in client.list_tables()["TableNames"]]
"""


def _passes(pytester: pytest.Pytester, body: str, passed: int) -> None:
    pytester.makepyfile(_HEAD + body)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=passed)
    assert mock._running == []


def test_functions_in_pytest(pytester: pytest.Pytester) -> None:
    body = """
@pytest.fixture
def name():
    return "fixture"

@mock_dynamodb
def test_fixtures(name, tmp_path):
    assert create(name) == ["fixture"]

@pytest.mark.parametrize("number", [1, 2])
@mock_dynamodb(region="eu-west-1")
def test_parameters(number, name):
    assert create(f"t{number}") == [f"t{number}"]

@mock_dynamodb
@pytest.mark.parametrize("number", [1, 2])
def test_marks_beneath(number):
    assert create(f"t{number}") == [f"t{number}"]

@mock_dynamodb
@unittest.mock.patch("os.getcwd")
def test_patched(getcwd, name):
    assert create(name) == ["fixture"]

@pytest.fixture
@mock_dynamodb
def table(name):
    create("table")
    yield name

def test_inside_a_fixture(table):
    assert create(table) == ["fixture", "table"]

@mock_dynamodb
def test_nested_in_a_fixture(table):
    assert create(table) == ["fixture", "table"]
"""
    _passes(pytester, body, 8)


def test_classes_in_pytest(pytester: pytest.Pytester) -> None:
    body = """
@pytest.fixture
def outside():
    return create("outside")

@mock_dynamodb
class TestClass:
    def setup_method(self, method):
        assert create("setup") == ["setup"]
        assert method.__name__.startswith("test_")

    def teardown_method(self):
        assert "setup" in create("teardown")

    @pytest.fixture(autouse=True)
    def inside(self):
        create("autouse")

    @pytest.fixture
    def asked(self):
        return create("asked")

    def test_one(self, asked, outside):
        assert create("one") == ["asked", "autouse", "one", "outside", "setup"]

    @pytest.mark.parametrize("number", [1, 2])
    def test_parameters(self, number):
        assert create(f"t{number}") == ["autouse", "setup", f"t{number}"]

    class TestInner:
        def test_inner(self):
            assert create("inner") == ["autouse", "inner"]

class TestSub(TestClass):
    def setup_method(self):
        create("sub")

    def test_sub(self):
        assert create("x") == ["autouse", "sub", "x"]

    def teardown_method(self):
        assert create("y") != ["y"]

    def test_one(self, asked):
        pass

    test_parameters = TestInner = None

class TestChained(TestClass):
    def setup_method(self, method):
        super().setup_method(method)
        create("chained")

    def test_one(self):
        assert create("x") == ["autouse", "chained", "setup", "x"]

    test_parameters = TestInner = None

@mock_dynamodb
class TestPlain:
    def test_one(self):
        assert create("one") == ["one"]

    def test_two(self):
        assert create("two") == ["two"]
"""
    _passes(pytester, body, 9)


def test_setup_class_in_pytest(pytester: pytest.Pytester) -> None:
    body = """
@mock_dynamodb
class TestClass:
    @classmethod
    def setup_class(cls):
        create("class")

    def test_one(self):
        assert create("one") == ["class", "one"]

    def test_two(self):
        assert create("two") == ["class", "one", "two"]

    @classmethod
    def teardown_class(cls):
        assert create("end") == ["class", "end", "one", "two"]

class TestSub(TestClass):
    def setup_class(cls):
        create("sub")

    def test_one(self):
        assert create("one") == ["one", "sub"]

    def test_two(self):
        pass

    def teardown_class(self):
        assert create("end") == ["end", "one", "sub"]
"""
    _passes(pytester, body, 4)


def test_a_failing_setup_method_leaves_the_mock(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        _HEAD
        + """
@mock_dynamodb
class TestClass:
    def setup_method(self):
        assert create("setup") == []

    def test_one(self):
        pass
"""
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    assert mock._running == []


def test_unittest_in_pytest(pytester: pytest.Pytester) -> None:
    body = """
@mock_dynamodb
class TestShared(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        create("class")

    def test_one(self):
        assert create("one") == ["class", "one"]

    def test_two(self):
        assert create("two") == ["class", "one", "two"]

    @classmethod
    def tearDownClass(cls):
        assert create("end") == ["class", "end", "one", "two"]

@mock_dynamodb
class TestAsync(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        create("setup")

    async def test_one(self):
        assert create("one") == ["one", "setup"]

    async def test_two(self):
        assert create("two") == ["setup", "two"]

@mock_dynamodb
class TestMethods(unittest.TestCase):
    def setup_method(self, method):
        assert create("method") == ["method"]

    @pytest.fixture(autouse=True)
    def fixture(self):
        assert "method" in create("fixture")

    def setUp(self):
        create("setup")

    def test_one(self):
        assert create("one") == ["fixture", "method", "one", "setup"]

    def test_two(self):
        assert create("two") == ["fixture", "method", "setup", "two"]

    def teardown_method(self):
        assert "setup" in create("end")

class TestMethodsBelow(TestMethods):
    def setup_method(self, method):
        super().setup_method(method)
        create("below")

    def test_one(self):
        assert create("one") == ["below", "fixture", "method", "one", "setup"]

    test_two = None

@mock_dynamodb
class TestSetupClass(unittest.TestCase):
    @classmethod
    def setup_class(cls):
        create("class")

    def test_one(self):
        assert create("one") == ["class", "one"]

    def test_two(self):
        assert create("two") == ["class", "one", "two"]
"""
    _passes(pytester, body, 9)
