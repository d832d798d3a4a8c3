"""Signing keys: P-256 for tokens, Ed25519 for agreements and the log.

A public key is gated when it is read (`crypto.key_gate`), once: reading the same key again costs a
look-up. Signatures are in the form of JWS: ES256 is r‖s, 64 bytes. Both sign deterministically.
Spec: RFC 7517, RFC 7518 §3.4, RFC 7638, RFC 8037.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from crypto import problems_signatures as problems
from crypto.b64 import b64url, unb64url
from crypto.canonical import canonical
from crypto.errors import MalformedError, VerificationError
from crypto.key_gate import check_ed25519

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crypto.words import Words

Alg = Literal["ES256", "EdDSA"]

COORDINATE_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_P256_SECRET_BYTES: Final = 40  # enough that reducing it modulo the order leaves no bias
_KEPT: Final = 4096
_CURVES: Final[dict[Alg, tuple[str, str]]] = {"ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that passed the gate. Make it with `from_jwk` or `ed25519`.

    Attributes:
        alg: the one algorithm it is used with.
        raw: 32 bytes for Ed25519; x‖y, 64 bytes, for P-256.
    """

    alg: Alg
    raw: bytes

    def __post_init__(self) -> None:
        _opened(self.alg, self.raw)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> PublicKey:
        """Read a public JWK.

        Raises:
            MalformedError: not a JWK of P-256 or Ed25519, or one with a private part.
            VerificationError: the key gate refuses it.
        """
        curve = (jwk.get("kty"), jwk.get("crv"))
        alg = next((alg for alg, names in _CURVES.items() if names == curve), None)
        if alg is None:
            raise _malformed(problems.CURVE, got=str(curve)[:60])
        if jwk.get("alg", alg) != alg or jwk.get("use", "sig") != "sig":
            raise _malformed(problems.ALG_OR_USE)
        if "d" in jwk:
            raise _malformed(problems.PRIVATE_PART)
        parts = [jwk.get(name) for name in (("x", "y") if alg == "ES256" else ("x",))]
        raw = b"".join(_coordinate(part) for part in parts)
        return cls(alg, raw)

    @classmethod
    def ed25519(cls, raw: bytes) -> PublicKey:
        """Take the 32 bytes of an Ed25519 key.

        Raises:
            VerificationError: the key gate refuses it.
        """
        return cls("EdDSA", raw)

    def jwk(self) -> dict[str, str]:
        """Give the JWK, with the required members only."""
        kty, crv = _CURVES[self.alg]
        members = {"crv": crv, "kty": kty, "x": b64url(self.raw[:COORDINATE_BYTES])}
        if self.alg == "ES256":
            members["y"] = b64url(self.raw[COORDINATE_BYTES:])
        return members

    def thumbprint(self) -> str:
        """Give the RFC 7638 thumbprint, base64url."""
        return _thumbprint(self)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Verify a signature.

        Raises:
            VerificationError: it does not hold.
        """
        if len(signature) != SIGNATURE_BYTES:
            raise _bad_signature()
        key = _opened(self.alg, self.raw)
        try:
            if isinstance(key, Ed25519PublicKey):
                key.verify(signature, data)
            else:
                r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
                key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise _bad_signature() from error


class SigningKey:
    """A private key. It never prints itself; only `private_bytes` gives it away."""

    __slots__ = ("_key", "alg", "public")

    alg: Alg
    public: PublicKey

    def __init__(self, key: ec.EllipticCurvePrivateKey | Ed25519PrivateKey) -> None:
        self._key = key
        if isinstance(key, Ed25519PrivateKey):
            self.alg = "EdDSA"
            self.public = PublicKey("EdDSA", key.public_key().public_bytes_raw())
        else:
            self.alg = "ES256"
            numbers = key.public_key().public_numbers()
            raw = b"".join(n.to_bytes(COORDINATE_BYTES, "big") for n in (numbers.x, numbers.y))
            self.public = PublicKey("ES256", raw)

    @classmethod
    def p256(cls, secret: bytes) -> SigningKey:
        """Make a P-256 key out of at least 40 random bytes (FIPS 186-5 §A.2.1)."""
        if len(secret) < _P256_SECRET_BYTES:
            raise ValueError(f"expected at least {_P256_SECRET_BYTES} random bytes")
        scalar = int.from_bytes(secret, "big") % (_P256_ORDER - 1) + 1
        return cls(ec.derive_private_key(scalar, ec.SECP256R1()))

    @classmethod
    def ed25519(cls, seed: bytes) -> SigningKey:
        """Make an Ed25519 key out of 32 random bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def load(cls, alg: Alg, private_bytes: bytes) -> SigningKey:
        """Read what `private_bytes` gave.

        Raises:
            MalformedError: these bytes are no such key.
        """
        if len(private_bytes) != COORDINATE_BYTES:
            raise _malformed(
                problems.PRIVATE_BYTES, expected=COORDINATE_BYTES, got=len(private_bytes)
            )
        if alg == "EdDSA":
            return cls.ed25519(private_bytes)
        scalar = int.from_bytes(private_bytes, "big")
        if not 0 < scalar < _P256_ORDER:
            raise _malformed(problems.PRIVATE_RANGE)
        return cls(ec.derive_private_key(scalar, ec.SECP256R1()))

    def private_bytes(self) -> bytes:
        """Give the 32 bytes of the private part: for the secret store only."""
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.private_bytes_raw()
        return self._key.private_numbers().private_value.to_bytes(COORDINATE_BYTES, "big")

    def sign(self, data: bytes) -> bytes:
        """Sign; the same data gives the same 64 bytes (RFC 8032, RFC 6979)."""
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(data)
        der = self._key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(der)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def __repr__(self) -> str:
        return f"SigningKey({self.alg}, {self.public.thumbprint()})"


@lru_cache(maxsize=_KEPT)
def _thumbprint(key: PublicKey) -> str:
    """Kept like the key itself: a signature's key is looked up by it each time."""
    return b64url(hashlib.sha256(canonical(key.jwk())).digest())


@lru_cache(maxsize=_KEPT)
def _opened(alg: Alg, raw: bytes) -> ec.EllipticCurvePublicKey | Ed25519PublicKey:
    """Gate a key and open it for the library; kept, for a party's key is used again and again."""
    if alg == "EdDSA":
        check_ed25519(raw)
        return Ed25519PublicKey.from_public_bytes(raw)
    if len(raw) != 2 * COORDINATE_BYTES:
        raise _malformed(problems.TWO_COORDINATES, bytes=COORDINATE_BYTES)
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + raw)
    except ValueError as error:
        raise VerificationError(problems.P256_REFUSED) from error


def _coordinate(text: object) -> bytes:
    data = unb64url(text) if isinstance(text, str) else b""
    if len(data) != COORDINATE_BYTES:
        raise _malformed(problems.COORDINATES, bytes=COORDINATE_BYTES)
    return data


def _malformed(why: Words, **facts: object) -> MalformedError:
    return MalformedError(problems.KEY_MALFORMED, why=why.of(**facts))


def _bad_signature() -> VerificationError:
    return VerificationError(problems.SIGNATURE)
