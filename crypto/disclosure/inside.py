"""What lies wholly inside a guarded set, for a million of them: found again rather than kept."""

from __future__ import annotations

from hashlib import blake2b
from itertools import chain
from typing import TYPE_CHECKING

from crypto.disclosure.bits import least, members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.guarded import GuardedSets, Masks


def name_of(bits: Bits) -> bytes:
    """Returns 16 bytes that name a set of cells.

    An integer's own hash is its remainder by 2^61 − 1: 61 values for all sets of one cell.
    """
    return blake2b(bits.to_bytes(bits.bit_length() + 7 >> 3, "little"), digest_size=16).digest()


def span_of(bits: Bits, spans: Sequence[Masks]) -> Masks:
    """Returns the codes that a set of cells reaches, per dimension."""
    cells = members(bits)
    found = list(spans[cells[0]])
    for cell in cells[1:]:
        for d, codes in enumerate(spans[cell]):
            found[d] |= codes
    return tuple(found)


class Inside:
    """Finds which disjoint sets of cells lie wholly inside a product of code sets.

    A set stands for itself by its least cell, so one intersection of integers per dimension finds
    them all.

    Args:
        sets: disjoint sets of cells.
        spans: the codes that each cell reaches.
    """

    def __init__(self, sets: Sequence[Bits], spans: Sequence[Masks]) -> None:
        self._of: dict[int, Bits] = {}  # by least cell, the sets of several cells
        self._many: Bits = 0
        self._all: Bits = 0
        depth = len(spans[0]) if spans else 0
        self._alike: list[dict[int, Bits]] = [{} for _ in range(depth)]  # codes reached -> sets
        self._known: list[dict[int, Bits]] = [{} for _ in range(depth)]
        for bits in sets:
            first = least(bits)
            self._all |= 1 << first
            if bits.bit_count() > 1:
                self._of[first] = bits
                self._many |= 1 << first
            for codes, alike in zip(span_of(bits, spans), self._alike, strict=True):
                alike[codes] = alike.get(codes, 0) | 1 << first

    def usable(self, among: Bits) -> Bits:
        """Returns the sets, by least cell, that use no other cells than these."""
        found = self._all & among
        for first, bits in self._of.items():
            if bits & ~among:
                found &= ~(1 << first)
        return found

    def firsts(self, masks: Masks, usable: Bits) -> Bits:
        """Returns the sets inside a product, by least cell."""
        for d, mask in enumerate(masks):
            known = self._known[d].get(mask)
            if known is None:
                known = self._within(d, mask)
            usable &= known
            if not usable:
                break
        return usable

    def leasts(self, union: Bits) -> Bits:
        """Returns the sets of which something is a union, by least cell."""
        return union & self._all

    def whole(self, firsts: Bits) -> Bits:
        """Returns the cells of some sets, given by least cell."""
        for first in members(firsts & self._many):
            firsts |= self._of[first]
        return firsts

    def _within(self, d: int, mask: int) -> Bits:
        found = 0
        for codes, bits in self._alike[d].items():
            if not codes & ~mask:
                found |= bits
        self._known[d][mask] = found
        return found


class Unions:
    """Distinct sets of cells, in order; kept by the products in which they are found.

    Args:
        inside: finds them.
        touching: only sets with one of these cells are taken.
    """

    def __init__(self, inside: Inside, touching: Bits = -1) -> None:
        self._inside = inside
        self._touching = touching
        self._entries: list[Bits | tuple[Masks, Bits]] = []
        self.numbers: dict[bytes, int] = {}  # by name
        self._by_codes: list[dict[int, list[int]]] | None = None  # per dimension, of products

    def add_products(self, guarded: GuardedSets, among: Bits = -1) -> None:
        """Adds, for each guarded set, the union of what is inside it and among some cells."""
        usable = self._inside.usable(among)
        if not usable:
            return
        firsts_of, numbers = self._inside.firsts, self.numbers
        for masks in guarded:
            firsts = firsts_of(masks, usable)
            if firsts:
                name = name_of(firsts)
                if name not in numbers and self._inside.whole(firsts) & self._touching:
                    numbers[name] = len(self._entries)
                    self._entries.append((masks, usable))

    def add(self, bits: Bits) -> None:
        """Adds a union of the sets."""
        if bits & self._touching:
            name = self.name(bits)
            if name not in self.numbers:
                self.numbers[name] = len(self._entries)
                self._entries.append(bits)

    def name(self, bits: Bits) -> bytes:
        """Returns what names a union of the sets."""
        return name_of(self._inside.leasts(bits))

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, number: int) -> Bits:
        entry = self._entries[number]
        if isinstance(entry, int):
            return entry
        masks, usable = entry
        return self._inside.whole(self._inside.firsts(masks, usable))

    def __iter__(self) -> Iterator[Bits]:
        return map(self.__getitem__, range(len(self)))

    def product(self, number: int) -> Masks | None:
        """Returns the product in which a set was found first; `None` if it was added as it is."""
        entry = self._entries[number]
        return None if isinstance(entry, int) else entry[0]

    def holding(self, reached: Masks) -> set[int]:
        """Returns which sets may hold one with these codes, without finding them."""
        if self._by_codes is None:
            self._by_codes = self._sorted_by_codes()
        fewest: list[list[int]] | None = None
        for codes, alike in zip(reached, self._by_codes, strict=False):
            near = [numbers for mask, numbers in alike.items() if not codes & ~mask]
            if fewest is None or sum(map(len, near)) < sum(map(len, fewest)):
                fewest = near
        found = {i for i, entry in enumerate(self._entries) if isinstance(entry, int)}
        for number in chain.from_iterable(fewest or ()):
            masks = self.product(number)
            if masks and not any(codes & ~mask for codes, mask in zip(reached, masks, strict=True)):
                found.add(number)
        return found

    def _sorted_by_codes(self) -> list[dict[int, list[int]]]:
        found: list[dict[int, list[int]]] = []
        for number in range(len(self._entries)):
            for d, mask in enumerate(self.product(number) or ()):
                if d == len(found):
                    found.append({})
                found[d].setdefault(mask, []).append(number)
        return found


class Chosen:
    """Some of the unions, without certain cells, each with an empty rest: the sets of a request.

    Args:
        unions: where they come from.
        numbers: which of them.
        without: cells that are taken off.
    """

    def __init__(self, unions: Unions, numbers: Sequence[int], without: Bits = 0) -> None:
        self.unions = unions
        self.numbers = numbers
        self.without = without

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, place: int) -> tuple[Bits, Bits]:
        return self.unions[self.numbers[place]] & ~self.without, 0

    def __iter__(self) -> Iterator[tuple[Bits, Bits]]:
        return map(self.__getitem__, range(len(self)))
