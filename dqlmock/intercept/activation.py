"""Everything that is patched, put in place and taken away together.

Owns the list of client stacks. botocore is always there; any other is patched if it is imported, or
as soon as it is (`dqlmock.intercept.imports`), and never imported here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from dqlmock.intercept import botocore_send, credentials, moto
from dqlmock.intercept.imports import LateImports
from dqlmock.intercept.patching import Patches


def install(region: str) -> None:
    """Patch the client stacks and set the environment. The caller holds a lock, and calls once.

    Args:
        region: The region where the environment names none.
    """
    _environment.put(region)
    botocore_send.patch(_patches)
    credentials.patch(_patches)
    for module, patch in _OPTIONAL.items():
        if module in sys.modules:
            patch(_patches)
    _late.start()


def uninstall() -> None:
    """Put back what `install` changed."""
    _late.stop()
    _patches.restore()
    _environment.remove()


def _aiobotocore(patches: Patches) -> None:
    from dqlmock.intercept import aiobotocore_credentials, aiobotocore_send

    aiobotocore_send.patch(patches)
    aiobotocore_credentials.patch(patches)


def _requests(patches: Patches) -> None:
    from dqlmock.intercept import requests_send

    requests_send.patch(patches)


def _responses(patches: Patches) -> None:
    from dqlmock.intercept import responses_rules

    responses_rules.patch(patches)


_OPTIONAL: dict[str, Callable[[Patches], None]] = {
    moto.STUBBER: moto.patch,
    "aiobotocore.session": _aiobotocore,
    "requests.adapters": _requests,
    "responses": _responses,
}
"""How a library is patched, by the module that holds what is patched, or is loaded last."""

_patches = Patches()
_environment = credentials.Environment()
_late = LateImports({module: partial(patch, _patches) for module, patch in _OPTIONAL.items()})
