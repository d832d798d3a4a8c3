"""Parties with keys and DID documents, made from fixed seeds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from catalog.applications import Signers
from catalog.participants import Participant
from crypto.did import Did, DidDocument, build_document, method_id
from crypto.keys import SigningKey
from crypto.notes import vkey

SPACE = "https://space.example/steel"
NOW = 1_800_000_000


def seed(name: str, n: int) -> bytes:
    return hashlib.shake_256(name.encode()).digest(n)


@dataclass(frozen=True)
class Party:
    did: Did
    signers: Signers
    document: DidDocument
    participant: Participant

    @property
    def kid(self) -> str:
        return method_id(self.did, self.signers.agreements.public)

    def find_key(self, kid: str):
        return self.document.key(kid, relationship="assertionMethod")


def party(name: str) -> Party:
    did = Did(f"did:web:{name}.example")
    endpoint = f"https://{name}.example"
    signers = Signers(
        token=SigningKey.p256(seed(name + "/token", 48)),
        agreements=SigningKey.ed25519(seed(name + "/agreements", 32)),
        log=SigningKey.ed25519(seed(name + "/log", 32)),
    )
    raw = build_document(
        did=did,
        token=signers.token.public,
        agreements=signers.agreements.public,
        log=signers.log.public,
        services=[
            {
                "id": f"{did}#voile",
                "type": "VoileConnector",
                "serviceEndpoint": f"{endpoint}/voile/v1",
            },
            {
                "id": f"{did}#log",
                "type": "VoileLog",
                "serviceEndpoint": f"{endpoint}/voile/v1/log",
                "vkey": vkey(f"{name}.example/voile/v1/log", signers.log.public),
            },
        ],
    )
    return Party(
        did=did,
        signers=signers,
        document=DidDocument.parse(raw, expected=did),
        participant=Participant(
            did=did,
            name_zh=f"{name} 有限公司",
            name_en=f"{name} Ltd",
            legal_id=f"ID-{name}",
            legal_group=f"ID-{name}",
            roles=("provider",),
            endpoint=endpoint,
        ),
    )


HUB = party("hub")
ALDER = party("alder")
BIRCH = party("birch")
