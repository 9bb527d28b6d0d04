"""Runs every case in this directory through boto3 on the mock."""

from __future__ import annotations

from functools import cache

import pytest

from dqlmock import dql_mock
from tests.cases.runner import Case, load
from tests.conftest import unchecked_client

CASES = load()
RAW_CASES = [case for case in CASES if case.is_raw]
BOTO3_CASES = [case for case in CASES if not case.is_raw]

_client = cache(unchecked_client)  # making one takes longer than most cases do


@pytest.mark.parametrize("case", BOTO3_CASES, ids=str)
def test_case(case: Case) -> None:
    with dql_mock():
        case.run(_client(case.region))


@pytest.mark.parametrize("case", RAW_CASES, ids=str)
def test_raw_case(case: Case) -> None:
    case.run_raw()


def test_there_are_enough() -> None:
    assert len(CASES) >= 1_500
    assert all(case.spec["source"] for case in CASES)


def test_names_are_unique() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))
