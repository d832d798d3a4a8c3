"""An application under the path of the public URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Wsgi = Callable[..., Iterable[bytes]]


class Mounted:
    """An application under the path of the public URL; the DID document at the DID's own path."""

    def __init__(self, app: Wsgi, *, prefix: str, did: str) -> None:
        self._app = app
        self._prefix = prefix
        parts = did.split(":")[3:]
        self._document = "/".join(["", *(parts or [".well-known"]), "did.json"])

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Serve one request (PEP 3333)."""
        path = environ.get("PATH_INFO", "")
        if path == self._document:
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = self._prefix, "/did.json"
        elif self._prefix and path.startswith(self._prefix + "/"):
            environ["SCRIPT_NAME"] = self._prefix
            environ["PATH_INFO"] = path[len(self._prefix) :]
        elif self._prefix:
            body = b'{"error":{"code":"not-found","message":"not found","next":"see docs/api.md"}}'
            start_response(
                "404 Not Found",
                [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
            )
            return [body]
        return self._app(environ, start_response)
