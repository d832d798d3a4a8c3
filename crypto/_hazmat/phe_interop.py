"""The one file that imports phe (GPL-3.0); see the decision record on its licence.

phe is the reference that Voile's ciphertexts stay compatible with: a ciphertext made here decrypts
there and the reverse. Nothing in the running connector calls this file; tests, benchmarks and
people who exchange keys or ciphertexts with programs written on phe do.
"""

from collections.abc import Sequence

import phe

from crypto.paillier.keys import PublicKey, SecretKey


def to_phe_public(key: PublicKey) -> phe.PaillierPublicKey:
    """Return phe's form of a public key."""
    return phe.PaillierPublicKey(n=int(key.n))


def to_phe_secret(key: SecretKey) -> phe.PaillierPrivateKey:
    """Return phe's form of a secret key."""
    return phe.PaillierPrivateKey(to_phe_public(key.public), int(key.p), int(key.q))


def from_phe_secret(key: phe.PaillierPrivateKey) -> SecretKey:
    """Return our form of a secret key that phe made, after the checks every secret key gets."""
    return SecretKey(int(key.p), int(key.q))


def encrypt_with_phe(key: PublicKey, plaintexts: Sequence[int]) -> tuple[int, ...]:
    """Encrypt non-negative integers below n one by one, each with phe's own randomness."""
    public = to_phe_public(key)
    return tuple(public.raw_encrypt(int(plaintext)) for plaintext in plaintexts)


def decrypt_with_phe(key: SecretKey, ciphertexts: Sequence[int]) -> tuple[int, ...]:
    """Decrypt raw ciphertexts one by one."""
    secret = to_phe_secret(key)
    return tuple(secret.raw_decrypt(int(ciphertext)) for ciphertext in ciphertexts)


def phe_uses_gmp() -> bool:
    """Tell whether phe found gmpy2, so that a comparison with it is a fair one."""
    return bool(phe.util.HAVE_GMP)
