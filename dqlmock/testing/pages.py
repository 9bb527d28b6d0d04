"""Pages that end early, so that code which reads only the first of them is found out.

Owns which requests page, and how their Limit becomes smaller. The engine does the rest: a page that
ends by its Limit has the LastEvaluatedKey that any other has.
"""

from __future__ import annotations

import json
from typing import Final

from dqlmock.errors import DqlmockError
from dqlmock.testing.call import decoded
from dqlmock.testing.front import Door, Layer
from dqlmock.testing.requests import is_select
from dqlmock.wire.messages import WireRequest, WireResponse

_PAGING: Final = frozenset({"Query", "Scan", "ExecuteStatement"})


def tiny_pages(most: int) -> Layer:
    """Return a layer that lets every page end after some items.

    Args:
        most: How many items are read for a page, before any filter.

    Raises:
        DqlmockError: It is less than one.

    >>> seen = []
    >>> def door(request):
    ...     seen.append(request.body)
    ...     return WireResponse(200, {}, b"{}")
    >>> request = WireRequest("DynamoDB_20120810.Scan", b'{"Limit": 9}', "1" * 12, "us-east-1")
    >>> _ = tiny_pages(2)(request, door)
    >>> seen
    [b'{"Limit": 2}']
    """
    if most < 1:
        raise DqlmockError(f"A page is read from at least one item: {most}")

    def answer(request: WireRequest, door: Door) -> WireResponse:
        operation = request.target.rpartition(".")[2]
        if operation in _PAGING:
            return door(_limited(request, operation, most))
        return door(request)

    return answer


def _limited(request: WireRequest, operation: str, most: int) -> WireRequest:
    parameters = decoded(request.body)
    if not parameters:  # malformed: the engine says so
        return request
    if operation == "ExecuteStatement" and not is_select(parameters):
        return request
    limit = parameters.get("Limit")
    if limit is not None and (type(limit) is not int or limit <= most):  # refused, or small enough
        return request
    return request._replace(body=json.dumps({**parameters, "Limit": most}).encode())
