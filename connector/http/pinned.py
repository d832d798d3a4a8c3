"""urllib3 connections that go to an address that was checked, whatever the name says by now.

A pool here opens its connections to the addresses of the exchange under way in this thread, and
drops a kept one whose address is not among them any more.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

if TYPE_CHECKING:
    from connector.http.addresses import Target
    from connector.http.watchdog import Guarded, Watchdog

    _Connection = HTTPConnection  # what each of them is mixed into
    _ConnectionPool = HTTPConnectionPool
else:
    _Connection = _ConnectionPool = object

CONNECT_SECONDS: Final = 5.0
IDLE_SECONDS: Final = 30.0  # shorter than any server's keep-alive that we know


@dataclass(slots=True)
class Exchange:
    """One request and its answer: where it may go, and until when."""

    target: Target
    deadline: float  # of time.monotonic
    watchdog: Watchdog
    reused: bool = False  # it went over a connection that was kept
    answered: bool = False  # the head of an answer came
    guards: ExitStack = field(default_factory=ExitStack)
    guarded: Guarded | None = None

    @property
    def left(self) -> float:
        """Seconds until the deadline, never less than a blink."""
        return max(0.05, self.deadline - time.monotonic())

    def watch(self, sock: socket.socket) -> None:
        """Let the watchdog end the exchange at its deadline, however slowly its bytes drip."""
        sock.settimeout(self.left)
        self.guarded = self.guards.enter_context(self.watchdog.guard(sock, self.deadline))

    def go_on(self, seconds: float) -> None:
        """Put the deadline off: something moved, and the exchange may take long as a whole."""
        self.deadline = time.monotonic() + seconds
        if self.guarded is not None:
            self.guarded.deadline = self.deadline


class _UnderWay(threading.local):
    exchange: Exchange | None = None


under_way: Final = _UnderWay()


def _present() -> Exchange:
    exchange = under_way.exchange
    if exchange is None:
        raise RuntimeError("a pinned connection is used through `Egress` only")
    return exchange


class _Pinned(_Connection):
    """What both kinds of connection share."""

    sock: Any
    idle_since: float = 0.0
    _holding = False  # the head waits for the body, which is at hand
    _held = b""

    def request(self, *place: Any, **more: Any) -> None:
        """Send a request; a body that is at hand goes out with the head, in one piece."""
        body = more.get("body")
        self._holding, self._held = isinstance(body, bytes) and body != b"", b""
        super().request(*place, **more)

    def send(self, data: Any) -> None:
        """Send a piece, or hold it back for the next one."""
        if self._holding:
            self._holding, self._held = False, data
            return
        held, self._held = self._held, b""
        super().send(held + data if held else data)

    def _new_conn(self) -> socket.socket:
        exchange = _present()
        failure: OSError | None = None
        for address in exchange.target.addresses:
            until = min(CONNECT_SECONDS, exchange.deadline - time.monotonic())
            if until <= 0:
                break
            try:
                sock = socket.create_connection((address, exchange.target.port), timeout=until)
            except OSError as error:
                failure = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            exchange.watch(sock)  # the TLS handshake that may follow included
            return sock
        raise NewConnectionError(
            self,
            f"no connection: {type(failure or TimeoutError()).__name__}",
        )

    def may_carry(self, exchange: Exchange) -> bool:
        """Say whether this kept connection goes where the exchange may go, and is fresh."""
        fresh = time.monotonic() - self.idle_since <= IDLE_SECONDS
        return fresh and self.sock.getpeername()[0] in exchange.target.addresses


class PinnedHTTP(_Pinned, HTTPConnection):
    """Plain http, between parties on this machine only."""


class PinnedHTTPS(_Pinned, HTTPSConnection):
    """https; the certificate is checked against the name, the address against our list."""


class _Pool(_ConnectionPool):
    """Takes a kept connection only if it may carry the exchange under way."""

    def _get_conn(self, timeout: float | None = None) -> Any:
        connection: Any = super()._get_conn(timeout)
        if connection.sock is not None:
            exchange = _present()
            if connection.may_carry(exchange):
                exchange.reused = True
                exchange.watch(connection.sock)
            else:
                connection.close()  # it connects anew by itself
        return connection

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.idle_since = time.monotonic()
        super()._put_conn(conn)


class PinnedHTTPPool(_Pool, HTTPConnectionPool):
    """Pool of plain connections."""

    ConnectionCls = PinnedHTTP


class PinnedHTTPSPool(_Pool, HTTPSConnectionPool):
    """Pool of TLS connections."""

    ConnectionCls = PinnedHTTPS
