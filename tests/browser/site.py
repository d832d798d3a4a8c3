"""One page under the console's policy, served as files: what is judged is the page, not its server."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
KINDS: Final = {"html": "text/html", "js": "text/javascript", "css": "text/css"}


@contextmanager
def served(find: Callable[[str], bytes | None]) -> Iterator[str]:
    """Serve what a function gives for a path; give the origin."""

    class Files(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = find(self.path.partition("?")[0])
            kind = KINDS.get(self.path.rpartition(".")[2], "text/html")
            self.send_response(204 if body is None else 200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Files) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()
