"""Sets of numbered cells as the bits of one integer: cheap to intersect, compare and keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Bits = int

_SPARSE = 8  # of so many numbers more than one is a member: read digit by digit
_FEW = 64  # up to so many members the lowest bit is taken off one at a time


def bits_of(numbers: Iterable[int]) -> Bits:
    """Returns the set of these numbers."""
    found = 0
    for number in numbers:
        found |= 1 << number
    return found


def members(bits: Bits) -> list[int]:
    """Returns the numbers of a set, ascending."""
    count, length = bits.bit_count(), bits.bit_length()
    if count == 1:
        return [length - 1]
    if count * _SPARSE > length and count > _FEW:
        return [i for i, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"]
    found = []
    if count > _FEW:
        data = bits.to_bytes((length + 7) // 8, "little")
        for start in range(0, len(data), 8):
            word = int.from_bytes(data[start : start + 8], "little")
            while word:
                lowest = word & -word
                found.append(start * 8 + lowest.bit_length() - 1)
                word ^= lowest
        return found
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def least(bits: Bits) -> int:
    """Returns the least number of a set that is not empty."""
    return (bits & -bits).bit_length() - 1


def joins(parts: Iterable[Bits]) -> list[Bits]:
    """Returns the unions of sets that hang together by common members, by least member."""
    found: list[Bits] = []
    owner: dict[int, int] = {}  # member -> place in `found`
    for part in parts:
        numbers = members(part)
        touched = sorted({owner[n] for n in numbers if n in owner})
        if not touched:
            owner.update(dict.fromkeys(numbers, len(found)))
            found.append(part)
            continue
        first = touched[0]
        for other in touched[1:]:
            owner.update(dict.fromkeys(members(found[other]), first))
            found[first] |= found[other]
            found[other] = 0
        owner.update(dict.fromkeys(numbers, first))
        found[first] |= part
    return sorted((join for join in found if join), key=least)


def blocks(cells: Sequence[Sequence[Bits]]) -> list[Bits]:
    """Returns the least sets that are unions of cells of every one of some partitions.

    What several measures have in common inside any set is the union of the blocks inside it.
    """
    if len(cells) == 1:
        return sorted(cells[0], key=least)
    covered = []
    for partition in cells:
        cover = 0
        for cell in partition:
            cover |= cell
        covered.append(cover)
    found = joins(cell for partition in cells for cell in partition)
    return [join for join in found if all(not join & ~cover for cover in covered)]
