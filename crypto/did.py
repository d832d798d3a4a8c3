"""DID documents: what they say, which key may be used for what. Where they lie: `did_web`.

A document is read once and strictly where it matters: its id is the one that was asked for, method
ids are unique, a key is used only under a relationship that lists it and only if the DID controls
it. Everything else is carried along unread. Spec: DID Core 1.0, did:web; identity.md §1, §2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from crypto import problems_addresses as problems
from crypto.canonical import digest
from crypto.did_web import Did, document_url
from crypto.errors import MalformedError, VerificationError
from crypto.keys import PublicKey
from crypto.url import read_url
from crypto.vouched import Vouched, nobody

if TYPE_CHECKING:
    from crypto.problem import Problem
    from crypto.words import Spoken, Words

__all__ = [
    "CONTEXTS",
    "MAX_METHODS",
    "RELATIONSHIPS",
    "VOILE_SERVICES",
    "Did",
    "DidDocument",
    "Method",
    "build_document",
    "document_url",
    "method_id",
]

CONTEXTS: Final = ("https://www.w3.org/ns/did/v1", "https://w3id.org/dspace-dcp/v1.0/dcp.jsonld")
RELATIONSHIPS: Final = ("authentication", "assertionMethod", "capabilityInvocation")
VOILE_SERVICES: Final = ("VoileConnector", "VoileHub")
MAX_METHODS: Final = 64


def method_id(did: str, key: PublicKey) -> str:
    """Give the absolute id under which a document lists a key."""
    return f"{did}#{key.thumbprint()}"


@dataclass(frozen=True, slots=True)
class Method:
    """One verification method, its key not yet read.

    Attributes:
        id: absolute.
        controller: the DID that controls it.
        jwk: the public key as published, or None if it is in another form.
    """

    id: str
    controller: str
    jwk: Mapping[str, Any] | None


@dataclass(frozen=True)
class DidDocument:
    """A DID document that belongs to the DID it was asked for.

    Attributes:
        did: whose it is.
        raw: the parsed JSON.
        methods: its keys.
        relationships: the ids of those that may be used for each purpose.
        vouched: says which keys count at this moment; None: whatever the document lists.
    """

    did: Did
    raw: Mapping[str, Any]
    methods: tuple[Method, ...]
    relationships: Mapping[str, frozenset[str]]
    vouched: Callable[[], Vouched | None] = field(default=nobody, compare=False, repr=False)

    @cached_property
    def _read(self) -> dict[str, PublicKey]:
        """The keys that were used, by the id of their method; those that are refused are not."""
        return {}

    @cached_property
    def digest(self) -> str:
        """The digest of its canonical form."""
        return digest(self.raw)

    @classmethod
    def parse(
        cls,
        raw: Mapping[str, Any],
        *,
        expected: str,
        vouched: Callable[[], Vouched | None] = nobody,
    ) -> DidDocument:
        """Read a document.

        Args:
            raw: the parsed JSON.
            expected: the DID that was resolved.
            vouched: says, whenever a key is used, which keys count.

        Raises:
            MalformedError: not a DID document.
            VerificationError: somebody else's document.
        """
        if raw.get("id") != expected:
            raise VerificationError(problems.DID_MISMATCH, expected=expected[:200])
        methods = [_method(item, expected) for item in _list(raw, "verificationMethod")]
        relationships: dict[str, frozenset[str]] = {}
        for name in RELATIONSHIPS:
            ids: set[str] = set()
            for item in _list(raw, name):
                if isinstance(item, str):
                    ids.add(_absolute(item, expected))
                else:  # embedded: listed for this relationship only
                    embedded = _method(item, expected)
                    methods.append(embedded)
                    ids.add(embedded.id)
            relationships[name] = frozenset(ids)
        if len({method.id for method in methods}) != len(methods):
            raise _malformed(expected, problems.METHODS_ALIKE)
        if len(methods) > MAX_METHODS:
            raise _malformed(expected, problems.METHODS_MANY, most=MAX_METHODS)
        return cls(Did(expected), raw, tuple(methods), relationships, vouched)

    @cached_property
    def is_voile(self) -> bool:
        """Whether the party runs Voile: more is then asked of its tokens."""
        return any(self.service(name) is not None for name in VOILE_SERVICES)

    def service(self, kind: str) -> Mapping[str, Any] | None:
        """Give the first service of a type."""
        for item in self._services:
            named = item.get("type")
            if named == kind or (isinstance(named, list) and kind in named):
                return item
        return None

    @property
    def _services(self) -> list[Mapping[str, Any]]:
        """Its services; what is none, or no list of them, is passed over."""
        listed = self.raw.get("service")
        if not isinstance(listed, list | tuple):
            return []
        return [item for item in listed if isinstance(item, Mapping)]

    @cached_property
    def origins(self) -> frozenset[tuple[str, str, int]]:
        """Scheme, host and port of its services; an endpoint that is no URL names no place."""
        found = set()
        for service in self._services:
            endpoint = service.get("serviceEndpoint")
            if isinstance(endpoint, str):
                with suppress(MalformedError):
                    found.add(read_url(endpoint).origin)
        return frozenset(found)

    def as_published(self) -> DidDocument:
        """Give the document with whatever keys it lists: for a party that proves new ones."""
        return replace(self, vouched=nobody)

    def check_time(self, key: PublicKey, signed: float | None) -> None:
        """Check that a key might sign at a moment: a former one might until it was replaced.

        Args:
            key: from `key`, with ``former``.
            signed: unix seconds, as what was signed says.

        Raises:
            VerificationError: the key was a former one by then.
        """
        vouched = self.vouched()
        if vouched is not None and not vouched.counts(key.thumbprint(), signed=signed):
            raise self._no_key(problems.KEY_REPLACED, problems.UNCERTIFIED)

    def key(self, kid: str | None, *, relationship: str, former: bool = False) -> PublicKey:
        """Find the key of a signature.

        Args:
            kid: absolute or relative id of the method; None if the signature names none.
            relationship: what the key is used for, e.g. ``assertionMethod``.
            former: whether a former key will do, for what was signed before: see `check_time`.

        Raises:
            VerificationError: there is none, it is another DID's, not meant for this, or refused.
            MalformedError: it is in a form that is not read.
        """
        if kid is None:
            if len(self.methods) != 1:
                raise self._no_key(problems.KEY_UNNAMED)
            method = self.methods[0]
        else:
            wanted = _absolute(kid, self.did)
            found = next((method for method in self.methods if method.id == wanted), None)
            if found is None:
                raise self._no_key(problems.KEY_MISSING.of(kid=kid[:200]))
            method = found
        if method.controller != self.did:
            raise self._no_key(problems.KEY_OF_OTHER)
        if method.id not in self.relationships.get(relationship, frozenset()):
            raise self._no_key(problems.KEY_FOR_OTHER.of(use=relationship))
        if method.jwk is None:
            raise _malformed(self.did, problems.NO_JWK)
        key = self._read.get(method.id)
        if key is None:
            key = self._read[method.id] = PublicKey.from_jwk(method.jwk)
        vouched = self.vouched()
        if vouched is not None:
            counted = vouched.known if former else vouched.current
            if key.thumbprint() not in counted:
                raise self._no_key(problems.KEY_UNCERTIFIED, problems.UNCERTIFIED)
        return key

    def _no_key(self, why: Spoken, problem: Problem = problems.NO_KEY) -> VerificationError:
        return VerificationError(problem, did=self.did, why=why)


def build_document(
    *,
    did: str,
    token: PublicKey,
    agreements: PublicKey,
    log: PublicKey,
    services: Sequence[Mapping[str, Any]],
    more_tokens: Sequence[PublicKey] = (),
    more_agreements: Sequence[PublicKey] = (),
) -> dict[str, Any]:
    """Write our own document: three keys, each listed for what it is used for.

    Args:
        did: ours.
        token: signs our tokens.
        agreements: signs agreements, answers, statements.
        log: signs the heads of our log.
        services: where we are reached.
        more_tokens: keys that will sign tokens.
        more_agreements: keys that will sign agreements, or have.
    """
    calls, assertions = (token, *more_tokens), (agreements, *more_agreements)
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": [
            {
                "id": method_id(did, key),
                "type": "JsonWebKey2020",
                "controller": did,
                "publicKeyJwk": key.jwk(),
            }
            for key in (*calls, *assertions, log)
        ],
        "authentication": [method_id(did, key) for key in calls],
        "assertionMethod": [method_id(did, key) for key in assertions],
        "capabilityInvocation": [method_id(did, key) for key in calls],
        "service": [dict(service) for service in services],
    }


def _method(item: Any, did: str) -> Method:
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
        raise _malformed(did, problems.METHOD_NO_ID)
    controller, jwk = item.get("controller"), item.get("publicKeyJwk")
    return Method(
        _absolute(item["id"], did),
        controller if isinstance(controller, str) else "",
        jwk if isinstance(jwk, Mapping) else None,
    )


def _absolute(identifier: str, did: str) -> str:
    """Make a method id absolute: ``#key``, ``key`` and ``did:…#key`` are the forms met."""
    if identifier.startswith("did:"):
        return identifier
    return f"{did}#{identifier.removeprefix('#')}"


def _list(raw: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = raw.get(name, ())
    if not isinstance(value, list | tuple):
        raise _malformed(str(raw.get("id")), problems.NO_LIST, name=name)
    return value


def _malformed(did: str, why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.DOCUMENT, did=did[:200], why=why.of(**facts))
