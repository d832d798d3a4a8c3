"""Something between kit and connector that changes what passes: how controls are made.

The connector and the replay stay as they are; the front lies in one direction, as a proxy would.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

HOP: frozenset[str] = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"}
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and, once it is there, its answer; `body` and `answer` are parsed JSON."""

    method: str
    path: str
    body: Any
    status: int = 0
    answer: Any = None

    @property
    def of_process(self) -> bool:
        """Whether it is a message of a negotiation or transfer."""
        return self.method == "POST" and (
            "/negotiations/" in self.path or "/transfers/" in self.path
        )


Change = Callable[[Exchange], tuple[int, Any]]
Rewrite = Callable[[Exchange], Any]


class Front:
    """A proxy to one port of this machine.

    Args:
        target: the port; None answers by itself.
        answers: gives status and answer for what the target has answered.
        requests: gives the body that the target sees.
    """

    def __init__(
        self,
        target: int | None = None,
        *,
        answers: Change = lambda exchange: (exchange.status, exchange.answer),
        requests: Rewrite = lambda exchange: exchange.body,
    ) -> None:
        self.target = target
        self.answers = answers
        self.requests = requests
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.front = self
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://localhost:{self.port}"

    def pass_on(self, exchange: Exchange, headers: dict[str, str]) -> tuple[int, Any]:
        """Ask the target; give status and parsed answer."""
        if self.target is None:
            return 0, None
        connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=30)
        try:
            value = self.requests(exchange)
            body = None if value is None else json.dumps(value).encode()
            kept = {key: value for key, value in headers.items() if key.lower() not in HOP}
            connection.request(exchange.method, exchange.path, body=body, headers=kept)
            answer = connection.getresponse()
            return answer.status, _parsed(answer.read())
        finally:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    front: Front


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def _pass(self) -> None:
        front: Front = self.server.front  # type: ignore[attr-defined]
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Exchange(self.command, self.path, _parsed(data))
        try:
            status, answer = front.pass_on(asked, dict(self.headers))
        except (OSError, http.client.HTTPException):
            self.close_connection = True  # as the target did
            return
        whole = Exchange(asked.method, asked.path, asked.body, status, answer)
        status, answer = front.answers(whole)
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
