"""Clients that ask for a long answer and read nothing of it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final

import pytest

from connector.compose.server import _listen
from connector.process.settings import Listener
from tests.listeners import end
from tests.waiting import PATIENCE, equals

if TYPE_CHECKING:
    from collections.abc import Iterator

ASK: Final = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"
LONG: Final = 64 << 20  # more than a socket and the server hold for a reader


class Files:
    """An application that gives a long file, or a word; it knows which files are closed."""

    def __init__(self) -> None:
        self.open = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/file":
            start_response("200 OK", [("Content-Length", "2")])
            return [b"hi"]
        file = TemporaryFile()  # noqa: SIM115 -- the server closes it
        file.truncate(LONG)
        self.open += 1
        close = file.close

        def closed() -> None:
            self.open -= not file.closed
            close()

        file.close = closed  # type: ignore[method-assign]
        start_response("200 OK", [("Content-Length", str(LONG))])
        return environ["wsgi.file_wrapper"](file, 1 << 18)


@pytest.fixture
def served() -> Iterator[tuple[Any, Files]]:
    """A listener of ours with one thread."""
    files = Files()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = _listen(files, Listener(host="127.0.0.1", port=port), "protocol", threads=1, body=1024)

    def run() -> None:
        with suppress(OSError):
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield server, files
    end(server, thread)


def _connect(server: Any) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.effective_port), timeout=PATIENCE)


def test_a_reader_that_asks_twice_and_reads_nothing_keeps_no_thread(served: tuple[Any, Files]):
    """The listener's only thread answers others while two files wait for their reader."""
    server, files = served
    with _connect(server) as slow, _connect(server) as other:
        slow.sendall(2 * (ASK % b"file"))
        assert slow.recv(12) == b"HTTP/1.1 200"
        other.sendall(ASK % b"word")
        assert other.recv(12) == b"HTTP/1.1 200"
        assert files.open == 1


@pytest.mark.long
def test_a_reader_that_takes_nothing_loses_its_connection(served: tuple[Any, Files]):
    """After the idle time its file is closed, although its socket never takes another byte."""
    server, files = served
    server.adj.channel_timeout = 1
    with _connect(server) as slow:
        slow.sendall(ASK % b"file")
        assert slow.recv(12) == b"HTTP/1.1 200"
        equals(lambda: files.open, 0)
