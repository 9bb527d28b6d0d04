"""Hooks on modules that are imported later."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dqlmock.intercept.imports import LateImports
from dqlmock.mock import mock_dynamodb

NAME = "dqlmock_test_late"


@pytest.fixture
def called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the module holds when the hook is called, once for every call."""
    (tmp_path / f"{NAME}.py").write_text("value = 1\nraise_if = None\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    seen: list[Any] = []
    late = LateImports({NAME: lambda: seen.append(sys.modules[NAME].value)})
    late.start()
    yield seen
    late.stop()
    sys.modules.pop(NAME, None)


def test_the_hook_is_called_once_the_module_is_there(called: list[Any]) -> None:
    importlib.import_module(NAME)
    assert called == [1]
    importlib.import_module(NAME)
    assert called == [1]


def test_the_module_keeps_its_loader_and_its_source(called: list[Any]) -> None:
    module = importlib.import_module(NAME)
    assert inspect.getsource(module).startswith("value = 1")
    assert "exec_module" not in vars(module.__loader__)


def test_a_module_that_is_not_found_is_still_not_found() -> None:
    late = LateImports({"dqlmock_test_nowhere": lambda: pytest.fail("it isn't there")})
    late.start()
    try:
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("dqlmock_test_nowhere")
    finally:
        late.stop()


def test_a_module_that_fails_to_load_calls_no_hook(called: list[Any], tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.py").write_text("raise ZeroDivisionError\n")
    with pytest.raises(ZeroDivisionError):
        importlib.import_module(NAME)
    assert called == []
    (tmp_path / f"{NAME}.py").write_text("value = 22\n# another size: not the cached bytecode\n")
    importlib.import_module(NAME)
    assert called == [22]


@pytest.mark.usefixtures("doors")
def test_a_mock_waits_only_while_it_runs() -> None:
    before = list(sys.meta_path)
    with mock_dynamodb():
        assert len(sys.meta_path) == len(before) + 1
    assert sys.meta_path == before
