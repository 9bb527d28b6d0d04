"""Runs every case in this directory through boto3 on the mock."""

from __future__ import annotations

import pytest

from dqlmock import dql_mock
from tests.cases.runner import Case, load
from tests.conftest import unchecked_client

CASES = load()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    with dql_mock():
        case.run(unchecked_client(case.region))


def test_names_are_unique() -> None:
    names = [str(case) for case in CASES]
    assert len(names) == len(set(names))
