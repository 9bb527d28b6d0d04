"""Living beside moto: DynamoDB is answered here, everything else by moto.

moto answers in a handler of botocore's `before-send` event, before anything is sent. While a mock
runs that handler doesn't see DynamoDB's calls, so they are sent, and caught.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from dqlmock.intercept.botocore_send import dynamodb_target
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.switchboard import board

STUBBER = "moto.core.botocore_stubber"
"""The module that answers."""


def patch(patches: Patches) -> None:
    """Take DynamoDB's calls from moto, which is imported."""
    patches.replace(sys.modules[STUBBER].BotocoreStubber, "__call__", _leaving_dynamodb)


def answers() -> bool:
    """Whether moto is answering calls now."""
    return bool(getattr(_of_models("botocore_stubber"), "enabled", False))


def owns(responses_mock: object) -> bool:
    """Whether a mock of the `responses` library is the one that moto answers through."""
    return responses_mock is _of_models("responses_mock")


def _of_models(name: str) -> object:
    return getattr(sys.modules.get("moto.core.models"), name, None)


def _leaving_dynamodb(original: Callable[..., Any]) -> Callable[..., Any]:
    def __call__(stubber: Any, event_name: str, request: Any, **options: Any) -> Any:  # noqa: N807  # it becomes a method
        if not board.idle and dynamodb_target(request.headers.get("X-Amz-Target")) is not None:
            return None
        return original(stubber, event_name, request=request, **options)

    return __call__
