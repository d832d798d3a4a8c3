"""Small HTTP servers on loopback: bytes to fetch, a place to send them to, proxies on the wire."""

from __future__ import annotations

import http.client
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

HOLD_SECONDS: Final = 60.0  # and no longer, whatever happens
HOP: Final = frozenset({"connection", "content-length", "date", "server", "transfer-encoding"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def body(self) -> bytes:
        """Read the whole request body."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(
        self, status: int, data: bytes = b"", headers: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Send a whole answer."""
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Server:
    """A threaded server on a free port of loopback; a context manager."""

    def __init__(self, handler: type[_Handler], port: int = 0) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Files(_Server):
    """GET gives the bytes of `payload`; POST and PUT keep what comes in `received`."""

    def __init__(self, payload: bytes) -> None:
        received: list[tuple[str, bytes]] = []

        class Handler(_Handler):
            def do_GET(self) -> None:
                self.answer(200, payload, [("Content-Type", "application/octet-stream")])

            def do_POST(self) -> None:
                received.append((self.path, self.body()))
                self.answer(200)

            do_PUT = do_POST  # noqa: N815 -- the library's name

        super().__init__(Handler)
        self.payload = payload
        self.received = received

    def wait(self, path: str, *, limit: float = 30) -> bytes:
        """Wait for something sent to a path; give the newest and forget it.

        Raises:
            TimeoutError: nothing came.
        """
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            for place in range(len(self.received) - 1, -1, -1):
                if self.received[place][0] == path:
                    return self.received.pop(place)[1]
            time.sleep(0.01)
        raise TimeoutError(f"nothing came to {path} within {limit} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, as they passed a proxy."""

    sender: str
    method: str
    path: str
    request: Any
    status: int
    answer: Any
    headers: Mapping[str, str]  # of the answer, lower case

    @property
    def kind(self) -> str:
        """The type of the message that was sent."""
        return str(self.request.get("@type", "")) if isinstance(self.request, dict) else ""


@dataclass
class Tape:
    """What passed the proxies of one test, in order."""

    exchanges: list[Exchange] = field(default_factory=list)

    def of(self, sender: str, kind: str, since: int = 0) -> list[Exchange]:
        """The messages of one type by one sender."""
        return [e for e in self.exchanges[since:] if (e.sender, e.kind) == (sender, kind)]


class Proxy(_Server):
    """Hands requests on to a port of this machine, keeps them, and changes them if told to.

    Args:
        sender: who calls through it.
        target: the port behind it.
        tape: where exchanges are kept.
        port: to listen on; 0 for a free one.
    """

    def __init__(self, sender: str, target: int, tape: Tape, port: int = 0) -> None:
        self.change: Callable[[str, dict[str, Any]], dict[str, Any] | None] | None = None
        proxy = self

        class Handler(_Handler):
            def relay(self) -> None:
                data = self.body()
                asked = _parsed(data)
                if proxy.change is not None and isinstance(asked, dict):
                    changed = proxy.change(self.path, asked)
                    data = data if changed is None else json.dumps(changed).encode()
                kept = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
                connection = http.client.HTTPConnection("127.0.0.1", target, timeout=60)
                try:
                    connection.request(self.command, self.path, data or None, kept)
                    back = connection.getresponse()
                    raw, headers = back.read(), back.getheaders()
                finally:
                    connection.close()
                tape.exchanges.append(
                    Exchange(
                        sender=sender,
                        method=self.command,
                        path=self.path,
                        request=asked,
                        status=back.status,
                        answer=_parsed(raw),
                        headers={k.lower(): v for k, v in headers},
                    )
                )
                self.answer(back.status, raw, [h for h in headers if h[0].lower() not in HOP])

            do_GET = do_POST = relay  # noqa: N815 -- the library's names

        super().__init__(Handler, port)

    @contextmanager
    def holding(self, kind: str) -> Iterator[None]:
        """Keep messages of one type on their way until the block ends, however it does."""
        free = threading.Event()

        def hold(_path: str, body: dict[str, Any]) -> None:
            if body.get("@type") == kind:
                free.wait(HOLD_SECONDS)

        self.change = hold
        try:
            yield
        finally:
            self.change = None
            free.set()


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return data
