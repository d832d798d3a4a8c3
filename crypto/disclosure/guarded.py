"""Guarded sets: products of code sets inside which every form is judged (disclosure.md §3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod
from typing import TYPE_CHECKING, Final, Literal

from crypto.disclosure import words
from crypto.disclosure.declaration import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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

    @property
    def count(self) -> int:
        """How many sets there are."""
        if self.families is None:
            return prod((1 << size) - 1 for size in self.sizes)
        return sum(family.count for family in self.families)

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
            raise Refused(words.GROUPINGS, words.COARSER)
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
