"""The one way out: a client that connects only to addresses it has checked.

The standard library's HTTP client does little, and that is why it is here: no redirects, no proxies
from the environment, no netrc, no decompression. We resolve once, check every address, connect to
the checked one, read under a cap of bytes and of total time, and keep connections for reuse.
"""

from __future__ import annotations

import http.client
import select
import socket
import ssl
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from connector.errors import EgressRefused, Unreachable
from connector.identity.addresses import Target, check, system_resolver
from connector.identity.watchdog import Watchdog
from connector.ports import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.ports import Resolver

CONNECT_SECONDS: Final = 5.0
IDLE_SECONDS: Final = 30.0  # shorter than any server's keep-alive that we know
IDLE_PER_HOST: Final = 8
CHUNK: Final = 65_536
USER_AGENT: Final = "voile"


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, whatever the name says by now."""

    def __init__(
        self, target: Target, tls: Callable[[], ssl.SSLContext], watchdog: Watchdog
    ) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self._target = target
        self._tls = tls
        self._watchdog = watchdog
        self.deadline = 0.0  # of the exchange under way
        self.used = 0.0  # when it was put back

    def connect(self) -> None:
        """Connect to the first address that answers."""
        failure: OSError | None = None
        for address in self._target.addresses:
            left = min(CONNECT_SECONDS, self.deadline - time.monotonic())
            if left <= 0:
                break
            try:
                raw = socket.create_connection((address, self._target.port), timeout=left)
            except OSError as error:
                failure = error
                continue
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock = self._secured(raw) if self._target.scheme == "https" else raw
            return
        raise failure or TimeoutError("no time left to connect")

    def _secured(self, raw: socket.socket) -> socket.socket:
        try:
            until = min(self.deadline, time.monotonic() + CONNECT_SECONDS)
            with self._watchdog.guard(raw, until):
                return self._tls().wrap_socket(raw, server_hostname=self._target.host)
        except BaseException:
            raw.close()
            raise


class Egress:
    """Sends requests to other parties. Threads share it.

    Args:
        loopback_http: allow plain http to this machine (a test setting).
        resolver: turns names into addresses.
        context: TLS settings; the default verifies certificates and host names.
    """

    def __init__(
        self,
        *,
        loopback_http: bool = False,
        resolver: Resolver = system_resolver,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.loopback_http = loopback_http
        self._resolver = resolver
        self._context = context
        self._watchdog = Watchdog()
        self._idle: dict[tuple[str, str, int], list[_Pinned]] = defaultdict(list)
        self._lock = threading.Lock()

    def request(
        self,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        max_bytes: int = 1 << 20,
    ) -> Response:
        """Send one request and read the whole answer; see `connector.ports.Transport`."""
        deadline = time.monotonic() + timeout
        target = check(url, loopback_http=self.loopback_http, resolver=self._resolver)
        connection = self._take(target)
        connection.deadline = deadline
        try:
            response = self._exchange(
                connection, target, method, body, dict(headers or {}), deadline, max_bytes
            )
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise Unreachable(
                f"no whole answer from `{target.authority}`: {type(error).__name__}",
                code="peer-unreachable",
                next_step="it is tried again where that is safe; see whether the party is up",
                peer=target.authority,
            ) from error
        except BaseException:
            connection.close()
            raise
        return response

    def _exchange(
        self,
        connection: _Pinned,
        target: Target,
        method: str,
        body: bytes | None,
        headers: dict[str, str],
        deadline: float,
        max_bytes: int,
    ) -> Response:
        if connection.sock is None:
            connection.connect()
        connection.sock.settimeout(max(0.05, deadline - time.monotonic()))
        with self._watchdog.guard(connection.sock, deadline):
            connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
            base = {
                "Host": target.authority,
                "Accept-Encoding": "identity",
                "User-Agent": USER_AGENT,
            }
            if body is not None:
                base |= {"Content-Length": str(len(body)), "Content-Type": "application/json"}
            for name, value in _merge(base, headers).items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            try:
                found = _read(answer, max_bytes, target)
            finally:
                whole = answer.isclosed() or answer.length == 0
                reusable = whole and not answer.will_close
                answer.close()
        if reusable:
            self._give(connection, target)
        else:
            connection.close()
        return found

    def _tls(self) -> ssl.SSLContext:
        """Make the TLS settings when they are first needed: the roots cost memory."""
        if self._context is None:
            self._context = ssl.create_default_context()
            self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        return self._context

    def _take(self, target: Target) -> _Pinned:
        key = (target.scheme, target.host, target.port)
        now = time.monotonic()
        while True:
            with self._lock:
                idle = self._idle[key]
                connection = idle.pop() if idle else None
            if connection is None:
                return _Pinned(target, self._tls, self._watchdog)
            # an idle connection that became readable was closed, or speaks out of turn
            stale = now - connection.used > IDLE_SECONDS or bool(
                select.select([connection.sock], [], [], 0)[0]
            )
            if not stale and connection.sock.getpeername()[0] in target.addresses:
                return connection
            connection.close()

    def _give(self, connection: _Pinned, target: Target) -> None:
        connection.used = time.monotonic()
        key = (target.scheme, target.host, target.port)
        with self._lock:
            if len(self._idle[key]) < IDLE_PER_HOST:
                self._idle[key].append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Close all idle connections."""
        with self._lock:
            for idle in self._idle.values():
                for connection in idle:
                    connection.close()
            self._idle.clear()
        self._watchdog.close()


def _merge(base: dict[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """Overlay headers without regard to case; refuse those that frame the message."""
    names = {name.lower(): name for name in base}
    merged = dict(base)
    for name, value in extra.items():
        lower = name.lower()
        if lower in {
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "accept-encoding",
        }:
            raise EgressRefused(f"header `{name}` is set by the client", code="egress-header")
        merged.pop(names.get(lower, name), None)
        merged[name] = value
    return merged


def _read(answer: http.client.HTTPResponse, max_bytes: int, target: Target) -> Response:
    headers = {name.lower(): value for name, value in answer.getheaders()}
    lengths = answer.headers.get_all("content-length", [])
    if len(set(lengths)) > 1 or (lengths and "transfer-encoding" in headers):
        raise http.client.HTTPException("the answer has two lengths")
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise http.client.HTTPException("the answer is encoded although we asked for identity")
    parts: list[bytes] = []
    total = 0
    while True:
        piece = answer.read1(CHUNK)
        if not piece:
            break
        total += len(piece)
        if total > max_bytes:
            raise EgressRefused(
                f"the answer of `{target.authority}` is longer than {max_bytes} bytes",
                code="answer-too-long",
                next_step="ask for less at a time",
            )
        parts.append(piece)
    if answer.length:  # http.client counts down what Content-Length promised
        raise http.client.IncompleteRead(b"", answer.length)
    return Response(status=answer.status, headers=headers, body=b"".join(parts))
