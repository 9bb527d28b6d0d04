"""Decorating: functions of every kind, and unittest's classes."""

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
