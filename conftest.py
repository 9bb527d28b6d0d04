"""Leaves out the doctests of what needs an optional library that isn't installed, and says so."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED_BY = {
    "aiobotocore": [
        "docs/async.md",
        "dqlmock/intercept/aiobotocore_credentials.py",
        "dqlmock/intercept/aiobotocore_send.py",
    ],
    "moto": ["docs/exports.md", "docs/from-moto.md"],
    "requests": ["dqlmock/intercept/requests_send.py"],
    "responses": ["dqlmock/intercept/responses_rules.py"],
    "pynamodb": ["docs/requests.md", "tests/clients/pynamodb_models.py"],
}
MISSING = [library for library in NEEDED_BY if find_spec(library) is None]

collect_ignore = [path for library in MISSING for path in NEEDED_BY[library]]


def pytest_report_header() -> list[str]:
    """Name what is left out, and why."""
    return [
        f"doctests left out: {', '.join(NEEDED_BY[library])}: {library} is not installed"
        for library in MISSING
    ]
