from __future__ import annotations

from tests.unit.conftest import bare_environment, doors

__all__ = ["bare_environment", "doors"]

collect_ignore_glob = ["python/*"]
"""Programs that `make test-clients` runs in environments of their own."""
