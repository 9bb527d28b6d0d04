"""What the package shows and ships."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import dqlmock

ROOT = Path(__file__).parents[2]
LOADED_WITH_IT = """
import sys, boto3
before = set(sys.modules)
from dqlmock import dql_mock, mock_dynamodb
print(*sorted(set(sys.modules) - before))
"""


def test_the_public_names_are_pinned() -> None:
    assert dqlmock.__all__ == sorted(dqlmock.__all__)
    assert set(dqlmock.__all__) == {
        "DqlmockError",
        "Server",
        "ServerProcess",
        "TableDelays",
        "UnfiredFault",
        "UnmetExpectation",
        "UnmockedRequestError",
        "dql_mock",
        "mock_dynamodb",
    }
    assert all(hasattr(dqlmock, name) for name in dqlmock.__all__)


def test_importing_loads_no_grammar_no_model_and_no_optional_dependency() -> None:
    output = subprocess.run(
        [sys.executable, "-c", LOADED_WITH_IT], capture_output=True, check=True, text=True
    ).stdout.split()
    assert "dqlmock.mock" in output
    heavy = {
        "lark",
        "moto",
        "pytest",
        "aiobotocore",
        "httptools",
        "uvloop",
        "dqlmock.expressions.parse",
        "dqlmock.shapes.model",
        "dqlmock.testing",
    }
    assert heavy.isdisjoint(output)
    assert {"httptools", "uvloop", "dqlmock.server"}.isdisjoint(output)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'dqlmock' has no attribute 'mock_sqs'"):
        _ = dqlmock.mock_sqs
    assert set(dqlmock.__all__) <= set(dir(dqlmock))


def test_the_wheel_is_pure_and_carries_its_data(tmp_path: Path) -> None:
    pytest.importorskip("hatchling", reason="hatchling builds the wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        str(path.relative_to(ROOT))
        for pattern in ("**/*.py", "**/*.lark", "py.typed")
        for path in (ROOT / "dqlmock").glob(pattern)
    }
    assert {"dqlmock/py.typed", "dqlmock/expressions/grammar.lark"} <= shipped
    assert shipped <= names
    assert not any(name.startswith(("tests/", "benchmarks/", "examples/")) for name in names)
