"""Many powers of one base: a table of its small powers, once, then multiplications only.

The exponent is cut into digits of w bits, recoded to lie in (-2^(w-1), 2^(w-1)], so that the table
holds half as many entries: positive digits multiply into one product, negative ones into another,
and one inversion joins the two.
"""

from dataclasses import dataclass
from typing import Self

from crypto._hazmat.bigint import inverse, mpz, power, unpack

ENTRY_OVERHEAD = 48  # bytes of one gmpy2 integer and its place in a list, beside its limbs
MAX_WINDOW = 12
DIRECT_UNITS = 1.05  # one bit of a plain exponentiation, in multiplications


def window_for(bits: int, uses: int, *, entry_bytes: int, memory: int) -> int:
    """Return the digit width that makes `uses` powers cheapest, 0 for no table at all.

    Args:
        bits: length of the exponents.
        uses: how many powers are expected.
        entry_bytes: size of one table entry.
        memory: bytes that the table may take.
    """
    best, best_cost = 0, bits * DIRECT_UNITS * uses
    for window in range(2, MAX_WINDOW + 1):
        digits = bits // window + 1
        entries = digits << (window - 1)
        cost = entries + uses * (digits + 6)
        if cost < best_cost and entries * (entry_bytes + ENTRY_OVERHEAD) <= memory:
            best, best_cost = window, cost
    return best


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FixedBase:
    """Powers of `base` mod `modulus` for exponents below 2^bits."""

    base: int
    modulus: int
    bits: int
    window: int
    rows: tuple[tuple[int, ...], ...]

    @classmethod
    def make(cls, base: int, modulus: int, *, bits: int, uses: int, memory: int) -> Self:
        """Build the table that suits `uses` powers within `memory` bytes."""
        size = -(-modulus.bit_length() // 8)
        window = window_for(bits, uses, entry_bytes=size, memory=memory)
        base, modulus = mpz(base), mpz(modulus)
        rows = []
        if window:
            step = base
            for _ in range(bits // window + 1):
                row = [mpz(1), step]
                for _ in range((1 << (window - 1)) - 1):
                    row.append(row[-1] * step % modulus)
                rows.append(tuple(row))
                step = row[-1] * row[-1] % modulus
        return cls(base, modulus, bits, window, tuple(rows))

    def power(self, exponent: int) -> int:
        """Return base^exponent mod modulus, for 0 <= exponent < 2^bits."""
        if not self.window:
            return power(self.base, exponent, self.modulus)
        modulus, full, half = self.modulus, 1 << self.window, 1 << (self.window - 1)
        above, below, carry = mpz(1), mpz(1), 0
        digits = unpack(exponent, self.window, len(self.rows))
        for row, low in zip(self.rows, digits, strict=True):
            digit = low + carry
            if digit > half:
                carry = 1
                below = below * row[full - digit] % modulus
            else:
                carry = 0
                above = above * row[digit] % modulus
        return above * inverse(below, modulus) % modulus
