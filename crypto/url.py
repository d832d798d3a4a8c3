"""Addresses that others wrote: the one place where a text becomes a URL.

Strict where readers differ, for two parties must see the same host: plain ASCII, no user
information, no escapes in the authority, no spelling of an address but the usual one. Whether a URL
is called is another matter: `connector.http.addresses`. Spec: RFC 3986, RFC 6761 §6.3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from crypto import problems_addresses as problems
from crypto.errors import MalformedError

if TYPE_CHECKING:
    from crypto.words import Spoken

MAX_CHARACTERS: Final = 2048
DEFAULT_PORTS: Final = {"https": 443, "http": 80}
LOOPBACK: Final = ("127.0.0.1", "::1")

_REST: Final = r"[!-\"$->@-\[\]-~]"  # printable ASCII but `#`, `?` and the backslash
_URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z]+)://(?P<authority>[^/?#]*)"
    rf"(?P<path>(?:/{_REST}*)?)(?:\?(?P<query>(?:{_REST}|\?)*))?(?:#(?P<fragment>(?:{_REST}|[?#])*))?"
)
_AUTHORITY: Final = re.compile(
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{0,5}))?"
)
_ODD: Final = re.compile(r"[\x00-\x20\\\x7f]")  # no reader agrees on blanks and backslashes
_LABEL: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http or https URL, in its normal form.

    Attributes:
        scheme: ``http`` or ``https``.
        host: lower case: a name, a dotted IPv4 address, or an IPv6 address without brackets.
        port: 1 to 65535; the scheme's own where none was written.
        path: as written, ``/`` where nothing was; escapes are kept.
        query: as written, without its mark; None if there is none.
        fragment: as written, without its mark; None if there is none.
    """

    scheme: str
    host: str
    port: int
    path: str = "/"
    query: str | None = None
    fragment: str | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own: what a Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """What is asked for: the path with the query."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def bare(self) -> str:
        """The URL without query and fragment, either of which may open something."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def local(self) -> bool:
        """Whether it is on this machine, whatever a resolver says."""
        return is_loopback_name(self.host) or self.host in LOOPBACK

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address, not a name."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()

    def __str__(self) -> str:
        """Write it in its normal form, which reads back as the same."""
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{self.authority}{self.target}{fragment}"


def is_loopback_name(host: str) -> bool:
    """Whether a host name is ``localhost`` or under it: this machine by definition (RFC 6761)."""
    name = host.lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost")


def read_url(text: str) -> Url:
    """Read an absolute http or https URL.

    Args:
        text: as somebody wrote it.

    Raises:
        MalformedError: it is something else, or two readers could see two hosts in it.
    """
    if len(text) > MAX_CHARACTERS:
        raise _wrong(text, problems.SO_LONG.of(most=MAX_CHARACTERS))
    if not text.isascii():
        raise _wrong(text, problems.ASCII)
    if _ODD.search(text):
        raise _wrong(text, problems.NO_SPACES)
    found = _URL.fullmatch(text)
    if found is None:
        raise _wrong(text, problems.ABSOLUTE)
    scheme = found["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise _wrong(text, problems.SCHEME)
    if "@" in found["authority"]:
        raise _wrong(text, problems.NO_USER)
    place = _AUTHORITY.fullmatch(found["authority"])
    if place is None:
        raise _wrong(text, problems.HOST_AND_PORT)
    port = int(place["port"] or DEFAULT_PORTS[scheme])
    if not 1 <= port <= 65535:
        raise _wrong(text, problems.A_PORT)
    return Url(
        scheme=scheme,
        host=_host(place["host"].lower(), text),
        port=port,
        path=found["path"] or "/",
        query=found["query"],
        fragment=found["fragment"],
    )


def resolve(base: Url, reference: str) -> Url:
    """Read a URL that may be relative to another (RFC 3986 §5).

    Args:
        base: where the reference stood.
        reference: a URL, or the end of one.

    Raises:
        MalformedError: what comes out is no http or https URL.
    """
    if len(reference) > MAX_CHARACTERS or _ODD.search(reference):
        raise _wrong(reference, problems.WITHOUT_SPACES)
    try:
        joined = urljoin(str(base), reference)
    except ValueError as error:
        raise _wrong(reference, problems.A_URL) from error
    return read_url(joined)


def _host(host: str, text: str) -> str:
    try:
        if host.startswith("["):
            return IPv6Address(host[1:-1]).compressed
        labels = host.removesuffix(".").split(".")
        if _NUMBER.fullmatch(labels[-1]):  # `2130706433`, `0x7f.1`: an address in disguise
            return str(IPv4Address(host))
    except AddressValueError as error:
        raise _wrong(text, problems.USUAL_ADDRESS) from error
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _wrong(text, problems.A_HOST)
    return host


def _wrong(text: str, expected: Spoken) -> MalformedError:
    bare = re.sub(r"(?<=//)[^/?#]*@", "…@", re.split(r"[?#]", text[:4096])[0])
    shown = bare[:200].encode("ascii", "backslashreplace").decode("ascii").replace("\\u2026", "…")
    return MalformedError(problems.URL, got=shown, expected=expected)
