"""Guarded sets: products of code sets inside which every form is judged (disclosure.md §3.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, product
from math import comb, prod
from typing import TYPE_CHECKING, Final, Literal

from crypto.disclosure.bits import least, members
from crypto.disclosure.declaration import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.table import CellKey

MAX_PRODUCTS: Final = 100_000  # up to so many, all products are guarded
MAX_SETS: Final = 1_000_000

Masks = tuple[int, ...]  # a product: per dimension its codes, as bits


@dataclass(frozen=True, slots=True)
class Family:
    """Guarded sets of one kind.

    Attributes:
        kind: cells of a grouping, cells without one code of a further dimension, or restricted to
            two codes of it.
        grouping: positions of the dimensions grouped by.
        further: position of the further dimension; `None` for cells.
        count: how many sets.
    """

    kind: Literal["cell", "without", "two"]
    grouping: tuple[int, ...]
    further: int | None
    count: int


@dataclass(frozen=True, slots=True)
class GuardedSets:
    """The guarded sets of a table.

    Attributes:
        sizes: number of codes per dimension.
        families: what is guarded, in order; `None` for all products of code sets.
        left_out: families that do not fit within the limit: for the report and the product page.
    """

    sizes: tuple[int, ...]
    families: tuple[Family, ...] | None
    left_out: tuple[Family, ...] = ()

    def __iter__(self) -> Iterator[Masks]:
        """Walks through the sets, always in the same order."""
        full = [(1 << size) - 1 for size in self.sizes]
        if self.families is None:
            yield from product(*[range(1, mask + 1) for mask in full])
            return
        for family in self.families:
            yield from _masks(family, self.sizes, full)


def guarded_sets(
    sizes: Sequence[int], *, most_products: int = MAX_PRODUCTS, most_sets: int = MAX_SETS
) -> GuardedSets:
    """Returns the guarded sets of a table.

    Args:
        sizes: number of codes per dimension.
        most_products: up to so many products of code sets, all are guarded.
        most_sets: how many sets there may be otherwise.

    Raises:
        Refused: if the cells of all groupings are more than that.
    """
    sizes = tuple(sizes)
    if prod((1 << size) - 1 for size in sizes) <= most_products:
        return GuardedSets(sizes, None)
    count, kept, left_out = 0, [], []
    for family in _families(sizes):
        if count + family.count <= most_sets:
            count += family.count
            kept.append(family)
        elif family.kind == "cell":
            raise Refused(
                "signed forms on more than a million cells of groupings: use coarser dimensions"
            )
        else:
            left_out.append(family)
    return GuardedSets(sizes, tuple(f for f in kept if f.count), tuple(left_out))


def _families(sizes: Sequence[int]) -> Iterator[Family]:
    every = range(len(sizes))
    groupings = [g for size in range(len(sizes) + 1) for g in combinations(every, size)]
    cells = {g: prod(sizes[d] for d in g) for g in groupings}
    for grouping in groupings:
        yield Family("cell", grouping, None, cells[grouping])
    for grouping in groupings:
        for d in every:
            if d not in grouping:
                codes = sizes[d] if sizes[d] > 1 else 0
                yield Family("without", grouping, d, cells[grouping] * codes)
    for grouping in groupings:
        for d in every:
            if d not in grouping:
                pairs = comb(sizes[d], 2) if sizes[d] > 2 else 0
                yield Family("two", grouping, d, cells[grouping] * pairs)


def _masks(family: Family, sizes: Sequence[int], full: Sequence[int]) -> Iterator[Masks]:
    d = family.further
    chosen: list[int] = []
    if d is not None and family.kind == "without":
        chosen = [full[d] & ~(1 << code) for code in range(sizes[d])]
    elif d is not None:
        chosen = [1 << a | 1 << b for a, b in combinations(range(sizes[d]), 2)]
    for codes in product(*[range(sizes[g]) for g in family.grouping]):
        masks = list(full)
        for g, code in zip(family.grouping, codes, strict=True):
            masks[g] = 1 << code
        if d is None:
            yield tuple(masks)
            continue
        for mask in chosen:
            masks[d] = mask
            yield tuple(masks)


def span(keys: Sequence[CellKey]) -> Masks:
    """Returns the codes that finest cells reach, per dimension, as bits."""
    found = [0] * len(keys[0])
    for key in keys:
        for d, code in enumerate(key):
            found[d] |= 1 << code
    return tuple(found)


@dataclass(slots=True)
class Inside:
    """Finds which disjoint sets of cells lie wholly inside a product of code sets.

    A set stands for itself by its least cell, so one intersection of integers per dimension finds
    them all.
    """

    sets: Sequence[Bits]
    spans: Sequence[Masks]  # of each cell
    _of: dict[int, Bits] = field(init=False)  # by least cell, the sets of several cells
    _many: Bits = field(init=False, default=0)
    _all: Bits = field(init=False, default=0)
    _alike: list[dict[int, Bits]] = field(init=False)  # per dimension: codes reached -> sets
    _known: list[dict[int, Bits]] = field(init=False)

    def __post_init__(self) -> None:
        self._of = {}
        depth = len(self.spans[0]) if self.spans else 0
        self._alike = [{} for _ in range(depth)]
        self._known = [{} for _ in range(depth)]
        for bits in self.sets:
            first = least(bits)
            self._all |= 1 << first
            if bits.bit_count() > 1:
                self._of[first] = bits
                self._many |= 1 << first
            cells = members(bits)
            for d, alike in enumerate(self._alike):
                codes = 0
                for cell in cells:
                    codes |= self.spans[cell][d]
                alike[codes] = alike.get(codes, 0) | 1 << first

    def unions(self, guarded: GuardedSets, among: Bits = -1) -> dict[Bits, None]:
        """Returns, each once, the union of what is inside of each guarded set, if anything is.

        Args:
            guarded: the products.
            among: the cells that may be used; sets that reach further are left out.
        """
        usable = self._all
        for first in members(self._all & ~among if among >= 0 else 0):
            usable &= ~(1 << first)
        for first, bits in self._of.items():
            if bits & ~among:
                usable &= ~(1 << first)
        if not usable:
            return {}
        seen: dict[Bits, None] = {}
        for masks in guarded:
            found = usable
            for d, mask in enumerate(masks):
                known = self._known[d].get(mask)
                found &= self._within(d, mask) if known is None else known
                if not found:
                    break
            else:
                seen[found] = None
        return dict.fromkeys(map(self._whole, seen))

    def _within(self, d: int, mask: int) -> Bits:
        found = 0
        for codes, bits in self._alike[d].items():
            if not codes & ~mask:
                found |= bits
        self._known[d][mask] = found
        return found

    def _whole(self, firsts: Bits) -> Bits:
        for first in members(firsts & self._many):
            firsts |= self._of[first]
        return firsts
