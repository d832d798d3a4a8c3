"""Head and body go out together, on either side: a piece of its own costs the other side a wake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from waitress.channel import HTTPChannel

from connector.http.channel import Channel
from connector.http.pinned import PinnedHTTP

if TYPE_CHECKING:
    from collections.abc import Iterator


class Wire:
    """What a socket was given, piece by piece."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.sent.append(bytes(data))

    def settimeout(self, _seconds: object) -> None:
        """It never waits."""

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def connection(wire: Wire) -> PinnedHTTP:
    """A kept connection of ours."""
    made = PinnedHTTP("localhost", 80)
    made.sock = wire  # type: ignore[assignment]
    return made


def test_a_request_goes_out_in_one_piece(connection: PinnedHTTP, wire: Wire):
    """Head and body of a message."""
    connection.request("POST", "/in", body=b'{"a":1}', headers={"X": "1"})
    (sent,) = wire.sent
    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /in HTTP/1.1\r\n")
    assert body == b'{"a":1}'


@pytest.mark.parametrize("body", [None, b""], ids=["none", "empty"])
def test_a_request_without_a_body_does_not_wait_for_one(
    connection: PinnedHTTP, wire: Wire, body: bytes | None
):
    """Its head is all there is."""
    connection.request("GET", "/in", body=body)
    (sent,) = wire.sent
    assert sent.endswith(b"\r\n\r\n")


def test_a_long_body_goes_out_as_it_comes(connection: PinnedHTTP, wire: Wire):
    """A file in pieces is not collected."""

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            assert len(wire.sent) == 1 + number
            yield b"x" * 8

    connection.request("PUT", "/in", body=pieces(), headers={"Content-Length": "24"})
    assert [len(piece) for piece in wire.sent[1:]] == [8, 8, 8]


def test_what_a_broken_request_held_does_not_meet_the_next(connection: PinnedHTTP, wire: Wire):
    """The head of one and the body of another would be a message that nobody wrote."""
    connection._holding, connection._held = True, b"POST /old HTTP/1.1\r\n\r\n"
    connection.request("POST", "/new", body=b"{}")
    assert b"/old" not in b"".join(wire.sent)
    assert len(wire.sent) == 1


def test_an_answer_goes_out_in_one_piece(monkeypatch: pytest.MonkeyPatch):
    """What is written together is sent together; what comes after goes by itself."""
    sent: list[bytes] = []

    def send(_channel: Channel, data: bytes) -> int:
        sent.append(data)
        return len(data)

    monkeypatch.setattr(HTTPChannel, "write_soon", send)
    channel = object.__new__(Channel)
    with channel.in_one_piece():
        channel.write_soon(b"HTTP/1.1 200 OK\r\n\r\n")
        channel.write_soon(b"{}")
        assert sent == []
    channel.write_soon(b"more")
    assert sent == [b"HTTP/1.1 200 OK\r\n\r\n{}", b"more"]
