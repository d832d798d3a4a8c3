"""What stands before each page: where requests may come from, cookies, headers, tokens of forms."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Response, redirect, request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector.process.ports import Entropy
    from connector.process.settings import Settings

METHODS: Final = ("GET", "HEAD", "POST")
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_BEFORE_BYTES: Final = 32


def secure(response: Response) -> Response:
    """Add the headers of each answer; a page that is a file of its own may bring its policy."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@dataclass(frozen=True, slots=True)
class Origins:
    """The addresses of the console.

    Attributes:
        hosts: what may stand in `Host`, with the origin that it means.
        aliases: other names of the loopback address: whoever comes by one is sent to `localhost`.
        port: that it listens on.
    """

    hosts: Mapping[str, str]
    aliases: frozenset[str]
    port: int

    @classmethod
    def of(cls, settings: Settings) -> Origins:
        """Read them of the settings; the console has a listener."""
        assert settings.console is not None
        port = settings.console.port
        hosts = dict.fromkeys(_with_port("localhost", port), f"http://localhost:{port}")
        if settings.console_url:
            origin = settings.console_url.lower().removesuffix(":443")  # as browsers write it
            hosts[origin.removeprefix("https://")] = origin
        aliases = {*_with_port("127.0.0.1", port), *_with_port("[::1]", port)}
        return cls(hosts, frozenset(aliases - hosts.keys()), port)

    def admit(self) -> Response | None:
        """Answer a request that is not for us; None for one that is."""
        host = request.headers.get("Host", "").lower()
        if host not in self.hosts and host not in self.aliases:
            return Response(status=421, mimetype="text/plain")
        if request.method not in METHODS:
            return Response(status=405, headers={"Allow": ", ".join(METHODS)})
        if host in self.hosts:
            return None
        if request.method == "POST":
            return Response(status=421, mimetype="text/plain")
        path = request.full_path if request.query_string else request.path
        return _away(f"http://localhost:{self.port}", path)

    def own(self) -> bool:
        """Say whether the present request was sent by a page of ours.

        Pages ask for no referrer, so browsers send `Origin: null` with their forms; these browsers
        all say by `Sec-Fetch-Site` where a request began.
        """
        began = request.headers.get("Sec-Fetch-Site")
        if began is not None and began != "same-origin":
            return False
        origin = request.headers.get("Origin")
        if origin in {None, "null"}:
            return began == "same-origin"
        mine = self.hosts.get(request.headers.get("Host", "").lower())
        return origin == mine

    def cookie(self, what: str = "") -> str:
        """Name a cookie: those of `localhost` are shared by all its ports."""
        return f"voile-{what}-{self.port}" if what else f"voile-{self.port}"


def _with_port(host: str, port: int) -> tuple[str, ...]:
    return (f"{host}:{port}", host) if port == 80 else (f"{host}:{port}",)


def _away(origin: str, path: str) -> Response:
    response = redirect(origin + local(path), 308)
    return Response(status=308, headers={"Location": response.headers["Location"]})


def local(path: str) -> str:
    """Give a path of the console; whatever else was asked for becomes the first page."""
    steering = "\\" in path or any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in path)
    if not path.startswith("/") or path.startswith("//") or steering:
        return "/"
    return path


def draw_token(entropy: Entropy) -> str:
    """Draw the secret of a visit before signing in."""
    return entropy(_BEFORE_BYTES).hex()


def form_token(secret: str) -> str:
    """Give what forms carry before signing in: made from the secret in the visit's own cookie."""
    return hmac.new(secret.encode(), b"voile console form", hashlib.sha256).hexdigest()


def form_token_holds(secret: str, given: str) -> bool:
    """Say whether a form carries what it must."""
    return bool(secret) and hmac.compare_digest(form_token(secret).encode(), given.encode())
