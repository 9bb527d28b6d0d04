from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from dqlmock import mock
from dqlmock.options import Options
from tests.stub_door import StubDoor


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """An environment in which botocore finds nothing."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setattr("boto3.DEFAULT_SESSION", None)


@pytest.fixture
def doors(bare_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[StubDoor]]:
    """The stub doors of the mocks that a test starts, oldest first."""
    started: list[StubDoor] = []

    def start(clock: Any, **options: Any) -> Any:
        started.append(StubDoor())
        return SimpleNamespace(clock=clock, options=options), started[-1]

    monkeypatch.setattr(mock, "_start", start)
    yield started
    left = list(mock._running)
    for running in left:  # or every test that follows fails, too
        running._entered = 1
        running._leave(Options())
    assert left == [], "a test left a mock running"
