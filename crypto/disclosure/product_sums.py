"""Which guarded sets are not surely fine, told by sums along the dimensions instead of sets.

What is released inside a product of code sets is the union of the blocks whose codes lie in it.
Its number (`Surely`) is a sum: of one cell of a grouping; of such a cell without what touches a
code; of what lies in one code, in another, and in just these two. So a million products cost an
addition each, and those that are pairs of codes on which all forms have the same sign cost none.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, TypeVar

from crypto.disclosure.bits import least, members
from crypto.disclosure.every_product import every_product
from crypto.disclosure.inside import span_of
from crypto.disclosure.products import Codes, Doubt, Products, codes_in
from crypto.disclosure.surely import is_empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crypto.disclosure.bits import Bits
    from crypto.disclosure.guarded import Family, GuardedSets, Masks
    from crypto.disclosure.products import Cell, Order, Parts
    from crypto.disclosure.surely import Surely

Line = tuple[Codes, int]  # a grouping and a further dimension
Key = TypeVar("Key", Codes, int)


class ProductSums:
    """The blocks inside guarded sets, as numbers.

    Args:
        blocks: disjoint sets of cells.
        spans: the codes that each cell reaches.
        guarded: the guarded sets.
        surely: makes their numbers.
    """

    def __init__(
        self,
        blocks: Iterable[Bits],
        spans: Sequence[Masks],
        guarded: GuardedSets,
        surely: Surely,
    ) -> None:
        self._surely = surely
        self._is_doubtful = surely.is_doubtful
        self._sizes = guarded.sizes
        self._products = Products(guarded)
        self._families = guarded.families
        self._blocks: dict[int, tuple[Masks, int]] = {}  # by least cell
        families = guarded.families or ()
        self._cells: dict[Codes, dict[Codes, int]] = {
            family.grouping: {} for family in families if family.further is None
        }
        # per line and codes of the grouping: numbers of what has one code in the further
        # dimension, and of what has several, by all of them
        self._one: dict[Line, dict[Codes, dict[int, int]]] = {}
        self._several: dict[Line, dict[Codes, dict[int, int]]] = {}
        for family in families:
            if family.further is not None:
                self._one[family.grouping, family.further] = {}
                self._several[family.grouping, family.further] = {}
        self._lines = [
            (grouping, [d for g, d in self._one if g == grouping]) for grouping in self._cells
        ]
        for block in blocks:
            self._blocks[least(block)] = span_of(block, spans), surely.of(block)
        self._fill()

    @property
    def has_lines(self) -> bool:
        """Whether the guarded sets are cells of groupings and what is made of them."""
        return self._families is not None

    def doubtful(self) -> list[Doubt]:
        """Returns the products with something inside that are not surely fine, in order."""
        if self._families is None:
            return list(self._all_products((0,) * len(self._sizes)))
        found: list[Doubt] = []
        for place, family in enumerate(self._families):
            if family.further is None:
                is_sure = self._surely.is_sure
                for key, number in self._cells[family.grouping].items():
                    if not is_sure(number):
                        found.append(Doubt((place, key, ()), number))
            elif family.kind == "without":
                for key in self._keys(family):
                    found += self._without(place, family, key, 0)
            else:
                for key in self._keys(family):
                    found += self._twos(place, family, key)
        return sorted(found)

    def remove(self, block: Bits) -> list[Doubt]:
        """Takes a block out; returns the products that held it and are not surely fine now."""
        span, number = self._blocks.pop(least(block))
        if self._families is None:
            return list(self._all_products(span))
        self._add(span, -number)
        found: list[Doubt] = []
        for place, family in enumerate(self._families):
            key = codes_in(span, family.grouping)
            if key is None:
                continue
            d = family.further
            if d is None:
                left = self._cells[family.grouping].get(key)
                if left is not None and not self._surely.is_sure(left):
                    found.append(Doubt((place, key, ()), left))
            elif family.kind == "without":
                found += self._without(place, family, key, span[d])
            else:
                found += self._twos_with(place, family, key, span[d])
        return sorted(found)

    def masks(self, order: Order) -> Masks:
        """Returns the codes of a product."""
        return self._products.masks(order)

    def cell_masks(self, cell: Cell) -> Masks:
        """Returns the codes of a cell of a grouping."""
        return self._products.cell_masks(cell)

    def parts(self, order: Order) -> Parts | None:
        """Returns of which cells a product is made; `None` if some block reaches over several."""
        assert self._families is not None
        place, key, further = order
        family = self._families[place]
        d = family.further
        several = None if d is None else self._several[family.grouping, d].get(key)
        if several:
            chosen = sum([1 << code for code in further])
            if family.kind == "two" and chosen in several:
                return None
            if family.kind == "without" and any(mask & chosen for mask in several):
                return None
        return self._products.parts(family, order)

    def holding(self, block: Bits) -> list[Cell]:
        """Returns the cells of groupings that hold a block."""
        span, _ = self._blocks[least(block)]
        keys = [(grouping, codes_in(span, grouping)) for grouping in self._cells]
        return [(grouping, key) for grouping, key in keys if key is not None]

    def _fill(self) -> None:
        """Adds all blocks: those of one finest cell level by level, then the others."""
        if self._families is None:
            return
        every = tuple(range(len(self._sizes)))
        wide: list[tuple[Masks, int]] = []
        for span, number in self._blocks.values():
            key = codes_in(span, every)
            if key is None:
                wide.append((span, number))
            else:
                self._cells[every][key] = number
        for finer in sorted(self._cells, key=len, reverse=True):
            cells = self._cells[finer]
            for at, d in enumerate(finer):
                grouping = finer[:at] + finer[at + 1 :]
                coarser = self._cells[grouping] if at == d else None  # of several finer ones, one
                one = self._one.get((grouping, d))
                if coarser is None and one is None:
                    continue
                for key, number in cells.items():
                    shorter = key[:at] + key[at + 1 :]
                    if coarser is not None:
                        coarser[shorter] = coarser.get(shorter, 0) + number
                    if one is not None:
                        if shorter in one:
                            one[shorter][key[at]] = number
                        else:
                            one[shorter] = {key[at]: number}
        for span, number in wide:
            self._add(span, number)

    def _add(self, span: Masks, number: int) -> None:
        """Adds the number of a block, or takes it off."""
        codes = [-1 if mask & mask - 1 else mask.bit_length() - 1 for mask in span]
        for grouping, further in self._lines:
            key = tuple([codes[d] for d in grouping])
            if -1 in key:
                continue
            _put(self._cells[grouping], key, number)
            for d in further:
                line = grouping, d
                if codes[d] < 0:
                    _put(self._several[line].setdefault(key, {}), span[d], number)
                else:
                    _put(self._one[line].setdefault(key, {}), codes[d], number)

    def _keys(self, family: Family) -> list[Codes]:
        assert family.further is not None
        line = family.grouping, family.further
        return list(dict.fromkeys([*self._one[line], *self._several[line]]))

    def _line(self, family: Family, key: Codes) -> tuple[dict[int, int], dict[int, int]]:
        assert family.further is not None
        line = family.grouping, family.further
        return self._one[line].get(key, {}), self._several[line].get(key, {})

    def _without(self, place: int, family: Family, key: Codes, keep: int) -> Iterator[Doubt]:
        """Cells of a grouping without one code, not one of `keep`.

        Where nothing has the code, the set is that of the cell itself, which is guarded too.
        """
        one, several = self._line(family, key)
        whole = self._cells[family.grouping].get(key, 0)
        touching = one
        if several:
            touching = dict(one)
            for mask, number in several.items():
                for code in members(mask):
                    touching[code] = touching.get(code, 0) + number
        is_doubtful = self._is_doubtful
        for code, touched in touching.items():
            number = whole - touched
            if is_doubtful(number) and not keep >> code & 1:
                yield Doubt((place, key, (code,)), number)

    def _twos(self, place: int, family: Family, key: Codes) -> Iterator[Doubt]:
        """Cells of a grouping restricted to two codes, in each of which something lies.

        Where something lies in one of them only, the set is that of a cell of a finer grouping.
        """
        one, several = self._line(family, key)
        pairs = {mask for mask in several if mask.bit_count() == 2}
        surely = self._surely
        is_sure = surely.is_sure
        alike: dict[int, list[int]] = {}
        for code, number in one.items():
            alike.setdefault(surely.signs(number), []).append(code)
        for signs, others in combinations_with_replacement(alike, 2):
            if surely.are_sure(signs & others):
                continue
            near, far = alike[signs], alike[others]
            for i, a in enumerate(near):
                known = one[a]
                for b in near[:i] if signs == others else far:
                    number = known + one[b]
                    if is_sure(number):
                        continue
                    if not pairs or 1 << a | 1 << b not in pairs:
                        yield Doubt((place, key, (a, b) if a < b else (b, a)), number)
        for mask in pairs:
            yield from self._two(place, family, key, mask)

    def _twos_with(self, place: int, family: Family, key: Codes, mask: int) -> Iterator[Doubt]:
        """Those of them that may hold something of certain codes."""
        if mask & mask - 1:
            if mask.bit_count() == 2:
                yield from self._two(place, family, key, mask)
            return
        one, several = self._line(family, key)
        a = mask.bit_length() - 1
        known = one.get(a)
        if known is not None:
            is_doubtful, more = self._is_doubtful, several.get
            for b, number in one.items():
                if b == a:
                    continue
                found = known + number
                if several:
                    found += more(mask | 1 << b, 0)
                if is_doubtful(found):
                    yield Doubt((place, key, (a, b) if a < b else (b, a)), found)
        for pair in several:
            if pair & mask and pair.bit_count() == 2:
                a, b = members(pair)
                if not (a in one and b in one):
                    yield from self._two(place, family, key, pair)

    def _two(self, place: int, family: Family, key: Codes, mask: int) -> Iterator[Doubt]:
        one, several = self._line(family, key)
        a, b = members(mask)
        number = one.get(a, 0) + one.get(b, 0) + several.get(mask, 0)
        if self._is_doubtful(number):
            yield Doubt((place, key, (a, b)), number)

    def _all_products(self, least_masks: Masks) -> Iterator[Doubt]:
        """Walks through products that have at least some codes, all of them being guarded."""
        numbers: dict[Masks, int] = {}
        for span, number in self._blocks.values():
            numbers[span] = numbers.get(span, 0) + number
        for masks, number in every_product(numbers, self._sizes, least_masks, self._is_doubtful):
            yield Doubt((0, masks, ()), number)


def _put(numbers: dict[Key, int], key: Key, number: int) -> None:
    total = numbers.get(key, 0) + number
    if is_empty(total):
        numbers.pop(key, None)
    else:
        numbers[key] = total
