"""A door before a connector: an HTTP-aware TCP proxy that does to each request what the plan says.

It stands at the party's public URL. Bytes of requests and answers pass unchanged, each request over
a connection of its own, so that one fault never touches a neighbour and nothing is sent twice
unless the plan says so.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.soak.faults import Fault, Plan, Tally

UNAVAILABLE: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nlater"
)
HANG_SECONDS: Final = 17.0  # more than the sender waits
UPSTREAM_SECONDS: Final = 30.0
MAX_HEAD: Final = 65_536


class LostError(Exception):
    """A connection ended before the message did."""


class Door:
    """Listens on ``port`` and forwards to ``upstream``.

    Attributes:
        plan: the faults; None lets everything pass.
        passed: requests that came, whatever became of them.
        forwarded: protocol messages (POST) that reached the connector.
    """

    def __init__(self, name: str, port: int, upstream: int, tally: Tally) -> None:
        self.name = name
        self.upstream = upstream
        self.tally = tally
        self.plan: Plan | None = None
        self.passed = 0
        self.moved = threading.Condition()
        self._server = _Server(port, self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name=f"door-{name}", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    # one request

    def serve(self, client: socket.socket, request: bytes) -> bool:
        """Do with one request what the plan says; give whether the connection may go on."""
        with self.moved:
            self.passed += 1
            number = self.passed
            self.moved.notify_all()
        fault = self.plan.fault(self.name, number) if self.plan is not None else None
        if fault is None:
            return self._pass(client, request)
        self.tally.add(fault.kind)
        return bool(getattr(self, f"_{fault.kind}")(client, request, fault))

    def _pass(self, client: socket.socket, request: bytes) -> bool:
        client.sendall(self.forward(request))
        return True

    def forward(self, request: bytes) -> bytes:
        """Hand a request to the connector; give its answer."""
        if request.startswith(b"POST"):
            self.tally.add("messages")
        try:
            address = ("127.0.0.1", self.upstream)
            with socket.create_connection(address, UPSTREAM_SECONDS) as upstream:
                upstream.sendall(request)
                return Reader(upstream).message()
        except OSError as error:  # the process is not there, or died while it worked
            raise LostError from error

    def _drop(self, client: socket.socket, _request: bytes, _fault: Fault) -> bool:
        reset(client)
        return False

    def _delay(self, client: socket.socket, request: bytes, fault: Fault) -> bool:
        time.sleep(fault.seconds)
        return self._pass(client, request)

    def _duplicate(self, client: socket.socket, request: bytes, _fault: Fault) -> bool:
        second = threading.Thread(target=self._again, args=(request, 0.0), daemon=True)
        second.start()
        answer = self.forward(request)
        second.join()
        client.sendall(answer)
        return True

    def _replay(self, client: socket.socket, request: bytes, fault: Fault) -> bool:
        threading.Thread(target=self._again, args=(request, fault.seconds), daemon=True).start()
        return self._pass(client, request)

    def _again(self, request: bytes, seconds: float) -> None:
        time.sleep(seconds)
        with suppress(LostError):
            self.forward(request)

    def _reorder(self, client: socket.socket, request: bytes, fault: Fault) -> bool:
        with self.moved:
            until = self.passed + fault.count
            self.moved.wait_for(lambda: self.passed >= until, fault.seconds)
        time.sleep(0.02)  # the later ones are past this door now; let them arrive first
        return self._pass(client, request)

    def _cut(self, client: socket.socket, request: bytes, _fault: Fault) -> bool:
        self.forward(request)
        reset(client)
        return False

    def _half(self, client: socket.socket, request: bytes, _fault: Fault) -> bool:
        answer = self.forward(request)
        client.sendall(answer[: len(answer) // 2])
        return False

    def _retry(self, client: socket.socket, request: bytes, _fault: Fault) -> bool:
        self.forward(request)
        return self._pass(client, request)

    def _refuse(self, client: socket.socket, _request: bytes, _fault: Fault) -> bool:
        client.sendall(UNAVAILABLE)
        return True

    def _mask(self, client: socket.socket, request: bytes, _fault: Fault) -> bool:
        self.forward(request)
        client.sendall(UNAVAILABLE)
        return True

    def _hang(self, _client: socket.socket, request: bytes, _fault: Fault) -> bool:
        self.forward(request)
        time.sleep(HANG_SECONDS)
        return False


def reset(client: socket.socket) -> None:
    """End a connection with RST, as a crashed machine's neighbour sees it."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


class Reader:
    """Reads whole HTTP/1.1 messages, with a Content-Length or chunked, off a socket."""

    def __init__(self, source: socket.socket) -> None:
        self._source = source
        self._buffer = b""

    def message(self) -> bytes:
        """Give the bytes of the next message.

        Raises:
            LostError: the connection ended first.
        """
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > MAX_HEAD:
                raise LostError
            self._more()
        head, _, _ = self._buffer.partition(b"\r\n\r\n")
        fields = dict(
            line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:] if b":" in line
        )
        start = len(head) + 4
        if b"chunked" in fields.get(b"transfer-encoding", b""):
            end = self._chunks(start)
        else:
            end = start + int(fields.get(b"content-length", b"0"))
            while len(self._buffer) < end:
                self._more()
        found, self._buffer = self._buffer[:end], self._buffer[end:]
        return found

    def _chunks(self, at: int) -> int:
        while True:
            while (line := self._buffer.find(b"\r\n", at)) < 0:
                self._more()
            size = int(self._buffer[at:line].split(b";")[0], 16)
            at = line + 2 + size + 2
            while len(self._buffer) < at:
                self._more()
            if size == 0:
                return at

    def _more(self) -> None:
        data = self._source.recv(65_536)
        if not data:
            raise LostError
        self._buffer += data


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, door: Door) -> None:
        self.door = door
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        reader = Reader(self.request)
        with suppress(LostError, OSError):
            while self.server.door.serve(self.request, reader.message()):
                pass
