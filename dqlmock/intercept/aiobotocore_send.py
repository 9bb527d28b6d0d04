"""The door for aiobotocore: its clients, aioboto3's, and whatever else sends through it.

Owns the patches of `send` of both its HTTP sessions, aiohttp's and httpx's. Which requests are
caught, and which are refused, is decided where botocore's are: `dqlmock.intercept.botocore_send`.
Imported only once aiobotocore is.

A call gives way to other tasks once, before it is answered, as a call over a network would: tasks
take turns, and a cancelled call never reaches the engine. There is no connection, so no connection
is left open.

Works with aiobotocore since 2.10, the first one for botocore 1.34.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from io import BytesIO
from typing import Any

from aiobotocore.awsrequest import AioAWSResponse
from aiobotocore.endpoint import AioEndpoint
from aiobotocore.httpsession import AIOHTTPSession
from botocore.awsrequest import AWSPreparedRequest

from dqlmock.intercept.answers import Answer
from dqlmock.intercept.botocore_send import caught_request, network_error
from dqlmock.intercept.patching import Patches
from dqlmock.intercept.switchboard import board
from dqlmock.wire.messages import NoAnswer

try:
    from aiobotocore.httpxsession import HttpxSession
except ImportError:  # aiobotocore before 2.23
    HttpxSession = None


class AioBody:
    """A body to be read as aiohttp's and httpx's are.

    Args:
        content: The whole body.
        headers: The answer's headers.

    Attributes:
        raw_headers: The headers once more: aiobotocore before 2.21 reads them here.

    >>> asyncio.run(AioBody(b"{}", {}).read())
    b'{}'
    """

    def __init__(self, content: bytes, headers: Mapping[str, str]) -> None:
        self.raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._rest = BytesIO(content)

    async def read(self, amt: int = -1) -> bytes:
        """Return the next bytes, by default all that are left."""
        return self._rest.read(amt)

    aread = read


class AioAnswer(Answer, AioAWSResponse):  # type: ignore[misc]  # aiobotocore has no types
    """An AioAWSResponse whose body is here already.

    >>> answer = AioAnswer("https://x", 200, {"X-Amzn-RequestId": "A"}, b"{}")
    >>> async def content() -> bytes:
    ...     return await answer.content
    >>> asyncio.run(content())
    b'{}'
    """

    @property
    def raw(self) -> AioBody:  # type: ignore[override]  # awaited, in aiobotocore
        """The body as a stream."""
        return AioBody(self._content, self.headers)


def patch(patches: Patches) -> None:
    """Catch what aiobotocore sends."""
    patches.replace(AIOHTTPSession, "send", _catching(_of_asyncio, asyncio.sleep))
    if HttpxSession is not None:
        patches.replace(HttpxSession, "send", _catching(_of_anyio, _wait_on_anyio))
    patches.replace(AioEndpoint, "create_request", _noting)


async def _of_asyncio() -> None:
    await asyncio.sleep(0)


async def _of_anyio() -> None:
    """Give way on whichever event loop runs: aiobotocore's httpx clients run on trio, too."""
    import anyio.lowlevel  # httpx needs it, so it is there once a client of httpx's sends

    await anyio.lowlevel.checkpoint()


async def _wait_on_anyio(delay_s: float) -> None:
    import anyio  # as above

    await anyio.sleep(delay_s)


def _catching(
    give_way: Callable[[], Awaitable[None]], wait: Callable[[float], Awaitable[object]]
) -> Callable[[Any], Any]:
    def wrap(original: Callable[..., Awaitable[AioAWSResponse]]) -> Callable[..., Any]:
        async def send(session: Any, request: AWSPreparedRequest) -> AioAWSResponse:
            line = board.only or board.pick()
            if line is None:
                return await original(session, request)
            caught = caught_request(request, line)
            if caught is None:
                return await original(session, request)
            await give_way()
            try:
                response = line.door(caught)
            except NoAnswer as lost:
                raise network_error(lost, request) from None
            if response.delay_s:
                await wait(response.delay_s)
            return AioAnswer(request.url, response.status, response.headers, response.body)

        return send

    return wrap


def _noting(original: Callable[..., Awaitable[AWSPreparedRequest]]) -> Callable[..., Any]:
    """Note the operation on each request: nothing else tells it once a request is prepared."""

    async def create_request(
        endpoint: AioEndpoint, params: Any, operation_model: Any = None
    ) -> AWSPreparedRequest:
        request = await original(endpoint, params, operation_model)
        request.dqlmock_operation = operation_model
        return request

    return create_request
