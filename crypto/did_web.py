"""did:web: whose identifier it is, and where its document lies.

The one place where a text becomes a DID that is resolved. Narrower than the method's own text: no
addresses, no user information, nothing escaped but the colon before a port; a host in another
script is written as ``xn--…``. Spec: did:web; identity.md §1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NewType

from crypto import problems_addresses as problems
from crypto.errors import MalformedError
from crypto.url import Url, is_loopback_name

if TYPE_CHECKING:
    from crypto.words import Words

Did = NewType("Did", str)

MAX_CHARACTERS: Final = 512
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DID_WEB = re.compile(
    rf"did:web:(?P<host>{_LABEL}(?:\.{_LABEL})*)(?:%3[Aa](?P<port>[1-9][0-9]{{0,4}}))?"
    r"(?P<path>(?::[A-Za-z0-9._~-]+)*)"
)


@dataclass(frozen=True, slots=True)
class DidWeb:
    """A did:web DID, taken apart.

    Attributes:
        did: as it was written.
        host: a DNS name, lower case.
        port: None where none was written.
        segments: of the path; none for a DID that is a whole host's.
    """

    did: Did
    host: str
    port: int | None
    segments: tuple[str, ...]

    @property
    def local(self) -> bool:
        """Whether its document lies on this machine."""
        return is_loopback_name(self.host)

    @property
    def url(self) -> Url:
        """Where its document lies: over http on this machine, else over https."""
        scheme, usual = ("http", 80) if self.local else ("https", 443)
        path = "/".join(self.segments or (".well-known",))
        return Url(scheme, self.host, self.port or usual, f"/{path}/did.json")


def read_did(text: str) -> DidWeb:
    """Read a did:web DID.

    Args:
        text: as somebody wrote it.

    Raises:
        MalformedError: it is something else, names an address, or a name below ``localhost``.
    """
    match = _DID_WEB.fullmatch(text) if len(text) <= MAX_CHARACTERS else None
    if match is None:
        raise _wrong(text, _hint(text))
    host, port = match["host"], match["port"]
    segments = tuple(match["path"].split(":")[1:])
    if len(host) > 253:
        raise _wrong(text, problems.DID_HOST)
    if port is not None and int(port) > 65535:
        raise _wrong(text, problems.DID_PORT)
    if any(segment.strip(".") == "" for segment in segments):
        raise _wrong(text, problems.DID_SEGMENTS)
    if host.rsplit(".", 1)[-1].isdigit():
        raise _wrong(text, problems.DID_ADDRESS)
    if is_loopback_name(host) and host != "localhost":
        raise _wrong(text, problems.DID_LOCALHOST)
    return DidWeb(Did(text), host, None if port is None else int(port), segments)


def document_url(did: str, *, loopback_http: bool) -> str:
    """Give the address of a DID's document.

    Args:
        did: a did:web DID.
        loopback_http: take ``localhost``, over http: for parties on one machine only.

    Raises:
        MalformedError: not a did:web DID, an IP address, or localhost without leave.
    """
    found = read_did(did)
    if found.local and not loopback_http:
        raise _wrong(did, problems.DID_TESTS_ONLY)
    return str(found.url)


def _hint(text: str) -> Words:
    """Say what is wrong where it is a thing that people write."""
    host = text.removeprefix("did:web:").split(":")[0].split("%")[0]
    if not text.isascii():
        return problems.DID_ASCII
    if text.startswith("did:web:") and host != host.lower():
        return problems.DID_LOWER_CASE
    if "_" in host:
        return problems.DID_UNDERSCORE
    return problems.DID_FORM


def _wrong(did: str, why: Words) -> MalformedError:
    shown = did[:100].encode("ascii", "backslashreplace").decode("ascii")
    return MalformedError(problems.DID, got=shown, why=why)
