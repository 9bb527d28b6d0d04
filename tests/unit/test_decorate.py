"""Decorating: functions of every kind, pytest's classes, unittest's."""

from __future__ import annotations

import asyncio
import inspect
import unittest
from collections.abc import AsyncIterator, Iterator
from typing import Any

import boto3
import pytest

from dqlmock import mock
from dqlmock.mock import mock_dynamodb
from tests.stub_door import PLAIN, StubDoor

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.usefixtures("doors")


def _create(name: str) -> list[str]:
    client = boto3.client("dynamodb")
    client.create_table(TableName=f"test-{name}", **PLAIN)
    return [name.removeprefix("test-") for name in client.list_tables()["TableNames"]]


@pytest.mark.parametrize("decorator", [mock_dynamodb, mock_dynamodb(), mock_dynamodb(region="x-1")])
def test_functions(decorator: Any) -> None:
    def work(name: str, *, times: int = 1) -> list[str]:
        """Say what it does."""
        return _create(name) * times

    decorated = decorator(work)
    assert decorated("a", times=2) == ["a", "a"]
    assert decorated("b") == ["b"]
    assert inspect.signature(decorated) == inspect.signature(work)
    assert (decorated.__name__, decorated.__doc__) == ("work", "Say what it does.")
    assert mock._running == []


def test_a_recursive_function_shares_one_state(doors: list[StubDoor]) -> None:
    @mock_dynamodb
    def work(depth: int) -> list[str]:
        return work(depth - 1) if depth else _create(f"t{depth}")

    assert work(3) == ["t0"]
    assert len(doors) == 1


def test_methods() -> None:
    class Plain:
        @mock_dynamodb
        def method(self) -> list[str]:
            return _create("m")

        @mock_dynamodb()
        @classmethod
        def of_class(cls) -> list[str]:
            return _create("c")

        @staticmethod
        @mock_dynamodb
        def static() -> list[str]:
            return _create("s")

    assert (Plain().method(), Plain.of_class(), Plain.static()) == (["m"], ["c"], ["s"])


def test_coroutine_functions() -> None:
    @mock_dynamodb
    async def work(name: str) -> list[str]:
        await asyncio.sleep(0)
        return _create(name)

    assert inspect.iscoroutinefunction(work)
    coroutine = work("a")
    assert mock._running == []
    assert asyncio.run(coroutine) == ["a"]
    assert mock._running == []


def test_generator_functions() -> None:
    cleaned: list[str] = []

    @mock_dynamodb
    def fixture() -> Iterator[list[str]]:
        try:
            yield _create("a")
        finally:
            cleaned.extend(_create("b"))

    assert inspect.isgeneratorfunction(fixture)
    generator = fixture()
    assert next(generator) == ["a"]
    assert _create("outside") == ["a", "outside"]
    assert next(generator, None) is None
    assert cleaned == ["a", "b", "outside"]
    assert mock._running == []


def test_async_generator_functions() -> None:
    seen: list[Any] = []

    @mock_dynamodb
    async def fixture() -> AsyncIterator[Any]:
        try:
            seen.append((yield _create("a")))
        except KeyError as error:
            seen.append(error.args[0])
        yield "second"
        seen.append("end")

    assert inspect.isasyncgenfunction(fixture)

    async def main() -> None:
        assert [value async for value in fixture()] == [["a"], "second"]
        sent: Any = fixture()
        await sent.__anext__()
        assert await sent.asend("sent") == "second"
        await sent.aclose()
        assert mock._running == []
        thrown: Any = fixture()
        await thrown.__anext__()
        assert await thrown.athrow(KeyError("thrown")) == "second"
        with pytest.raises(StopAsyncIteration):
            await thrown.__anext__()

    asyncio.run(main())
    assert seen == [None, "end", "sent", "thrown", "end"]
    assert mock._running == []


def test_the_order_beneath_a_fixture_is_told() -> None:
    @pytest.fixture
    def table() -> None: ...

    with pytest.raises(TypeError, match="below @pytest"):
        mock_dynamodb(table)


# --- unittest


def _run(case: type[unittest.TestCase]) -> unittest.TestResult:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(case).run(result)
    assert result.testsRun > 0
    assert [text for _, text in [*result.failures, *result.errors]] == []
    assert mock._running == []
    return result


