"""The kit's callback server: handlers that appear late, hear one message, and are gone.

A message that comes before its handler gets 404. One that comes in the wrong state uses the handler
up and gets 409 (transfers), or kills the connection (negotiations): both lose the case.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

NO_HANDLER: Final = b"No handler registered on this endpoint"


class UnexpectedStateError(Exception):
    """The message came in a state of the kit in which it is not allowed."""


@dataclass(slots=True)
class Ear:
    """One case's handlers, below its own prefix of the callback address.

    Attributes:
        prefix: first segment of the path; empty where the kit's bare address is used.
        early: messages that found no handler.
    """

    prefix: str
    handlers: dict[str, Callable[[dict[str, Any]], bytes]] = field(default_factory=dict)
    early: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def listen(self, path: str, handler: Callable[[dict[str, Any]], bytes]) -> None:
        """Hear one message at `path`, in which `*` stands for a process."""
        with self.lock:
            self.handlers[path.replace("*", "[^/]+")] = handler

    def find(self, path: str) -> tuple[str, Callable[[dict[str, Any]], bytes]] | None:
        """Find the handler of a path."""
        with self.lock:
            for pattern, handler in self.handlers.items():
                if re.fullmatch(pattern, path):
                    return pattern, handler
            self.early += 1
            return None

    def forget(self, pattern: str) -> None:
        """Remove a handler that has heard its message."""
        with self.lock:
            self.handlers.pop(pattern, None)


class Ears:
    """The server; one port for all cases, as the kit has it."""

    def __init__(self, port: int = 0) -> None:
        self._ears: dict[str, Ear] = {}
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.ears = self
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self._thread.start()

    def open(self, prefix: str) -> Ear:
        """Open a case's ear."""
        self._ears[prefix] = ear = Ear(prefix)
        return ear

    def shut(self, ear: Ear) -> None:
        """Close it: whatever comes from now on gets 404."""
        self._ears.pop(ear.prefix, None)

    def ear_of(self, path: str) -> tuple[Ear | None, str]:
        """Find whose path this is, and what is left of it."""
        if (bare := self._ears.get("")) is not None:
            return bare, path
        prefix, _, rest = path.removeprefix("/").partition("/")
        return self._ears.get(prefix), "/" + rest

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    ears: Ears


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # the kit's handlers look at the path only
        self._hear()

    def do_POST(self) -> None:
        self._hear()

    def _hear(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        ears = self.server.ears  # type: ignore[attr-defined]
        ear, path = ears.ear_of(self.path.split("?")[0].rstrip("/"))
        found = ear.find(path) if ear else None
        if ear is None or found is None:
            self._answer(404, NO_HANDLER)
            return
        pattern, handler = found
        try:
            answer = handler(json.loads(body))
        except UnexpectedStateError:
            if "/transfers/" in pattern:
                ear.forget(pattern)
                self._answer(409, b"")
            else:
                self.close_connection = True
        except (AssertionError, ValueError):
            self.close_connection = True  # as the kit's server when a handler throws
        else:
            ear.forget(pattern)
            self._answer(200, answer)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        if body:
            self.send_header("Content-Length", str(len(body)))
        else:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(body or b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Say nothing: a line per case is enough."""
