"""The one way out: `urllib3`, cut down to what a peer cannot turn against us.

We resolve once, check every address, connect to a checked one, and read under a cap of bytes and of
total time. Nothing is taken from the environment (no proxies, no netrc), no redirect is followed,
no cookie kept, nothing decompressed, and verification of certificates has no switch.
"""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING, Any, Final

from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from connector.http import problems
from connector.http.addresses import Target, check, system_resolver
from connector.http.pinned import Exchange, PinnedHTTPPool, PinnedHTTPSPool, under_way
from connector.http.streams import Prepared, plain_headers, prepare, streamed
from connector.http.troubles import trouble
from connector.http.watchdog import Watchdog
from connector.process.errors import EgressRefused, Unreachable
from connector.process.ports import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from contextlib import AbstractContextManager

    from urllib3 import BaseHTTPResponse

    from connector.process.ports import Resolver, Streamed

PEERS_KEPT: Final = 256  # pools, one per peer
IDLE_PER_HOST: Final = 8
IDLE_CLOSED: Final = problems.IDLE_CLOSED.code
CHUNK: Final = 65_536


def _pools(context: ssl.SSLContext | None) -> PoolManager:
    """Make pools of pinned connections, one per peer; TLS settings are ours alone."""
    settings: dict[str, Any] = {"maxsize": IDLE_PER_HOST, "block": False}
    if context is not None:
        settings["ssl_context"] = context
    made = PoolManager(PEERS_KEPT, **settings)
    made.pool_classes_by_scheme = {"http": PinnedHTTPPool, "https": PinnedHTTPSPool}
    return made


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
        self._plain = _pools(None)
        self._tls: PoolManager | None = None

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
        """Send one request and read the whole answer; see `connector.process.ports.Transport`."""
        deadline = time.monotonic() + timeout
        target = self.target(url)
        prepared = prepare(method, target, body, headers)
        return self.send(prepared, target, deadline=deadline, max_bytes=max_bytes)

    def send(
        self, prepared: Prepared, target: Target, *, deadline: float, max_bytes: int
    ) -> Response:
        """Send to a target that was checked, until `deadline` of the monotonic clock."""
        exchange = self.exchange(target, deadline)
        under_way.exchange = exchange
        try:
            with exchange.guards:
                return self._exchange(prepared, exchange, max_bytes)
        except (OSError, HTTPError) as error:
            silent = exchange.reused and not exchange.answered and time.monotonic() < deadline
            if silent and _dropped(error):
                raise Unreachable(problems.IDLE_CLOSED, peer=target.authority) from error
            raise Unreachable(
                problems.NO_ANSWER, peer=target.authority, why=trouble(error)
            ) from error
        finally:
            under_way.exchange = None

    def _exchange(self, prepared: Prepared, exchange: Exchange, max_bytes: int) -> Response:
        answer = self.head(prepared, exchange)
        whole = False
        try:
            found = _read(answer, max_bytes, exchange.target)
            whole = True
            return found
        finally:
            if whole:
                answer.release_conn()  # back to the pool
            else:
                answer.close()  # what is left of it must not meet the next request

    def exchange(self, target: Target, deadline: float) -> Exchange:
        """Begin an exchange with a target that was checked."""
        return Exchange(target, deadline, self._watchdog)

    def target(self, url: str) -> Target:
        """Check a URL and resolve it."""
        return check(url, loopback_http=self.loopback_http, resolver=self._resolver)

    def head(self, prepared: Prepared, exchange: Exchange) -> BaseHTTPResponse:
        """Send, and read the head of the answer; the body is still to be read."""
        target = exchange.target
        pools = self._plain if target.scheme == "http" else self._secured()
        pool = pools.connection_from_host(target.host, target.port, target.scheme)
        left = exchange.left
        answer = pool.urlopen(
            prepared.method,
            target.path,
            body=prepared.body,
            headers=prepared.headers,
            retries=False,
            redirect=False,
            assert_same_host=False,  # it is: the pool is that of the target
            timeout=Timeout(connect=left, read=left),
            preload_content=False,
            decode_content=False,
        )
        exchange.answered = True
        return answer

    def stream(
        self,
        method: str,
        url: str,
        *,
        body: Iterable[bytes] | None = None,
        length: int = 0,
        headers: Mapping[str, str] | None = None,
        idle: float = 60.0,
    ) -> AbstractContextManager[Streamed]:
        """Send or fetch what is too long to hold; see `connector.process.ports.Transport`."""
        return streamed(self, method, url, body=body, length=length, headers=headers, idle=idle)

    def _secured(self) -> PoolManager:
        """Make the TLS settings when they are first needed: the roots cost memory."""
        if self._tls is None:
            context = self._context or ssl.create_default_context()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            self._tls = _pools(context)
        return self._tls

    def close(self) -> None:
        """Close all idle connections."""
        self._plain.clear()
        if self._tls is not None:
            self._tls.clear()
        self._watchdog.close()


def _dropped(error: BaseException | None) -> bool:
    """Whether the peer hung up before it answered: it closed the connection as we took it."""
    while error is not None:
        if isinstance(error, ConnectionError):
            return True
        error = error.__context__
    return False


def _read(answer: BaseHTTPResponse, max_bytes: int, target: Target) -> Response:
    headers = plain_headers(answer)
    parts: list[bytes] = []
    total = 0
    while piece := answer.read(min(CHUNK, max_bytes + 1), decode_content=False):
        total += len(piece)
        if total > max_bytes:
            raise EgressRefused(problems.TOO_LONG, peer=target.authority, most=max_bytes)
        parts.append(piece)
    return Response(status=answer.status, headers=headers, body=b"".join(parts))
