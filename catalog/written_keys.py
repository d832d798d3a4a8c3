"""The records that applications and rotations have in common: keys as JWK, and their proofs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from crypto.keys import PublicKey
from crypto.record_texts import Line
from crypto.records import Text, write

Proof = Annotated[str, Text(4096)]  # a detached JWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Jwk:
    """A public key; whether it is one, the gate of every key import says."""

    kty: Line = ""
    crv: Line = ""
    x: Line = ""
    y: Line = ""

    def key(self) -> PublicKey:
        """Give the key.

        Raises:
            MalformedError: it is none.
        """
        return PublicKey.from_jwk({name: text for name, text in write(self).items() if text})
