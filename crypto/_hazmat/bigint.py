"""A typed door to gmpy2: the few operations on big integers that the recipes use.

gmpy2 numbers are `mpz` at run time and `int` to the type checker. The arithmetic is not constant
time: an observer who can time single operations of a process is outside the model, as
`docs/limitations.md` says.
"""

from collections.abc import Callable, Sequence
from functools import cache

import gmpy2

Entropy = Callable[[int], bytes]

BLOCK_BITS = 8


def mpz(value: int) -> int:
    """Return `value` as a gmpy2 integer, so that what follows runs in GMP."""
    number: int = gmpy2.mpz(value)
    return number


def power(base: int, exponent: int, modulus: int) -> int:
    """Return base^exponent mod modulus."""
    result: int = gmpy2.powmod(base, exponent, modulus)
    return result


def inverse(value: int, modulus: int) -> int:
    """Return 1/value mod modulus.

    Raises:
        ZeroDivisionError: there is no inverse.
    """
    result: int = gmpy2.invert(value, modulus)
    return result


def gcd(left: int, right: int) -> int:
    """Return the greatest common divisor."""
    result: int = gmpy2.gcd(left, right)
    return result


def is_probable_prime(value: int) -> bool:
    """Tell whether 40 rounds of Miller-Rabin, after BPSW, find no witness against `value`."""
    return bool(gmpy2.is_prime(value, 40))


def is_perfect_power(value: int) -> bool:
    """Tell whether `value` is a^b with b > 1."""
    return bool(gmpy2.is_power(value))


@cache
def primorial(limit: int) -> int:
    """Return the product of all primes up to `limit`."""
    result: int = gmpy2.primorial(limit)
    return result


def pack(slots: Sequence[int], bits: int) -> int:
    """Return the sum of slots[i]·2^(i·bits); each slot lies in [0, 2^bits)."""
    result: int = gmpy2.pack([gmpy2.mpz(slot) for slot in slots], bits)
    return result


def unpack(number: int, bits: int, count: int) -> list[int]:
    """Return `count` slots of `bits` bits, lowest first; higher bits of `number` are ignored."""
    slots = [int(slot) for slot in gmpy2.unpack(gmpy2.f_mod_2exp(number, bits * count), bits)]
    return slots + [0] * (count - len(slots))


def random_bits(bits: int, entropy: Entropy) -> int:
    """Return a uniform number of at most `bits` bits."""
    length = -(-bits // BLOCK_BITS)
    return mpz(int.from_bytes(entropy(length), "big") >> (length * BLOCK_BITS - bits))


def random_below(limit: int, entropy: Entropy) -> int:
    """Return a number in [0, limit), uniform up to 2^-128."""
    return mpz(random_bits(limit.bit_length() + 128, entropy) % limit)


def random_unit(modulus: int, entropy: Entropy) -> int:
    """Return a random number in [1, modulus) that has an inverse."""
    while True:
        candidate = random_below(modulus, entropy)
        if gcd(candidate, modulus) == 1:
            return candidate
