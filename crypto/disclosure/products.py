"""Guarded sets by name: which family, which cell of its grouping, which further codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from crypto.disclosure.guarded import Family, GuardedSets, Masks

Codes = tuple[int, ...]
Order = tuple[int, Codes, Codes]  # of guarded sets: family, codes of the grouping, further codes
Cell = tuple[Codes, Codes]  # a grouping and the codes of one of its cells


class Doubt(NamedTuple):
    """A guarded set that is not surely fine: which it is, and its number (`Surely`)."""

    order: Order
    number: int


class Parts(NamedTuple):
    """The cells of groupings that a guarded set comes to: some together, without one of them."""

    together: tuple[Cell, ...]
    without: Cell | None = None


class Products:
    """The guarded sets of a table.

    Args:
        guarded: which they are.
    """

    def __init__(self, guarded: GuardedSets) -> None:
        self._full = tuple([(1 << size) - 1 for size in guarded.sizes])
        self._families = guarded.families
        self._finer = [_finer(family) for family in guarded.families or ()]

    def masks(self, order: Order) -> Masks:
        """Returns the codes of a guarded set, which name it where all products are guarded."""
        place, key, further = order
        if self._families is None:
            return key
        family = self._families[place]
        masks = list(self._full)
        for d, code in zip(family.grouping, key, strict=True):
            masks[d] = 1 << code
        if family.further is not None:
            chosen = 0
            for code in further:
                chosen |= 1 << code
            masks[family.further] = masks[family.further] & ~chosen
            if family.kind == "two":
                masks[family.further] = chosen
        return tuple(masks)

    def cell_masks(self, cell: Cell) -> Masks:
        """Returns the codes of a cell of a grouping."""
        masks = list(self._full)
        for d, code in zip(*cell, strict=True):
            masks[d] = 1 << code
        return tuple(masks)

    def parts(self, family: Family, order: Order) -> Parts:
        """Returns of which cells a guarded set of a family is made, if nothing is in several."""
        place, key, further = order
        if family.further is None:
            return Parts(((family.grouping, key),))
        finer, at = self._finer[place]
        before, after = key[:at], key[at:]
        if family.kind == "without":
            (code,) = further
            return Parts(((family.grouping, key),), (finer, (*before, code, *after)))
        a, b = further
        return Parts(((finer, (*before, a, *after)), (finer, (*before, b, *after))))


def _finer(family: Family) -> tuple[Codes, int]:
    """Returns the grouping with the further dimension in it, and at which place."""
    grouping, d = family.grouping, family.further
    if d is None:
        return grouping, 0
    at = sum([g < d for g in grouping])
    return (*grouping[:at], d, *grouping[at:]), at


def codes_in(span: Masks, grouping: Codes) -> Codes | None:
    """Returns the codes of a grouping's cell that holds all of a span; `None` if there is none."""
    found = []
    for d in grouping:
        mask = span[d]
        if mask & mask - 1:
            return None
        found.append(mask.bit_length() - 1)
    return tuple(found)
