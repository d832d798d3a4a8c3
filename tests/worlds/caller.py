"""Who asks: every request with its whole response, headers in their order, is written down."""

from __future__ import annotations

import http.client
import json
import re
import sys
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connector.http.egress import Egress
from connector.http.traffic import Traffic
from connector.identity.keyring import own_document
from connector.identity.peers import Peers
from connector.party.node import open_node
from connector.process.ports import SystemClock, system_entropy
from connector.process.settings import load
from crypto.did import DidDocument
from tests.worlds.normal import Normaliser, released

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.e2e.processes import Running

UNTOLD = ("date",)  # an instant
# refusals are written down one by one, and promised, as long as there are not too many in a time
UNTOLD_OF_REFUSALS = (*UNTOLD, "voile-ack")
# who is refused often at one address waits there; whoever attacks has more than one
_ADDRESSES = cycle([f"127.0.0.{at}" for at in range(2, 52)]) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Seen:
    """One response, as it counts: everything but nonces, signatures and released values.

    Attributes:
        label: what was asked, the same in both worlds.
        status: of the response.
        headers: in their order; the length is left out where values are released.
        body: normalised.
        length: of the body as it was sent; -1 where values are released.
    """

    label: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: Any
    length: int


@dataclass
class Book:
    """Everything that was seen in one world.

    Attributes:
        normal: of this world.
        seen: in the order in which it was asked.
        routes: which (method, path) were asked, per party.
    """

    normal: Normaliser
    seen: list[Seen] = field(default_factory=list)
    routes: set[tuple[str, str, str]] = field(default_factory=set)

    def note(
        self,
        label: str,
        status: int,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        *,
        length: bool = True,
    ) -> None:
        """Write a response down."""
        found = self.normal.body(body)
        exact = length and not released(found)
        kept = tuple(
            (name.lower(), str(self.normal.text(text)))
            for name, text in headers
            if name.lower() not in (UNTOLD if status < 400 else UNTOLD_OF_REFUSALS)
            and (exact or name.lower() != "content-length")
        )
        self.seen.append(Seen(label, status, kept, found, len(body) if exact else -1))


class Caller:
    """A party that calls others by itself, with the keys of a home.

    Args:
        running: the party; its process must not run while the keys are read.
    """

    def __init__(self, running: Running) -> None:
        settings = load(running.home, running.env)
        node = open_node(settings, transport=Egress(loopback_http=True))
        document = DidDocument.parse(own_document(settings, node.keys), expected=settings.did)
        self.did = settings.did
        self._peers = Peers(
            did=settings.did,
            own_document=lambda: document,
            keys=node.keys,
            transport=Egress(loopback_http=True),
            clock=SystemClock(),
            entropy=system_entropy,
            loopback_http=True,
            traffic=Traffic(),
            in_transaction=lambda: False,
        )
        node.close()

    def token(self, party: Running, method: str, path: str, body: bytes) -> str:
        """Mint a token for one request."""
        return self._peers.authorization(party.did, method, party.url + path, body)


def call(
    book: Book | None,
    label: str,
    party: Running,
    method: str,
    path: str,
    body: object = None,
    *,
    who: Any = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, Any]:
    """Send one request, write its response down, and give status and parsed body.

    Args:
        book: where; None writes nothing.
        label: what is asked.
        party: whom.
        method: HTTP method.
        path: below the party's public URL.
        body: bytes, or what becomes JSON.
        who: a `Caller` or `Insider`; nobody has no token.
        headers: more headers.
    """
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json"} if body is not None else {}
    sent |= headers or {}
    while True:
        status, found, raw = _sent(
            party, method, path, data if body is not None else None, sent, who
        )
        held_back = status == 401 and ("connection", "close") in [
            (name.lower(), text.lower()) for name, text in found
        ]
        if status != 429 and not held_back:  # how soon one may come back is a matter of time
            break
        time.sleep(0.5)
    if book is not None:
        book.routes.add((party.name, method, re.sub(r"\?.*", "", path)))
        book.note(f"{label}: {method} {path_label(path)}", status, found, raw)
    try:
        return status, json.loads(raw)
    except ValueError:
        return status, raw


def _sent(
    party: Running, method: str, path: str, body: bytes | None, headers: dict[str, str], who: Any
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Send one request with a fresh token; give status, headers in their order, and body."""
    sent = dict(headers)
    if isinstance(who, Caller):
        sent["Authorization"] = who.token(party, method, path, body or b"")
    elif who is not None:
        peers = who.node.peers
        sent["Authorization"] = peers.authorization(
            party.did, method, party.url + path, body or b""
        )
    connection = http.client.HTTPConnection(
        "127.0.0.1",
        party.port,
        timeout=60,
        source_address=(next(_ADDRESSES), 0) if _ADDRESSES else None,
    )
    try:
        connection.request(method, urlsplit(party.url).path + path, body=body, headers=sent)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


def path_label(path: str) -> str:
    """Name a path without the ids in it."""
    return re.sub(r"urn:uuid:[0-9a-f-]{36}|[A-Za-z0-9_-]{22,}", "ID", path)
