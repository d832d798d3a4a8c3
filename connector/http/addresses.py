"""Which URLs and addresses this connector may call (security.md §1, SSRF)."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector.http import problems
from connector.process.errors import EgressRefused, MalformedError, Unreachable
from crypto.url import LOOPBACK, Url, read_url

if TYPE_CHECKING:
    from connector.process.ports import Resolver
    from crypto.words import Words

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# `is_global` lets these pass: translations to and tunnels towards addresses that are not global
_TUNNELS: Final = tuple(
    ipaddress.ip_network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10", "::/96")
)


@dataclass(frozen=True, slots=True)
class Named:
    """A URL whose text is checked; its host is not resolved yet."""

    url: Url
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
        return Url(self.scheme, self.host, self.port).authority


def system_resolver(host: str, port: int, /) -> tuple[str, ...]:
    """Ask the operating system once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(item[4][0]) for item in found))


def _refused(url: str, why: Words) -> EgressRefused:
    shown = re.sub(r"(?<=//)[^/?#]*@", "…@", re.split(r"[?#]", url)[0])  # either may open something
    shown = shown if len(shown) <= 200 else shown[:200] + "…"
    return EgressRefused(problems.EGRESS_REFUSED, url=shown, why=why)


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
    # (1) the text: what two parsers could read differently is refused; no user information
    try:
        found = read_url(url)
    except MalformedError as error:
        raise _refused(url, problems.NO_URL) from error
    # (2) no fragment: it would not be sent
    if found.fragment is not None:
        raise _refused(url, problems.FRAGMENT)
    # (3) loopback over plain http, for parties on one machine, only when that is set
    local = found.local
    if local and found.scheme == "http" and loopback_http:
        return Named(found, local)
    if found.scheme == "https" and not local and _is_qualified(found):
        return Named(found, local)
    raise _refused(url, problems.NOT_HTTPS)


def check(url: str, *, loopback_http: bool, resolver: Resolver) -> Target:
    """Check a URL and resolve its host once.

    Raises:
        EgressRefused: scheme, host or any of its addresses is one that we never call.
        Unreachable: the name does not resolve.
    """
    one = named(url, loopback_http=loopback_http)
    if one.local:  # by definition, whatever a resolver says of it: RFC 6761 §6.3
        host = one.url.host
        return _target(one.url, (host,) if one.url.is_address else LOOPBACK)
    # (4) resolve once; every address must do
    try:
        found = tuple(resolver(one.url.host, one.url.port))
        addresses = tuple(ipaddress.ip_address(item) for item in found)
    except (OSError, ValueError) as error:
        raise Unreachable(problems.UNRESOLVED, host=one.url.host) from error
    if not addresses:
        raise Unreachable(problems.NO_ADDRESS, host=one.url.host)
    if not all(is_public(address) for address in addresses):
        raise _refused(url, problems.NOT_PUBLIC)
    return _target(one.url, found)


def _target(url: Url, addresses: tuple[str, ...]) -> Target:
    return Target(
        scheme=url.scheme,
        host=url.host,
        port=url.port,
        path=url.target,
        addresses=addresses,
    )


def _is_qualified(url: Url) -> bool:
    """Whether the host is a name with a domain: none of the local network, and no address."""
    return not url.is_address and "." in url.host.removesuffix(".")
