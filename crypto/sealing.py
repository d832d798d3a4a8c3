"""Sealing at rest: AES-256-GCM, bound to what it is for.

Form: version byte 0x01, nonce (12 bytes), ciphertext and tag. The context is authenticated and not
stored, so that a sealed value moved to another place does not open there.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto import problems_signatures as problems
from crypto.errors import VerificationError

VERSION: Final = b"\x01"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


def seal(kek: bytes, plaintext: bytes, *, context: bytes, nonce: bytes) -> bytes:
    """Seal bytes.

    Args:
        kek: 32 bytes.
        plaintext: what is sealed.
        context: what it is for; needed again to open it.
        nonce: 12 random bytes, never used twice under one key.
    """
    if len(kek) != KEY_BYTES or len(nonce) != NONCE_BYTES:
        raise ValueError(f"expected a key of {KEY_BYTES} and a nonce of {NONCE_BYTES} bytes")
    return VERSION + nonce + AESGCM(kek).encrypt(nonce, plaintext, VERSION + context)


def unseal(kek: bytes, sealed: bytes, *, context: bytes) -> bytes:
    """Open what `seal` made.

    Raises:
        VerificationError: another key, another context, or changed bytes.
    """
    if len(sealed) < len(VERSION) + NONCE_BYTES + TAG_BYTES or sealed[:1] != VERSION:
        raise _refused()
    try:
        return AESGCM(kek).decrypt(sealed[1:13], sealed[13:], VERSION + context)
    except InvalidTag as error:
        raise _refused() from error


def _refused() -> VerificationError:
    return VerificationError(problems.UNSEAL)
