"""Which services are let through: a service goes by several names.

`passthrough=("stepfunctions",)` names a client. Where a request is signed, botocore knows only the
service id (`sfn`) and the signing name (`states`), so names are compared by service id.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import create_loader
from botocore.model import ServiceId


def is_let_through(service_id: str, service_name: str | None, passthrough: frozenset[str]) -> bool:
    """Whether a service is among those let through.

    Args:
        service_id: Its id, hyphenated: `"sfn"`.
        service_name: The client's name, where it is known: `"stepfunctions"`.
        passthrough: Names of clients.

    >>> is_let_through("sfn", None, frozenset({"stepfunctions"}))
    True
    >>> is_let_through("sqs", "sqs", frozenset({"stepfunctions"}))
    False
    """
    if not passthrough:
        return False
    return service_name in passthrough or service_id in _service_ids(passthrough)


@lru_cache(maxsize=32)
def _service_ids(names: frozenset[str]) -> frozenset[str]:
    return frozenset(_service_id(name) for name in names)


@lru_cache(maxsize=128)
def _service_id(name: str) -> str:
    try:
        model: dict[str, Any] = create_loader().load_service_model(name, "service-2")
    except (UnknownServiceError, DataNotFoundError):
        return name  # not a client's name: "container-credentials", a host
    service_id: str = ServiceId(model["metadata"]["serviceId"]).hyphenize()
    return service_id
