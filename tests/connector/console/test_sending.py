"""How much the console's listener takes of whom: it keeps a body before any page is asked."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from connector.areas.products.pages.begin import MOST_SENT
from connector.compose import participant
from connector.compose.server import _listen, _serve
from connector.console.app import BODY_BYTES
from connector.http.channel import asking
from connector.process.settings import Listener
from tests.connector.console.conftest import PORT
from tests.connector.console.door import Door, area
from tests.listeners import end
from tests.ports import free_ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.simulators import Party

LARGE = 8 << 20


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def console(party: Callable[..., Party], door: Door) -> Flask:
    areas = [one for one in participant.AREAS if one.name != "people"]
    made = party("acme", areas=(*areas, area(door)), env={"VOILE_CONSOLE_PORT": str(PORT)})
    assert made.apps.console is not None
    return made.apps.console()


class Counting:
    """Stands behind the listener, and counts what comes through it."""

    def __init__(self) -> None:
        self.bodies: list[int] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        size = 0
        while piece := environ["wsgi.input"].read(1 << 20):
            size += len(piece)
        self.bodies.append(size)
        start("200 OK", [("Content-Length", "0")])
        return [b""]


@pytest.fixture
def behind() -> Counting:
    return Counting()


@pytest.fixture
def port(console: Flask, behind: Counting) -> Iterator[int]:
    """A real listener that takes what that of the console takes."""
    at = free_ports(1)
    most = console.extensions["voile_most_sent"]
    server = _listen(
        behind,
        Listener(host="127.0.0.1", port=at),
        "console",
        threads=1,
        body=MOST_SENT,
        channel=asking(most),
    )
    thread = threading.Thread(target=_serve, args=(server,), daemon=True)
    thread.start()
    yield at
    end(server, thread)


def sent(port: int, token: str, *, chunked: bool = False, path: str = "/new-product") -> str:
    """The status of the answer to a large request; empty if the connection was closed."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {LARGE}"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{PORT}\r\nCookie: voile-{PORT}={token}\r\n"
        f"{length}\r\nConnection: close\r\n\r\n"
    )
    piece = b"x" * (1 << 18)
    coded = f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if chunked else piece
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        with suppress(OSError):  # it is refused before all of it was sent
            link.sendall(head.encode() + coded * (LARGE >> 18) + b"0\r\n\r\n" * chunked)
        with suppress(OSError):
            return link.recv(4096).decode().partition("\r\n")[0].partition(" ")[2][:3]
    return ""


@pytest.mark.enable_socket  # to a port of this machine
@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_body_is_taken_of_those_alone_who_may(
    door: Door, port: int, behind: Counting, *, chunked: bool
) -> None:
    """Others are refused at its head, or at its first megabyte: no page ever hears of it."""
    for token in ("", "nobody's", door.begin("auditor")):
        assert sent(port, token, chunked=chunked) in ("413", "")
    steward = door.begin("steward")
    assert sent(port, steward, chunked=chunked, path="/products") in ("413", "")
    assert behind.bodies == []
    assert sent(port, steward, chunked=chunked) == "200"
    assert behind.bodies == [LARGE]


def test_how_much_is_taken(console: Flask, door: Door) -> None:
    most = console.extensions["voile_most_sent"]

    def of(token: str, path: str = "/new-product") -> int:
        return int(most(path, f"a=b; voile-{PORT}={token}"))

    steward = door.begin("steward")
    assert of(steward) == MOST_SENT
    assert of(steward, "/products") == BODY_BYTES
    assert {of(""), of("x"), of(door.begin("auditor")), most("/new-product", "")} == {BODY_BYTES}
