"""Long exchanges on the wire: guarded like short ones, with a deadline for every piece."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from connector.http.egress import Egress
from connector.process.errors import EgressRefused, StoreError, Unreachable
from tests.waiting import PATIENCE, equals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.e2e


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server of one connection after the other; give its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)

        def loop() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.settimeout(PATIENCE)
                    with suppress(OSError):
                        serve(connection)

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        try:
            yield f"http://localhost:{listening.getsockname()[1]}/x"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
    thread.join(PATIENCE)


@pytest.fixture
def egress() -> Iterator[Egress]:
    made = Egress(loopback_http=True)
    yield made
    made.close()


def _head(connection: socket.socket) -> bytes:
    found = b""
    while b"\r\n\r\n" not in found:
        piece = connection.recv(65_536)
        if not piece:
            break
        found += piece
    return found


def test_a_body_goes_up_with_its_length_and_comes_down_in_pieces(egress: Egress):
    """No chunks, no buffering: what is sent is what was given, in order."""
    got = bytearray()

    def serve(connection: socket.socket) -> None:
        got.extend(_head(connection))
        while len(got.partition(b"\r\n\r\n")[2]) < 300_000:
            got.extend(connection.recv(65_536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nthanks")

    body = (b"%d" % (n % 10) * 100_000 for n in range(3))
    with (
        server(serve) as url,
        egress.stream("POST", url, body=body, length=300_000, headers={"X-A": "b"}) as answer,
    ):
        assert (answer.status, b"".join(answer.pieces)) == (200, b"thanks")
    head, _, sent = bytes(got).partition(b"\r\n\r\n")
    assert b"content-length: 300000" in head.lower()
    assert b"transfer-encoding" not in head.lower()
    assert sent == b"0" * 100_000 + b"1" * 100_000 + b"2" * 100_000


def test_a_body_that_raises_breaks_the_connection(egress: Egress):
    """Its own error comes through, and the receiver never sees a whole message."""
    seen: list[int] = []

    def serve(connection: socket.socket) -> None:
        count = len(_head(connection).partition(b"\r\n\r\n")[2])
        while piece := connection.recv(65_536):
            count += len(piece)
        seen.append(count)

    def body() -> Iterator[bytes]:
        yield b"x" * 1000
        raise StoreError("cut", code="cut")

    with server(serve) as url:
        with (
            pytest.raises(StoreError, match="cut"),
            egress.stream("POST", url, body=body(), length=5000),
        ):
            pass
        equals(lambda: seen, [1000])  # before the server ends: it may not have looked yet


def test_a_redirect_is_an_answer_and_not_a_way(egress: Egress):
    """302 to anywhere: nothing is asked there."""
    with server(
        lambda connection: (
            _head(connection),
            connection.sendall(
                b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
            ),
        )
    ) as url, egress.stream("GET", url) as answer:  # fmt: skip
        assert answer.status == 302


@pytest.mark.long
def test_every_piece_has_its_deadline(egress: Egress):
    """A peer that drips is borne with; one that falls silent is not, however long the file is."""

    def drips(connection: socket.socket) -> None:
        _head(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n")
        for _ in range(16):
            connection.sendall(b"x")
            time.sleep(0.2)

    with server(drips) as url, egress.stream("GET", url, idle=2.5) as answer:
        assert b"".join(answer.pieces) == b"x" * 16

    given_up, late = threading.Event(), []

    def stops(connection: socket.socket) -> None:
        _head(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nxx")
        if not given_up.wait(PATIENCE):
            late.append("it was waited for")

    with server(stops) as url:
        with pytest.raises(Unreachable), egress.stream("GET", url, idle=0.4) as answer:
            b"".join(answer.pieces)
        given_up.set()
    assert late == []


def test_a_short_body_is_an_error(egress: Egress):
    """A connection that closes before the announced length never looks like an end."""

    def short(connection: socket.socket) -> None:
        _head(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    with (
        server(short) as url,
        pytest.raises(Unreachable),
        egress.stream("GET", url) as answer,
    ):
        b"".join(answer.pieces)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a00:1"]
)
def test_a_name_that_resolves_to_a_private_address_is_never_called(address: str):
    """The address is checked as it is resolved, for long exchanges too."""
    egress = Egress(resolver=lambda _host, _port: (address,))
    with (
        pytest.raises(EgressRefused),
        egress.stream("POST", "https://sink.example/in", body=iter([b"x"]), length=1),
    ):
        pass
    egress.close()


def test_headers_that_frame_are_ours(egress: Egress):
    """A caller cannot set a length of its own."""
    with (
        pytest.raises(EgressRefused),
        egress.stream("GET", "http://localhost:1/", headers={"Content-Length": "5"}),
    ):
        pass
