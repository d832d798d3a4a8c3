"""Encrypting batches fast: (1 + n·m) · hs^α mod n² with hs of one's own.

Each encryptor draws x and makes hs = (-x²)^n mod n² itself. A peer's hs is never used: with hs = 1
every ciphertext would be plain to anyone. α has ⌈|n|/2⌉ random bits and is used once; hs^α comes
from a fixed-base table whose size follows from the number of ciphertexts expected, under a cap on
memory. To everybody else the result is an ordinary Paillier ciphertext: phe decrypts it.

Source: Damgård, Jurik, Nielsen §4.2 (randomness from half-length exponents).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from crypto._hazmat.bigint import Entropy, mpz, power, random_bits, random_unit
from crypto._hazmat.fixed_base import FixedBase
from crypto.paillier.ciphertext import SEAL, Column, Fresh, Stale
from crypto.paillier.errors import PaillierError
from crypto.paillier.gate import VerifiedKey
from crypto.paillier.keys import PublicKey
from crypto.paillier.layout import Layout
from crypto.paillier.tags import Tagger

DEFAULT_MEMORY = 64 << 20  # bytes of the fixed-base table at most


@dataclass(frozen=True, slots=True)
class Encryptor:
    """Encrypts and re-randomises under one verified key; made once per key and batch."""

    key: PublicKey
    entropy: Entropy = field(repr=False)
    _randomness: FixedBase = field(repr=False)

    @classmethod
    def make(
        cls,
        verified: VerifiedKey,
        entropy: Entropy,
        *,
        expected: int,
        memory: int = DEFAULT_MEMORY,
    ) -> Self:
        """Draw hs and build its table.

        Args:
            verified: the key, through the gate.
            entropy: source of random bytes.
            expected: ciphertexts that will be made, at least roughly.
            memory: bytes that the table may take.
        """
        key = verified.key
        n, n_squared = mpz(key.n), key.n_squared
        x = random_unit(n, entropy)
        hs = power(n - x * x % n, n, n_squared)
        bits = -(-key.bits // 2)
        table = FixedBase.make(hs, n_squared, bits=bits, uses=max(1, expected), memory=memory)
        return cls(key, entropy, table)

    def encrypt(
        self, columns: Iterable[tuple[Layout, Sequence[int]]], *, tagger: Tagger | None = None
    ) -> Fresh:
        """Encrypt one batch: each column's values packed by its layout.

        Args:
            columns: layouts, each with its values.
            tagger: makes the tags; where layouts have room for them, and only there.

        Raises:
            VoileError: a value is outside the bounds that its layout was planned for.
            PaillierError: a layout belongs to another length of key, or wants another tagger.
        """
        made = []
        for layout, values in columns:
            if layout.modulus_bits != self.key.bits:
                raise PaillierError("a layout belongs to another length of key")
            if layout.tagged != (tagger is not None):
                raise PaillierError("tags without room for them, or room without tags")
            plaintexts = layout.encode(values)
            if tagger is not None:
                plaintexts = tagger.tagged(layout, plaintexts)
            made.append(Column(layout, tuple(self._encrypt(m) for m in plaintexts)))
        return Fresh(self.key, tuple(made), SEAL)

    def refresh(self, batch: Stale) -> Fresh:
        """Give a computed batch randomness of its own, so that it may leave.

        Raises:
            PaillierError: it belongs to another key.
        """
        if batch.key != self.key:
            raise PaillierError("a batch belongs to another key")
        n_squared = self.key.n_squared
        columns = tuple(
            Column(
                column.layout,
                tuple(value * self._noise() % n_squared for value in column.values),
            )
            for column in batch.columns
        )
        return Fresh(self.key, columns, SEAL)

    def _encrypt(self, plaintext: int) -> int:
        n = mpz(self.key.n)
        n_squared = n * n
        return (1 + n * plaintext) * self._noise() % n_squared

    def _noise(self) -> int:
        return self._randomness.power(random_bits(self._randomness.bits, self.entropy))
