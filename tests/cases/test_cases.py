"""Runs every case in this directory through boto3 on the mock."""

from __future__ import annotations

from functools import cache

import pytest

from dqlmock import dql_mock
from tests.cases.runner import Case, load
from tests.conftest import unchecked_client

CASES = load()

_client = cache(unchecked_client)  # making one takes longer than most cases do


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    with dql_mock():
        case.run(_client(case.region))


def test_names_are_unique() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))
