"""Answers that are held back: no thread waits for them, and their connections may go."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from waitress.server import create_server

from connector.http import channel
from connector.http.channel import Channel, make_room
from tests.e2e.processes import free_ports
from tests.listeners import end

if TYPE_CHECKING:
    from collections.abc import Iterator

FOR_EVER = 1e9


def _app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    if environ["PATH_INFO"] == "/refused":
        environ["voile.hold_back"](FOR_EVER)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


@pytest.fixture
def server() -> Iterator[Any]:
    """A listener with one thread."""
    made = create_server(_app, host="127.0.0.1", port=free_ports(1), threads=1, ident=None)
    made.channel_class = Channel
    thread = threading.Thread(target=_serve, args=(made,), daemon=True)
    thread.start()
    yield made
    end(made, thread)


def _serve(server: Any) -> None:
    with suppress(OSError, ValueError):
        server.run()


def send(server: Any, path: str, times: int = 1) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", server.effective_port), 20)
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * times)
    return line


def silent_now(line: socket.socket) -> bool:
    return not select.select([line], [], [], 0)[0]


def test_an_answer_that_is_held_back_takes_no_thread(server: Any) -> None:
    """With one thread: ten are held back, others are answered; let go, each gets its answer and ends."""
    held = [send(server, "/refused", times=3) for _ in range(10)]
    for _ in range(5):
        with send(server, "/") as line:
            assert line.recv(4096).startswith(b"HTTP/1.1 200")
    assert all(silent_now(line) for line in held)
    for one in list(server.active_channels.values()):
        one._until = 0.0
    server.pull_trigger()
    for line in held:
        told = b""
        while piece := line.recv(4096):
            told += piece
        assert told.count(b"HTTP/1.1 200") == 1, "what was asked besides is dropped"
        assert b"connection: close" in told.lower()
        line.close()


def test_those_that_are_held_back_make_room_first(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They keep nobody out: where there are many connections they are closed before idle ones."""
    idle = send(server, "/")
    assert idle.recv(4096).startswith(b"HTTP/1.1 200")
    held = [send(server, "/refused") for _ in range(4)]
    with send(server, "/") as line:  # all before it were served
        assert line.recv(4096)
    channels = list(server.active_channels.values())
    monkeypatch.setattr(channel, "ROOM", len(channels) - 4)
    make_room(server)
    closing = [one for one in channels if one.will_close]
    assert len(closing) == 4
    assert all(one.held_back for one in closing)
    for line in [idle, *held]:
        line.close()
