"""Showing what a ciphertext holds, without the key that would open others.

A ciphertext c of m is (1 + n·m)·ρ^n mod n². Whoever holds the factors of n shows m and ρ; whoever
has c and n, and nothing else, checks the equation. For one c there is one m in [0, n).
"""

from collections.abc import Sequence

from crypto._hazmat.bigint import mpz, power
from crypto.paillier.ciphertext import Stale
from crypto.paillier.errors import PaillierError
from crypto.paillier.keys import SecretKey

Numbers = tuple[tuple[int, ...], ...]  # per column, one per ciphertext


def show(secret: SecretKey, batch: Stale) -> tuple[Numbers, Numbers]:
    """Give the plaintext and the root ρ of every ciphertext.

    Raises:
        PaillierError: the batch belongs to another key.
    """
    if batch.key != secret.public:
        raise PaillierError("a batch belongs to another key")
    n = mpz(batch.key.n)
    values = [column.values for column in batch.columns]
    plaintexts = tuple(tuple(int(secret.raw_decrypt(c)) for c in column) for column in values)
    roots = tuple(tuple(int(secret.root(c % n)) for c in column) for column in values)
    return plaintexts, roots


def shown(
    batch: Stale, plaintexts: Sequence[Sequence[int]], roots: Sequence[Sequence[int]]
) -> bool:
    """Say whether plaintexts and roots are those of a batch's ciphertexts, all of them."""
    n = mpz(batch.key.n)
    n_squared = n * n
    shape = [len(column.values) for column in batch.columns]
    for numbers in (plaintexts, roots):
        if [len(column) for column in numbers] != shape:
            return False
        if not all(0 <= number < n for column in numbers for number in column):
            return False
    return all(
        (1 + n * m) * power(root, n, n_squared) % n_squared == c
        for column, ms, rs in zip(batch.columns, plaintexts, roots, strict=True)
        for c, m, root in zip(column.values, ms, rs, strict=True)
    )
