"""Runs every case in this directory through boto3 on the mock."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from differential.bench import Bench
from dqlmock import dql_mock
from tests.cases.runner import Case, load
from tests.conftest import unchecked_client

CASES = load()
RAW_CASES = [case for case in CASES if case.is_raw]
BOTO3_CASES = [case for case in CASES if not case.is_raw]

_client = cache(unchecked_client)  # making one takes longer than most cases do


class Stage:
    """A running mock with the tables and items of one file, built anew after a case that writes.

    Most cases are refused and leave everything as it was, so they share one set of tables.
    """

    def __init__(self) -> None:
        self._mock: Any = None
        self._file = ""
        self._ready: set[str] = set()

    def perform(self, case: Case) -> None:
        if self._mock is None or case.file != self._file:
            self.clear()
            self._mock = dql_mock()
            self._mock.start()
            self._file = case.file
        client = _client(case.region)
        if case.region not in self._ready:
            case.prepare(client)
            self._ready.add(case.region)
        try:
            case.run(client)
        finally:
            if case.may_write:
                self.clear()

    def clear(self) -> None:
        if self._mock is not None:
            self._mock.stop()
        self._mock, self._ready = None, set()


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.clear()


@pytest.mark.parametrize("case", BOTO3_CASES, ids=str)
def test_case(stage: Stage, case: Case) -> None:
    stage.perform(case)


@pytest.fixture(scope="module")
def mocks() -> dict[str, Bench]:
    """Mocks with the tables and items of a file, by that file."""
    return {}


@pytest.mark.parametrize("case", RAW_CASES, ids=str)
def test_raw_case(mocks: dict[str, Bench], case: Case) -> None:
    mock = mocks.pop(case.file, None) or case.prepared_mock()
    case.run_raw(mock)
    if not case.may_write:
        mocks[case.file] = mock


def test_there_are_enough() -> None:
    assert len(CASES) >= 1_500
    assert all(case.spec["source"] for case in CASES)


def test_names_are_unique() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))
