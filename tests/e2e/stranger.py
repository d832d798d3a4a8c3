"""A party that is no connector: it has a DID, keys and a web server, and behaves as it is told.

It plays peers that answer 500, hang, send half a body or drip bytes, and it forges tokens::

    peer = Stranger("bolt")
    peer.behave("hang")                       # "ok", "500", "half", "drip", "bomb", "close", "redirect"
    token = peer.token(acme.did, "POST", acme.url + "/voile/v1/…", body)
    peer.requests                             # what it received: (method, path, headers, body)
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from crypto import notes, tokens
from crypto.b64 import b64url
from crypto.did import build_document, method_id
from crypto.keys import SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable


HANG_SECONDS = 600.0  # more than anybody waits: who goes on has given up by itself


class Stranger:
    """See the module."""

    def __init__(
        self, name: str = "stranger", *, voile: bool = True, seed: str = "", names: int = 0
    ) -> None:
        self.name = name
        seed = seed or name
        self.key = SigningKey.p256(hashlib.shake_256(f"{seed} token".encode()).digest(48))
        self.agreements = SigningKey.ed25519(hashlib.shake_256(f"{seed} agr".encode()).digest(32))
        self.log = SigningKey.ed25519(hashlib.shake_256(f"{seed} log".encode()).digest(32))
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: tuple[int, bytes] = (200, b"{}")
        self.document_seconds = 0.0  # how long it takes to serve its DID document
        self.documents = 0  # how often it was asked for that
        self.document_moved = ""  # where it redirects those who ask for it
        self._behaviour = "ok"
        self._released = threading.Event()
        self._count = 0
        self._lock = threading.Lock()
        self._server = _Server(self)
        self.port: int = self._server.server_address[1]
        self.did = f"did:web:localhost%3A{self.port}:{name}"
        self.url = f"http://localhost:{self.port}/{name}"
        self.kid = method_id(self.did, self.key.public)
        self._voile = voile
        self.document = self.described(self.did)
        # more parties at this address: each with a DID and a document of its own
        self.dids = [f"{self.did}-{number}" for number in range(names)]
        self.hook: Callable[[bytes], None] | None = None  # sees each body before it is answered
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def described(self, did: str) -> dict[str, Any]:
        """Make the document of one of the parties at this address."""
        return build_document(
            did=did,
            token=self.key.public,
            agreements=self.agreements.public,
            log=self.log.public,
            services=self._services(voile=self._voile),
        )

    def _services(self, *, voile: bool) -> list[dict[str, str]]:
        origin = self.origin
        services = [
            {
                "id": f"{self.did}#dsp",
                "type": "DataService",
                "serviceEndpoint": f"{self.url}/.well-known/dspace-version",
            }
        ]
        if voile:
            services += [
                {
                    "id": f"{self.did}#voile",
                    "type": "VoileConnector",
                    "serviceEndpoint": f"{self.url}/voile/v1",
                },
                {
                    "id": f"{self.did}#log",
                    "type": "VoileLog",
                    "serviceEndpoint": f"http://{origin}",
                    "vkey": notes.vkey(origin, self.log.public),
                },
            ]
        return services

    @property
    def origin(self) -> str:
        """The name of its log."""
        return f"localhost:{self.port}/{self.name}/voile/v1/log"

    def checkpoint(self, size: int, root: bytes) -> bytes:
        """Sign a head of its log."""
        return notes.sign_checkpoint(self.origin, size, root, self.log, self.origin)

    def behave(self, how: str) -> None:
        """Behave so from the next request on; requests that hang now are let go."""
        self._behaviour = how
        self._released.set()
        self._released = threading.Event()

    def token(self, audience: str, method: str, url: str, body: bytes = b"", **changes: Any) -> str:
        """Mint a token for one request; ``changes`` replace arguments of `crypto.tokens.mint`."""
        with self._lock:
            self._count += 1
            jti = f"{self.name}-{self._count}"
        arguments: dict[str, Any] = {
            "issuer": self.did,
            "audience": audience,
            "kid": self.kid,
            "now": int(time.time()),
            "jti": jti,
            "binding": binding(method, url, body),
        }
        key = changes.pop("key", self.key)
        return tokens.mint(key, **(arguments | changes))

    def as_party(self, number: int) -> dict[str, str]:
        """Give what a token of another of the parties at this address says instead."""
        did = self.dids[number]
        return {"issuer": did, "kid": method_id(did, self.key.public)}

    def close(self) -> None:
        """Stop the server."""
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def binding(method: str, url: str, body: bytes = b"") -> tokens.Binding:
    """Bind a token to a request."""
    return tokens.Binding(
        method=method,
        path=unquote(urlsplit(url).path),
        body_digest=b64url(hashlib.sha256(body).digest()),
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stranger: Stranger) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stranger = stranger


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, *_: object) -> None:
        """Write nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        stranger = self.server.stranger
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        for did in stranger.dids:
            if self.path == f"/{did.rpartition(':')[2]}/did.json":
                self._answer(200, json.dumps(stranger.described(did)).encode())
                return
        if self.path == f"/{stranger.name}/did.json":
            stranger.documents += 1
            time.sleep(stranger.document_seconds)
            if stranger.document_moved:
                self._answer(302, b"", Location=stranger.document_moved)
                return
            self._answer(200, json.dumps(stranger.document).encode())
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        stranger.requests.append((self.command, self.path, headers, body))
        if stranger.hook is not None and self.path.endswith("/in"):
            stranger.hook(body)
        try:
            getattr(self, f"_{stranger._behaviour}")(stranger)
        except OSError:
            self.close_connection = True

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _ok(self, stranger: Stranger) -> None:
        self._answer(*stranger.answer)

    def _500(self, _stranger: Stranger) -> None:
        self._answer(500, b'{"error":"broken"}')

    def _hang(self, stranger: Stranger) -> None:
        stranger._released.wait(HANG_SECONDS)
        self.close_connection = True

    def _half(self, _stranger: Stranger) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b'{"half":')
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _drip(self, stranger: Stranger) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        while not stranger._released.wait(0.2):
            self.wfile.write(b".")
        self.close_connection = True

    def _bomb(self, _stranger: Stranger) -> None:
        self._answer(200, b"0" * (3 << 20))

    def _close(self, _stranger: Stranger) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _redirect(self, _stranger: Stranger) -> None:
        self._answer(302, b"", Location="http://169.254.169.254/latest/meta-data/")
