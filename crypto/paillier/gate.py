"""Is a foreign key a Paillier key at all? Asked before a single value is encrypted under it.

A prime n passes the proof of gcd(n, φ(n)) = 1, and anyone can then decrypt; a modulus with small
factors leaks plaintexts modulo them (CVE-2023-33241). The checks, in order:

(1) exactly 2048, 3072 or 4096 bits;
(2) odd;
(3) composite;
(4) not a perfect power;
(5) no prime factor below 2^16;
(6) the proof of gcd(n, φ(n)) = 1, bound to this contract and these parties.

All but (6) run in microseconds to milliseconds and none depends on a secret, so the order gives
nothing away; the answer is uniform all the same.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from crypto._hazmat.bigint import (
    gcd,
    is_perfect_power,
    is_probable_prime,
    mpz,
    primorial,
)
from crypto.paillier.errors import PaillierError
from crypto.paillier.keys import MODULUS_BITS, SMALL_FACTOR, PublicKey, SecretKey
from crypto.paillier.proof import KeyProof, Transcript, verify

_KEPT: Final = 64  # keys; each has its proof of eleven numbers beside it


@dataclass(frozen=True, slots=True)
class VerifiedKey:
    """A foreign key that passed the gate for one contract; only this type encrypts."""

    key: PublicKey
    transcript: Transcript


@lru_cache(maxsize=_KEPT)
def admit(key: PublicKey, proof: KeyProof, transcript: Transcript) -> VerifiedKey:
    """Let a foreign key in, or refuse it.

    A session has the same key let in at several steps: what passed with this very proof, for this
    very contract, passes again without being worked out. What failed is not remembered.

    Raises:
        PaillierError: one of the checks failed; which one stands in `private_reason` only.
    """
    n = mpz(key.n)
    # (1)
    if n.bit_length() not in MODULUS_BITS:
        raise PaillierError(f"the modulus has {n.bit_length()} bits")
    # (2)
    if n % 2 == 0:
        raise PaillierError("the modulus is even")
    # (3)
    if is_probable_prime(n):
        raise PaillierError("the modulus is prime")
    # (4)
    if is_perfect_power(n):
        raise PaillierError("the modulus is a perfect power")
    # (5)
    if gcd(n, primorial(SMALL_FACTOR)) != 1:
        raise PaillierError("the modulus has a factor below 2^16")
    # (6)
    verify(key, proof, transcript)
    return VerifiedKey(key, transcript)


def own(secret: SecretKey) -> VerifiedKey:
    """Vouch for a key whose factors this very process holds; the secret key checked itself."""
    return VerifiedKey(secret.public, Transcript("", "", "", b""))
