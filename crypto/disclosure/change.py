"""What a later version is compared with, and which cells are held together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crypto.disclosure.bits import Bits, bits_of, members

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crypto.disclosure.guarded import Masks
    from crypto.disclosure.ledger import Ledger
    from crypto.disclosure.merging import Keys


@dataclass(frozen=True, slots=True)
class Change:
    """What a later version is compared with.

    Attributes:
        ledger: the figures of all base cells, and what was shown of them.
        keys: the finest cells of the base cells.
        spans: the codes they reach.
        old: how many base cells the version before had.
        changed: base cells that differ from what was shown last.
        free: per earlier version the base cells of which no part was blocked in it.
    """

    ledger: Ledger
    keys: Keys
    spans: Sequence[Masks]
    old: int
    changed: Bits
    free: Sequence[Bits]


def inside(unit: Bits, block_of: Mapping[int, Bits]) -> Bits:
    """Returns the cells of a set whose blocks lie wholly in it."""
    numbers = [c for c in members(unit) if c in block_of and not block_of[c] & ~unit]
    return bits_of(numbers)


def closed(held: Bits, whole: Sequence[Bits]) -> Bits:
    """Returns the held cells with all that share a measure cell with them."""
    grown = True
    while grown:
        grown = False
        for cell in whole:
            if cell & held and cell & ~held:
                held |= cell
                grown = True
    return held
