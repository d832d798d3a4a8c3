"""Paillier keys: n = p·q with p ≡ q ≡ 3 (mod 4) and gcd(p-1, q-1) = 2.

Source: Damgård, Jurik, Nielsen, *A generalization of Paillier's public-key system*, 2010.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Self

from crypto._hazmat.bigint import (
    Entropy,
    gcd,
    inverse,
    is_probable_prime,
    mpz,
    power,
    primorial,
    random_bits,
)
from crypto.b64 import b64url
from crypto.canonical import canonical
from crypto.paillier.errors import PaillierError

MODULUS_BITS = (2048, 3072, 4096)  # what we make and accept, nothing between
DEFAULT_BITS = 3072
SMALL_FACTOR = 1 << 16


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The modulus n; the generator is always n + 1."""

    n: int

    @property
    def bits(self) -> int:
        """Length of n in bits."""
        return self.n.bit_length()

    @property
    def n_squared(self) -> int:
        """The modulus of ciphertexts."""
        return mpz(self.n) ** 2

    def thumbprint(self) -> str:
        """Return the base64url SHA-256 of the canonical JWK members that define the key."""
        size = -(-self.bits // 8)
        members = {"alg": "PAI-GN1", "kty": "DAJ", "n": b64url(int(self.n).to_bytes(size, "big"))}
        return b64url(hashlib.sha256(canonical(members)).digest())


@dataclass(frozen=True, slots=True, eq=False)
class SecretKey:
    """The factors of n, with what decryption by the Chinese remainder theorem precomputes.

    Raises:
        PaillierError: p and q do not make a Paillier key.
    """

    p: int = field(repr=False)
    q: int = field(repr=False)
    public: PublicKey = field(init=False)
    _h_p: int = field(init=False, repr=False)
    _h_q: int = field(init=False, repr=False)
    _p_inverse: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        p, q = mpz(self.p), mpz(self.q)
        if p == q or not (is_probable_prime(p) and is_probable_prime(q)):
            raise PaillierError("the factors are not two different primes")
        n = p * q
        if n.bit_length() not in MODULUS_BITS or gcd(n, (p - 1) * (q - 1)) != 1:
            raise PaillierError("the factors do not make a modulus of an accepted length")
        for name, value in (
            ("p", p),
            ("q", q),
            ("public", PublicKey(int(n))),
            ("_h_p", inverse(_log(power(n + 1, p - 1, p * p), p), p)),
            ("_h_q", inverse(_log(power(n + 1, q - 1, q * q), q), q)),
            ("_p_inverse", inverse(p, q)),
        ):
            object.__setattr__(self, name, value)

    @classmethod
    def generate(cls, entropy: Entropy, *, bits: int = DEFAULT_BITS) -> Self:
        """Make a key of exactly `bits` bits; it takes some tenths of a second.

        Raises:
            PaillierError: `bits` is not an accepted length.
        """
        if bits not in MODULUS_BITS:
            raise PaillierError(f"a key of {bits} bits was asked for")
        p = _blum_prime(bits // 2, entropy)
        while True:
            q = _blum_prime(bits // 2, entropy)
            if p != q and gcd(p - 1, q - 1) == 2:
                return cls(p, q)

    def raw_decrypt(self, ciphertext: int) -> int:
        """Return the plaintext in [0, n) of a ciphertext that the gate has let in."""
        p, q = self.p, self.q
        m_p = _log(power(ciphertext, p - 1, p * p), p) * self._h_p % p
        m_q = _log(power(ciphertext, q - 1, q * q), q) * self._h_q % q
        return m_p + p * ((m_q - m_p) * self._p_inverse % q)

    def root(self, value: int) -> int:
        """Return the n-th root of `value` mod n, which only the holder of the factors can take."""
        n, p, q = self.public.n, self.p, self.q
        r_p = power(value, inverse(n, p - 1), p)
        r_q = power(value, inverse(n, q - 1), q)
        return r_p + p * ((r_q - r_p) * self._p_inverse % q)


def _log(value: int, prime: int) -> int:
    return (value - 1) // prime


def _blum_prime(bits: int, entropy: Entropy) -> int:
    """Return a prime ≡ 3 (mod 4) of `bits` bits with its two top bits set."""
    top = mpz(3) << (bits - 2)
    small = primorial(SMALL_FACTOR)
    while True:
        candidate = random_bits(bits, entropy) | top | 3
        if gcd(candidate, small) == 1 and is_probable_prime(candidate):
            return candidate
