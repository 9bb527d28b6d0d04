from __future__ import annotations

from tests.unit.conftest import bare_environment, doors

__all__ = ["bare_environment", "doors"]
