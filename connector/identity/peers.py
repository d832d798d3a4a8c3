"""Other parties: their DID documents, kept ten minutes, and calls to them with a fresh token."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from connector.http import problems as http_problems
from connector.http.egress import IDLE_CLOSED
from connector.identity import problems
from connector.identity.documents import Documents, fetched
from connector.identity.once import Once
from connector.identity.unproven import Unproven
from connector.process.errors import (
    EgressRefused,
    MalformedError,
    Unreachable,
    VerificationError,
)
from connector.process.ports import unix
from crypto import tokens
from crypto.b64 import b64url
from crypto.did import document_url
from crypto.url import read_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector.http.traffic import Traffic
    from connector.identity.keyring import KeyRing
    from connector.process.ports import Clock, Entropy, Response, Transport
    from crypto.did import DidDocument
    from crypto.vouched import Vouched

MAX_KEPT: Final = 2000
MAX_STRANGERS: Final = 200  # who push out each other, and none of those we have to do with
REFETCH_SECONDS: Final = 60  # an unknown kid asks again at most this often
DOCUMENT_SECONDS: Final = 5.0
STRANGER_SECONDS: Final = 3.0


class Peers:
    """Resolves DIDs and calls their owners. Threads share it.

    Args:
        did: our own DID.
        own_document: makes our own document, which is never fetched.
        keys: our keys, the token key for tokens; transport: the way out.
        loopback_http: whether DIDs on localhost resolve over http.
        traffic: counts what goes and comes.
        in_transaction: tells whether this thread holds the writer; a call would then stop the node.
        vouch: gives a party's certified keys; threads: how many answer requests.
    """

    def __init__(
        self,
        *,
        did: str,
        own_document: Callable[[], DidDocument],
        keys: KeyRing,
        transport: Transport,
        clock: Clock,
        entropy: Entropy,
        loopback_http: bool,
        traffic: Traffic,
        in_transaction: Callable[[], bool],
        vouch: Callable[[str], Vouched | None] = lambda _did: None,
        threads: int = 8,
    ) -> None:
        self._did = did
        self._own_document = own_document
        self._keys = keys
        self._transport = transport
        self._clock = clock
        self._entropy = entropy
        self._loopback_http = loopback_http
        self._traffic = traffic
        self._in_transaction = in_transaction
        self._kept = Documents(clock, MAX_KEPT)
        self._strangers = Documents(clock, MAX_STRANGERS)
        self._unproven = Unproven(threads)
        self.vouch = vouch  # who certified which keys
        self._bases: dict[str, tuple[DidDocument, str]] = {}
        self._once: Once[DidDocument] = Once()

    def document(self, did: str, *, refetch: bool = False) -> DidDocument:
        """Give the DID document of ``did``, at most ten minutes old.

        Args:
            did: a did:web DID.
            refetch: ask again, for a key that is not there; heeded once a minute.

        Raises:
            MalformedError: the DID or its document is not well-formed.
            VerificationError: the document is somebody else's.
            RemoteError: it cannot be fetched.
        """
        if did == self._did:
            return self._own_document()
        self._kept.adopt(did, self._strangers)
        kept = self.cached(did)
        if kept is not None and not (refetch and self._age(did) >= REFETCH_SECONDS):
            return kept
        return self._once(did, lambda: self._kept.keep(did, self._fetch(did)))

    def presented(self, did: str, *, member: bool, refetch: bool = False) -> DidDocument:
        """Give the document of a DID that a request names and has not proved: see `unproven`.

        Raises:
            TooMany: too many such requests wait; else as `document`, also for what failed lately.
        """
        if member:
            self._kept.adopt(did, self._strangers)
        kept = self.cached(did)
        if kept is not None and not (refetch and self._age(did) >= REFETCH_SECONDS):
            return kept
        at = read_url(document_url(did, loopback_http=self._loopback_http))
        keeper = self._kept if member else self._strangers
        return self._unproven(
            did,
            at.authority if at.local else at.host,  # one host has many ports
            member=member,
            held=lambda: None if (now := self.cached(did)) is kept else now,
            fetch=lambda: keeper.keep(
                did, self._fetch(did, DOCUMENT_SECONDS if member else STRANGER_SECONDS)
            ),
        )

    def cached(self, did: str) -> DidDocument | None:
        """Give the document if it is at hand and not stale; never a network call."""
        if did == self._did:
            return self._own_document()
        return self._kept.get(did) or self._strangers.get(did)

    def forget(self, did: str) -> None:
        """Ask anew for a document at its next use."""
        self._kept.forget(did)
        self._strangers.forget(did)

    def at_hand(self, did: str) -> DidDocument:
        """Give the document without a network call, for use inside transactions.

        Raises:
            Unreachable: it is not at hand; call `document` before the transaction.
        """
        found = self.cached(did)
        if found is None:
            raise Unreachable(problems.NOT_AT_HAND, did=did)
        return found

    def _age(self, did: str) -> float:
        return min(self._kept.age(did), self._strangers.age(did))

    def _fetch(self, did: str, seconds: float = DOCUMENT_SECONDS) -> DidDocument:
        self._check_outside()
        url = document_url(did, loopback_http=self._loopback_http)
        document, body = fetched(self._transport, did, url, seconds, lambda: self.vouch(did))
        self._traffic.count(did, "did-document", "in", len(body), body=body)
        return document

    def endpoint(self, did: str, service: str = "VoileConnector") -> str:
        """Give the endpoint of one of a party's services.

        Raises:
            VerificationError: its document has no such service, or no URL of it.
        """
        found = self.document(did).service(service)
        endpoint = found.get("serviceEndpoint") if found else None
        if not isinstance(endpoint, str):
            raise VerificationError(problems.SERVICE_MISSING, did=did, service=service)
        try:
            read_url(endpoint)
        except MalformedError as error:
            raise VerificationError(
                problems.SERVICE_MALFORMED, did=did, service=service, why=error
            ) from error
        return endpoint.rstrip("/")

    def call(
        self,
        did: str,
        method: str,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10.0,
        max_bytes: int = 1 << 20,
        kind: str = "",
    ) -> Response:
        """Call a party with a fresh token, bound to method, path and body.

        Args:
            did: whom the token is for.
            method: the HTTP method.
            url: an absolute URL at the party's own origin.
            body: the bytes to send.
            headers: more headers.
            timeout: seconds for the whole exchange.
            max_bytes: cap on the answer.
            kind: what this is, for the counters of traffic; default the last path segments.

        Raises:
            EgressRefused: the URL is not at an origin that the party's document names.
            Unreachable: no answer, or half of one.
        """
        self._check_outside()
        self.check_origin(did, url)
        label = kind or read_url(url).path.rsplit("/", 1)[-1]
        sent = dict(headers or {})
        sent["Authorization"] = self.authorization(did, method, url, body or b"")
        self._traffic.count(did, label, "out", len(body or b""))
        try:
            response = self._transport.request(
                method, url, body=body, headers=sent, timeout=timeout, max_bytes=max_bytes
            )
        except Unreachable as error:
            if error.code != IDLE_CLOSED:
                raise
            # it was closed before our request was read: the same once more, with a fresh token
            sent["Authorization"] = self.authorization(did, method, url, body or b"")
            response = self._transport.request(
                method, url, body=body, headers=sent, timeout=timeout, max_bytes=max_bytes
            )
        self._traffic.count(did, label, "in", len(response.body), body=response.body)
        return response

    def authorization(self, did: str, method: str, url: str, body: bytes) -> str:
        """Give the value of the Authorization header of one request: a fresh token."""
        return "Bearer " + self.token(did, method, url, body)

    def known_base(self, did: str) -> str | None:
        """Give the base URL that a party's version document named, while we know its document."""
        found = self._bases.get(did)
        same = found is not None and found[0] is self.cached(did)
        return found[1] if found is not None and same else None  # another may name another place

    def keep_base(self, did: str, base: str) -> None:
        """Remember what a party's version document says, as long as its DID document is kept."""
        document = self.cached(did)
        if document is not None:
            if len(self._bases) > MAX_KEPT:
                self._bases.clear()
            self._bases[did] = (document, base)

    def token(self, did: str, method: str, url: str, body: bytes) -> str:
        """Mint a token for one request."""
        keys = self._keys.now()
        return tokens.mint(
            keys.token,
            issuer=self._did,
            audience=did,
            kid=keys.token_kid,
            now=unix(self._clock.now()),
            jti=b64url(self._entropy(16)),
            binding=tokens.Binding(
                method=method, path=unquote(read_url(url).path), body_digest=body_digest(body)
            ),
        )

    def _check_outside(self) -> None:
        if self._in_transaction():
            raise RuntimeError("a network call inside a transaction: make it before or after")

    def check_origin(self, did: str, url: str) -> None:
        """Check that a URL is at an origin that the party's DID document names.

        Raises:
            EgressRefused: it is not, or it is no URL.
        """
        document = self.document(did)
        home = _home_of(did, loopback_http=self._loopback_http)
        try:
            named = read_url(url)
        except MalformedError as error:
            raise EgressRefused(http_problems.ADDRESS_NO_URL, why=error) from error
        if named.origin != home and named.origin not in document.origins:
            raise EgressRefused(problems.EGRESS_FOREIGN, url=named.bare[:200], did=did)


@lru_cache(maxsize=MAX_KEPT)
def _home_of(did: str, *, loopback_http: bool) -> tuple[str, str, int]:
    """Give the origin of a party's document, which its DID alone says: for calls to it."""
    return read_url(document_url(did, loopback_http=loopback_http)).origin


def body_digest(body: bytes) -> str:
    """Give the digest that a token is bound to."""
    return b64url(hashlib.sha256(body).digest())
