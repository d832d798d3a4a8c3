"""A cohort of three with its keys, and one honest run of everything it signs."""

import hashlib
from dataclasses import dataclass
from functools import cache

from contracts.cohort import signing
from contracts.cohort.session import AskedColumn, ColumnPlan, Question, Session
from contracts.cohort.statements import Acceptance, Cleared, Contribution, Indicators, Released
from crypto.b64 import b64url
from crypto.canonical import digest, digest_bytes
from crypto.did import Did, DidDocument, build_document, method_id
from crypto.keys import SigningKey
from crypto.paillier.keys import PublicKey, SecretKey
from tests.crypto.paillier.conftest import seeded

NOW = 1_800_000_000
BUYER = Did("did:web:buyer.example")
HUB = Did("did:web:hub.example")
FIRMS = tuple(Did(f"did:web:{name}.example") for name in ("acme", "bolt", "cogs"))


@dataclass(frozen=True)
class Party:
    did: Did
    key: SigningKey
    document: DidDocument

    def sign(self, statement) -> str:
        kid = method_id(self.did, self.key.public)
        return signing.sign(statement, self.key, kid=kid, iat=NOW)


@cache
def party(did: Did) -> Party:
    """Return a party with keys of its own."""
    entropy = seeded(did)
    token, agreements, log = (
        SigningKey.p256(entropy(48)),
        SigningKey.ed25519(entropy(32)),
        SigningKey.ed25519(entropy(32)),
    )
    raw = build_document(
        did=did, token=token.public, agreements=agreements.public, log=log.public, services=[]
    )
    return Party(did, agreements, DidDocument.parse(raw, expected=did))


@cache
def paillier() -> SecretKey:
    return SecretKey.generate(seeded("consumer"), bits=2048)


def identifier(name: str) -> str:
    """Return 128 bits that look random."""
    return b64url(hashlib.sha256(name.encode()).digest()[:16])


QUESTION = Question(
    question_id="q-1",
    sql="SELECT brand, SUM(available) FROM stock GROUP BY brand",
    purpose="https://w3id.org/voile/ns/purpose/stockPlanning",
    group_by=("brand",),
    cells=(("A",), ("B",), ("C",), ("D",)),
    columns=(AskedColumn(name="c0", measure="available", unit="piece", scale=0),),
    salt=identifier("salt"),
)


SEED = hashlib.sha256(b"seed").digest()
SECRETS = {did: hashlib.sha256(did.encode()).digest() for did in FIRMS}


def session(**changes) -> Session:
    """Return an honest session, or one with other members."""
    members = {
        "session": identifier("session"),
        "consumer": BUYER,
        "aggregator": HUB,
        "roster": FIRMS,
        "query_digest": QUESTION.query_digest,
        "domain_digest": QUESTION.domain_digest,
        "cells": 4,
        "columns": (ColumnPlan(name="c0", lower=0, upper=10**12, scale=0),),
        "key": PublicKey(int(paillier().public.n)),
        "issued": NOW,
        "deadline": NOW + 300,
        "seed": digest_bytes(SEED),
        "table": digest_bytes(b"table"),
    }
    return Session(**members | changes)


SESSION = session()
HEAD = {"session": SESSION.session, "transcript": SESSION.transcript}
MARKS = dict.fromkeys(FIRMS, ("1010",))


def acceptance(did: Did, **changes) -> Acceptance:
    members = {"provider": did, "agreement": digest(f"urn:{did}"), "min_cohort": 3}
    return Acceptance(**HEAD | members | changes)


def indicators(did: Did, **changes) -> Indicators:
    return Indicators(**HEAD | {"provider": did, "columns": MARKS[did]} | changes)


def signed_indicators(did: Did) -> str:
    return party(did).sign(indicators(did))


def cleared(**changes) -> Cleared:
    members = {
        "aggregator": HUB,
        "min_cohort": 3,
        "columns": ("1010",),
        "indicators": {did: signing.digest_of(signed_indicators(did)) for did in FIRMS},
    }
    return Cleared(**HEAD | members | changes)


CLEARED_DIGEST = signing.digest_of(party(HUB).sign(cleared()))
FRAMES = {did: f"frame of {did}".encode() for did in FIRMS}
PRODUCT = b"product"


def contribution(did: Did, **changes) -> Contribution:
    members = {
        "provider": did,
        "cleared": CLEARED_DIGEST,
        "batch": digest_bytes(FRAMES[did]),
        "commitment": "hmac-sha-256:" + "0" * 64,
        "tag": digest_bytes(SECRETS[did]),
    }
    return Contribution(**HEAD | members | changes)


def released(**changes) -> Released:
    members = {
        "aggregator": HUB,
        "cleared": CLEARED_DIGEST,
        "batches": {did: digest_bytes(FRAMES[did]) for did in FIRMS},
        "product": digest_bytes(PRODUCT),
    }
    return Released(**HEAD | members | changes)
