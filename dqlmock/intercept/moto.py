"""Living beside moto: DynamoDB is answered here, everything else by moto.

moto answers in a handler of botocore's `before-send` event, before anything is sent. While a mock
runs that handler doesn't see DynamoDB's calls, so they are sent, and caught. moto needn't be
imported first, nor at all.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from dqlmock.intercept.botocore_send import dynamodb_target
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.switchboard import board

_STUBBER = "moto.core.botocore_stubber"


def patch(patches: Patches) -> None:
    """Take DynamoDB's calls from moto, if it is imported; see `watch` for when it isn't yet."""
    stubber = getattr(sys.modules.get(_STUBBER), "BotocoreStubber", None)
    if stubber is not None:
        patches.replace(stubber, "__call__", _leaving_dynamodb)


def watch(patches: Patches) -> None:
    """Patch moto when it is imported while a mock runs. Called once per process."""
    if _STUBBER in sys.modules or importlib.util.find_spec("moto") is None:
        return
    import wrapt  # it imports asyncio: too dear to be loaded where there is no moto

    def imported(module: ModuleType) -> None:
        if not board.idle:
            patches.replace(module.BotocoreStubber, "__call__", _leaving_dynamodb)

    wrapt.register_post_import_hook(imported, _STUBBER)


def answers() -> bool:
    """Whether moto is answering calls now."""
    models = sys.modules.get("moto.core.models")
    return bool(getattr(getattr(models, "botocore_stubber", None), "enabled", False))


def _leaving_dynamodb(original: Callable[..., Any]) -> Callable[..., Any]:
    def __call__(stubber: Any, event_name: str, request: Any, **options: Any) -> Any:  # noqa: N807  # it becomes a method
        if not board.idle and dynamodb_target(request.headers.get("X-Amz-Target")) is not None:
            return None
        return original(stubber, event_name, request=request, **options)

    return __call__