def test_a_test_case_has_a_state_per_test() -> None:
    torn_down: list[list[str]] = []

    @mock_dynamodb
    class Case(unittest.TestCase):
        def setUp(self) -> None:
            _create("setup")
            self.addCleanup(lambda: torn_down.append(_create("cleanup")))

        def test_one(self) -> None:
            assert _create("one") == ["one", "setup"]

        def test_two(self) -> None:
            assert _create("two") == ["setup", "two"]

        def tearDown(self) -> None:
            _create("teardown")

    _run(Case)
    assert torn_down == [
        ["cleanup", "one", "setup", "teardown"],
        ["cleanup", "setup", "teardown", "two"],
    ]


def test_set_up_class_makes_one_state_for_the_class() -> None:
    @mock_dynamodb
    class Case(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            _create("class")

        def test_one(self) -> None:
            assert _create("one") == ["class", "one"]

        def test_two(self) -> None:
            assert _create("two") == ["class", "one", "two"]

        @classmethod
        def tearDownClass(cls) -> None:
            assert _create("teardown") == ["class", "one", "teardown", "two"]

    _run(Case)


def test_tear_down_class_alone_runs_inside_a_mock() -> None:
    seen: list[list[str]] = []

    @mock_dynamodb
    class Case(unittest.TestCase):
        def test_one(self) -> None:
            _create("one")

        @classmethod
        def tearDownClass(cls) -> None:
            seen.append(_create("teardown"))

    _run(Case)
    assert seen == [["teardown"]]


def test_a_failing_set_up_class_leaves_the_mock() -> None:
    @mock_dynamodb
    class Case(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            raise ZeroDivisionError

        def test_one(self) -> None: ...

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert len(result.errors) == 1
    assert mock._running == []


def test_subclasses_are_changed_too() -> None:
    @mock_dynamodb
    class Base(unittest.TestCase):
        @classmethod
        def setUpClass(cls) -> None:
            _create("base")

    class Calls(Base):
        @classmethod
        def setUpClass(cls) -> None:
            super().setUpClass()
            _create("sub")

        def test_one(self) -> None:
            assert _create("one") == ["base", "one", "sub"]

    class Ignores(Base):
        @classmethod
        def setUpClass(cls) -> None:
            _create("sub")

        def setUp(self) -> None:
            _create("setup")

        def test_one(self) -> None:
            assert _create("one") == ["one", "setup", "sub"]

    @mock_dynamodb
    class Twice(Calls):
        def test_one(self) -> None:
            assert _create("one") == ["base", "one", "sub"]

    for case in (Calls, Ignores, Twice):
        _run(case)


def test_a_mixin_of_test_cases() -> None:
    @mock_dynamodb
    class Mixin:
        def setUp(self) -> None:
            _create("setup")

        def test_one(self) -> None:
            assert _create("one") == ["one", "setup"]

    class Case(Mixin, unittest.TestCase):
        def test_two(self) -> None:
            assert _create("two") == ["setup", "two"]

    _run(Case)


def test_init_subclass_is_still_called() -> None:
    named: list[str] = []

    @mock_dynamodb
    class Base:
        def __init_subclass__(cls, label: str = "", **options: Any) -> None:
            named.append(label)

    class TestSub(Base, label="sub"):
        def test_it(self) -> list[str]:
            return _create("direct")

    assert named == ["sub"]
    assert TestSub().test_it() == ["direct"]


def test_isolated_asyncio_test_cases() -> None:
    @mock_dynamodb
    class Case(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self) -> None:
            _create("setup")

        async def test_one(self) -> None:
            assert _create("one") == ["one", "setup"]

        async def test_two(self) -> None:
            assert await asyncio.to_thread(_create, "two") == ["setup", "two"]

        async def asyncTearDown(self) -> None:
            _create("teardown")

    _run(Case)


def test_a_case_is_debugged_inside_too() -> None:
    @mock_dynamodb
    class Case(unittest.TestCase):
        def test_one(self) -> None:
            assert _create("one") == ["one"]

    Case("test_one").debug()
    assert mock._running == []


# --- pytest


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
