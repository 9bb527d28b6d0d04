"""Everything that is patched, put in place and taken away together."""

from __future__ import annotations

from dqlmock.intercept import botocore_send, credentials, moto
from dqlmock.intercept.patching import Patches

_patches = Patches()
_environment = credentials.Environment()
_watching = False


def install(region: str) -> None:
    """Patch botocore and set the environment. The caller holds a lock, and calls once.

    Args:
        region: The region where the environment names none.
    """
    global _watching
    _environment.put(region)
    botocore_send.patch(_patches)
    credentials.patch(_patches)
    moto.patch(_patches)
    if not _watching:
        moto.watch(_patches)
        _watching = True


def uninstall() -> None:
    """Put back what `install` changed."""
    _patches.restore()
    _environment.remove()
