"""Keys, documents and vectors that several tests of this room use."""

import hashlib
import os
from pathlib import Path

import pytest

from crypto.did import DidDocument, build_document, method_id
from crypto.keys import SigningKey

VECTORS = Path(
    os.environ.get("VOILE_VECTORS", Path(__file__).parents[2].parent / "shared" / "vectors")
)


def needs(folder: str) -> pytest.MarkDecorator:
    """Skip, with the reason, where the public vectors are not beside the project."""
    return pytest.mark.skipif(
        not (VECTORS / folder).is_dir(),
        reason=f"no {folder} vectors beside the project (VOILE_VECTORS)",
    )


ALICE = "did:web:localhost%3A19100:alice"
BOB = "did:web:localhost%3A19200:bob"


def _seed(purpose: str, did: str) -> bytes:
    return hashlib.sha256(f"{purpose} {did}".encode()).digest()


class Party:
    """A party with its three keys, drawn from its name."""

    def __init__(self, did: str) -> None:
        self.did = did
        self.token = SigningKey.p256(hashlib.sha512(b"token" + did.encode()).digest())
        self.agreements = SigningKey.ed25519(_seed("agreements", did))
        self.log = SigningKey.ed25519(_seed("log", did))

    @property
    def token_kid(self) -> str:
        return method_id(self.did, self.token.public)

    @property
    def agreements_kid(self) -> str:
        return method_id(self.did, self.agreements.public)

    def raw_document(self, service: str = "VoileConnector") -> dict:
        return build_document(
            did=self.did,
            token=self.token.public,
            agreements=self.agreements.public,
            log=self.log.public,
            services=[
                {"id": f"{self.did}#s", "type": service, "serviceEndpoint": "http://localhost:1"}
            ],
        )

    def document(self, service: str = "VoileConnector") -> DidDocument:
        return DidDocument.parse(self.raw_document(service), expected=self.did)
