"""Many connections that nobody uses any more."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from connector.server import CONNECTIONS

if TYPE_CHECKING:
    from tests.e2e.processes import Space

ASK = b"GET /%s/did.json HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_clients_that_keep_a_connection_per_request_do_not_stop_the_listener(space: Space):
    """More connections than the limit, all left open: every new one is answered at once."""
    acme = space.party("acme").start()
    ask = ASK % acme.name.encode()
    with ExitStack() as stack:
        slowest = 0.0
        for _ in range(CONNECTIONS + 200):
            started = time.monotonic()
            opened = stack.enter_context(
                socket.create_connection(("127.0.0.1", acme.port), timeout=10)
            )
            opened.sendall(ask)
            assert opened.recv(12) == b"HTTP/1.1 200"
            slowest = max(slowest, time.monotonic() - started)
    assert slowest < 5, slowest
