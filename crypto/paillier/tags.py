"""Tags: why nobody who adds up without the key can change a total unseen.

Each ciphertext carries, beside its values x_k, the whole number t = Σ a_k·x_k + r. The factors a_k
come from one seed that the consumer gives to every provider and to nobody else; the mask r comes
from a secret of the provider's own, which it tells the consumer directly. Sums of batches are then
sums of tags: the consumer checks T = Σ a_k·X_k + Σ r over what it decrypted. Whoever drops,
doubles, swaps, replays, scales, shifts or adds, and knows neither a nor r, meets it with odds of
about 2^-56.

Three conditions, each broken without: one seed for all providers; the tag stands beside its values
in the same ciphertext; nothing is reduced modulo anything, so a sum of tags is the tag of the sum.

All of it is bound to a session (bytes that name it and nothing else) and to the ciphertext's place
in it. PRF: SHAKE-256 over length-prefixed parts, the key among the first.

Source: Agrawal, Boneh, *Homomorphic MACs: MAC-based integrity for network coding*, 2009.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crypto.paillier.errors import PaillierError
from crypto.paillier.layout import FACTOR_BITS, Fields, Layout

KEY_BYTES = 32  # of the seed, and of a provider's secret
_FACTOR = b"voile paillier tag factor v1"
_MASK = b"voile paillier tag mask v1"
_BYTES = FACTOR_BITS // 8


@dataclass(frozen=True, slots=True)
class Seed:
    """What consumer and providers of one session share.

    Attributes:
        value: 32 random bytes; whoever adds up must not know them.
        session: names the session, and whatever else the tags are bound to.
    """

    value: bytes = field(repr=False)
    session: bytes

    def __post_init__(self) -> None:
        _check(self.value)

    def factors(self, layout: Layout, number: int) -> list[int]:
        """Return a_k of every slot of a column's ciphertext."""
        found = _prf(_FACTOR, self.value, self.session, layout, number, layout.slots * _BYTES)
        return [
            int.from_bytes(found[start : start + _BYTES], "big")
            for start in range(0, len(found), _BYTES)
        ]

    def weighted(self, layout: Layout, number: int, slots: Sequence[int]) -> int:
        """Return Σ a_k·x_k over the slots of a plaintext."""
        factors = self.factors(layout, number)
        return sum(a * x for a, x in zip(factors, slots, strict=True))

    def mask(self, layout: Layout, number: int, secret: bytes) -> int:
        """Return r of a provider's secret for one ciphertext, as wide as Σ a_k·x_k."""
        _check(secret)
        bits = layout.mask_bits
        size = -(-bits // 8)
        found = _prf(_MASK, secret, self.session, layout, number, size)
        return int.from_bytes(found, "big") >> (size * 8 - bits)


@dataclass(frozen=True, slots=True)
class Tagger:
    """What one provider tags its batch with."""

    seed: Seed
    secret: bytes = field(repr=False)

    def tagged(self, layout: Layout, plaintexts: Sequence[int]) -> tuple[int, ...]:
        """Put the tag into every plaintext of a column.

        Raises:
            PaillierError: the layout has no room for tags.
        """
        if not layout.tagged:
            raise PaillierError("the layout has no room for tags")
        place = layout.slots * layout.slot_bits
        return tuple(
            plaintext
            + (
                (
                    self.seed.weighted(layout, number, layout.fields(plaintext).slots)
                    + self.seed.mask(layout, number, self.secret)
                )
                << place
            )
            for number, plaintext in enumerate(plaintexts)
        )


def holds(seed: Seed, secrets: Iterable[bytes], layout: Layout, number: int, found: Fields) -> bool:
    """Say whether the tag of a decrypted sum is that of its slots.

    Args:
        seed: of the session.
        secrets: of every provider whose batch is in the sum, each once.
        layout: of the column.
        number: which ciphertext of it.
        found: the decrypted fields.
    """
    masks = sum(seed.mask(layout, number, secret) for secret in secrets)
    return found.tag == seed.weighted(layout, number, found.slots) + masks


def _prf(
    domain: bytes, key: bytes, session: bytes, layout: Layout, number: int, size: int
) -> bytes:
    hasher = hashlib.shake_256()
    for part in (domain, key, session, layout.column.encode(), number.to_bytes(4, "big")):
        hasher.update(len(part).to_bytes(8, "big") + part)
    return hasher.digest(size)


def _check(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise PaillierError(f"a seed or secret of a tag has not {KEY_BYTES} bytes")
