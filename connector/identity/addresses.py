"""Which URLs and addresses this connector may call (security.md §1, SSRF)."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connector.errors import EgressRefused, Unreachable

if TYPE_CHECKING:
    from connector.ports import Resolver

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL: Final = 2048
_LABEL: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
# `is_global` lets these pass: translations to and tunnels towards addresses that are not global
_TUNNELS: Final = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10", "::/96")
)


@dataclass(frozen=True, slots=True)
class Named:
    """A URL whose text is checked; its host is not resolved yet."""

    scheme: str
    host: str
    port: int
    path: str  # with the query
    local: bool  # this machine, by the setting for tests


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL: where to connect, and what to ask for."""

    scheme: str
    host: str
    port: int
    path: str  # with the query
    addresses: tuple[str, ...]

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = 443 if self.scheme == "https" else 80
        return host if self.port == default else f"{host}:{self.port}"


def system_resolver(host: str, port: int, /) -> tuple[str, ...]:
    """Ask the operating system once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))


def _refused(url: str, why: str) -> EgressRefused:
    shown = re.sub(r"(?<=//)[^/?#]*@", "…@", re.split(r"[?#]", url)[0])  # either may open something
    shown = shown if len(shown) <= 200 else shown[:200] + "…"
    return EgressRefused(
        f"`{shown}` is not called: {why}",
        code="egress-refused",
        next_step="parties are reached over https at a public host name",
    )


def is_public(address: Address) -> bool:
    """Whether an address lies in the public internet, tunnels and mapped forms undone."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.scope_id is not None or any(address in net for net in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def named(url: str, *, loopback_http: bool) -> Named:
    """Check the text of a URL; nothing is resolved, so this may run inside a transaction.

    Raises:
        EgressRefused: scheme or host is one that we never call.
    """
    # (1) the text: no control characters, spaces or backslashes that parsers read differently
    if len(url) > MAX_URL or not url.isascii() or any(c <= " " or c in "\\\x7f" for c in url):
        raise _refused(url, "it holds characters that a URL must escape, or is too long")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused(url, "it is not a URL") from error
    # (2) no user information, no fragment; "@" anywhere in the authority is one
    if "@" in parts.netloc or parts.fragment or "%" in parts.netloc:
        raise _refused(url, "user information, a fragment or an escaped host is in it")
    # (3) loopback over plain http, for parties on one machine, only when that is set
    local = host in _LOOPBACK_NAMES
    if local and parts.scheme == "http" and loopback_http:
        port = port or 80
    elif parts.scheme == "https" and not local and _is_name(host):
        port = port or 443
    else:
        raise _refused(url, "expected https and a host name")
    path = parts.path or "/"
    return Named(
        scheme=parts.scheme,
        host=host,
        port=port,
        path=f"{path}?{parts.query}" if parts.query else path,
        local=local,
    )


def check(url: str, *, loopback_http: bool, resolver: Resolver) -> Target:
    """Check a URL and resolve its host once.

    Raises:
        EgressRefused: scheme, host or any of its addresses is one that we never call.
        Unreachable: the name does not resolve.
    """
    one = named(url, loopback_http=loopback_http)
    # (4) resolve once; every address must do
    try:
        found = tuple(resolver(one.host, one.port))
        addresses = tuple(ipaddress.ip_address(item) for item in found)
    except (OSError, ValueError) as error:
        raise Unreachable(
            f"host `{one.host}` does not resolve",
            code="peer-unresolved",
            next_step="try again later",
        ) from error
    if not addresses:
        raise Unreachable(f"host `{one.host}` has no address", code="peer-unresolved")
    for address in addresses:
        if not (address.is_loopback if one.local else is_public(address)):
            raise _refused(url, "its host has an address that is not public")
    ordered = sorted(found, key=lambda item: ":" in item) if one.local else found
    return Target(
        scheme=one.scheme,
        host=one.host,
        port=one.port,
        path=one.path,
        addresses=tuple(ordered),
    )


def _is_name(host: str) -> bool:
    """Whether ``host`` is a DNS name and no spelling of an address (`2130706433`, `0x7f.1`)."""
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    return len(labels) > 1 and not re.fullmatch(r"[0-9]+|0[xX][0-9A-Fa-f]*", labels[-1])
