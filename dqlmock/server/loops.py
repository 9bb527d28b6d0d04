"""The event loop that servers run on: uvloop where it is to be had, asyncio's elsewhere."""

from __future__ import annotations

import asyncio
import importlib.util


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return a new event loop. uvloop isn't built for Windows."""
    if importlib.util.find_spec("uvloop") is None:
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()
