"""A place on this machine that files are sent to: it counts, hashes, and can be slow or refuse."""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

PIECE = 65_536


@dataclass
class Arrival:
    """One POST: how much of it came."""

    path: str
    headers: dict[str, str]
    length: int
    received: int = 0
    digest: str = ""  # once whole


@dataclass
class Sink:
    """Use it as a context manager."""

    pause: float = 0.0  # seconds after each piece
    status: int = 200
    port: int = 0  # a free one
    arrivals: list[Arrival] = field(default_factory=list)

    def __enter__(self) -> Self:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                one = Arrival(self.path, dict(self.headers.items()), length)
                sink.arrivals.append(one)
                hashed = hashlib.sha256()
                while one.received < length:
                    try:
                        piece = self.rfile.read(min(PIECE, length - one.received))
                    except OSError:
                        return
                    if not piece:
                        return  # it was cut
                    one.received += len(piece)
                    hashed.update(piece)
                    if sink.pause:
                        time.sleep(sink.pause)
                one.digest = "sha-256:" + hashed.hexdigest()
                self.send_response(sink.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Be quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_address[1]}/in"
