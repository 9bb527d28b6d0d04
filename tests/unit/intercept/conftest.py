from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.httpsession import URLLib3Session

from dqlmock.intercept.answers import Answer
from dqlmock.mock import mock_dynamodb
from tests.stub_door import StubDoor


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def door(doors: list[StubDoor]) -> Iterator[StubDoor]:
    """The stub door of a mock that runs during the test."""
    with mock_dynamodb():
        yield doors[0]


@pytest.fixture
def beyond(monkeypatch: pytest.MonkeyPatch, doors: list[StubDoor]) -> list[Any]:
    """Replaces botocore's own send by one that answers 200, and keeps the requests."""
    sent: list[Any] = []

    def send(session: URLLib3Session, request: Any) -> Answer:
        sent.append(request)
        return Answer(request.url, 200, {}, b"{}")

    monkeypatch.setattr(URLLib3Session, "send", send)
    return sent
