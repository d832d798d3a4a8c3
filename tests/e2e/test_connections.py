"""Many connections that nobody uses any more."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from connector.compose.server import CONNECTIONS, KEEP_ALIVE_SECONDS

if TYPE_CHECKING:
    from tests.e2e.processes import Space

LONGEST = KEEP_ALIVE_SECONDS / 2  # before any connection is closed because it is idle
ASK = b"GET /%s/did.json HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.long
def test_clients_that_keep_a_connection_per_request_do_not_stop_the_listener(space: Space):
    """More connections than the limit, all left open: every new one is answered, before any is idle for long."""
    acme = space.party("acme").start()
    ask = ASK % acme.name.encode()
    with ExitStack() as stack:
        for _ in range(CONNECTIONS + 200):
            opened = stack.enter_context(
                socket.create_connection(("127.0.0.1", acme.port), timeout=LONGEST)
            )
            opened.sendall(ask)
            assert opened.recv(12) == b"HTTP/1.1 200"
