from __future__ import annotations

import pytest

from dqlmock.errors import DqlmockError
from dqlmock.operations.restoring import restored_definition
from tests.unit.operations.tables import on_demand


def test_vector_indexes_are_refused_rather_than_ignored() -> None:
    request = {"TargetTableName": "restored"}
    assert restored_definition(request, on_demand())["TableName"] == "restored"
    with pytest.raises(DqlmockError, match="VectorIndexes"):
        restored_definition({**request, "VectorIndexOverride": [{}]}, on_demand())
