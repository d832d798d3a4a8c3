"""Randomness that can be shown later: everything an encryptor draws, out of 32 random bytes.

Whoever opens a batch shows these bytes; anybody encrypts the same figures again and compares the
frame with the one that was signed. Until then the bytes are as secret as what they hide.
"""

import hashlib

from crypto._hazmat.bigint import Entropy

NOISE_BYTES = 32
_DOMAIN = b"voile paillier noise v1"


def expand(noise: bytes) -> Entropy:
    """Return a source whose n-th draw follows from `noise` and n.

    Raises:
        ValueError: it is not of 32 bytes.
    """
    if len(noise) != NOISE_BYTES:
        raise ValueError(f"expected {NOISE_BYTES} bytes of noise, got {len(noise)}")
    drawn = 0

    def draw(size: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return hashlib.shake_256(_DOMAIN + noise + drawn.to_bytes(8, "big")).digest(size)

    return draw
