"""What stands in front of the pipe: the one place where a call may be answered before the engine.

Owns the chain of layers, and the clock that times each call. Knows no layer: stubs and faults put
themselves here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from dqlmock.clock import Stopwatch
from dqlmock.wire.messages import NoAnswer, WireRequest, WireResponse

Door: TypeAlias = Callable[[WireRequest], WireResponse]
"""The way into the pipe, or into the next layer."""

Layer: TypeAlias = Callable[[WireRequest, Door], WireResponse]
"""Answers a call, or has it answered by the door behind it; before, after or instead of it."""

Keep: TypeAlias = Callable[[WireRequest, WireResponse, float], None]
"""Keeps a call: request, answer and seconds."""


class Front:
    """Layers in front of a door; without any, a call goes straight through.

    Args:
        door: The way into the pipe.
        keep: Is handed every call and its answer, whichever layer gave it.

    >>> kept = []
    >>> front = Front(lambda request: WireResponse(200, {}, b"{}"), lambda *call: kept.append(call))
    >>> front.put_before(lambda request, door: WireResponse(500, {}, b"{}"))
    >>> request = WireRequest("DynamoDB_20120810.ListTables", b"{}", "1" * 12, "us-east-1")
    >>> front.answer(request).status, len(kept)
    (500, 1)
    """

    def __init__(self, door: Door, keep: Keep) -> None:
        self._door = door
        self._layers: tuple[Layer, ...] = ()
        self._first = door
        self._keep = keep
        self._now_s = Stopwatch.now_s

    def answer(self, request: WireRequest) -> WireResponse:
        """Answer a call.

        Raises:
            NoAnswer: A layer has lost it, or its answer. It is kept all the same.
        """
        started_s = self._now_s()
        try:
            response = self._first(request)
        except NoAnswer as lost:
            self._keep(request, lost.kept, self._now_s() - started_s)
            raise
        self._keep(request, response, self._now_s() - started_s + response.delay_s)
        return response

    def put_before(self, layer: Layer) -> None:
        """Put a layer before those there are: it is the first to see a call."""
        self._replace((layer, *self._layers))

    def take_away(self, layer: Layer) -> None:
        """Take a layer away.

        Raises:
            ValueError: It doesn't stand here.
        """
        layers = list(self._layers)
        layers.remove(layer)
        self._replace(tuple(layers))

    def _replace(self, layers: tuple[Layer, ...]) -> None:
        first = self._door
        for layer in reversed(layers):
            first = _before(layer, first)
        self._layers, self._first = layers, first


def _before(layer: Layer, door: Door) -> Door:
    def answer(request: WireRequest) -> WireResponse:
        return layer(request, door)

    return answer
